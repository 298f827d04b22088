#include "base/sqlite.h"

#include <functional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <sqlite3.h>

#include "base/check.h"
#include "base/internal/wal_gather.h"

namespace tongban {
namespace {

constexpr int busy_ms = 5000;
constexpr std::size_t kept_statements = 512;
// 128 MiB of log, 64 MiB of pages: a page that many commits touch is written back once, and a group
// of commits finds and keeps what it touches in memory.
constexpr int checkpoint_pages = 16'000;
constexpr int cache_kib = 65'536;

struct Prepared {
    sqlite3_stmt* statement = nullptr;
    bool in_use = false;
    bool stepped = false;  // must be reset before it is bound again
    bool kept = true;      // false: a second copy of a text in use, finalised when released
};

struct HashOfText {  // so that a statement is found by its text without a copy of it
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
        return std::hash<std::string_view>{}(text);
    }
};

// Nobody asks the library how much memory it holds; counting it takes a lock at every allocation.
void count_no_memory() {
    static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(once);  // refused when something else has begun to use the library: it counts
}

FaultKind kind_of(int code) {
    switch (code & 0xFF) {
        case SQLITE_CONSTRAINT:
            return FaultKind::conflict;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_FULL:
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_NOMEM:
        case SQLITE_PERM:
            return FaultKind::unavailable;
        case SQLITE_NOTADB:
        case SQLITE_CORRUPT:
            return FaultKind::malformed;
        default:
            return FaultKind::internal;
    }
}

// The library's own message may quote the statement, and so a value: only those that name tables
// and columns pass.
std::string reason_of(sqlite3* database, int code) {
    const std::string_view message = sqlite3_errmsg(database);
    const bool names_only = (code & 0xFF) == SQLITE_CONSTRAINT || message.starts_with("no such ") ||
                            message.starts_with("table ") || message.starts_with("index ");
    std::string reason = names_only ? std::string(message) : sqlite3_errstr(code);
    const int offset = sqlite3_error_offset(database);
    if (offset >= 0) reason += " (at byte " + std::to_string(offset) + " of the statement)";
    return reason;
}

}  // namespace

struct Sqlite::State {
    std::string path;
    sqlite3* database = nullptr;
    std::unordered_map<std::string, Prepared, HashOfText, std::equal_to<>>
        statements;  // node-based: pointers to entries stay valid

    ~State() {
        for (auto& [text, prepared] : statements) {
            TONGBAN_CHECK(!prepared.in_use, "sqlite.statement_outlives_connection");
            sqlite3_finalize(prepared.statement);
        }
        sqlite3_close(database);
    }
    [[nodiscard]] Fault fault(int code) const {
        return Fault{kind_of(code), path, reason_of(database, code)};
    }

    static Result<Done> set_up(Sqlite& connection, SqliteMode mode) {
        sqlite3* const database = connection.state_->database;
        sqlite3_extended_result_codes(database, 1);
        sqlite3_busy_timeout(database, busy_ms);
        sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
        sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
        // Two connections that checkpoint can meet the WAL-reset defect: readers never do, the
        // writer alone does.
        if (mode == SqliteMode::read_only)
            return connection.execute(
                "PRAGMA wal_autocheckpoint=0; PRAGMA mmap_size=0; PRAGMA query_only=1");
        return connection.execute(
            "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA "
            "mmap_size=0;"
            "PRAGMA secure_delete=FAST; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=" +
            std::to_string(checkpoint_pages) + "; PRAGMA cache_size=-" + std::to_string(cache_kib));
    }
};

