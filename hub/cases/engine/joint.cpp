// Joint filing: reserve, one durable decision, confirm or cancel. This file walks
// the members; joint_decision.cpp decides.
//
// What an office must do for it: a duplicate gets the stored answer; a cancel of what was never
// reserved succeeds and leaves a tombstone; a reserve that comes after the tombstone is refused; a
// reservation stands until its hold_until.
//
// After the decision nothing here ever turns it: a confirm is asked for until it is answered, an
// uncertain one by `status`; an office that cannot confirm what was decided is a hazard, which is
// an incident of severity 1 for a person with both journals on the desk.
#include "hub/cases/engine/internal/joint.h"

#include <algorithm>

namespace tongban::cases::internal {
namespace {

// "tax.reserve", "tax.confirm.2": the member, what is asked, and in which round.
struct JointOp {
    std::string part;
    std::string verb;
};

JointOp parse_op(std::string_view op) {
    const std::size_t dot = op.find('.');
    JointOp parsed;
    parsed.part = std::string(op.substr(0, dot));
    if (dot == std::string_view::npos) return parsed;
    std::string_view verb = op.substr(dot + 1);
    parsed.verb = std::string(verb.substr(0, verb.find('.')));
    return parsed;
}

// What `status` says of a branch: "confirmed", "reserved", "cancelled" ...
std::string phase_of(const schemas::Group& record) {
    for (const schemas::Field& field : record.fields) {
        if (field.name == "phase") {
            if (const auto* text = field.value.get<std::string>()) return *text;
            if (const auto* code = field.value.get<schemas::Code>()) return code->code;
        }
        if (const auto* inner = field.value.get<schemas::Group>())
            if (std::string found = phase_of(*inner); !found.empty()) return found;
    }
    return "";
}

void reserved(Work& work, Joint& joint, Branch& branch, const Answered& answer) {
    const std::int32_t no = joint.step_no;
    if (answer.status != AnswerStatus::answered) {
        branch.phase = Phase::refused;
        branch.trouble =
            answer.reason.empty() ? std::string(name_of(answer.status)) : answer.reason;
        work.note("refused:" + branch.part);
        if (joint.decision == Decision::confirm) return hazard(work, joint, branch);
        return decide_cancel(work, no, "refused:" + branch.part);
    }
    branch.phase = Phase::reserved;
    branch.reserved = work.state.keep(answer.record);
    branch.hold_until_ms = hold_of(answer.record);
    work.note("reserved:" + branch.part);
    if (joint.decision == Decision::confirm) return send_confirm(work, joint, branch);
    if (held_too_short(work, joint, branch)) return decide_cancel(work, no, "hold:" + branch.part);
    arm_extend(work, joint, branch);
    try_decide(work, no);
}

void confirmed(Work& work, Joint& joint, Branch& branch, const Answered& answer) {
    if (answer.status != AnswerStatus::answered) {
        branch.trouble =
            answer.reason.empty() ? std::string(name_of(answer.status)) : answer.reason;
        return hazard(work, joint, branch);
    }
    branch.phase = Phase::confirmed;
    branch.confirmed = work.state.keep(answer.record);
    work.note("confirmed:" + branch.part);
    confirms_go_on(work, joint.step_no);
}

void cancelled(Work& work, Joint& joint, Branch& branch, const Answered& answer) {
    if (answer.status == AnswerStatus::refused) {  // it says that it cannot be undone
        branch.trouble = answer.reason;
        return hazard(work, joint, branch);
    }
    branch.phase = Phase::cancelled;
    work.note("cancelled:" + branch.part);
    cancels_go_on(work, joint.step_no);
}

void status_told(Work& work, Joint& joint, Branch& branch, const Answered& answer) {
    const std::string phase =
        answer.status == AnswerStatus::answered ? phase_of(answer.record) : "";
    work.note("status:" + branch.part + ":" + (phase.empty() ? "unknown" : phase));
    const std::string confirm = confirm_key(work, joint, branch);
    if (phase == "confirmed") {
        drop_call(work, confirm);
        branch.phase = Phase::confirmed;
        branch.confirmed = work.state.keep(answer.record);
        return confirms_go_on(work, joint.step_no);
    }
    if (phase == "reserved") {  // it never arrived: the same confirm again
        if (OpenCall* call = work.state.call(confirm)) call->parked = false;
        return again(work, confirm, work.now());
    }
    drop_call(work, confirm);
    branch.trouble = phase.empty() ? std::string(name_of(answer.status)) : phase;
    hazard(work, joint, branch);
}

// An uncertain confirm is asked for, never guessed.
void confirm_in_doubt(
    Work& work, OpenCall& call, Joint& joint, Branch& branch, std::int32_t tries) {
    const item::JointMember* member = member_of(work, joint, branch.part);
    park(work, call, tries);
    if (member == nullptr || member->status.resource.empty()) {
        open_incident(work, joint.step_no, "joint.confirm.in_doubt", 1, call.op_key);
        return;
    }
    ask_member(work, joint, branch, "status." + std::to_string(++branch.asked));
}

}  // namespace

void enter_joint(Work& work, std::int32_t no, const item::Step& step) {
    const auto& filing = std::get<item::Joint>(step.what);
    Joint joint;
    joint.step_no = no;
    for (const item::JointMember& member : filing.members) {
        const Party* office = party(work, member.to);
        Branch branch;
        branch.part = member.id;
        branch.member = office == nullptr ? "" : office->member;
        branch.irrevocable = member.irrevocable;
        joint.branches.push_back(std::move(branch));
    }
    work.state.joints.push_back(joint);
    add_limit(
        work, no, LimitKind::decide, filing.decide_within, calendar_of(work, filing.calendar));
    Joint* placed = work.state.joint(no);
    if (const Limit* limit = work.state.limit(no, LimitKind::decide))
        placed->deadline_ms = limit->due_ms;
    work.note("joint:open");
    for (Branch& branch : placed->branches)
        ask_member(work, *placed, branch, "reserve");
}

void joint_answered(Work& work, const std::string& op_key, const Answered& answer) {
    OpenCall* call = work.state.call(op_key);
    const JointOp op = parse_op(call->op);
    Joint* joint = work.state.joint(call->step_no);
    Branch* branch = joint == nullptr ? nullptr : branch_of(*joint, op.part);
    if (branch == nullptr) return drop_call(work, op_key);
    const bool unsure = answer.status == AnswerStatus::in_doubt;
    if (op.verb == "confirm" && unsure)
        return confirm_in_doubt(work, *call, *joint, *branch, answer.attempt);
    const bool optional = op.verb == "reserve" || op.verb == "extend";
    if (answer.status == AnswerStatus::denied && !optional) {
        // The hub itself does not let it through: an agreement ended meanwhile.
        park(work, *call, answer.attempt);
        open_incident(work, joint->step_no, "joint." + op.verb + ".denied", 1, op_key);
        return;
    }
    if (unsure || answer.status == AnswerStatus::unavailable)
        return again(
            work, op_key, work.now() + backoff_ms(terms_of(work, *call), op_key, answer.attempt));
    drop_call(work, op_key);
    if (op.verb == "reserve" && branch->phase == Phase::reserve_sent)
        return reserved(work, *joint, *branch, answer);
    if (op.verb == "confirm" && branch->phase == Phase::confirm_sent)
        return confirmed(work, *joint, *branch, answer);
    if (op.verb == "cancel" && branch->phase == Phase::cancel_sent)
        return cancelled(work, *joint, *branch, answer);
    if (op.verb == "status" && branch->phase == Phase::confirm_sent)
        return status_told(work, *joint, *branch, answer);
    if (op.verb == "extend" && holds(branch->phase)) return extended(work, *joint, *branch, answer);
    work.note("late:" + call_name(op.part, op.verb));
}

}  // namespace tongban::cases::internal
