// Apply: one mutation into one row, inside the committer's transaction.
//
// Threads: the committer only.
// Faults:  conflict and not_found with the table in `where`; those of base/sqlite.h otherwise.
#pragma once

#include "base/sqlite.h"
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
};

// The shard that a subject's key row lives in: the last byte of its id.
Result<std::int32_t> shard_of_key(std::string_view key_id);
std::string join_digests(const std::vector<Digest>& digests);

}  // namespace tongban::store::sqlite
