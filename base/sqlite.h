// Sqlite: the C API, wrapped: one connection, prepared statements kept by text, exceptions never
// leave.
//
// journal_mode=WAL, synchronous=FULL, page_size=8192, mmap_size=0, secure_delete=FAST; only the
// writing connection checkpoints (Debian 12's 3.40.1 has the WAL-reset defect when two connections
// do).
//
// Threads: one thread a connection.
// Faults:  unavailable (busy, disk full, I/O), conflict (constraint), malformed (not a database),
// internal.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tongban {

enum class SqliteMode { write, read_only };

class SqliteStatement {  // bind 1-based, step, read 0-based; resets on destruction
public:
    ~SqliteStatement();
    SqliteStatement(SqliteStatement&& other) noexcept;
    SqliteStatement(const SqliteStatement&) = delete;
    SqliteStatement& operator=(const SqliteStatement&) = delete;
    SqliteStatement& operator=(SqliteStatement&&) = delete;
    SqliteStatement& bind(int index, std::int64_t value);
    SqliteStatement& bind_text(int index, std::string_view value);
    SqliteStatement& bind_blob(int index, std::string_view value);
    SqliteStatement& bind_null(int index);
    // Not copied: they stay where they are until the statement is bound again or gone.
    SqliteStatement& lend_text(int index, std::string_view value);
    SqliteStatement& lend_blob(int index, std::string_view value);
    Result<bool> step();  // true: a row
    Result<Done> run();   // steps to the end, expects no row
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::string blob(int column) const;
    [[nodiscard]] bool is_null(int column) const;

private:
    friend class Sqlite;
    explicit SqliteStatement(void* statement, void* connection);
    void* statement_;
    void* connection_;
};

class Sqlite {
public:
    static Result<std::unique_ptr<Sqlite>> open(const std::string& path, SqliteMode mode);
    ~Sqlite();
    Sqlite(const Sqlite&) = delete;
    Sqlite& operator=(const Sqlite&) = delete;
    Result<Done> execute(std::string_view sql);             // one or more statements, no parameters
    Result<SqliteStatement> prepare(std::string_view sql);  // cached by text
    [[nodiscard]] std::int64_t changes() const;             // rows of the last statement
    Result<Done> checkpoint();                              // PASSIVE

private:
    struct State;
    explicit Sqlite(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace tongban
