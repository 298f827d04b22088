// Reading rows back. A Shape is one row type's columns and the function that reads them, side by
// side; Cells hands a statement's columns out in their order; a read is one row or none, or a list.
//
// Threads: one thread a connection.
// Faults:  malformed (a column that cannot be what it should), those of base/sqlite.h.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/store/sqlite/internal/sql.h"
#include "hub/store/store.h"

namespace tongban::store::sqlite {

// Where a deadline may be missing, the table has the end of time: what has none sorts last.
constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t or_never(std::int64_t ms) {
    return ms == 0 ? never : ms;
}

class Cells {
public:
    explicit Cells(const SqliteStatement& row) : row_(row) {}

    std::int64_t integer() { return row_.integer(column_++); }
    std::int32_t small() { return static_cast<std::int32_t>(integer()); }
    std::uint64_t whole() { return static_cast<std::uint64_t>(integer()); }
    bool flag() { return integer() != 0; }
    std::int64_t time_or_none() {
        const std::int64_t ms = integer();
        return ms == never ? 0 : ms;
    }
    std::optional<std::uint64_t> whole_or_null() {
        if (!row_.is_null(column_)) return whole();
        ++column_;
        return std::nullopt;
    }
    std::string text() { return row_.text(column_++); }
    std::string blob() { return row_.blob(column_++); }
    Digest digest() {
        const auto digest = digest_from(blob());
        sound_ = sound_ && digest.ok();
        return digest ? *digest : Digest{};
    }
    std::vector<Digest> digests();  // 32 bytes each
    [[nodiscard]] bool sound() const { return sound_; }

private:
    const SqliteStatement& row_;
    int column_ = 0;
    bool sound_ = true;
};

template <typename Row>
struct Shape {
    std::string_view columns;
    std::string_view from;
    Row (*read)(Cells&);
};

// What every row that is sent ends with: how far its sending has come, and what is sent.
template <typename Row>
void read_sending(Cells& cells, Row& row) {
    row.state = static_cast<decltype(row.state)>(cells.small());
    row.attempt = cells.small();
    row.next_ms = cells.integer();
    row.expire_ms = cells.integer();
    row.body = cells.blob();
}

template <typename Row, typename... Values>
Result<std::vector<Row>> read_all(Sqlite& database,
                                  const Shape<Row>& shape,
                                  std::string_view rest,
                                  const Values&... values) {
    std::string sql = "SELECT ";
    sql.append(shape.columns).append(" FROM ").append(shape.from).append(" ").append(rest);
    auto statement = query(database, sql, values...);
    if (!statement) return statement.fault();
    std::vector<Row> rows;
    for (;;) {
        const auto found = statement->step();
        if (!found) return found.fault();
        if (!*found) return rows;
        Cells cells(*statement);
        rows.push_back(shape.read(cells));
        if (!cells.sound()) return Fault{FaultKind::malformed, "store", "hashes of a wrong length"};
    }
}

template <typename Row, typename... Values>
Result<std::optional<Row>> read_one(Sqlite& database,
                                    const Shape<Row>& shape,
                                    std::string_view rest,
                                    const Values&... values) {
    auto rows = read_all(database, shape, rest, values...);
    if (!rows) return rows.fault();
    if (rows->empty()) return std::optional<Row>();
    return std::optional<Row>(std::move(rows->front()));
}

extern const Shape<ExchangeRow> exchange_shape;
extern const Shape<JobRow> job_shape;
extern const Shape<InboxRow> inbox_shape;
extern const Shape<ConsentRow> consent_shape;
extern const Shape<JournalHeadRow> journal_shape;
extern const Shape<RecordRow> record_shape;  // no groups
extern const Shape<SealedGroup> group_shape;
extern const Shape<std::string> subject_exchange_shape;  // distinct exchange ids
extern const Shape<SubjectKeyRow> subject_key_shape;
extern const Shape<AuditRow> audit_shape;     // of audit a, log_entry e
extern const Shape<AuditRow> unlogged_shape;  // of log_pending p, audit a; no index
extern const Shape<LogEntryRow> entry_shape;  // of log_entry e, audit a
extern const Shape<LogTileRow> tile_shape;
extern const Shape<LogHeadRow> head_shape;
extern const Shape<CheckpointRow> checkpoint_shape;
extern const Shape<CosignatureRow> cosignature_shape;
extern const Shape<std::uint64_t> cosigned_shape;  // distinct sizes
extern const Shape<std::string> meta_shape;
extern const Shape<ShardState> shard_shape;

extern const Shape<CaseRow> case_shape;         // of cases c
extern const Shape<CaseRow> listed_case_shape;  // the same without state
extern const Shape<CaseRow> attr_case_shape;    // the same, of attr a, cases c
extern const Shape<CaseRecordRow> case_record_shape;
extern const Shape<StepRow> step_shape;
extern const Shape<TimerRow> timer_shape;
extern const Shape<CallRow> call_shape;
extern const Shape<CaseInboxRow> case_inbox_shape;
extern const Shape<JointRow> joint_shape;
extern const Shape<BranchRow> branch_shape;
extern const Shape<IncidentRow> incident_shape;
extern const Shape<ItemRow> item_shape;
extern const Shape<std::int64_t> case_key_shape;

}  // namespace tongban::store::sqlite
