// Which way a case goes from a step that is over: the first transition that fits its outcome and
// whose condition is true. Where none fits nobody guesses: a person decides.
#include <algorithm>

#include "hub/cases/engine/internal/work.h"

namespace tongban::cases::internal {
namespace {

bool listed(const std::vector<std::string>& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

const item::Transition* first_that_fits(const Work& work,
                                        const item::Step& step,
                                        const std::string& outcome) {
    for (const item::Transition& one : step.next) {
        const bool fits =
            one.on.empty() ? listed(item::plain_outcomes(step), outcome) : listed(one.on, outcome);
        if (!fits) continue;
        if (one.when && !truth(work, *one.when).value_or(false)) continue;
        return &one;
    }
    return nullptr;
}

}  // namespace

void follow(Work& work, std::int32_t no) {
    const StepRun run = *work.state.run(no);
    const item::Step* step = step_of(work, run);
    if (step == nullptr || run.kind == StepKind::end) return;
    const item::Transition* way = first_that_fits(work, *step, run.outcome);
    if (way == nullptr) {
        open_incident(work, no, "next.none", 2);
        return;
    }
    if (way->because) {
        std::string because = text(work, *way->because);
        if (!because.empty()) work.state.reason = std::move(because);
    }
    if (way->go == item::join_target) return branch_ended(work, run.parent, run.branch);
    enter(work, way->go, Place{run.parent, run.branch});
}

}  // namespace tongban::cases::internal
