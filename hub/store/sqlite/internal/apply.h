// Apply: one mutation into one row, inside the committer's transaction.
//
// Threads: the committer only.
// Faults:  conflict and not_found with the table in `where`; those of base/sqlite.h otherwise.
#pragma once

#include "base/sqlite.h"
#include "hub/store/sqlite/internal/changes.h"
#include "hub/store/sqlite/internal/sql.h"
#include "hub/store/sqlite/internal/writer.h"
#include "hub/store/store.h"

namespace tongban::store::sqlite {

struct ApplyTo {
    Sqlite& database;
    std::int32_t shard;
    Fence& fence;
    Committed& committed;

    Result<Done> operator()(const PutExchange& put);
    Result<Done> operator()(const UpdateExchange& update);
    Result<Done> operator()(const PutJob& put);
    Result<Done> operator()(const UpdateJob& update);
    Result<Done> operator()(const DropJob& drop);
    Result<Done> operator()(const DropJobsOf& drop);
    Result<Done> operator()(const PutInbox& put);
    Result<Done> operator()(const PutConsent& put);
    Result<Done> operator()(const WithdrawConsent& withdraw);
    Result<Done> operator()(const PutJournalHead& put);
    Result<Done> operator()(const PutRecord& put);
    Result<Done> operator()(const PutSubjectKey& put);
    Result<Done> operator()(const DestroySubjectKey& destroy);
    Result<Done> operator()(const PutAudit& put);
    Result<Done> operator()(const PutMeta& put);
    Result<Done> operator()(const PutLogEntry& put);
    Result<Done> operator()(const PutLogTile& put);
    Result<Done> operator()(const MoveLogHead& move);
    Result<Done> operator()(const PutCheckpoint& put);
    Result<Done> operator()(const PutCosignature& put);
    Result<Done> operator()(const PutCase& put);
    Result<Done> operator()(const UpdateCase& update);
    Result<Done> operator()(const DropCaseKey& drop);
    Result<Done> operator()(const PutCaseRecord& put);
    Result<Done> operator()(const PutStep& put);
    Result<Done> operator()(const UpdateStep& update);
    Result<Done> operator()(const PutTimer& put);
    Result<Done> operator()(const DropTimer& drop);
    Result<Done> operator()(const DropTimersOf& drop);
    Result<Done> operator()(const PutCall& put);
    Result<Done> operator()(const UpdateCall& update);
    Result<Done> operator()(const DropCall& drop);
    Result<Done> operator()(const PutCaseInbox& put);
    Result<Done> operator()(const PutAttr& put);
    Result<Done> operator()(const DropAttr& drop);
    Result<Done> operator()(const PutJoint& put);
    Result<Done> operator()(const DecideJoint& decide);
    Result<Done> operator()(const PutBranch& put);
    Result<Done> operator()(const UpdateBranch& update);
    Result<Done> operator()(const PutIncident& put);
    Result<Done> operator()(const CloseIncident& close);
    Result<Done> operator()(const PutItem& put);
    Result<Done> operator()(const PutCaseLeaf& put);
    Result<Done> operator()(const KeepTime& keep);

private:
    struct NewRow {
        std::int64_t case_id;
        std::string_view table;
        std::string_view taken;  // the conflict when the key is
    };
    // A row of a case of this shard; the shard is its first column, `values` are the others.
    template <typename... Values>
    Result<Done> insert(const NewRow& row, std::string_view sql, const Values&... values) {
        const auto here = belongs(row.case_id, shard);
        if (!here) return here;
        return exactly_one(change(database, sql, shard, values...), row.table, row.taken);
    }
    Result<Done> append_leaf(const AuditRow& row);
    // The subject of a key that is not destroyed yet: its hash and its cases' attributes go.
    Result<Done> forget_in_cases(std::int32_t home, std::string_view key_id);
};

// The shard that a subject's key row lives in: the last byte of its id.
Result<std::int32_t> shard_of_key(std::string_view key_id);
std::string join_digests(const std::vector<Digest>& digests);

}  // namespace tongban::store::sqlite
