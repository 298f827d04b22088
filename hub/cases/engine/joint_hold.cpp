// How long an office holds what it has reserved: at least as long as the item says, or the filing
// is cancelled before anything is decided upon it; and longer when it is asked in time, if it can
// be.
#include <algorithm>

#include "hub/cases/engine/internal/joint.h"

namespace tongban::cases::internal {
namespace {

constexpr std::int64_t a_third = 3;

}  // namespace

// The time until which an office holds a reservation: its answer's `hold_until`, in whichever part.
std::int64_t hold_of(const schemas::Group& record) {
    for (const schemas::Field& field : record.fields) {
        if (field.name == "hold_until") {
            if (const auto* instant = field.value.get<Instant>()) return instant->ms;
            if (const auto* date = field.value.get<Date>())  // to the end of that day, Shanghai
                return (days_since_1970(*date) + 1) * 86'400'000 - 8 * std::int64_t{3'600'000};
        }
        if (const auto* inner = field.value.get<schemas::Group>())
            if (const std::int64_t held = hold_of(*inner); held != 0) return held;
    }
    return 0;
}

// An office promises a least hold, so that a weekend's outage is harmless.
// Counted from when it was asked: an answer that was long on its way breaks no promise.
bool held_too_short(const Work& work, const Joint& joint, const Branch& branch) {
    const item::JointMember* member = member_of(work, joint, branch.part);
    const StepRun* run = work.state.run(joint.step_no);
    if (member == nullptr || run == nullptr || member->hold.count == 0) return false;
    if (branch.hold_until_ms == 0) return false;  // without end
    const item::Joint* filing = filing_of(work, joint);
    const std::optional<std::int64_t> least = after_span(
        work, Instant{run->started_ms}, member->hold, calendar_of(work, filing->calendar));
    return least && branch.hold_until_ms < *least;
}

// Asked for more when a third of the time is left.
void arm_extend(const Work& work, const Joint& joint, Branch& branch) {
    branch.extend_ms = 0;
    const item::JointMember* member = member_of(work, joint, branch.part);
    if (member == nullptr || member->extend.resource.empty()) return;
    const std::int64_t left = branch.hold_until_ms - work.now();
    if (left <= 0) return;  // without end, or over
    branch.extend_ms = branch.hold_until_ms - left / a_third;
}

void extend_holds(Work& work, const TimerFired& timer) {
    Joint* joint = work.state.joint(timer.step_no);
    if (joint == nullptr || work.now() < timer.due_ms) return;
    for (Branch& branch : joint->branches) {
        if (branch.extend_ms != timer.due_ms || !holds(branch.phase)) continue;
        branch.extend_ms = 0;
        work.note("extend:" + branch.part);
        ask_member(work, *joint, branch, "extend." + std::to_string(++branch.extended));
    }
}

// What is not granted is no trouble yet: the hold stands until its end, and the decision sees it.
void extended(Work& work, Joint& joint, Branch& branch, const Answered& answer) {
    const std::int64_t until = answer.status == AnswerStatus::answered ? hold_of(answer.record) : 0;
    const bool longer = until > branch.hold_until_ms;
    work.note((longer ? "extended:" : "not-extended:") + branch.part);
    if (!longer) return;
    branch.hold_until_ms = until;
    arm_extend(work, joint, branch);
}

// It is about to be confirmed or cancelled: how long it would be held concerns nobody any more.
void drop_extend(Work& work, const Joint& joint, const Branch& branch) {
    const std::string begin = call_name(branch.part, "extend.");
    std::vector<std::string> keys;
    for (const OpenCall& call : work.state.calls)
        if (call.step_no == joint.step_no && call.op.starts_with(begin))
            keys.push_back(call.op_key);
    for (const std::string& key : keys)
        drop_call(work, key);
}

}  // namespace tongban::cases::internal
