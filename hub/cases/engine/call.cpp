// A step of kind call, and what all calls share: ordering, asking again, parking. What an office
// says is its outcome; what is not said in the attempts the item allows, or may have been done
// without our knowing, waits for a person.
#include <algorithm>
#include <charconv>

#include "hub/cases/engine/internal/work.h"

namespace tongban::cases::internal {
namespace {

// The item has a way on for this outcome by name.
bool names(const item::Step& step, const std::string& outcome) {
    return std::any_of(step.next.begin(), step.next.end(), [&](const item::Transition& one) {
        return std::find(one.on.begin(), one.on.end(), outcome) != one.on.end();
    });
}

void trouble(Work& work, OpenCall& call, const Answered& answer, const std::string& code) {
    const std::string op_key = call.op_key;
    const std::int32_t no = call.step_no;
    park(work, call, answer.attempt);
    open_incident(work, no, code, 2, op_key);
}

// Its step was given up: what was done all the same is undone.
void orphan_answered(Work& work, const std::string& op_key, const Answered& answer) {
    const std::int32_t no = work.state.call(op_key)->step_no;
    drop_call(work, op_key);
    work.note("late:" + work.state.run(no)->step + ":" + std::string(name_of(answer.status)));
    orphan_over(work, no, answer.status == AnswerStatus::answered);
}

// "<case id>/<step no>/<op>"
std::int32_t step_of_key(const std::string& op_key) {
    const std::size_t first = op_key.find('/') + 1;
    std::int32_t no = 0;
    std::from_chars(op_key.data() + first, op_key.data() + op_key.size(), no);
    return no;
}

// The answer to what nobody asks any more. A duplicate is nothing; what is first heard of is told
// by a leaf, and what turns out to have been done although it was given up is for a person.
void late_answer(Work& work, const Answered& answer) {
    const bool says_nothing =
        answer.status == AnswerStatus::unavailable || answer.status == AnswerStatus::in_doubt;
    if (!answer.late || says_nothing) return;
    const std::int32_t no = step_of_key(answer.op_key);
    const StepRun* run = work.state.run(no);
    if (run == nullptr) return;
    const std::string op = answer.op_key.substr(answer.op_key.rfind('/') + 1);
    work.note("late:" + op + "#" + std::to_string(no) + ":" + std::string(name_of(answer.status)));
    const item::Step* step = step_of(work, *run);
    const auto* asked = step == nullptr ? nullptr : std::get_if<item::Call>(&step->what);
    const bool effect = asked != nullptr && asked->effect != item::Effect::read;
    const bool undone = run->status == StepStatus::skipped || run->status == StepStatus::cancelled;
    if (effect && undone && op == "do" && answer.status == AnswerStatus::answered)
        open_incident(work, no, "call.late", 2);
}

void step_answered(Work& work, const OpenCall& call, const Answered& answer) {
    const std::int32_t no = call.step_no;
    const item::Step* step = step_of(work, *work.state.run(no));
    const std::string outcome(name_of(answer.status));
    const bool plain = answer.status == AnswerStatus::answered;
    if (step == nullptr || (!plain && !names(*step, outcome))) {
        OpenCall* held = work.state.call(call.op_key);
        return trouble(work, *held, answer, "call." + outcome);
    }
    drop_call(work, std::string(call.op_key));
    const auto* asked = std::get_if<item::Call>(&step->what);
    if (plain && asked != nullptr && !asked->as.empty())
        work.state.set_result(asked->as, work.state.keep(answer.record));
    if (!answer.reason.empty()) work.state.reason = answer.reason;
    note_findings(work, no, answer.findings);
    finish(work, no, StepStatus::done, outcome);
}

void give_up(Work& work, OpenCall& call, const Answered& answer) {
    const item::Step* step = step_of(work, *work.state.run(call.step_no));
    if (answer.status == AnswerStatus::unavailable && step != nullptr &&
        names(*step, "unavailable"))
        return step_answered(work, OpenCall(call), answer);
    const std::string code = answer.status == AnswerStatus::denied     ? "call.denied"
                             : answer.status == AnswerStatus::in_doubt ? "call.in_doubt"
                                                                       : "call.exhausted";
    trouble(work, call, answer, code);
}

}  // namespace

void orphan_over(Work& work, std::int32_t no, bool was_done) {
    StepRun* run = work.state.run(no);
    if (is_open(run->status)) {
        run->status = was_done ? StepStatus::done : StepStatus::cancelled;
        run->outcome = was_done ? "answered" : "";
        run->ended_ms = work.now();
    }
    close_incidents_of(work, no, "answered");
    if (work.state.status == CaseStatus::cancelling) return unwind(work);
    const item::Step* step = step_of(work, *work.state.run(no));
    if (was_done && step != nullptr && step->undo) return undo_run(work, no);
    if (was_done) open_incident(work, no, "call.late", 2);  // it was given up, and it is done
}

std::string op_key_of(const CaseState& state, std::int32_t step_no, std::string_view op) {
    std::string key = std::to_string(state.case_id);
    key += '/';
    key += std::to_string(step_no);
    key += '/';
    key += op;
    return key;
}

void order(Work& work, std::int32_t no, Ask ask) {
    const Party* by = party(work, ask.by);
    const Party* to = party(work, ask.to);
    CallOut out;
    out.op_key = op_key_of(work.state, no, ask.op);
    out.step_no = no;
    out.op = ask.op;
    out.member = by == nullptr ? work.state.owner : by->member;
    const auto signed_by = work.state.signed_by.find(out.member);
    if (signed_by != work.state.signed_by.end()) out.opening = signed_by->second;
    out.resource = std::move(ask.resource);
    out.kind = std::string(item::name_of(ask.kind));
    out.purpose = std::move(ask.purpose);
    if (out.purpose.empty()) out.purpose = work.item.purpose;
    out.division = to == nullptr ? "" : to->division;
    out.to = to == nullptr ? "" : to->member;
    out.effect = std::string(item::name_of(ask.effect));
    out.request = std::move(ask.request);
    OpenCall call;
    call.op_key = out.op_key;
    call.op = out.op;
    call.step_no = no;
    call.member = out.member;
    call.effect = out.effect;
    call.forever = ask.forever;
    work.state.calls.push_back(std::move(call));
    work.out.calls.push_back(std::move(out));
    work.note("asked:" + ask.op + "#" + std::to_string(no));
}

void drop_call(Work& work, const std::string& op_key) {
    const auto found = std::find_if(work.state.calls.begin(),
                                    work.state.calls.end(),
                                    [&](const OpenCall& one) { return one.op_key == op_key; });
    if (found == work.state.calls.end()) return;
    work.state.calls.erase(found);
    std::erase_if(work.out.again, [&](const CallAgain& one) { return one.op_key == op_key; });
    // Ordered and given up by one and the same cause: it never existed.
    const auto fresh = std::find_if(work.out.calls.begin(),
                                    work.out.calls.end(),
                                    [&](const CallOut& one) { return one.op_key == op_key; });
    if (fresh != work.out.calls.end())
        work.out.calls.erase(fresh);
    else
        work.out.answered.push_back(op_key);
}

void again(Work& work, const std::string& op_key, std::int64_t next_ms) {
    work.out.again.push_back({op_key, next_ms, false});
}

void park(Work& work, OpenCall& call, std::int32_t attempt) {
    call.parked = true;
    call.spent = attempt;
    work.out.again.push_back({call.op_key, work.now(), true});
}

RetryTerms terms_of(const Work& work, const OpenCall& call) {
    const StepRun* run = work.state.run(call.step_no);
    const item::Step* step = run == nullptr ? nullptr : step_of(work, *run);
    if (step == nullptr) return {};
    return {step->retry.attempts, step->retry.first_ms, step->retry.ceiling_ms};
}

void enter_call(Work& work, std::int32_t no, const item::Step& step) {
    const auto& call = std::get<item::Call>(step.what);
    order(work,
          no,
          Ask{"do",
              call.resource,
              call.kind,
              call.effect,
              call.purpose,
              call.to,
              call.by,
              record_of(work, call.request),
              false});
}

void ask_undo(Work& work, std::int32_t no, const item::Step& step) {
    order(work,
          no,
          Ask{"undo",
              step.undo->resource,
              step.undo->kind,
              step.undo->effect,
              step.undo->purpose,
              step.undo->to,
              step.undo->by,
              record_of(work, step.undo->request),
              true});
}

void answered(Work& work, const Answered& answer) {
    OpenCall* call = work.state.call(answer.op_key);
    if (call == nullptr) return late_answer(work, answer);
    if (call->parked && answer.attempt <= call->spent) return;
    if (call->op.starts_with("report.")) return report_answered(work, answer.op_key, answer);
    if (call->op == "undo") return undo_answered(work, answer.op_key, answer);
    if (call->op != "do") return joint_answered(work, answer.op_key, answer);
    // Of a step that was given up: what may have been done must be known, however long it takes.
    // Whoever stores keys is asked on, since an attempt before this one may have been the one.
    if (call->orphan && answer.status == AnswerStatus::unavailable && call->effect != "idempotent")
        return orphan_answered(work, answer.op_key, answer);
    const RetryTerms terms = terms_of(work, *call);
    const std::int32_t tries = answer.attempt - call->spent;
    switch (after(answer.status, call->effect, call->forever || call->orphan, tries, terms)) {
        case Next::ask_again:
            return again(
                work, answer.op_key, work.now() + backoff_ms(terms, answer.op_key, answer.attempt));
        case Next::give_up:
            return give_up(work, *call, answer);
        case Next::in_doubt:
            return trouble(work, *call, answer, "call.in_doubt");
        case Next::take:
            break;
    }
    if (call->orphan) return orphan_answered(work, answer.op_key, answer);
    step_answered(work, OpenCall(*call), answer);
}

}  // namespace tongban::cases::internal
