#include "connectors/odbc/odbc_session.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include <sql.h>
#include <sqlext.h>

#include "connectors/odbc/internal/odbc_text.h"

namespace tongban::connectors {
namespace {

// A value of a connection string that may hold anything: a closing brace is doubled.
std::string braced(const std::string& value) {
    std::string result = "{";
    for (const char c : value) {
        result.push_back(c);
        if (c == '}') result.push_back(c);
    }
    return result + "}";
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

// A statement's parameters where ODBC can read them: what is bound must stay in its place until the
// statement has run.
class BoundParameters {
public:
    explicit BoundParameters(const std::vector<SqlValue>& values)
        : values_(values),
          texts_(values.size()),
          numbers_(values.size(), 0),
          floats_(values.size(), 0),
          lengths_(values.size(), 0) {}

    bool bind(SQLHSTMT statement) {
        for (std::size_t i = 0; i < values_.size(); ++i) {
            const Place place = place_of(i);
            if (!succeeded(SQLBindParameter(statement,
                                            static_cast<SQLUSMALLINT>(i + 1),
                                            SQL_PARAM_INPUT,
                                            place.c_type,
                                            place.sql_type,
                                            place.size,
                                            0,
                                            place.value,
                                            std::max<SQLLEN>(lengths_[i], 0),
                                            &lengths_[i])))
                return false;
        }
        return true;
    }

private:
    struct Place {
        SQLSMALLINT c_type = SQL_C_WCHAR;
        SQLSMALLINT sql_type = SQL_WVARCHAR;
        SQLULEN size = 1;
        SQLPOINTER value = nullptr;
    };

    Place place_of(std::size_t i) {
        Place place;
        if (std::holds_alternative<std::nullptr_t>(values_[i])) {
            lengths_[i] = SQL_NULL_DATA;
        } else if (const auto* string = std::get_if<std::string>(&values_[i])) {
            texts_[i] = wide(*string);
            place.value = texts_[i].data();
            place.size = std::max<SQLULEN>(texts_[i].size() - 1, 1);
            lengths_[i] = static_cast<SQLLEN>((texts_[i].size() - 1) * sizeof(SQLWCHAR));
        } else if (const auto* floating = std::get_if<double>(&values_[i])) {
            floats_[i] = *floating;
            place = {SQL_C_DOUBLE, SQL_DOUBLE, 1, &floats_[i]};
        } else {
            const auto* flag = std::get_if<bool>(&values_[i]);
            numbers_[i] = flag != nullptr ? (*flag ? 1 : 0) : std::get<std::int64_t>(values_[i]);
            place = {SQL_C_SBIGINT, SQL_BIGINT, 1, &numbers_[i]};
        }
        return place;
    }

    const std::vector<SqlValue>& values_;
    std::vector<WideText> texts_;
    std::vector<std::int64_t> numbers_;
    std::vector<double> floats_;
    std::vector<SQLLEN> lengths_;
};

}  // namespace

struct OdbcSession::State {
    SQLHENV environment = SQL_NULL_HENV;
    SQLHDBC connection = SQL_NULL_HDBC;
    SQLHSTMT statement = SQL_NULL_HSTMT;
    bool connected = false;
    bool plain_utf8 = false;  // SQLite's driver: char data is the file's own bytes, which its
                              // UTF-16 would falsify
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
    Result<SqlValue> read_plain_text(SQLUSMALLINT column);
    SQLRETURN prepare(const std::string& sql) const;
    std::optional<std::string> describe(SQLUSMALLINT column, SQLSMALLINT& type) const;
};

namespace {

// SQLite's driver has the narrow functions only; unixODBC would cut wide text to its low bytes on
// the way to it.
bool speaks_plain_utf8(std::string connection) {
    connection.resize(std::min(connection.size(), connection.find(';')));
    for (char& c : connection) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return connection.find("sqlite") != std::string::npos;
}

SQLCHAR* narrow_text(std::string& text) {
    return reinterpret_cast<SQLCHAR*>(text.data());
}

}  // namespace

SQLRETURN OdbcSession::State::prepare(const std::string& sql) const {
    if (plain_utf8) {
        std::string text = sql;
        return SQLPrepare(statement, narrow_text(text), SQL_NTS);
    }
    WideText text = wide(sql);
    return SQLPrepareW(statement, text.data(), SQL_NTS);
}

std::optional<std::string> OdbcSession::State::describe(SQLUSMALLINT column,
                                                        SQLSMALLINT& type) const {
    SQLSMALLINT length = 0;
    SQLULEN size = 0;
    SQLSMALLINT digits = 0;
    SQLSMALLINT nullable = 0;
    const auto shown = [&length](std::size_t room) {
        return std::min<std::size_t>(static_cast<std::size_t>(std::max<SQLSMALLINT>(length, 0)),
                                     room - 1);
    };
    if (plain_utf8) {
        std::array<SQLCHAR, 512> name{};
        const auto room = static_cast<SQLSMALLINT>(name.size());
        if (!succeeded(SQLDescribeCol(
                statement, column, name.data(), room, &length, &type, &size, &digits, &nullable))) {
            return std::nullopt;
        }
        return std::string(name.begin(),
                           name.begin() + static_cast<std::ptrdiff_t>(shown(name.size())));
    }
    std::array<SQLWCHAR, 256> name{};
    const auto room = static_cast<SQLSMALLINT>(name.size());
    if (!succeeded(SQLDescribeColW(
            statement, column, name.data(), room, &length, &type, &size, &digits, &nullable))) {
        return std::nullopt;
    }
    return narrow(name.data(), shown(name.size()));
}

OdbcSession::OdbcSession(std::unique_ptr<State> state) : state_(std::move(state)) {}
OdbcSession::~OdbcSession() = default;
const std::vector<std::string>& OdbcSession::columns() const {
    return state_->columns;
}

Result<std::unique_ptr<OdbcSession>> OdbcSession::connect(const std::string& connection,
                                                          const std::string& password,
                                                          Deadline deadline) {
    auto state = std::make_unique<State>();
    const Fault no_handle{FaultKind::unavailable, "connect", "unixODBC gives no handle"};
    if (!succeeded(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &state->environment))) {
        return no_handle;
    }
    SQLSetEnvAttr(state->environment, SQL_ATTR_ODBC_VERSION, as_pointer(SQL_OV_ODBC3), 0);
    if (!succeeded(SQLAllocHandle(SQL_HANDLE_DBC, state->environment, &state->connection))) {
        return no_handle;
    }
    const auto seconds = std::max<std::int64_t>(1, deadline.left().count() / 1000);
    SQLSetConnectAttrW(state->connection,
                       SQL_ATTR_LOGIN_TIMEOUT,
                       as_pointer(static_cast<std::uintptr_t>(seconds)),
                       0);
    SQLSetConnectAttrW(state->connection, SQL_ATTR_ACCESS_MODE, as_pointer(SQL_MODE_READ_ONLY), 0);
    std::string text = password.empty() ? connection : connection + ";PWD=" + braced(password);
    state->plain_utf8 = speaks_plain_utf8(connection);
    WideText wide_text = wide(text);
    const SQLRETURN code = state->plain_utf8 ? SQLDriverConnect(state->connection,
                                                                nullptr,
                                                                narrow_text(text),
                                                                SQL_NTS,
                                                                nullptr,
                                                                0,
                                                                nullptr,
                                                                SQL_DRIVER_NOPROMPT)
                                             : SQLDriverConnectW(state->connection,
                                                                 nullptr,
                                                                 wide_text.data(),
                                                                 SQL_NTS,
                                                                 nullptr,
                                                                 0,
                                                                 nullptr,
                                                                 SQL_DRIVER_NOPROMPT);
    if (!succeeded(code)) {
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
    SQLSetStmtAttrW(
        statement, SQL_ATTR_QUERY_TIMEOUT, as_pointer(static_cast<std::uintptr_t>(seconds)), 0);
    if (!succeeded(state_->prepare(sql))) {
        return diagnosis(SQL_HANDLE_STMT, statement, false);
    }

    BoundParameters bound(parameters);
    if (!bound.bind(statement)) return diagnosis(SQL_HANDLE_STMT, statement, false);

    Watchdog watchdog(statement, deadline);
    const SQLRETURN code = SQLExecute(statement);
    const bool cancelled = watchdog.stop();
    if (!succeeded(code) && code != SQL_NO_DATA) {
        const Fault fault = diagnosis(SQL_HANDLE_STMT, statement, cancelled);
        static_cast<void>(SQLFreeStmt(statement, SQL_RESET_PARAMS));
        return fault;
    }
    static_cast<void>(SQLFreeStmt(statement, SQL_RESET_PARAMS));
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
        SQLSMALLINT type = 0;
        auto name = describe(static_cast<SQLUSMALLINT>(i), type);
        if (!name) return diagnosis(SQL_HANDLE_STMT, statement, false);
        columns.push_back(*std::move(name));
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
            if (!succeeded(
                    SQLGetData(statement, column, SQL_C_SBIGINT, &value, sizeof value, &length))) {
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
            return plain_utf8 ? read_plain_text(column) : read_text(column);
    }
}

Result<SqlValue> OdbcSession::State::read_plain_text(SQLUSMALLINT column) {
    std::string text;
    std::array<char, 1024> piece{};
    for (;;) {
        SQLLEN length = 0;
        const SQLRETURN code = SQLGetData(statement,
                                          column,
                                          SQL_C_CHAR,
                                          piece.data(),
                                          static_cast<SQLLEN>(piece.size()),
                                          &length);
        if (code == SQL_NO_DATA) break;
        if (!succeeded(code)) return diagnosis(SQL_HANDLE_STMT, statement, false);
        if (length == SQL_NULL_DATA) return SqlValue(nullptr);
        const auto available =
            length == SQL_NO_TOTAL ? piece.size() : static_cast<std::size_t>(length);
        text.append(piece.data(), std::min(available, piece.size() - 1));
        if (code == SQL_SUCCESS) break;
    }
    return SqlValue(std::move(text));
}

Result<SqlValue> OdbcSession::State::read_text(SQLUSMALLINT column) {
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
        units.insert(
            units.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(taken));
        if (code == SQL_SUCCESS) break;
    }
    return SqlValue(narrow(units.data(), units.size()));
}

}  // namespace tongban::connectors
