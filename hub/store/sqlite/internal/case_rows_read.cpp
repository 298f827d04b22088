#include "hub/store/sqlite/internal/rows_read.h"

// Cases.
namespace tongban::store::sqlite {
namespace {

CaseRow read_listed_case(Cells& cells) {
    CaseRow row;
    row.case_id = cells.integer();
    row.number = cells.text();
    row.item = cells.text();
    row.version = cells.small();
    row.status = cells.small();
    row.phase = cells.text();
    row.priority = cells.small();
    row.subject_hash = cells.text();
    row.owner = cells.text();
    row.hall = cells.text();
    row.external_number = cells.text();
    row.hops = cells.small();
    row.no_return = cells.flag();
    row.parent = cells.integer();
    row.open = cells.flag();
    row.created_ms = cells.integer();
    row.updated_ms = cells.integer();
    row.yellow_ms = cells.time_or_none();
    row.orange_ms = cells.time_or_none();
    row.due_ms = cells.time_or_none();
    row.closed_ms = cells.integer();
    row.rev = cells.integer();
    return row;
}

CaseRow read_case(Cells& cells) {
    CaseRow row = read_listed_case(cells);
    row.state = cells.blob();
    return row;
}

CaseRecordRow read_case_record(Cells& cells) {
    return CaseRecordRow{cells.integer(), cells.small(), cells.blob()};
}

StepRow read_step(Cells& cells) {
    StepRow row;
    row.case_id = cells.integer();
    row.step_no = cells.small();
    row.step_id = cells.text();
    row.kind = cells.small();
    row.status = cells.small();
    row.attempt = cells.small();
    row.member = cells.text();
    row.role = cells.text();
    row.assignee_hash = cells.text();
    row.assignee = cells.blob();
    row.work = cells.flag();
    row.due_ms = cells.time_or_none();
    row.sla_used_ms = cells.integer();
    row.started_ms = cells.integer();
    row.ended_ms = cells.integer();
    row.undo_of = cells.small();
    return row;
}

TimerRow read_timer(Cells& cells) {
    TimerRow row;
    row.key = TimerKey{cells.integer(), cells.integer(), cells.small(), cells.small()};
    row.calendar = cells.text();
    row.calendar_version = cells.small();
    row.basis = cells.blob();
    return row;
}

CallRow read_call(Cells& cells) {
    CallRow row;
    row.seq = cells.integer();
    row.op_key = cells.text();
    row.dest = cells.text();
    row.case_id = cells.integer();
    row.step_no = cells.small();
    read_sending(cells, row);
    return row;
}

CaseInboxRow read_case_inbox(Cells& cells) {
    return CaseInboxRow{cells.text(),
                        cells.text(),
                        cells.digest(),
                        cells.integer(),
                        cells.integer(),
                        cells.integer(),
                        cells.blob()};
}

JointRow read_joint(Cells& cells) {
    return JointRow{cells.integer(), cells.text(), cells.small(), cells.integer(), cells.integer()};
}

BranchRow read_branch(Cells& cells) {
    return BranchRow{
        cells.integer(), cells.text(), cells.text(), cells.small(), cells.integer(), cells.blob()};
}

IncidentRow read_incident(Cells& cells) {
    IncidentRow row;
    row.case_id = cells.integer();
    row.n = cells.small();
    row.code = cells.text();
    row.severity = cells.small();
    row.open = cells.flag();
    row.owner = cells.text();
    row.opened_ms = cells.integer();
    row.closed_ms = cells.integer();
    row.detail = cells.blob();
    return row;
}

ItemRow read_item(Cells& cells) {
    return ItemRow{
        cells.text(), cells.small(), cells.digest(), cells.small(), cells.text(), cells.integer()};
}

std::int64_t one_id(Cells& cells) {
    return cells.integer();
}

constexpr std::string_view case_columns =
    "c.case_id,c.number,c.item,c.version,c.status,c.phase,c.priority,c.subject_hash,c.owner,"
    "c.hall,c.external_number,c.hops,c.no_return,c.parent,c.is_open,c.created_ms,c.updated_ms,"
    "c.yellow_ms,c.orange_ms,c.due_ms,c.closed_ms,c.rev,c.state";
constexpr std::string_view listed_columns = case_columns.substr(0, case_columns.rfind(','));

}  // namespace

const Shape<CaseRow> case_shape{case_columns, "cases c", read_case};
const Shape<CaseRow> listed_case_shape{listed_columns, "cases c", read_listed_case};
const Shape<CaseRow> attr_case_shape{
    listed_columns,
    "attr a JOIN cases c ON c.shard=a.shard AND c.case_id=a.case_id",
    read_listed_case};
const Shape<CaseRecordRow> case_record_shape{"case_id,n,body", "case_record", read_case_record};
const Shape<StepRow> step_shape{
    "case_id,step_no,step_id,kind,status,attempt,member,role,assignee_hash,assignee,work,due_ms,"
    "sla_used_ms,started_ms,ended_ms,undo_of",
    "step",
    read_step};
const Shape<TimerRow> timer_shape{
    "due_ms,case_id,step_no,kind,calendar,calendar_version,basis", "timer", read_timer};
const Shape<CallRow> call_shape{
    "seq,op_key,dest,case_id,step_no,state,attempt,next_ms,expire_ms,body",
    "case_outbox",
    read_call};
const Shape<CaseInboxRow> case_inbox_shape{
    "src,msg_id,digest,case_id,rev,recv_ms,body", "case_inbox", read_case_inbox};
const Shape<JointRow> joint_shape{
    "case_id,grp,decision,decided_rev,deadline_ms", "joint", read_joint};
const Shape<BranchRow> branch_shape{
    "case_id,grp,part,phase,hold_until_ms,detail", "branch", read_branch};
const Shape<IncidentRow> incident_shape{
    "case_id,n,code,severity,is_open,owner,opened_ms,closed_ms,detail", "incident", read_incident};
const Shape<ItemRow> item_shape{"item,version,digest,status,yaml,created_ms", "item", read_item};
const Shape<std::int64_t> case_key_shape{"case_id", "case_key", one_id};

}  // namespace tongban::store::sqlite
