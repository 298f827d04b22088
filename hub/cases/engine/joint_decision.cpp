// The decision of a joint filing: made once, when every office has reserved and the earliest hold
// ends later than the margin; or cancelled, when an office refuses, the deadline comes or the case
// is cancelled first. The irrevocable member (登簿) confirms when all others have.
#include <algorithm>

#include "hub/cases/engine/internal/joint.h"

namespace tongban::cases::internal {
namespace {

bool all_in(const Joint& joint, Phase phase) {
    return std::all_of(joint.branches.begin(), joint.branches.end(), [phase](const Branch& one) {
        return one.phase == phase;
    });
}

std::int64_t earliest_hold(const Joint& joint) {
    std::int64_t earliest = 0;
    for (const Branch& branch : joint.branches)
        if (branch.hold_until_ms != 0 && (earliest == 0 || branch.hold_until_ms < earliest))
            earliest = branch.hold_until_ms;
    return earliest;
}

bool holds_long_enough(Work& work, const Joint& joint) {
    const std::int64_t earliest = earliest_hold(joint);
    if (earliest == 0) return true;  // every office holds without end
    const item::Joint* filing = filing_of(work, joint);
    if (filing == nullptr) return false;
    if (filing->margin.count == 0) return work.now() < earliest;
    const std::optional<std::int64_t> margin =
        after_span(work, work.facts.now, filing->margin, calendar_of(work, filing->calendar));
    return margin && *margin < earliest;
}

schemas::Value text_value(std::string text) {
    schemas::Value value;
    value.data = std::move(text);
    return value;
}

std::string outcome_of(const Joint& joint) {
    return joint.decision == Decision::confirm ? "confirmed" : "cancelled";
}

// What later steps see: the decision, why, and each office's answer.
schemas::Group result_of(const Joint& joint) {
    schemas::Group result;
    result.set("decision", text_value(outcome_of(joint)));
    result.set("because", text_value(joint.because));
    for (const Branch& branch : joint.branches) {
        schemas::Value record;
        record.data =
            (branch.phase == Phase::confirmed ? branch.confirmed : branch.reserved).group();
        result.set(branch.part, std::move(record));
    }
    return result;
}

void conclude(Work& work, Joint& joint) {
    const std::int32_t no = joint.step_no;
    const StepRun* run = work.state.run(no);
    if (run == nullptr || !is_open(run->status)) return;
    const item::Joint* filing = filing_of(work, joint);
    if (filing != nullptr && !filing->as.empty())
        work.state.set_result(filing->as, work.state.keep(result_of(joint)));
    const std::string outcome = outcome_of(joint);
    const bool given_up = joint.because == "command";
    for (Branch& branch : joint.branches) {  // kept by the result
        branch.reserved = {};
        branch.confirmed = {};
    }
    finish(work, no, given_up ? StepStatus::cancelled : StepStatus::done, outcome);
}

}  // namespace

const item::Joint* filing_of(const Work& work, const Joint& joint) {
    const StepRun* run = work.state.run(joint.step_no);
    const item::Step* step = run == nullptr ? nullptr : step_of(work, *run);
    return step == nullptr ? nullptr : std::get_if<item::Joint>(&step->what);
}

const item::JointMember* member_of(const Work& work, const Joint& joint, const std::string& part) {
    const item::Joint* filing = filing_of(work, joint);
    if (filing == nullptr) return nullptr;
    for (const item::JointMember& member : filing->members)
        if (member.id == part) return &member;
    return nullptr;
}

void ask_member(Work& work, Joint& joint, Branch& branch, const std::string& verb) {
    const item::JointMember* member = member_of(work, joint, branch.part);
    if (member == nullptr) return;
    const bool status = verb.starts_with("status");
    const item::JointCall& call = status                       ? member->status
                                  : verb.starts_with("extend") ? member->extend
                                  : verb == "confirm"          ? member->confirm
                                  : verb == "cancel"           ? member->cancel
                                                               : member->reserve;
    std::string op = call_name(branch.part, verb);
    if (branch.round > 1) op += "." + std::to_string(branch.round);
    work.joint = &joint;
    Ask ask;
    ask.op = std::move(op);
    ask.resource = call.resource;
    ask.kind = status ? item::CallKind::fetch : item::CallKind::submit;
    ask.effect = status ? item::Effect::read : call.effect;
    ask.purpose = member->purpose;
    ask.to = member->to;
    ask.by = member->by;
    ask.request = record_of(work, call.request);
    ask.forever = true;
    work.joint = nullptr;
    order(work, joint.step_no, std::move(ask));
}

Branch* branch_of(Joint& joint, const std::string& part) {
    for (Branch& branch : joint.branches)
        if (branch.part == part) return &branch;
    return nullptr;
}

std::string call_name(const std::string& part, const std::string& verb) {
    return part + "." + verb;
}

std::string confirm_key(const Work& work, const Joint& joint, const Branch& branch) {
    std::string op = call_name(branch.part, "confirm");
    if (branch.round > 1) op += "." + std::to_string(branch.round);
    return op_key_of(work.state, joint.step_no, op);
}

void try_decide(Work& work, std::int32_t no) {
    Joint* joint = work.state.joint(no);
    if (joint == nullptr || joint->decision != Decision::open || !all_in(*joint, Phase::reserved))
        return;
    if (work.state.status != CaseStatus::open) return;  // paused: at the resume, if there is time
    if (!holds_long_enough(work, *joint)) return decide_cancel(work, no, "hold");
    joint->decision = Decision::confirm;
    drop_limits_of(work, no, LimitKind::decide);
    work.note("JOINT-CONFIRM");
    for (Branch& branch : joint->branches)
        branch.phase = Phase::confirm_due;
    confirms_go_on(work, no);
}

void decide_cancel(Work& work, std::int32_t no, const std::string& because) {
    Joint* joint = work.state.joint(no);
    if (joint == nullptr || joint->decision != Decision::open) return;
    joint->decision = Decision::cancel;
    joint->because = because;
    drop_limits_of(work, no, LimitKind::decide);
    work.note("JOINT-CANCEL:" + because);
    for (Branch& branch : joint->branches) {
        drop_call(work, op_key_of(work.state, no, call_name(branch.part, "reserve")));
        drop_extend(work, *joint, branch);
        branch.phase = Phase::cancel_sent;  // also what was refused or is unknown: an empty cancel
        ask_member(work, *joint, branch, "cancel");
    }
}

void send_confirm(Work& work, Joint& joint, Branch& branch) {
    drop_extend(work, joint, branch);
    branch.phase = Phase::confirm_sent;
    ask_member(work, joint, branch, "confirm");
}

void confirms_go_on(Work& work, std::int32_t no) {
    Joint* joint = work.state.joint(no);
    if (joint == nullptr || joint->decision != Decision::confirm) return;
    bool others_done = true;
    for (Branch& branch : joint->branches) {
        if (branch.irrevocable) continue;
        if (branch.phase == Phase::confirm_due) send_confirm(work, *joint, branch);
        others_done = others_done && branch.phase == Phase::confirmed;
    }
    if (!others_done) return;
    for (Branch& branch : joint->branches)
        if (branch.phase == Phase::confirm_due) send_confirm(work, *joint, branch);
    if (all_in(*joint, Phase::confirmed)) conclude(work, *joint);
}

void cancels_go_on(Work& work, std::int32_t no) {
    Joint* joint = work.state.joint(no);
    if (joint != nullptr && all_in(*joint, Phase::cancelled)) conclude(work, *joint);
}

void hazard(Work& work, Joint& joint, Branch& branch) {
    branch.phase = Phase::hazard;
    work.note("hazard:" + branch.part);
    open_incident(
        work, joint.step_no, "joint.hazard", 1, op_key_of(work.state, joint.step_no, branch.part));
}

// What a person does about a hazard or a doubt: reserve and confirm again, or rule that it was
// done.
void mend_joint(Work& work, const Incident& incident, const Ordered& command) {
    Joint* joint = work.state.joint(incident.step_no);
    const std::size_t slash = incident.op_key.rfind('/');
    const std::string op = incident.op_key.substr(slash + 1);
    Branch* branch = joint == nullptr ? nullptr : branch_of(*joint, op.substr(0, op.find('.')));
    if (branch == nullptr)
        return refuse(work, FaultKind::not_found, "incident.branch", "no such member of the joint");
    const std::int32_t seq = incident.seq;
    const std::int32_t no = joint->step_no;
    close_incident(work, seq, std::string(name_of(command.order)));
    if (OpenCall* call = work.state.call(incident.op_key)) {  // parked: denied or in doubt
        if (command.order == Order::retry) {
            call->parked = false;
            return again(work, call->op_key, work.now());
        }
        drop_call(work, call->op_key);
    }
    const bool confirm = joint->decision == Decision::confirm;
    if (command.order == Order::retry) {
        ++branch->round;
        branch->phase = confirm ? Phase::reserve_sent : Phase::cancel_sent;
        return ask_member(work, *joint, *branch, confirm ? "reserve" : "cancel");
    }
    branch->trouble = "ruled";
    branch->phase = confirm ? Phase::confirmed : Phase::cancelled;
    if (confirm && !command.record.fields.empty())
        branch->confirmed = work.state.keep(command.record);
    confirm ? confirms_go_on(work, no) : cancels_go_on(work, no);
}

}  // namespace tongban::cases::internal
