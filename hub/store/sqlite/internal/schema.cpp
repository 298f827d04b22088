#include "hub/store/sqlite/internal/schema.h"

#include <array>
#include <utility>

#include "hub/store/migrations.h"
#include "hub/store/sqlite/internal/sql.h"
#include "hub/store/store.h"

namespace tongban::store::sqlite {
namespace {

bool word_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> spelling{{
    {"I4", "INTEGER"},
    {"I8", "INTEGER"},
    {"BYTES", "BLOB"},
    {"DIST", "STRICT"},
    {"LOG", "STRICT"},
    {"REF", "STRICT, WITHOUT ROWID"},
    {"NARROW", "STRICT, WITHOUT ROWID"},
}};

Result<int> version_of(Sqlite& database) {
    auto row = query(database, "PRAGMA user_version");
    if (!row) return row.fault();
    const auto found = row->step();
    if (!found) return found.fault();
    return static_cast<int>(row->integer(0));
}

Result<Done> run_one(Sqlite& database, const Migration& migration) {
    // The version is set in the same transaction: a crash leaves the migration done or not begun.
    const auto done = database.execute("BEGIN IMMEDIATE;" + in_sqlite(migration.sql) +
                                       "PRAGMA user_version=" + std::to_string(migration.number) +
                                       ";INSERT INTO hub_meta VALUES('schema','" +
                                       std::to_string(migration.number) +
                                       "') ON CONFLICT(k) DO UPDATE SET v=excluded.v;COMMIT;");
    if (!done) (void)database.execute("ROLLBACK");
    return done;
}

}  // namespace

std::string in_sqlite(std::string_view portable) {
    std::string sql;
    std::size_t at = 0;
    while (at < portable.size()) {
        if (portable.substr(at, 2) == "--") {
            at = std::min(portable.find('\n', at), portable.size());
            continue;
        }
        if (!word_character(portable[at])) {
            sql += portable[at++];
            continue;
        }
        std::size_t end = at;
        while (end < portable.size() && word_character(portable[end]))
            ++end;
        std::string_view word = portable.substr(at, end - at);
        for (const auto& [ours, theirs] : spelling)
            if (word == ours) word = theirs;
        sql += word;
        at = end;
    }
    return sql;
}

Result<Done> migrate(Sqlite& database) {
    const auto version = version_of(database);
    if (!version) return version.fault();
    const auto& all = migrations();
    if (*version > static_cast<int>(all.size()))
        return Fault{
            FaultKind::malformed, "store", "the database is of a newer version than this program"};
    for (const Migration& migration : all) {
        if (migration.number <= *version) continue;
        const auto done = run_one(database, migration);
        if (!done) return done;
    }
    const auto shards = change(database,
                               "INSERT INTO hub_meta VALUES('shards',?) ON CONFLICT DO NOTHING",
                               Text{std::to_string(shard_count)});
    if (!shards) return shards.fault();
    return Done{};
}

}  // namespace tongban::store::sqlite
