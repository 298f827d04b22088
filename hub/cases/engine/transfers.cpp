// Passing a step from member to member (限制转办次数): at most as often as the item says, twice as
// a rule; the assignment after that is the supervisor's, and binds. Sending it back to where it
// came from is the supervisor's at once: what goes to and fro helps nobody.
#include <algorithm>

#include "hub/cases/engine/internal/work.h"

namespace tongban::cases::internal {

namespace {

bool is_member(const Work& work, const std::string& id) {
    const Directory* directory = work.facts.directory;
    return directory == nullptr || directory->is_member(id);  // null: nobody to ask
}

}  // namespace

void reassign(Work& work, const Ordered& command) {
    CaseState& state = work.state;
    StepRun* run = state.run(command.step_no);
    if (run == nullptr || run->kind != StepKind::task || !is_open(run->status))
        return refuse(work, FaultKind::not_found, "task.none", "no task that waits");
    if (command.member.empty() || command.member == run->member)
        return refuse(work, FaultKind::refused, "transfer.same", "it has that task already");
    if (!is_member(work, command.member))
        return refuse(work, FaultKind::not_found, "transfer.member", "the hub has no such member");
    if (command.reason.empty())
        return refuse(work, FaultKind::refused, "command.reason", "a transfer needs a reason");
    if (state.bound)
        return refuse(
            work, FaultKind::refused, "transfer.bound", "the last assignment binds: no transfer");
    const std::int32_t most = work.item.limits.transfers;
    if (state.transfers >= most && !command.binding)
        return refuse(work,
                      FaultKind::refused,
                      "transfer.limit",
                      "passed on often enough: the supervisor assigns with binding force");
    const std::string back = run->party + "<" + command.member;
    const bool to_and_fro =
        std::find(state.passed.begin(), state.passed.end(), back) != state.passed.end();
    if (to_and_fro && !command.binding)
        return refuse(work,
                      FaultKind::refused,
                      "transfer.back",
                      "it came from there: the supervisor assigns with binding force");
    state.passed.push_back(run->party + "<" + run->member);
    ++state.transfers;
    state.bound = command.binding;
    run->member = command.member;
    run->assignee.clear();
    run->first.reset();
    run->status = StepStatus::ready;
    work.note("transfer#" + std::to_string(run->no) + ":" + command.member +
              (command.binding ? ":binding" : ""));
}

}  // namespace tongban::cases::internal
