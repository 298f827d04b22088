// Compensation: a case that is cancelled undoes what it did, the last first. Effects that are still
// under way are waited for: only what is known to have been done, or not, can be undone. After a
// pivot (an effect that nothing undoes, or a joint filing that was decided) the case only goes
// forward.
#include <algorithm>

#include "hub/cases/engine/internal/joint.h"
#include "hub/cases/engine/internal/work.h"

namespace tongban::cases::internal {
namespace {

bool has_effect(const std::string& effect) {
    return effect != "read";
}

bool did_something(const StepRun& run) {
    return run.status == StepStatus::done && run.undo_of == 0 && run.kind == StepKind::call &&
           run.outcome == "answered";
}

// An office told of what stays done: a loan that was paid out.
bool heard_of_pivot(const item::Wait& wait, const StepRun& run) {
    return run.status == StepStatus::done &&
           std::any_of(wait.any.begin(), wait.any.end(), [&](const item::Expected& one) {
               return one.irrevocable && one.event == run.outcome;
           });
}

// A call whose effect stays, or an event that tells of one.
bool is_pivot(const Work& work, const StepRun& run) {
    if (run.kind == StepKind::wait) {
        const item::Step* waited = step_of(work, run);
        const auto* wait = waited == nullptr ? nullptr : std::get_if<item::Wait>(&waited->what);
        return wait != nullptr && heard_of_pivot(*wait, run);
    }
    if (!did_something(run)) return false;
    const item::Step* step = step_of(work, run);
    const auto* call = step == nullptr ? nullptr : std::get_if<item::Call>(&step->what);
    if (call == nullptr) return false;
    return call->irrevocable || (call->effect == item::Effect::at_most_once && !step->undo);
}

std::vector<std::int32_t> open_runs(const Work& work) {
    std::vector<std::int32_t> open;
    for (const StepRun& run : work.state.runs)
        if (is_open(run.status)) open.push_back(run.no);
    return open;
}

// The office said no for good: nothing was done, whichever attempt it was.
bool declined(const Work& work, const OpenCall& call) {
    return call.parked &&
           std::any_of(
               work.state.incidents.begin(), work.state.incidents.end(), [&](const Incident& one) {
                   return one.op_key == call.op_key && one.closed_ms == 0 &&
                          (one.code == "call.refused" || one.code == "call.returned" ||
                           one.code == "call.no_record");
               });
}

// Its call may have done something: it stays, and tells.
bool keep_effect(Work& work, StepRun& run) {
    bool kept = false;
    std::vector<std::string> dropped;
    for (OpenCall& call : work.state.calls) {
        if (call.step_no != run.no) continue;
        if (!has_effect(call.effect) || declined(work, call)) {
            dropped.push_back(call.op_key);
            continue;
        }
        call.orphan = true;
        kept = true;
    }
    for (const std::string& op_key : dropped)
        drop_call(work, op_key);
    return kept;
}

}  // namespace

bool past_pivot(const Work& work) {
    const bool decided =
        std::any_of(work.state.joints.begin(), work.state.joints.end(), [](const Joint& one) {
            return one.decision == Decision::confirm;
        });
    return decided || std::any_of(work.state.runs.begin(),
                                  work.state.runs.end(),
                                  [&](const StepRun& run) { return is_pivot(work, run); });
}

void cancel_run(Work& work, std::int32_t no) {
    StepRun* run = work.state.run(no);
    if (run == nullptr || !is_open(run->status)) return;
    if (run->kind == StepKind::joint) {
        decide_cancel(work, no, "command");
        run = work.state.run(no);
        if (is_open(run->status)) return;  // until every office has let go
    }
    if (keep_effect(work, *run)) {
        drop_limits(work, no);
        return;
    }
    run->status = StepStatus::cancelled;
    run->ended_ms = work.now();
    drop_limits(work, no);
    close_incidents_of(work, no, "cancelled");
}

void cancel_case(Work& work, const std::string& reason) {
    work.state.status = CaseStatus::cancelling;
    work.state.reason = reason;
    work.state.held.clear();
    work.note("cancel");
    drop_limits(work, 0);
    close_incidents_of(work, 0, "cancelled");
    for (const std::int32_t no : open_runs(work))
        cancel_run(work, no);
    unwind(work);
}

void unwind(Work& work) {
    if (work.state.status != CaseStatus::cancelling) return;
    if (!open_runs(work).empty()) return;  // something is still under way, or is being undone
    const StepRun* last = nullptr;
    for (const StepRun& run : work.state.runs) {
        const item::Step* step = step_of(work, run);
        const bool undoable = did_something(run) && step != nullptr && step->undo;
        if (undoable && (last == nullptr || run.no > last->no)) last = &run;
    }
    if (last != nullptr) return undo_run(work, last->no);
    work.state.end = "cancelled";
    work.state.ending = "withdrawn";
    close_if_still(work);
}

void undo_run(Work& work, std::int32_t no) {
    const StepRun done = *work.state.run(no);
    const item::Step* step = step_of(work, done);
    StepRun run;
    run.no = ++work.state.steps_made;
    run.step = done.step;
    run.kind = StepKind::call;
    run.undo_of = no;
    run.party = done.party;
    run.member = done.member;
    run.started_ms = work.now();
    work.state.runs.push_back(run);
    work.note("undo:" + done.step);
    ask_undo(work, run.no, *step);
}

void undo_answered(Work& work, const std::string& op_key, const Answered& answer) {
    OpenCall* call = work.state.call(op_key);
    const std::int32_t no = call->step_no;
    switch (after(
        answer.status, call->effect, true, answer.attempt - call->spent, terms_of(work, *call))) {
        case Next::ask_again:
            return again(work,
                         op_key,
                         work.now() + backoff_ms(terms_of(work, *call), op_key, answer.attempt));
        case Next::give_up:
        case Next::in_doubt:
            park(work, *call, answer.attempt);
            open_incident(work, no, "undo." + std::string(name_of(answer.status)), 2, op_key);
            return;
        case Next::take:
            break;
    }
    if (answer.status == AnswerStatus::refused) {
        park(work, *call, answer.attempt);
        open_incident(work, no, "undo.refused", 2, op_key);
        return;
    }
    drop_call(work, op_key);
    if (StepRun* undone = work.state.run(work.state.run(no)->undo_of))
        undone->status = StepStatus::undone;
    finish(work, no, StepStatus::done, "undone");
}

}  // namespace tongban::cases::internal
