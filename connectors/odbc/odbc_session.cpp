#include "connectors/odbc/odbc_session.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include <sql.h>
#include <sqlext.h>

#include "base/text.h"

namespace tongban::connectors {
namespace {

using WideText = std::vector<SQLWCHAR>;

WideText wide(std::string_view utf8) {
    WideText result;
    for (const char32_t point : code_points(utf8)) {
        if (point < 0x10000) {
            result.push_back(static_cast<SQLWCHAR>(point));
        } else {
            const char32_t rest = point - 0x10000;
            result.push_back(static_cast<SQLWCHAR>(0xD800 + (rest >> 10U)));
            result.push_back(static_cast<SQLWCHAR>(0xDC00 + (rest & 0x3FFU)));
        }
    }
    result.push_back(0);
    return result;
}

std::string narrow(const SQLWCHAR* text, std::size_t count) {
    std::u32string points;
    for (std::size_t i = 0; i < count; ++i) {
        char32_t unit = text[i];
        const bool high = unit >= 0xD800 && unit < 0xDC00;
        if (high && i + 1 < count && text[i + 1] >= 0xDC00 && text[i + 1] < 0xE000) {
            unit = 0x10000 + ((unit - 0xD800) << 10U) + (text[i + 1] - char32_t{0xDC00});
            ++i;
        } else if (unit >= 0xD800 && unit < 0xE000) {
            unit = 0xFFFD;
        }
        points.push_back(unit);
    }
    return to_utf8(points);
}

// A value of a connection string that may hold anything: a closing brace is doubled.
std::string braced(const std::string& value) {
    std::string result = "{";
    for (const char c : value) {
        result.push_back(c);
        if (c == '}') result.push_back(c);
    }
    return result + "}";
}

bool succeeded(SQLRETURN code) { return code == SQL_SUCCESS || code == SQL_SUCCESS_WITH_INFO; }

// The diagnostic's text may quote a value, so only its state leaves this function.
Fault diagnosis(SQLSMALLINT type, SQLHANDLE handle, bool cancelled) {
    if (cancelled) return {FaultKind::expired, "timeout", "cancelled at the deadline"};
    std::array<SQLWCHAR, 6> state{};
    std::array<SQLWCHAR, 512> message{};
    SQLINTEGER native = 0;
    SQLSMALLINT length = 0;
    if (!succeeded(SQLGetDiagRecW(type,
                                  handle,
                                  1,
                                  state.data(),
                                  &native,
                                  message.data(),
                                  static_cast<SQLSMALLINT>(message.size()),
                                  &length))) {
        return {FaultKind::unavailable, "state.unknown", "the driver gives no diagnosis"};
    }
    const std::string code = narrow(state.data(), 5);
    const auto shown = std::min<std::size_t>(static_cast<std::size_t>(std::max<SQLSMALLINT>(length, 0)),
                                             message.size() - 1);
    const bool no_column =
        code == "42S22" || code == "42703" ||
        narrow(message.data(), shown).find("no such column") != std::string::npos;
    if (no_column) {
        return {FaultKind::unavailable, "column_missing", "a column of the statement is missing"};
    }
    if (code == "HYT00" || code == "HYT01" || code == "HY008" || code == "57014") {
        return {FaultKind::expired, "timeout", "the driver's own timeout"};
    }
    return {FaultKind::unavailable, "state." + code, "the driver refuses"};
}

// Cancels a statement that outlives its deadline; destroyed before the statement.
class Watchdog {
public:
    Watchdog(SQLHSTMT statement, Deadline deadline)
        : thread_([this, statement, deadline](const std::stop_token& stop) {
              std::unique_lock lock(mutex_);
              if (!wake_.wait_until(lock, stop, deadline.at(), [] { return false; }) &&
                  !stop.stop_requested()) {
                  fired_ = true;
                  SQLCancel(statement);
              }
          }) {}
    ~Watchdog() = default;
    Watchdog(const Watchdog&) = delete;
    Watchdog& operator=(const Watchdog&) = delete;

    bool stop() {  // true when it had to cancel
        thread_.request_stop();
        if (thread_.joinable()) thread_.join();
        return fired_;
    }

private:
    std::mutex mutex_;
    std::condition_variable_any wake_;
    bool fired_ = false;
    std::jthread thread_;
};

}  // namespace

struct OdbcSession::State {
    SQLHENV environment = SQL_NULL_HENV;
    SQLHDBC connection = SQL_NULL_HDBC;
    SQLHSTMT statement = SQL_NULL_HSTMT;
    bool connected = false;
    std::vector<std::string> columns;
    std::vector<SQLSMALLINT> types;

