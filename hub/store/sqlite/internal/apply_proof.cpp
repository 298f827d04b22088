#include <algorithm>
#include <set>

#include "base/merkle.h"
#include "base/text.h"
#include "hub/store/sqlite/internal/apply.h"
#include "hub/store/sqlite/internal/changes.h"
#include "hub/store/sqlite/internal/sql.h"

// Sealed records, audit rows and the log's tables.
namespace tongban::store::sqlite {

Result<std::int32_t> shard_of_key(std::string_view key_id) {
    const auto last = key_id.size() < 2 ? from_hex("") : from_hex(key_id.substr(key_id.size() - 2));
    if (!last || last->size() != 1)
        return Fault{FaultKind::malformed, "key_id", "not a key id of this hub"};
    return static_cast<std::int32_t>(static_cast<unsigned char>((*last)[0]));
}

std::string join_digests(const std::vector<Digest>& digests) {
    std::string bytes;
    bytes.reserve(digests.size() * 32);
    for (const Digest& digest : digests)
        bytes += bytes_of(digest);
    return bytes;
}

Result<Done> ApplyTo::operator()(const PutRecord& put) {
    const RecordRow& row = put.row;
    const auto here = belongs(row.exchange_id, shard);
    if (!here) return here;
    const auto head = exactly_one(change(database,
                                         "INSERT INTO record VALUES(?,?,?,?,?,?,?)",
                                         shard,
                                         Text{row.exchange_id},
                                         Text{row.name},
                                         Bytes{row.wrapped_key},
                                         Text{row.wrapping_key_id},
                                         Bytes{join_digests(row.commitments)},
                                         row.created_ms),
                                  "record",
                                  "this record is already sealed");
    if (!head) return head;
    std::set<std::string> key_ids;
    std::int32_t n = 0;
    for (const SealedGroup& group : row.groups) {
        key_ids.insert(group.key_ids.begin(), group.key_ids.end());
        const auto done = any_number(change(database,
                                            "INSERT INTO record_group VALUES(?,?,?,?,?,?)",
                                            shard,
                                            Text{row.exchange_id},
                                            Text{row.name},
                                            n++,
                                            Text{join(group.key_ids, " ")},
                                            Bytes{group.sealed}));
        if (!done) return done;
    }
    for (const std::string& key_id : key_ids) {
        const auto home = shard_of_key(key_id);
        if (!home) return home.fault();
        // A key destroyed since the caller sealed: it seals again, under what the erased person's
        // data needs now.
        auto alive = query(database,
                           "SELECT 1 FROM subject_key WHERE shard=? AND key_id=? AND erased_ms=0",
                           *home,
                           Text{key_id});
        if (!alive) return alive.fault();
        const auto found = alive->step();
        if (!found) return found.fault();
        if (!*found) return conflict("subject_key", "a subject's key is destroyed");
        const auto done =
            any_number(change(database,
                              "INSERT INTO record_subject VALUES(?,?,?) ON CONFLICT DO NOTHING",
                              shard,
                              Text{key_id},
                              Text{row.exchange_id}));
        if (!done) return done;
    }
    return Done{};
}

Result<Done> ApplyTo::operator()(const PutSubjectKey& put) {
    const SubjectKeyRow& row = put.row;
    const auto home = shard_of_key(row.key_id);
    if (!home) return home.fault();
    return exactly_one(change(database,
                              "INSERT INTO subject_key VALUES(?,?,?,?,?,?,0)",
                              *home,
                              Text{row.key_id},
                              Text{row.subject_hash},
                              Bytes{row.wrapped},
                              Text{row.wrapping_key_id},
                              row.created_ms),
                       "subject_key",
                       "this subject has a key");
}

Result<Done> ApplyTo::operator()(const DestroySubjectKey& destroy) {
    const auto home = shard_of_key(destroy.key_id);
    if (!home) return home.fault();
    const auto consents = any_number(
        change(database,
               "UPDATE consent SET subject_hash='' WHERE subject_hash<>'' AND subject_hash="
               "(SELECT subject_hash FROM subject_key WHERE shard=? AND key_id=? AND erased_ms=0)",
               *home,
               Text{destroy.key_id}));
    if (!consents) return consents;
    const auto cases = forget_in_cases(*home, destroy.key_id);
    if (!cases) return cases;
    // Zeros of the same length overwrite the key where it stands in the page.
    const auto done = exactly_one(
        change(database,
               "UPDATE subject_key SET wrapped=zeroblob(length(wrapped)),subject_hash=NULL,"
               "erased_ms=? WHERE shard=? AND key_id=? AND erased_ms=0",
               destroy.at_ms,
               *home,
               Text{destroy.key_id}),
        "subject_key",
        "no such key, or destroyed before");
    if (!done) return done;
    return any_number(
        change(database, "DELETE FROM record_subject WHERE key_id=?", Text{destroy.key_id}));
}

Result<Done> ApplyTo::append_leaf(const AuditRow& row) {
    const auto here = belongs(row.exchange_id, shard);
    if (!here) return here;
    const auto done = exactly_one(change(database,
                                         "INSERT INTO audit VALUES(?,?,?,?,?,?,?,?,x'',?,?)",
                                         shard,
                                         row.seq,
                                         fence.epoch,
                                         row.ts_ms,
                                         row.case_id,
                                         row.rev,
                                         row.kind,
                                         Text{row.actor},
                                         Bytes{row.leaf},
                                         Text{row.exchange_id}),
                                  "audit",
                                  "there is a leaf of this kind for it");
    if (!done) return done;
    const auto pending =
        any_number(change(database, "INSERT INTO log_pending VALUES(?,?)", shard, row.seq));
    if (!pending) return pending;
    fence.head_seq = row.seq;
    fence.head_hash =
        Sha256().add(bytes_of(fence.head_hash)).add(bytes_of(merkle_leaf(row.leaf))).finish();
    committed.audit_seqs.push_back(row.seq);
    return Done{};
}

Result<Done> ApplyTo::operator()(const PutAudit& put) {
    AuditRow row;
    row.seq = fence.head_seq + 1;
    row.ts_ms = put.ts_ms;
    row.exchange_id = put.exchange_id;
    row.kind = put.kind;
    row.actor = put.actor;
    row.leaf = put.leaf_before + std::to_string(row.seq) + put.leaf_after;
    return append_leaf(row);
}

Result<Done> ApplyTo::operator()(const PutCaseLeaf& put) {
    AuditRow row;
    row.seq = fence.head_seq + 1;
    row.ts_ms = put.ts_ms;
    row.exchange_id = name_of_case(put.case_id);
    row.case_id = put.case_id;
    row.rev = put.rev;
    row.kind = put.kind;
    row.actor = put.actor;
    row.leaf = put.leaf_before + std::to_string(row.seq) + put.leaf_after;
    return append_leaf(row);
}

Result<Done> ApplyTo::operator()(const PutMeta& put) {
    return any_number(
        change(database,
               "INSERT INTO hub_meta VALUES(?,?) ON CONFLICT(k) DO UPDATE SET v=excluded.v",
               Text{put.key},
               Text{put.value}));
}

Result<Done> ApplyTo::operator()(const PutLogEntry& put) {
    const LogEntryRow& row = put.row;
    const auto entry = exactly_one(change(database,
                                          "INSERT INTO log_entry VALUES(?,?,?,?)",
                                          row.index,
                                          row.shard,
                                          row.seq,
                                          row.leaf_hash),
                                   "log_entry",
                                   "this place of the log is taken");
    if (!entry) return entry;
    return exactly_one(
        change(database, "DELETE FROM log_pending WHERE shard=? AND seq=?", row.shard, row.seq),
        "log_entry",
        "this leaf is not waiting");
}

Result<Done> ApplyTo::operator()(const PutLogTile& put) {
    const LogTileRow& row = put.row;
    return exactly_one(
        change(database,
               "INSERT INTO log_tile VALUES(?,?,?,?) ON CONFLICT(level,idx) DO UPDATE SET "
               "width=excluded.width,hashes=excluded.hashes "
               "WHERE excluded.width>width AND substr(excluded.hashes,1,width*32)=hashes",
               row.level,
               row.index,
               row.hashes.size() / 32,
               Bytes{row.hashes}),
        "log_tile",
        "a tile only grows");
}

Result<Done> ApplyTo::operator()(const MoveLogHead& move) {
    return exactly_one(change(database,
                              "UPDATE log_head SET size=?,root=?,frontier=? WHERE id=0 AND size=?",
                              move.row.size,
                              move.row.root,
                              Bytes{join_digests(move.row.frontier)},
                              move.old_size),
                       "log_head",
                       "the log has moved on");
}

Result<Done> ApplyTo::operator()(const PutCheckpoint& put) {
    const CheckpointRow& row = put.row;
    const auto inserted =
        change(database,
               "INSERT INTO log_checkpoint VALUES(?,?,?,?) ON CONFLICT DO NOTHING",
               row.size,
               row.root,
               Text{row.note},
               row.signed_ms);
    if (!inserted) return inserted.fault();
    if (*inserted == 1) return Done{};
    auto same =
        query(database, "SELECT 1 FROM log_checkpoint WHERE size=? AND root=?", row.size, row.root);
    if (!same) return same.fault();
    const auto found = same->step();
    if (!found) return found.fault();
    if (!*found) return conflict("log_checkpoint", "that size was signed with another root");
    return Done{};
}

Result<Done> ApplyTo::operator()(const PutCosignature& put) {
    const CosignatureRow& row = put.row;
    return any_number(change(database,
                             "INSERT INTO log_cosig VALUES(?,?,?,?) ON CONFLICT DO NOTHING",
                             row.size,
                             Text{row.witness},
                             Text{row.line},
                             row.time_s));
}

}  // namespace tongban::store::sqlite
