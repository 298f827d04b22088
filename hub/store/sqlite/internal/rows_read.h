// Reading rows back: one function a row type, and the two shapes of a read (one row or none; a
// list).
//
// Threads: one thread a connection.
// Faults:  malformed (a column that cannot be what it should), those of base/sqlite.h.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "hub/store/sqlite/internal/sql.h"
#include "hub/store/store.h"

namespace tongban::store::sqlite {

template <typename Row>
using ReadRow = Result<Row> (*)(const SqliteStatement&);

template <typename Row, typename... Values>
Result<std::vector<Row>> read_all(Sqlite& database,
                                  ReadRow<Row> read,
                                  std::string_view sql,
                                  const Values&... values) {
    auto statement = query(database, sql, values...);
    if (!statement) return statement.fault();
    std::vector<Row> rows;
    for (;;) {
        const auto found = statement->step();
        if (!found) return found.fault();
        if (!*found) return rows;
        auto row = read(*statement);
        if (!row) return row.fault();
        rows.push_back(*std::move(row));
    }
}

template <typename Row, typename... Values>
Result<std::optional<Row>> read_one(Sqlite& database,
                                    ReadRow<Row> read,
                                    std::string_view sql,
                                    const Values&... values) {
    auto rows = read_all<Row>(database, read, sql, values...);
    if (!rows) return rows.fault();
    if (rows->empty()) return std::optional<Row>();
    return std::optional<Row>(std::move(rows->front()));
}

// The columns that each reader expects, in its order.
extern const char* const exchange_columns;
extern const char* const job_columns;
extern const char* const audit_columns;  // of audit a left join log_entry e
extern const char* const audit_tables;

Result<ExchangeRow> exchange_row(const SqliteStatement& row);
Result<JobRow> job_row(const SqliteStatement& row);
Result<InboxRow> inbox_row(
    const SqliteStatement& row);  // src, msg_id, digest, exchange_id, recv_ms
Result<ConsentRow> consent_row(const SqliteStatement& row);      // as the table, without shard
Result<JournalHeadRow> journal_row(const SqliteStatement& row);  // member, number, hash, seen_ms
Result<RecordRow> record_row(const SqliteStatement& row);  // as the table, without shard; no groups
Result<SealedGroup> group_row(const SqliteStatement& row);          // key_ids, sealed
Result<SubjectKeyRow> subject_key_row(const SqliteStatement& row);  // as the table, without shard
Result<AuditRow> audit_row(const SqliteStatement& row);
Result<LogEntryRow> entry_row(const SqliteStatement& row);  // idx, shard, seq, leaf_hash, leaf
Result<LogTileRow> tile_row(const SqliteStatement& row);    // level, idx, hashes
Result<LogHeadRow> head_row(const SqliteStatement& row);    // size, root, frontier
Result<CheckpointRow> checkpoint_row(const SqliteStatement& row);    // size, root, note, signed_ms
Result<CosignatureRow> cosignature_row(const SqliteStatement& row);  // size, witness, line, time_s
Result<std::string> text_row(const SqliteStatement& row);            // one text column
Result<std::uint64_t> number_row(const SqliteStatement& row);        // one integer column
Result<ShardState> shard_row(
    const SqliteStatement& row);  // shard, epoch, owner, head_seq, head_hash

}  // namespace tongban::store::sqlite