    ~State() {
        if (statement != SQL_NULL_HSTMT) SQLFreeHandle(SQL_HANDLE_STMT, statement);
        if (connected) SQLDisconnect(connection);
        if (connection != SQL_NULL_HDBC) SQLFreeHandle(SQL_HANDLE_DBC, connection);
        if (environment != SQL_NULL_HENV) SQLFreeHandle(SQL_HANDLE_ENV, environment);
    }

    Result<Done> describe();
    Result<SqlValue> read(SQLUSMALLINT column, SQLSMALLINT type);
    Result<SqlValue> read_text(SQLUSMALLINT column);
};

OdbcSession::OdbcSession(std::unique_ptr<State> state) : state_(std::move(state)) {}
OdbcSession::~OdbcSession() = default;
const std::vector<std::string>& OdbcSession::columns() const { return state_->columns; }

Result<std::unique_ptr<OdbcSession>> OdbcSession::connect(const std::string& connection,
                                                          const std::string& password,
                                                          Deadline deadline) {
    auto state = std::make_unique<State>();
    const Fault no_handle{FaultKind::unavailable, "connect", "unixODBC gives no handle"};
    if (!succeeded(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &state->environment))) {
        return no_handle;
    }
    // NOLINTNEXTLINE(performance-no-int-to-ptr): ODBC passes integers as pointers
    SQLSetEnvAttr(state->environment,
                  SQL_ATTR_ODBC_VERSION,
                  reinterpret_cast<SQLPOINTER>(static_cast<std::uintptr_t>(SQL_OV_ODBC3)),
                  0);
    if (!succeeded(SQLAllocHandle(SQL_HANDLE_DBC, state->environment, &state->connection))) {
        return no_handle;
    }
    const auto seconds = std::max<std::int64_t>(1, deadline.left().count() / 1000);
    SQLSetConnectAttrW(state->connection,
                       SQL_ATTR_LOGIN_TIMEOUT,
                       reinterpret_cast<SQLPOINTER>(static_cast<std::uintptr_t>(seconds)),
                       0);
    SQLSetConnectAttrW(state->connection,
                       SQL_ATTR_ACCESS_MODE,
                       reinterpret_cast<SQLPOINTER>(static_cast<std::uintptr_t>(SQL_MODE_READ_ONLY)),
                       0);
    WideText text = wide(password.empty() ? connection : connection + ";PWD=" + braced(password));
    if (!succeeded(SQLDriverConnectW(state->connection,
                                     nullptr,
                                     text.data(),
                                     SQL_NTS,
                                     nullptr,
                                     0,
                                     nullptr,
                                     SQL_DRIVER_NOPROMPT))) {
        return Fault{FaultKind::unavailable, "connect", "the database cannot be reached"};
    }
    state->connected = true;
    if (!succeeded(SQLAllocHandle(SQL_HANDLE_STMT, state->connection, &state->statement))) {
        return no_handle;
    }
    return std::unique_ptr<OdbcSession>(new OdbcSession(std::move(state)));
}

