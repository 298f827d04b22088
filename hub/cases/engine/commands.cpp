// Commands of officers: pause and resume, cancel, the mending of incidents, signals, claims. Each
// gives its reason; a repair that changes what the case believes needs a second officer.
#include <algorithm>

#include "hub/cases/engine/internal/work.h"

namespace tongban::cases::internal {
namespace {

constexpr std::int32_t lowest_priority = 3;

bool once_before(const CaseState& state, const std::string& reason) {
    return std::any_of(state.pauses.begin(), state.pauses.end(), [&](const Pause& one) {
        return one.reason == reason && one.stops_clock;
    });
}

void pause(Work& work, const Ordered& command) {
    CaseState& state = work.state;
    if (state.status != CaseStatus::open)
        return refuse(work, FaultKind::conflict, "case.not_open", "only an open case is paused");
    if (command.reason.empty())
        return refuse(work, FaultKind::refused, "command.reason", "a pause needs a reason");
    // A word of the officer's own would say nothing to the law, nor to whoever counts pauses.
    if (!calendar::stop_reason_named(command.reason))
        return refuse(
            work, FaultKind::refused, "pause.reason", "a pause has one of the law's reasons");
    const bool typed =
        std::find(work.item.suspend.begin(), work.item.suspend.end(), command.reason) !=
        work.item.suspend.end();
    if (typed && once_before(state, command.reason))
        return refuse(
            work, FaultKind::refused, "pause.once", "the clock was stopped for this reason before");
    state.status = CaseStatus::paused;
    state.pauses.push_back({command.reason, work.now(), 0, typed});
    if (typed) stop_clocks(work, command);
    work.note("pause:" + command.reason + (typed ? "" : ":runs-on"));
}

void resume(Work& work) {
    CaseState& state = work.state;
    if (state.status != CaseStatus::paused)
        return refuse(work, FaultKind::conflict, "case.not_paused", "the case is not paused");
    state.status = CaseStatus::open;
    state.pauses.back().to_ms = work.now();
    run_clocks(work);
    work.note("resume");
    std::vector<Held> held;
    held.swap(state.held);
    for (const Held& one : held)
        enter(work, one.step, Place{one.parent, one.branch});
    std::vector<std::int32_t> joints;
    joints.reserve(state.joints.size());
    for (const Joint& joint : state.joints)
        joints.push_back(joint.step_no);
    for (const std::int32_t no : joints)
        try_decide(work, no);
}

void cancel(Work& work, const Ordered& command) {
    if (!work.state.end.empty())
        return refuse(work, FaultKind::conflict, "case.ended", "it has come to its end");
    if (work.state.status == CaseStatus::cancelling)
        return refuse(work, FaultKind::conflict, "case.cancelling", "it is being cancelled");
    if (command.reason.empty())
        return refuse(work, FaultKind::refused, "command.reason", "a cancel needs a reason");
    if (past_pivot(work))
        return refuse(work,
                      FaultKind::refused,
                      "case.past_pivot",
                      "what was decided cannot be undone: the case only goes forward");
    if (work.state.status == CaseStatus::paused) {
        work.state.pauses.back().to_ms = work.now();
        run_clocks(work);
    }
    cancel_case(work, command.reason);
}

void claim(Work& work, const Ordered& command) {
    StepRun* run = work.state.run(command.step_no);
    if (run == nullptr || run->kind != StepKind::task || !is_open(run->status))
        return refuse(work, FaultKind::not_found, "task.none", "no task that waits");
    const bool claims = command.order == Order::claim;
    if (claims && !run->assignee.empty() && run->assignee != work.cause.officer)
        return refuse(work, FaultKind::conflict, "task.claimed", "another officer has it");
    run->assignee = claims ? work.cause.officer : "";
    run->status = claims ? StepStatus::running : StepStatus::ready;
    work.note(std::string(name_of(command.order)) + "#" + std::to_string(run->no));
}

void prioritise(Work& work, const Ordered& command) {
    work.state.priority = std::clamp(command.count, 0, lowest_priority);
    work.note("priority:" + std::to_string(work.state.priority));
}

void external(Work& work, const Ordered& command) {
    if (work.item.master != item::Master::external)
        return refuse(work, FaultKind::refused, "external.hub", "the hub masters this case");
    if (!command.name.empty() && command.name != work.state.external_number)
        return refuse(work, FaultKind::refused, "external.number", "its number there stays");
    if (work.item.state(command.reason) == nullptr)
        return refuse(work, FaultKind::refused, "external.state", "the item has no such state");
    work.state.domain_state = command.reason;
    work.note("external");
}

}  // namespace

void ordered(Work& work, const Ordered& command) {
    switch (command.order) {
        case Order::pause:
            return pause(work, command);
        case Order::resume:
            return resume(work);
        case Order::cancel:
            return cancel(work, command);
        case Order::retry:
        case Order::skip:
        case Order::set_result:
            return mend(work, command);
        case Order::signal:
            return event_came(work, EventCame{command.name, command.member, command.record});
        case Order::reassign:
            return reassign(work, command);
        case Order::claim:
        case Order::release:
            return claim(work, command);
        case Order::prioritise:
            return prioritise(work, command);
        case Order::extend:
            return extend_limit(work, command);
        case Order::external:
            return external(work, command);
    }
}

}  // namespace tongban::cases::internal
