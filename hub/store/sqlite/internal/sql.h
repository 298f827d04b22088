// Sql: one statement with its parameters in a line, over base/sqlite.h.
//
// Threads: one thread a connection.
// Faults:  those of base/sqlite.h.
#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/crypto.h"
#include "base/sqlite.h"

namespace tongban::store::sqlite {

struct Text {
    std::string_view value;
};
struct Bytes {
    std::string_view value;
};
struct Null {};

inline void bind_one(SqliteStatement& statement, int index, std::int64_t value) {
    statement.bind(index, value);
}
inline void bind_one(SqliteStatement& statement, int index, std::uint64_t value) {
    statement.bind(index, static_cast<std::int64_t>(value));
}
inline void bind_one(SqliteStatement& statement, int index, std::int32_t value) {
    statement.bind(index, std::int64_t{value});
}
inline void bind_one(SqliteStatement& statement, int index, std::uint32_t value) {
    statement.bind(index, std::int64_t{value});
}
inline void bind_one(SqliteStatement& statement, int index, Text value) {
    statement.bind_text(index, value.value);
}
inline void bind_one(SqliteStatement& statement, int index, Bytes value) {
    statement.bind_blob(index, value.value);
}
inline void bind_one(SqliteStatement& statement, int index, const Digest& value) {
    statement.bind_blob(index, bytes_of(value));
}
inline void bind_one(SqliteStatement& statement, int index, Null) {
    statement.bind_null(index);
}

// Parameters whose number is known at run time only.
using Values = std::vector<std::variant<std::int64_t, Text>>;

inline Result<SqliteStatement> query(Sqlite& database, std::string_view sql, const Values& values) {
    auto statement = database.prepare(sql);
    if (!statement) return statement;
    int index = 0;
    for (const auto& value : values)
        std::visit([&](const auto& one) { bind_one(*statement, ++index, one); }, value);
    return statement;
}

template <typename... Values>
Result<SqliteStatement> query(Sqlite& database, std::string_view sql, const Values&... values) {
    auto statement = database.prepare(sql);
    if (!statement) return statement;
    int index = 0;
    (bind_one(*statement, ++index, values), ...);
    return statement;
}

// What the caller holds until the statement has run is not copied.
template <typename Value>
void lend_one(SqliteStatement& statement, int index, const Value& value) {
    if constexpr (std::is_same_v<Value, Text>)
        statement.lend_text(index, value.value);
    else if constexpr (std::is_same_v<Value, Bytes>)
        statement.lend_blob(index, value.value);
    else if constexpr (std::is_same_v<Value, Digest>)
        statement.lend_blob(index, bytes_of(value));
    else
        bind_one(statement, index, value);
}

// Rows changed.
template <typename... Values>
Result<std::int64_t> change(Sqlite& database, std::string_view sql, const Values&... values) {
    auto statement = database.prepare(sql);
    if (!statement) return statement.fault();
    int index = 0;
    (lend_one(*statement, ++index, values), ...);
    const auto done = statement->run();
    if (!done) return done.fault();
    return database.changes();
}

}  // namespace tongban::store::sqlite
