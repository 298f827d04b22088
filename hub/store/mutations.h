// Mutations: what a Batch is made of; each is one change of one row (hub/store/rows.h).
//
// Threads: values.
// Faults:  a mutation that cannot be applied makes its batch a `conflict` (or not_found) with the
// table in `where`.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "hub/store/case_mutations.h"
#include "hub/store/rows.h"

namespace tongban::store {

struct PutExchange {
    ExchangeRow row;
};  // conflict "exchange": the id or (requester, request_id) exists
struct UpdateExchange {  // conflict "exchange": rev has moved on
    std::string exchange_id;
    std::int64_t rev = 0;  // as read
    std::int32_t state = 0;
    bool open = true;
    std::int64_t deadline_ms = 0;
    std::int64_t updated_ms = 0;
    std::string detail;
};
struct PutJob {
    JobRow row;
};  // conflict "outbox": op_key exists
struct UpdateJob {  // conflict "outbox": no such job
    std::string op_key;
    JobState state = JobState::pending;
    std::int32_t attempt = 0;
    std::int64_t next_ms = 0;
};
struct DropJob {
    std::string op_key;
};  // conflict "outbox": no such job (someone completed it)
struct DropJobsOf {
    std::string exchange_id;
};  // any number
struct PutInbox {
    InboxRow row;
};  // conflict "inbox": (src, msg_id) exists
struct PutConsent {
    ConsentRow row;
    bool must_stand = false;  // the batch rests on it: nobody may have withdrawn it
};  // the same again is fine; conflict "consent": other content; "consent.withdrawn": withdrawn
struct WithdrawConsent {
    std::string member;
    std::string consent_id;
    std::int64_t at_ms = 0;
};  // not_found; conflict "consent": withdrawn before
struct PutJournalHead {
    JournalHeadRow row;
};  // lower is ignored; conflict "journal": same number, other hash
struct PutRecord {
    RecordRow row;
};  // conflict "record"
struct PutSubjectKey {
    SubjectKeyRow row;
};  // conflict "subject_key": the subject has one
struct DestroySubjectKey {
    std::string key_id;
    std::int64_t at_ms = 0;
};  // conflict "subject_key": none or erased
struct PutAudit {  // conflict "audit": (exchange, kind) exists
    std::string exchange_id;
    std::int32_t kind = 0;
    std::int64_t ts_ms = 0;
    std::string actor;
    std::string
        leaf_before;  // leaf = leaf_before + decimal seq + leaf_after; the store alone knows seq
    std::string leaf_after;
};
struct PutMeta {
    std::string key;
    std::string value;
};
struct PutLogEntry {
    LogEntryRow row;
};
struct PutLogTile {
    LogTileRow row;
};  // conflict "log_tile": narrower, or not an extension
struct MoveLogHead {
    std::uint64_t old_size = 0;
    LogHeadRow row;
};  // conflict "log_head": moved meanwhile
struct PutCheckpoint {
    CheckpointRow row;
};  // the same again is fine; conflict: another root for that size
struct PutCosignature {
    CosignatureRow row;
};  // the same witness again: the first stays

using Mutation = std::variant<PutExchange,
                              UpdateExchange,
                              PutJob,
                              UpdateJob,
                              DropJob,
                              DropJobsOf,
                              PutInbox,
                              PutConsent,
                              WithdrawConsent,
                              PutJournalHead,
                              PutRecord,
                              PutSubjectKey,
                              DestroySubjectKey,
                              PutAudit,
                              PutMeta,
                              PutLogEntry,
                              PutLogTile,
                              MoveLogHead,
                              PutCheckpoint,
                              PutCosignature,
                              PutCase,
                              UpdateCase,
                              DropCaseKey,
                              PutCaseRecord,
                              PutStep,
                              UpdateStep,
                              PutTimer,
                              DropTimer,
                              DropTimersOf,
                              PutCall,
                              UpdateCall,
                              DropCall,
                              PutCaseInbox,
                              PutAttr,
                              DropAttr,
                              PutJoint,
                              DecideJoint,
                              PutBranch,
                              UpdateBranch,
                              PutIncident,
                              CloseIncident,
                              PutItem,
                              PutCaseLeaf,
                              KeepTime>;

}  // namespace tongban::store
