#include "hub/cases/engine/rows.h"

#include <algorithm>

namespace tongban::cases {
namespace {

void add_lights(std::vector<TimerView>& timers, const Limit& limit) {
    const auto add = [&](std::int64_t at, TimerKind kind, Light light) {
        if (at != 0 && limit.light < light)
            timers.push_back({at, limit.step_no, kind, kind == TimerKind::red, &limit});
    };
    add(limit.yellow_ms, TimerKind::yellow, Light::yellow);
    add(limit.orange_ms, TimerKind::orange, Light::orange);
    add(limit.due_ms, TimerKind::red, Light::red);
    if (limit.remind_ms != 0)
        timers.push_back({limit.remind_ms, limit.step_no, TimerKind::remind, false, &limit});
}

void add_holds(std::vector<TimerView>& timers, const Joint& joint) {
    for (const Branch& branch : joint.branches)
        if (branch.extend_ms != 0 && holds(branch.phase))
            timers.push_back({branch.extend_ms, joint.step_no, TimerKind::hold, false, nullptr});
}

// Overdue, seen, and nobody is told again: an event that never comes would be waited for in vain.
bool forgotten(const CaseState& state, std::int32_t no) {
    const Limit* limit = state.limit(no, LimitKind::due);
    return limit != nullptr && limit->light == Light::red && limit->remind_ms == 0;
}

bool waits_for_office_or_person(const CaseState& state) {
    const bool calls = std::any_of(
        state.calls.begin(), state.calls.end(), [](const OpenCall& one) { return !one.parked; });
    const bool incidents = std::any_of(state.incidents.begin(),
                                       state.incidents.end(),
                                       [](const Incident& one) { return one.closed_ms == 0; });
    return calls || incidents;
}

}  // namespace

std::vector<TimerView> timers_of(const CaseState& state) {
    std::vector<TimerView> timers;
    for (const Limit& limit : state.limits) {
        if (limit.stopped()) continue;
        if (limit.kind == LimitKind::due) add_lights(timers, limit);
        if (limit.kind == LimitKind::timer)
            timers.push_back({limit.due_ms, limit.step_no, TimerKind::step, true, &limit});
        if (limit.kind == LimitKind::decide)
            timers.push_back({limit.due_ms, limit.step_no, TimerKind::decide, true, &limit});
    }
    for (const Joint& joint : state.joints)
        add_holds(timers, joint);
    std::sort(timers.begin(), timers.end(), [](const TimerView& a, const TimerView& b) {
        return a.key() < b.key();
    });
    return timers;
}

bool has_next_cause(const CaseState& state) {
    if (state.status == CaseStatus::closed) return true;
    if (state.status == CaseStatus::paused) return true;  // an officer resumes it
    if (waits_for_office_or_person(state)) return true;
    return std::any_of(state.runs.begin(), state.runs.end(), [&](const StepRun& run) {
        if (!is_open(run.status)) return false;
        switch (run.kind) {
            case StepKind::task:
                return true;
            case StepKind::wait:
                return !forgotten(state, run.no);
            case StepKind::timer:
                return state.limit(run.no, LimitKind::timer) != nullptr;
            case StepKind::joint:
                return state.limit(run.no, LimitKind::decide) != nullptr;
            default:
                return false;
        }
    });
}

}  // namespace tongban::cases