Result<Done> OdbcSession::execute(const std::string& sql,
                                  const std::vector<SqlValue>& parameters,
                                  Deadline deadline) {
    if (deadline.passed()) return Fault{FaultKind::expired, "timeout", "the deadline has passed"};
    SQLHSTMT statement = state_->statement;
    const auto seconds = std::max<std::int64_t>(1, (deadline.left().count() + 999) / 1000);
    SQLSetStmtAttrW(statement,
                    SQL_ATTR_QUERY_TIMEOUT,
                    reinterpret_cast<SQLPOINTER>(static_cast<std::uintptr_t>(seconds)),
                    0);
    WideText text = wide(sql);
    if (!succeeded(SQLPrepareW(statement, text.data(), SQL_NTS))) {
        return diagnosis(SQL_HANDLE_STMT, statement, false);
    }

    // What is bound must stay where it is until the statement has run.
    std::vector<WideText> texts(parameters.size());
    std::vector<std::int64_t> numbers(parameters.size(), 0);
    std::vector<double> floats(parameters.size(), 0);
    std::vector<SQLLEN> lengths(parameters.size(), 0);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        SQLSMALLINT c_type = SQL_C_WCHAR;
        SQLSMALLINT sql_type = SQL_WVARCHAR;
        SQLULEN size = 1;
        SQLPOINTER value = nullptr;
        if (std::holds_alternative<std::nullptr_t>(parameters[i])) {
            lengths[i] = SQL_NULL_DATA;
        } else if (const auto* string = std::get_if<std::string>(&parameters[i])) {
            texts[i] = wide(*string);
            value = texts[i].data();
            size = std::max<SQLULEN>(texts[i].size() - 1, 1);
            lengths[i] = static_cast<SQLLEN>((texts[i].size() - 1) * sizeof(SQLWCHAR));
        } else if (const auto* floating = std::get_if<double>(&parameters[i])) {
            floats[i] = *floating;
            value = &floats[i];
            c_type = SQL_C_DOUBLE;
            sql_type = SQL_DOUBLE;
        } else {
            const auto* flag = std::get_if<bool>(&parameters[i]);
            numbers[i] = flag != nullptr ? (*flag ? 1 : 0) : std::get<std::int64_t>(parameters[i]);
            value = &numbers[i];
            c_type = SQL_C_SBIGINT;
            sql_type = SQL_BIGINT;
        }
        if (!succeeded(SQLBindParameter(statement,
                                        static_cast<SQLUSMALLINT>(i + 1),
                                        SQL_PARAM_INPUT,
                                        c_type,
                                        sql_type,
                                        size,
                                        0,
                                        value,
                                        std::max<SQLLEN>(lengths[i], 0),
                                        &lengths[i]))) {
            return diagnosis(SQL_HANDLE_STMT, statement, false);
        }
    }

    Watchdog watchdog(statement, deadline);
    const SQLRETURN code = SQLExecute(statement);
    const bool cancelled = watchdog.stop();
    SQLRETURN bound = SQL_SUCCESS;
    if (!succeeded(code) && code != SQL_NO_DATA) {
        const Fault fault = diagnosis(SQL_HANDLE_STMT, statement, cancelled);
        bound = SQLFreeStmt(statement, SQL_RESET_PARAMS);
        static_cast<void>(bound);
        return fault;
    }
    bound = SQLFreeStmt(statement, SQL_RESET_PARAMS);
    static_cast<void>(bound);
    return state_->describe();
}

Result<Done> OdbcSession::State::describe() {
    SQLSMALLINT count = 0;
    if (!succeeded(SQLNumResultCols(statement, &count))) {
        return diagnosis(SQL_HANDLE_STMT, statement, false);
    }
    columns.clear();
    types.clear();
    for (SQLSMALLINT i = 1; i <= count; ++i) {
        std::array<SQLWCHAR, 256> name{};
        SQLSMALLINT length = 0;
        SQLSMALLINT type = 0;
        SQLULEN size = 0;
        SQLSMALLINT digits = 0;
        SQLSMALLINT nullable = 0;
        if (!succeeded(SQLDescribeColW(statement,
                                       static_cast<SQLUSMALLINT>(i),
                                       name.data(),
                                       static_cast<SQLSMALLINT>(name.size()),
                                       &length,
                                       &type,
                                       &size,
                                       &digits,
                                       &nullable))) {
            return diagnosis(SQL_HANDLE_STMT, statement, false);
        }
        const auto shown = std::min<std::size_t>(
            static_cast<std::size_t>(std::max<SQLSMALLINT>(length, 0)), name.size() - 1);
        columns.push_back(narrow(name.data(), shown));
        types.push_back(type);
    }
    return Done{};
}

Result<std::optional<std::vector<SqlValue>>> OdbcSession::next(Deadline deadline) {
    using Row = std::optional<std::vector<SqlValue>>;
    if (deadline.passed()) return Fault{FaultKind::expired, "timeout", "the deadline has passed"};
    const SQLRETURN code = SQLFetch(state_->statement);
    if (code == SQL_NO_DATA) return Row(std::nullopt);
    if (!succeeded(code)) return diagnosis(SQL_HANDLE_STMT, state_->statement, false);
    std::vector<SqlValue> row;
    for (std::size_t i = 0; i < state_->columns.size(); ++i) {
        auto value = state_->read(static_cast<SQLUSMALLINT>(i + 1), state_->types[i]);
        if (!value) return std::move(value).fault();
        row.push_back(*std::move(value));
    }
    return Row(std::move(row));
}

