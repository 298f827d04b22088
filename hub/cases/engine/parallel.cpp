// A parallel: its branches run side by side; the step is done when all, or any, have come to $join.
// The branches that an `any` no longer needs are cancelled, and what they did is undone.
#include <algorithm>
#include <set>

#include "hub/cases/engine/internal/work.h"

namespace tongban::cases::internal {
namespace {

// Runs of a branch, and of parallels within it.
bool stands_in(const Work& work,
               const StepRun& run,
               std::int32_t parallel,
               const std::string& branch) {
    const StepRun* at = &run;
    while (at != nullptr && at->parent != 0) {
        if (at->parent == parallel) return at->branch == branch;
        at = work.state.run(at->parent);
    }
    return false;
}

void give_up(Work& work, std::int32_t parallel, const std::string& branch) {
    std::vector<std::int32_t> open;
    std::vector<std::int32_t> done;
    for (const StepRun& run : work.state.runs) {
        if (!stands_in(work, run, parallel, branch)) continue;
        if (is_open(run.status)) open.push_back(run.no);
        if (run.status == StepStatus::done && run.undo_of == 0) done.push_back(run.no);
    }
    for (const std::int32_t no : open)
        cancel_run(work, no);
    std::reverse(done.begin(), done.end());
    for (const std::int32_t no : done) {
        const item::Step* step = step_of(work, *work.state.run(no));
        if (step != nullptr && step->undo) undo_run(work, no);
    }
    std::erase_if(work.state.held,
                  [&](const Held& one) { return one.parent == parallel && one.branch == branch; });
}

}  // namespace

void enter_parallel(Work& work, std::int32_t no, const item::Step& step) {
    const auto& parallel = std::get<item::Parallel>(step.what);
    for (const item::Parallel::Branch& branch : parallel.branches) {
        const StepRun* run = work.state.run(no);
        if (!is_open(run->status)) return;  // a branch of gates came through at once
        enter(work, branch.start, Place{no, branch.id});
    }
}

void branch_ended(Work& work, std::int32_t no, const std::string& branch) {
    StepRun* run = work.state.run(no);
    if (run == nullptr || !is_open(run->status)) return;
    run->joined.push_back(branch);
    work.note("joined:" + branch);
    const item::Step* step = step_of(work, *run);
    const auto* parallel = step == nullptr ? nullptr : std::get_if<item::Parallel>(&step->what);
    if (parallel == nullptr) return;
    if (parallel->join == item::Join::all && run->joined.size() < parallel->branches.size()) return;
    for (const item::Parallel::Branch& other : parallel->branches) {
        const std::vector<std::string>& joined = work.state.run(no)->joined;
        if (std::find(joined.begin(), joined.end(), other.id) == joined.end())
            give_up(work, no, other.id);
    }
    finish(work, no, StepStatus::done, "done");
}

}  // namespace tongban::cases::internal
