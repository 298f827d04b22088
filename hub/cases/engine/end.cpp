// An end: the case is closed once nothing is under way that could still have an effect.
#include <algorithm>

#include "hub/cases/engine/internal/work.h"

namespace tongban::cases::internal {

void enter_end(Work& work, std::int32_t no, const item::Step& step) {
    const auto& end = std::get<item::End>(step.what);
    StepRun* run = work.state.run(no);
    run->status = StepStatus::done;
    run->ended_ms = work.now();
    work.state.end = step.id;
    work.state.ending = std::string(item::name_of(end.ending));
    if (!step.state.empty()) set_state(work, step.state);
    work.note("end:" + step.id);
    std::vector<std::int32_t> open;
    for (const StepRun& other : work.state.runs)
        if (is_open(other.status) && other.undo_of == 0) open.push_back(other.no);
    for (const std::int32_t other : open)
        cancel_run(work, other);
}

void close_if_still(Work& work) {
    CaseState& state = work.state;
    if (state.end.empty() || state.status == CaseStatus::closed || work.refused()) return;
    const bool busy = !state.calls.empty() ||
                      std::any_of(state.runs.begin(), state.runs.end(), [](const auto& run) {
                          return is_open(run.status);
                      });
    if (busy) return;
    std::vector<std::int32_t> incidents;
    for (const Incident& one : state.incidents)
        if (one.closed_ms == 0) incidents.push_back(one.seq);
    for (const std::int32_t seq : incidents)
        close_incident(work, seq, "closed");
    state.status = CaseStatus::closed;
    state.closed_ms = work.now();
    state.limits.clear();
    state.early.clear();
    state.held.clear();
    work.note("closed");
}

}  // namespace tongban::cases::internal