Result<SqlValue> OdbcSession::State::read(SQLUSMALLINT column, SQLSMALLINT type) {
    SQLLEN length = 0;
    switch (type) {
        case SQL_TINYINT:
        case SQL_SMALLINT:
        case SQL_INTEGER:
        case SQL_BIGINT: {
            std::int64_t value = 0;
            if (!succeeded(SQLGetData(
                    statement, column, SQL_C_SBIGINT, &value, sizeof value, &length))) {
                return diagnosis(SQL_HANDLE_STMT, statement, false);
            }
            if (length == SQL_NULL_DATA) return SqlValue(nullptr);
            return SqlValue(value);
        }
        case SQL_REAL:
        case SQL_FLOAT:
        case SQL_DOUBLE: {
            double value = 0;
            if (!succeeded(
                    SQLGetData(statement, column, SQL_C_DOUBLE, &value, sizeof value, &length))) {
                return diagnosis(SQL_HANDLE_STMT, statement, false);
            }
            if (length == SQL_NULL_DATA) return SqlValue(nullptr);
            return SqlValue(value);
        }
        case SQL_BIT: {
            unsigned char value = 0;
            if (!succeeded(
                    SQLGetData(statement, column, SQL_C_BIT, &value, sizeof value, &length))) {
                return diagnosis(SQL_HANDLE_STMT, statement, false);
            }
            if (length == SQL_NULL_DATA) return SqlValue(nullptr);
            return SqlValue(value != 0);
        }
        case SQL_BINARY:
        case SQL_VARBINARY:
        case SQL_LONGVARBINARY:
            return Fault{FaultKind::unavailable, "type_unsupported", "a binary column"};
        default:
            return read_text(column);
    }
}

Result<SqlValue> OdbcSession::State::read_text(SQLUSMALLINT column) {
    std::string text;
    WideText units;
    std::array<SQLWCHAR, 512> piece{};
    for (;;) {
        SQLLEN length = 0;
        const SQLRETURN code = SQLGetData(statement,
                                          column,
                                          SQL_C_WCHAR,
                                          piece.data(),
                                          static_cast<SQLLEN>(piece.size() * sizeof(SQLWCHAR)),
                                          &length);
        if (code == SQL_NO_DATA) break;
        if (!succeeded(code)) return diagnosis(SQL_HANDLE_STMT, statement, false);
        if (length == SQL_NULL_DATA) return SqlValue(nullptr);
        const auto available = length == SQL_NO_TOTAL
                                   ? piece.size()
                                   : static_cast<std::size_t>(length) / sizeof(SQLWCHAR);
        const std::size_t taken = std::min(available, piece.size() - 1);
        units.insert(units.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(taken));
        if (code == SQL_SUCCESS) break;
    }
    return SqlValue(narrow(units.data(), units.size()));
}

std::string odbc_driver(const std::string& name_or_path) {
    if (name_or_path.find('/') != std::string::npos) return name_or_path;
    SQLHENV environment = SQL_NULL_HENV;
    bool registered = false;
    if (succeeded(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment))) {
        SQLSetEnvAttr(environment,
                      SQL_ATTR_ODBC_VERSION,
                      reinterpret_cast<SQLPOINTER>(static_cast<std::uintptr_t>(SQL_OV_ODBC3)),
                      0);
        std::array<SQLWCHAR, 256> name{};
        std::array<SQLWCHAR, 1024> attributes{};
        SQLSMALLINT name_length = 0;
        SQLSMALLINT attributes_length = 0;
        SQLUSMALLINT direction = SQL_FETCH_FIRST;
        while (!registered && succeeded(SQLDriversW(environment,
                                                    direction,
                                                    name.data(),
                                                    static_cast<SQLSMALLINT>(name.size()),
                                                    &name_length,
                                                    attributes.data(),
                                                    static_cast<SQLSMALLINT>(attributes.size()),
                                                    &attributes_length))) {
            const auto end = std::find(name.begin(), name.end(), SQLWCHAR{0});
            registered = narrow(name.data(), static_cast<std::size_t>(end - name.begin())) ==
                         name_or_path;
            direction = SQL_FETCH_NEXT;
        }
        SQLFreeHandle(SQL_HANDLE_ENV, environment);
    }
    if (registered) return "{" + name_or_path + "}";
    const std::string library = name_or_path == "SQLite3" ? "libsqlite3odbc.so" : "psqlodbcw.so";
    for (const char* folder : {"/usr/lib/x86_64-linux-gnu/odbc/",
                               "/usr/lib/aarch64-linux-gnu/odbc/",
                               "/usr/lib/odbc/",
                               "/usr/lib64/"}) {
        if (std::filesystem::exists(folder + library)) return folder + library;
    }
    return "{" + name_or_path + "}";
}

}  // namespace tongban::connectors
