// Mutations of cases. Every one belongs to the shard of its case, which is the batch's.
//
// Threads: values.
// Faults:  as hub/store/mutations.h.
#pragma once

#include <cstdint>
#include <string>

#include "hub/store/case_rows.h"

namespace tongban::store {

struct PutCase {
    CaseRow row;          // conflict "cases": the id exists
    std::string scope;    // start dedup, with biz_key; no dedup when both are empty.
    std::string biz_key;  // conflict "case_key": reason is the name of the case that has it
};
struct UpdateCase {  // conflict "cases": rev has moved on
    CaseRow row;     // rev as read; number, item, subject, parent and creation stay as put
};
struct DropCaseKey {  // the key may open a case again; conflict "case_key": it is not this case's
    std::string scope;
    std::string biz_key;
    std::int64_t case_id = 0;
};
struct PutCaseRecord {
    CaseRecordRow row;
};  // conflict "case_record": the number exists
struct PutStep {
    StepRow row;
};  // conflict "step": the number exists
struct UpdateStep {
    StepRow row;
};  // conflict "step": no such step; step_id, kind, undo_of and started_ms stay as put
struct PutTimer {
    TimerRow row;
};  // the same key again is fine
struct DropTimer {
    TimerKey key;
};  // conflict "timer": it is not there (it fired, or was dropped)
struct DropTimersOf {  // walks the shard's timers: for repair; a transition knows its keys
    std::int64_t case_id = 0;
    std::int32_t step_no = -1;  // -1: all of the case
};  // any number
struct PutCall {
    CallRow row;
};  // conflict "case_outbox": op_key exists
struct UpdateCall {  // conflict "case_outbox": no such call
    std::string op_key;
    CallState state = CallState::pending;
    std::int32_t attempt = 0;
    std::int64_t next_ms = 0;
};
struct DropCall {
    std::string op_key;
};  // conflict "case_outbox": no such call (it was answered)
struct PutCaseInbox {
    CaseInboxRow row;
};  // conflict "case_inbox": (src, msg_id) exists; its digest tells whether it is the same message
struct PutAttr {
    AttrRow row;
};  // the same again is fine
struct DropAttr {
    AttrRow row;
};  // any number
struct PutJoint {
    JointRow row;
};  // conflict "joint": the group exists
struct DecideJoint {  // conflict "joint": no such group, or decided before: a decision never
                      // changes
    std::int64_t case_id = 0;
    std::string group;
    std::int32_t decision = 0;
    std::int64_t decided_rev = 0;
};
struct PutBranch {
    BranchRow row;
};  // conflict "branch": it exists
struct UpdateBranch {
    BranchRow row;
};  // conflict "branch": no such branch
struct PutIncident {
    IncidentRow row;
};  // conflict "incident": the number exists
struct CloseIncident {  // conflict "incident": none, or closed before
    std::int64_t case_id = 0;
    std::int32_t n = 0;
    std::int64_t at_ms = 0;
    std::string detail;
};
struct PutItem {
    ItemRow row;
};  // the same again sets its status; conflict "item": that version stands for another digest
struct PutCaseLeaf {  // conflict "audit": the case has a leaf of this kind and rev
    std::int64_t case_id = 0;
    std::int64_t rev = 0;
    std::int32_t kind = 0;
    std::int64_t ts_ms = 0;
    std::string actor;
    std::string leaf_before;  // leaf = leaf_before + decimal seq + leaf_after, as of PutAudit
    std::string leaf_after;
};

struct KeepTime {
    std::int64_t ms = 0;  // the owner's clock has been there: the shard's last_ms is not before
};

}  // namespace tongban::store
