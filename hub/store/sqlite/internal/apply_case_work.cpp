#include "hub/store/sqlite/internal/apply.h"
#include "hub/store/sqlite/internal/changes.h"
#include "hub/store/sqlite/internal/rows_read.h"

// What a case was told, what it waits for and what it sets off: records, steps, timers, calls,
// messages, joints, incidents.
namespace tongban::store::sqlite {

Result<Done> ApplyTo::operator()(const PutCaseRecord& put) {
    const CaseRecordRow& row = put.row;
    return insert({row.case_id, "case_record", "this record is already there"},
                  "INSERT INTO case_record VALUES(?,?,?,?)",
                  row.case_id,
                  row.n,
                  Bytes{row.body});
}

Result<Done> ApplyTo::operator()(const PutStep& put) {
    const StepRow& row = put.row;
    return insert({row.case_id, "step", "this step is already there"},
                  "INSERT INTO step VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                  row.case_id,
                  row.step_no,
                  Text{row.step_id},
                  row.kind,
                  row.status,
                  row.attempt,
                  Text{row.member},
                  Text{row.role},
                  Text{row.assignee_hash},
                  Bytes{row.assignee},
                  row.work ? 1 : 0,
                  or_never(row.due_ms),
                  row.sla_used_ms,
                  row.started_ms,
                  row.ended_ms,
                  row.undo_of);
}

Result<Done> ApplyTo::operator()(const UpdateStep& update) {
    const StepRow& row = update.row;
    const auto here = belongs(row.case_id, shard);
    if (!here) return here;
    return exactly_one(change(database,
                              "UPDATE step SET status=?,attempt=?,member=?,role=?,assignee_hash=?,"
                              "assignee=?,work=?,due_ms=?,sla_used_ms=?,ended_ms=? "
                              "WHERE shard=? AND case_id=? AND step_no=?",
                              row.status,
                              row.attempt,
                              Text{row.member},
                              Text{row.role},
                              Text{row.assignee_hash},
                              Bytes{row.assignee},
                              row.work ? 1 : 0,
                              or_never(row.due_ms),
                              row.sla_used_ms,
                              row.ended_ms,
                              shard,
                              row.case_id,
                              row.step_no),
                       "step",
                       "no such step");
}

Result<Done> ApplyTo::operator()(const PutTimer& put) {
    const TimerRow& row = put.row;
    const auto here = belongs(row.key.case_id, shard);
    if (!here) return here;
    return any_number(
        change(database,
               "INSERT INTO timer VALUES(?,?,?,?,?,?,?,?) "
               "ON CONFLICT(shard,due_ms,case_id,step_no,kind) DO UPDATE SET "
               "calendar=excluded.calendar,calendar_version=excluded.calendar_version,"
               "basis=excluded.basis",
               shard,
               row.key.due_ms,
               row.key.case_id,
               row.key.step_no,
               row.key.kind,
               Text{row.calendar},
               row.calendar_version,
               Bytes{row.basis}));
}

Result<Done> ApplyTo::operator()(const DropTimer& drop) {
    return exactly_one(change(database,
                              "DELETE FROM timer WHERE shard=? AND due_ms=? AND case_id=? AND "
                              "step_no=? AND kind=?",
                              shard,
                              drop.key.due_ms,
                              drop.key.case_id,
                              drop.key.step_no,
                              drop.key.kind),
                       "timer",
                       "no such timer");
}

Result<Done> ApplyTo::operator()(const DropTimersOf& drop) {
    if (drop.step_no < 0)
        return any_number(
            change(database, "DELETE FROM timer WHERE shard=? AND case_id=?", shard, drop.case_id));
    return any_number(change(database,
                             "DELETE FROM timer WHERE shard=? AND case_id=? AND step_no=?",
                             shard,
                             drop.case_id,
                             drop.step_no));
}

Result<Done> ApplyTo::operator()(const PutCall& put) {
    const CallRow& row = put.row;
    if (case_of_op_key(row.op_key) != row.case_id)
        return Fault{FaultKind::internal, "batch", "a call whose key is not of its case"};
    const std::int64_t seq = ++fence.case_seq;
    const auto done = insert({row.case_id, "case_outbox", "this call is already there"},
                             "INSERT INTO case_outbox VALUES(?,?,?,?,?,?,?,?,?,?,?)",
                             Text{row.op_key},
                             seq,
                             Text{row.dest},
                             row.case_id,
                             row.step_no,
                             static_cast<std::int32_t>(row.state),
                             row.attempt,
                             row.next_ms,
                             row.expire_ms,
                             Bytes{row.body});
    if (done) committed.call_seqs.push_back(seq);
    return done;
}

Result<Done> ApplyTo::operator()(const UpdateCall& update) {
    return exactly_one(
        change(database,
               "UPDATE case_outbox SET state=?,attempt=?,next_ms=? WHERE shard=? AND op_key=?",
               static_cast<std::int32_t>(update.state),
               update.attempt,
               update.next_ms,
               shard,
               Text{update.op_key}),
        "case_outbox",
        "no such call");
}

Result<Done> ApplyTo::operator()(const DropCall& drop) {
    return exactly_one(change(database,
                              "DELETE FROM case_outbox WHERE shard=? AND op_key=?",
                              shard,
                              Text{drop.op_key}),
                       "case_outbox",
                       "no such call");
}

Result<Done> ApplyTo::operator()(const PutCaseInbox& put) {
    const CaseInboxRow& row = put.row;
    return insert({row.case_id, "case_inbox", "this message is already there"},
                  "INSERT INTO case_inbox VALUES(?,?,?,?,?,?,?,?)",
                  Text{row.src},
                  Text{row.msg_id},
                  row.digest,
                  row.case_id,
                  row.rev,
                  row.recv_ms,
                  Bytes{row.body});
}

Result<Done> ApplyTo::operator()(const PutJoint& put) {
    const JointRow& row = put.row;
    return insert({row.case_id, "joint", "this group is already there"},
                  "INSERT INTO joint VALUES(?,?,?,?,?,?)",
                  row.case_id,
                  Text{row.group},
                  row.decision,
                  row.decided_rev,
                  row.deadline_ms);
}

Result<Done> ApplyTo::operator()(const DecideJoint& decide) {
    if (decide.decision == 0)
        return Fault{FaultKind::internal, "batch", "a decision that decides nothing"};
    return exactly_one(change(database,
                              "UPDATE joint SET decision=?,decided_rev=? WHERE shard=? AND "
                              "case_id=? AND grp=? AND decision=0",
                              decide.decision,
                              decide.decided_rev,
                              shard,
                              decide.case_id,
                              Text{decide.group}),
                       "joint",
                       "no such group, or it is decided");
}

Result<Done> ApplyTo::operator()(const PutBranch& put) {
    const BranchRow& row = put.row;
    return insert({row.case_id, "branch", "this branch is already there"},
                  "INSERT INTO branch VALUES(?,?,?,?,?,?,?)",
                  row.case_id,
                  Text{row.group},
                  Text{row.part},
                  row.phase,
                  row.hold_until_ms,
                  Bytes{row.detail});
}

Result<Done> ApplyTo::operator()(const UpdateBranch& update) {
    const BranchRow& row = update.row;
    return exactly_one(change(database,
                              "UPDATE branch SET phase=?,hold_until_ms=?,detail=? WHERE shard=? "
                              "AND case_id=? AND grp=? AND part=?",
                              row.phase,
                              row.hold_until_ms,
                              Bytes{row.detail},
                              shard,
                              row.case_id,
                              Text{row.group},
                              Text{row.part}),
                       "branch",
                       "no such branch");
}

Result<Done> ApplyTo::operator()(const PutIncident& put) {
    const IncidentRow& row = put.row;
    return insert({row.case_id, "incident", "this incident is already there"},
                  "INSERT INTO incident VALUES(?,?,?,?,?,?,?,?,?,?)",
                  row.case_id,
                  row.n,
                  Text{row.code},
                  row.severity,
                  row.open ? 1 : 0,
                  Text{row.owner},
                  row.opened_ms,
                  row.closed_ms,
                  Bytes{row.detail});
}

Result<Done> ApplyTo::operator()(const CloseIncident& close) {
    return exactly_one(change(database,
                              "UPDATE incident SET is_open=0,closed_ms=?,detail=? WHERE shard=? "
                              "AND case_id=? AND n=? AND is_open=1",
                              close.at_ms,
                              Bytes{close.detail},
                              shard,
                              close.case_id,
                              close.n),
                       "incident",
                       "no such incident, or it is closed");
}

}  // namespace tongban::store::sqlite
