// A task: an officer of the owing member decides. With four eyes two officers must decide the same;
// another word of the second begins anew.
#include <algorithm>

#include "hub/cases/engine/internal/work.h"

namespace tongban::cases::internal {
namespace {

schemas::Value of(auto data) {
    schemas::Value value;
    value.data = std::move(data);
    return value;
}

schemas::Group result_of(const Work& work, const Decided& decision) {
    schemas::Group result;
    result.set("action", of(decision.action));
    result.set("reason", of(decision.reason));
    result.set("member", of(work.cause.actor));
    result.set("decided_on", of(shanghai_date(work.facts.now)));
    if (!decision.form.fields.empty()) result.set("form", of(decision.form));
    return result;
}

bool open_task(const StepRun* run) {
    return run != nullptr && run->kind == StepKind::task && is_open(run->status);
}

}  // namespace

void enter_task(Work& work, std::int32_t no, const item::Step& /*step*/) {
    work.state.run(no)->status = StepStatus::ready;
    work.note("task#" + std::to_string(no));
}

void decided(Work& work, const Decided& decision) {
    StepRun* run = work.state.run(decision.step_no);
    if (!open_task(run))
        return refuse(work, FaultKind::conflict, "task.none", "no task that waits");
    if (work.cause.actor != run->member)
        return refuse(work, FaultKind::refused, "task.member", "another member owes this task");
    const item::Step* step = step_of(work, *run);
    const auto* task = step == nullptr ? nullptr : std::get_if<item::Task>(&step->what);
    const bool known =
        task != nullptr && std::find(task->actions.begin(), task->actions.end(), decision.action) !=
                               task->actions.end();
    if (!known) return refuse(work, FaultKind::malformed, "task.action", "no such action");
    if (!run->assignee.empty() && run->assignee != work.cause.officer && !run->first)
        return refuse(work, FaultKind::conflict, "task.claimed", "another officer has it");
    if (task->four_eyes) {
        if (run->first && run->first->officer == work.cause.officer)
            return refuse(work,
                          FaultKind::refused,
                          "task.four_eyes",
                          "a second officer must decide the same");
        if (!run->first || run->first->action != decision.action) {
            run->first = Approval{work.cause.officer, decision.action};
            run->assignee.clear();
            run->status = StepStatus::ready;
            return work.note("first:" + decision.action + "#" + std::to_string(run->no));
        }
    }
    run->assignee = work.cause.officer;
    if (!task->as.empty())
        work.state.set_result(task->as, work.state.keep(result_of(work, decision)));
    if (!decision.reason.empty()) work.state.reason = decision.reason;
    work.note("decided:" + decision.action);
    finish(work, decision.step_no, StepStatus::done, decision.action);
}

}  // namespace tongban::cases::internal