namespace {

sqlite3_stmt* native(void* prepared) {
    return static_cast<Prepared*>(prepared)->statement;
}

sqlite3_stmt* ready_to_bind(void* slot) {
    auto* const prepared = static_cast<Prepared*>(slot);
    if (std::exchange(prepared->stepped, false)) sqlite3_reset(prepared->statement);
    return prepared->statement;
}

std::string copy(const void* bytes, int size) {
    return size == 0 ? std::string()
                     : std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

void check_bound(int code) {
    TONGBAN_CHECK(code == SQLITE_OK, "sqlite.bind");
}

}  // namespace

SqliteStatement::SqliteStatement(void* statement, void* connection)
    : statement_(statement), connection_(connection) {}

SqliteStatement::SqliteStatement(SqliteStatement&& other) noexcept
    : statement_(std::exchange(other.statement_, nullptr)), connection_(other.connection_) {}

SqliteStatement::~SqliteStatement() {
    if (statement_ == nullptr) return;
    auto* const prepared = static_cast<Prepared*>(statement_);
    if (!prepared->kept) {
        sqlite3_finalize(prepared->statement);
        delete prepared;
        return;
    }
    sqlite3_reset(prepared->statement);
    sqlite3_clear_bindings(prepared->statement);
    prepared->stepped = false;
    prepared->in_use = false;
}

SqliteStatement& SqliteStatement::bind(int index, std::int64_t value) {
    check_bound(sqlite3_bind_int64(ready_to_bind(statement_), index, value));
    return *this;
}

// Values are copied: a view given to bind need not outlive the call. An empty view is empty, not
// null.
SqliteStatement& SqliteStatement::bind_text(int index, std::string_view value) {
    const char* const data = value.empty() ? "" : value.data();
    check_bound(sqlite3_bind_text64(
        ready_to_bind(statement_), index, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

SqliteStatement& SqliteStatement::bind_blob(int index, std::string_view value) {
    const char* const data = value.empty() ? "" : value.data();
    check_bound(sqlite3_bind_blob64(
        ready_to_bind(statement_), index, data, value.size(), SQLITE_TRANSIENT));
    return *this;
}

SqliteStatement& SqliteStatement::lend_text(int index, std::string_view value) {
    const char* const data = value.empty() ? "" : value.data();
    check_bound(sqlite3_bind_text64(
        ready_to_bind(statement_), index, data, value.size(), SQLITE_STATIC, SQLITE_UTF8));
    return *this;
}

SqliteStatement& SqliteStatement::lend_blob(int index, std::string_view value) {
    const char* const data = value.empty() ? "" : value.data();
    check_bound(
        sqlite3_bind_blob64(ready_to_bind(statement_), index, data, value.size(), SQLITE_STATIC));
    return *this;
}

SqliteStatement& SqliteStatement::bind_null(int index) {
    check_bound(sqlite3_bind_null(ready_to_bind(statement_), index));
    return *this;
}

Result<bool> SqliteStatement::step() {
    static_cast<Prepared*>(statement_)->stepped = true;
    const int code = sqlite3_step(native(statement_));
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    Fault fault = Fault{kind_of(code), "", reason_of(sqlite3_db_handle(native(statement_)), code)};
    fault.where = *static_cast<const std::string*>(connection_);
    ready_to_bind(statement_);
    return fault;
}

Result<Done> SqliteStatement::run() {
    const auto row = step();
    if (!row) return row.fault();
    ready_to_bind(statement_);
    if (*row)
        return Fault{FaultKind::internal,
                     *static_cast<const std::string*>(connection_),
                     "a row where none belongs"};
    return Done{};
}

std::int64_t SqliteStatement::integer(int column) const {
    return sqlite3_column_int64(native(statement_), column);
}

std::string SqliteStatement::text(int column) const {
    const unsigned char* const bytes = sqlite3_column_text(native(statement_), column);
    return copy(bytes, sqlite3_column_bytes(native(statement_), column));
}

std::string SqliteStatement::blob(int column) const {
    const void* const bytes = sqlite3_column_blob(native(statement_), column);
    return copy(bytes, sqlite3_column_bytes(native(statement_), column));
}

bool SqliteStatement::is_null(int column) const {
    return sqlite3_column_type(native(statement_), column) == SQLITE_NULL;
}

Sqlite::Sqlite(std::unique_ptr<State> state) : state_(std::move(state)) {}
Sqlite::~Sqlite() = default;

Result<std::unique_ptr<Sqlite>> Sqlite::open(const std::string& path, SqliteMode mode) {
    count_no_memory();
    auto state = std::make_unique<State>();
    state->path = path;
    const int access = mode == SqliteMode::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                                 : SQLITE_OPEN_READONLY;
    const char* const file_system =
        mode == SqliteMode::write ? internal::wal_gather() : nullptr;  // readers write no log
    const int code =
        sqlite3_open_v2(path.c_str(), &state->database, access | SQLITE_OPEN_NOMUTEX, file_system);
    if (code != SQLITE_OK) return state->fault(code);
    std::unique_ptr<Sqlite> connection(new Sqlite(std::move(state)));
    const auto ready = State::set_up(*connection, mode);
    if (!ready) return ready.fault();
    return connection;
}

Result<Done> Sqlite::execute(std::string_view sql) {
    const int code =
        sqlite3_exec(state_->database, std::string(sql).c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return state_->fault(sqlite3_extended_errcode(state_->database));
    return Done{};
}

Result<SqliteStatement> Sqlite::prepare(std::string_view sql) {
    const auto known = state_->statements.find(sql);
    const bool keep =
        known == state_->statements.end() && state_->statements.size() < kept_statements;
    if (known != state_->statements.end() && !known->second.in_use) {
        known->second.in_use = true;
        return SqliteStatement(&known->second, &state_->path);
    }
    std::string text(sql);
    sqlite3_stmt* statement = nullptr;
    const char* rest = nullptr;
    const int code = sqlite3_prepare_v3(state_->database,
                                        text.c_str(),
                                        static_cast<int>(text.size()) + 1,
                                        keep ? SQLITE_PREPARE_PERSISTENT : 0U,
                                        &statement,
                                        &rest);
    if (code != SQLITE_OK) return state_->fault(sqlite3_extended_errcode(state_->database));
    if (statement == nullptr ||
        std::string_view(rest).find_first_not_of(" \t\r\n;") != std::string_view::npos) {
        sqlite3_finalize(statement);
        return Fault{FaultKind::internal, state_->path, "prepare takes exactly one statement"};
    }
    if (!keep) return SqliteStatement(new Prepared{statement, true, false, false}, &state_->path);
    Prepared& prepared =
        state_->statements.emplace(std::move(text), Prepared{statement, true, false, true})
            .first->second;
    return SqliteStatement(&prepared, &state_->path);
}

std::int64_t Sqlite::changes() const {
    return sqlite3_changes64(state_->database);
}

Result<Done> Sqlite::checkpoint() {
    const int code = sqlite3_wal_checkpoint_v2(
        state_->database, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if (code != SQLITE_OK) return state_->fault(code);
    return Done{};
}

}  // namespace tongban
