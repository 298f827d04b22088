#include "hub/cases/internal/step_rows.h"

#include <string>

namespace tongban::cases::internal {
namespace {

std::string group_of(const Joint& joint) {
    return std::to_string(joint.step_no);
}

Result<store::StepRow> step_row(const Written& written, const StepRun& run, Sealer& sealer) {
    store::StepRow row;
    row.case_id = written.after.case_id;
    row.step_no = run.no;
    row.step_id = run.step;
    row.kind = static_cast<std::int32_t>(run.kind);
    row.status = static_cast<std::int32_t>(run.status);
    row.attempt = 1;
    row.member = run.member;
    const item::Step* step = written.item.step(run.step);
    const auto* task = step == nullptr ? nullptr : std::get_if<item::Task>(&step->what);
    if (task != nullptr) row.role = task->role;
    row.work = run.kind == StepKind::task && is_open(run.status);
    row.started_ms = run.started_ms;
    row.ended_ms = run.ended_ms;
    row.undo_of = run.undo_of;
    const Limit* limit = written.after.limit(run.no, LimitKind::due);
    if (limit != nullptr && !limit->stopped()) row.due_ms = limit->due_ms;
    if (run.assignee.empty()) return row;
    row.assignee_hash = sealer.hash(run.assignee);
    Result<std::string> sealed =
        sealer.seal(row.case_id, "assignee/" + std::to_string(run.no), "", run.assignee);
    if (!sealed) return sealed.fault();
    row.assignee = *std::move(sealed);
    return row;
}

bool same_limit(const Written& written, std::int32_t no) {
    const Limit* before = written.before->limit(no, LimitKind::due);
    const Limit* after = written.after.limit(no, LimitKind::due);
    if (before == nullptr || after == nullptr) return before == after;
    return before->due_ms == after->due_ms && before->stopped() == after->stopped();
}

store::BranchRow branch_row(const CaseState& state, const Joint& joint, const Branch& branch) {
    store::BranchRow row;
    row.case_id = state.case_id;
    row.group = group_of(joint);
    row.part = branch.part;
    row.phase = static_cast<std::int32_t>(branch.phase);
    row.hold_until_ms = branch.hold_until_ms;
    return row;
}

const Branch* find_branch(const Joint* joint, const std::string& part) {
    if (joint == nullptr) return nullptr;
    for (const Branch& branch : joint->branches)
        if (branch.part == part) return &branch;
    return nullptr;
}

void add_joint(const Written& written, const Joint& joint, store::Batch& batch) {
    const Joint* before =
        written.before == nullptr ? nullptr : written.before->joint(joint.step_no);
    const std::int64_t id = written.after.case_id;
    if (before == nullptr)
        batch.add(store::PutJoint{{id, group_of(joint), 0, 0, joint.deadline_ms}});
    if (joint.decision != Decision::open &&
        (before == nullptr || before->decision == Decision::open))
        batch.add(store::DecideJoint{
            id, group_of(joint), static_cast<std::int32_t>(joint.decision), written.rev + 1});
    for (const Branch& branch : joint.branches) {
        const Branch* was = find_branch(before, branch.part);
        if (was == nullptr)
            batch.add(store::PutBranch{branch_row(written.after, joint, branch)});
        else if (was->phase != branch.phase || was->hold_until_ms != branch.hold_until_ms)
            batch.add(store::UpdateBranch{branch_row(written.after, joint, branch)});
    }
}

const Incident* incident_before(const Written& written, std::int32_t seq) {
    if (written.before == nullptr) return nullptr;
    for (const Incident& one : written.before->incidents)
        if (one.seq == seq) return &one;
    return nullptr;
}

}  // namespace

Result<Done> add_steps(const Written& written, Sealer& sealer, store::Batch& batch) {
    for (const StepRun& run : written.after.runs) {
        const StepRun* before = written.before == nullptr ? nullptr : written.before->run(run.no);
        if (before != nullptr && *before == run && same_limit(written, run.no)) continue;
        // What is over only sheds in the state what its row keeps.
        if (before != nullptr && !is_open(before->status) && before->status == run.status) continue;
        Result<store::StepRow> row = step_row(written, run, sealer);
        if (!row) return row.fault();
        if (before == nullptr)
            batch.add(store::PutStep{*std::move(row)});
        else
            batch.add(store::UpdateStep{*std::move(row)});
    }
    return Done{};
}

void add_joints(const Written& written, store::Batch& batch) {
    for (const Joint& joint : written.after.joints)
        add_joint(written, joint, batch);
}

Result<Done> add_incidents(const Written& written, Sealer& sealer, store::Batch& batch) {
    for (const Incident& incident : written.after.incidents) {
        const Incident* before = incident_before(written, incident.seq);
        const std::int64_t id = written.after.case_id;
        if (before == nullptr) {
            Result<std::string> detail =
                sealer.seal(id,
                            "incident/" + std::to_string(incident.seq),
                            "",
                            std::to_string(incident.step_no) + " " + incident.op_key);
            if (!detail) return detail.fault();
            store::IncidentRow row;
            row.case_id = id;
            row.n = incident.seq;
            row.code = incident.code;
            row.severity = incident.severity;
            row.owner = incident.owner;
            row.opened_ms = incident.opened_ms;
            row.detail = *std::move(detail);
            batch.add(store::PutIncident{std::move(row)});
        }
        if (incident.closed_ms != 0 && (before == nullptr || before->closed_ms == 0))
            batch.add(store::CloseIncident{id, incident.seq, incident.closed_ms, ""});
    }
    return Done{};
}

}  // namespace tongban::cases::internal
