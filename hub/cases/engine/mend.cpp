// Mending: what a person does about an incident: ask again, go on without, or say what is so.
#include <algorithm>

#include "hub/cases/engine/internal/work.h"

namespace tongban::cases::internal {
namespace {

constexpr std::int32_t mere_light = 3;

// The outcome that the officer names, else the step's first plain one.
std::string outcome_for(const Work& work, const StepRun& run, const Ordered& command) {
    if (!command.name.empty()) return command.name;
    const item::Step* step = step_of(work, run);
    if (step == nullptr) return "";
    const std::vector<std::string> plain = item::plain_outcomes(*step);
    return plain.empty() ? "" : plain.front();
}

std::string result_of(const item::Step& step) {
    if (const auto* call = std::get_if<item::Call>(&step.what)) return call->as;
    if (const auto* task = std::get_if<item::Task>(&step.what)) return task->as;
    if (const auto* wait = std::get_if<item::Wait>(&step.what))
        return wait->any.empty() ? "" : wait->any.front().as;
    return "";
}

void set_record(Work& work, const StepRun& run, const Ordered& command) {
    const item::Step* step = step_of(work, run);
    if (step == nullptr || command.record.fields.empty()) return;
    if (const std::string name = result_of(*step); !name.empty())
        work.state.set_result(name, work.state.keep(command.record));
}

void drop_calls_of(Work& work, std::int32_t no) {
    std::vector<std::string> keys;
    for (const OpenCall& call : work.state.calls)
        if (call.step_no == no) keys.push_back(call.op_key);
    for (const std::string& key : keys)
        drop_call(work, key);
}

// A step that stands: it is over as the officer says.
void settle(Work& work, std::int32_t no, const Ordered& command) {
    const StepRun run = *work.state.run(no);
    const bool given = command.order == Order::set_result;
    const bool orphan =
        std::any_of(work.state.calls.begin(), work.state.calls.end(), [no](const OpenCall& one) {
            return one.step_no == no && one.orphan && one.op == "do";
        });
    drop_calls_of(work, no);
    if (orphan) return orphan_over(work, no, given);
    if (given) set_record(work, run, command);
    if (run.undo_of != 0)
        if (StepRun* undone = work.state.run(run.undo_of)) undone->status = StepStatus::undone;
    finish(
        work, no, given ? StepStatus::done : StepStatus::skipped, outcome_for(work, run, command));
}

// A step that is over and knows no way on.
void send_on(Work& work, std::int32_t no, const Ordered& command) {
    StepRun* run = work.state.run(no);
    const Place place{run->parent, run->branch};
    if (command.order == Order::skip && work.item.step(command.name) != nullptr)
        return enter(work, command.name, place);
    if (!command.name.empty()) run->outcome = command.name;
    if (command.order == Order::set_result) set_record(work, StepRun(*run), command);
    follow(work, no);
}

// It came to a step more often than it may: a person lets it go on, until it waits again.
void go_on(Work& work) {
    work.beyond_limit = true;
    std::vector<Held> held;
    held.swap(work.state.held);
    for (const Held& one : held)
        enter(work, one.step, Place{one.parent, one.branch});
}

void retry(Work& work, const Incident& incident) {
    if (OpenCall* call = work.state.call(incident.op_key)) {
        call->parked = false;
        return again(work, call->op_key, work.now());
    }
    const StepRun* run = work.state.run(incident.step_no);
    if (run == nullptr) return;
    if (!is_open(run->status)) return follow(work, run->no);
    const item::Step* step = step_of(work, *run);
    if (step != nullptr && run->kind == StepKind::timer) enter_timer(work, run->no, *step);
}

bool needs_two(const Ordered& command, const Incident& incident) {
    if (incident.severity == mere_light) return false;
    return command.order != Order::retry || incident.code.ends_with("in_doubt");
}

// Without an incident: a step that waits, by its number.
void mend_step(Work& work, const Ordered& command) {
    const StepRun* run = work.state.run(command.step_no);
    const bool waits = run != nullptr && is_open(run->status) && run->kind != StepKind::joint &&
                       run->kind != StepKind::parallel;
    if (!waits || command.order == Order::retry)
        return refuse(work, FaultKind::not_found, "incident.none", "no such incident or step");
    const bool effect =
        std::any_of(work.state.calls.begin(), work.state.calls.end(), [&](const OpenCall& one) {
            return one.step_no == run->no && one.effect != "read" && !one.parked;
        });
    if (effect)
        return refuse(
            work, FaultKind::conflict, "step.under_way", "an office may be doing it: wait");
    work.note(std::string(name_of(command.order)) + "#" + std::to_string(run->no));
    settle(work, command.step_no, command);
}

}  // namespace

void mend(Work& work, const Ordered& command) {
    const Incident* found = work.state.incident(command.incident);
    const bool open = found != nullptr && found->closed_ms == 0;
    const bool two = !command.approver.empty() && command.approver != work.cause.officer;
    if (command.reason.empty())
        return refuse(work, FaultKind::refused, "command.reason", "a repair needs a reason");
    if (!two && (!open || needs_two(command, *found)))
        return refuse(
            work, FaultKind::refused, "command.two_officers", "a second officer must approve");
    if (!open) {
        if (command.incident != 0)
            return refuse(work, FaultKind::not_found, "incident.none", "no such open incident");
        return mend_step(work, command);
    }
    Incident incident = *found;
    if (incident.code.starts_with("joint.")) return mend_joint(work, incident, command);
    close_incident(work, incident.seq, std::string(name_of(command.order)));
    if (incident.code == "deadline.breach") remind_again(work, incident.step_no);
    // Nothing to mend: it is seen. What came late stays where it is, and the case where it stands.
    if (incident.severity == mere_light || incident.code == "call.late") return;
    if (incident.code == "limit.steps") return go_on(work);
    if (command.order == Order::retry) return retry(work, incident);
    if (incident.code == "report.refused") return leave_report(work, incident.op_key);
    const StepRun* run = work.state.run(incident.step_no);
    if (run == nullptr) return;
    if (is_open(run->status)) return settle(work, run->no, command);
    send_on(work, run->no, command);
}

}  // namespace tongban::cases::internal
