// The way of a case: a cause comes, the step it concerns does what it can, what is done is followed
// to the next step, until everything waits again.
#include <algorithm>
#include <array>

#include "hub/cases/engine/engine.h"
#include "hub/cases/engine/internal/work.h"

namespace tongban::cases {
namespace internal {
namespace {

template <typename... Ts>
struct Match : Ts... {
    using Ts::operator()...;
};
template <typename... Ts>
Match(Ts...) -> Match<Ts...>;

void opened(Work& work, const Opened& how) {
    CaseState& state = work.state;
    if (state.opened_ms != 0) return;  // it is open: the same start again
    state.number = how.number;
    state.external_number = how.external_number;
    state.application = state.keep(how.application);
    state.opened_ms = work.now();
    state.priority =
        how.priority ? std::clamp(*how.priority, 0, 3) : static_cast<int>(work.item.priority);
    resolve_parties(work);
    const Party* owner = party(work, work.item.owner);
    state.owner = owner == nullptr || owner->member.empty() ? work.cause.actor : owner->member;
    state.hall = work.cause.actor;
    work.note("opened");
    if (work.item.deadline) add_deadline(work, 0, *work.item.deadline);
    enter(work, work.item.start, Place{});
}

StepKind step_kind(const item::Step& step) {
    static constexpr std::array kinds{StepKind::call,
                                      StepKind::gate,
                                      StepKind::task,
                                      StepKind::wait,
                                      StepKind::joint,
                                      StepKind::parallel,
                                      StepKind::timer,
                                      StepKind::end};
    return kinds.at(step.what.index());
}

// Who has to do it: the office that is asked, decides or sends; else the owner.
std::string owing_party(const Work& work, const item::Step& step) {
    if (const auto* call = std::get_if<item::Call>(&step.what)) return call->to;
    if (const auto* task = std::get_if<item::Task>(&step.what)) return task->party;
    if (const auto* wait = std::get_if<item::Wait>(&step.what))
        if (!wait->any.empty() && !wait->any.front().from.empty()) return wait->any.front().from;
    return work.item.owner;
}

void place_run(Work& work, const item::Step& step, const Place& place, std::int32_t no) {
    StepRun run;
    run.no = no;
    run.step = step.id;
    run.kind = step_kind(step);
    run.parent = place.parent;
    run.branch = place.branch;
    run.started_ms = work.now();
    run.party = owing_party(work, step);
    const Party* office = party(work, run.party);
    run.member = office == nullptr || office->member.empty() ? work.state.owner : office->member;
    work.state.runs.push_back(std::move(run));
}

void begin(Work& work, std::int32_t no, const item::Step& step) {
    switch (step_kind(step)) {
        case StepKind::call:
            return enter_call(work, no, step);
        case StepKind::task:
            return enter_task(work, no, step);
        case StepKind::gate:
            return enter_gate(work, no, step);
        case StepKind::wait:
            return enter_wait(work, no, step);
        case StepKind::joint:
            return enter_joint(work, no, step);
        case StepKind::parallel:
            return enter_parallel(work, no, step);
        case StepKind::timer:
            return enter_timer(work, no, step);
        case StepKind::end:
            return enter_end(work, no, step);
    }
}

// What is over keeps what compensation needs; its details stand in the store's rows.
void shed(CaseState& state) {
    std::erase_if(state.incidents, [](const Incident& one) { return one.closed_ms != 0; });
    for (StepRun& run : state.runs) {
        if (is_open(run.status)) continue;
        run.assignee.clear();
        run.first.reset();
    }
}

void apply(Work& work) {
    std::visit(Match{[&](const Opened& how) { opened(work, how); },
                     [&](const Answered& answer) { answered(work, answer); },
                     [&](const EventCame& event) { event_came(work, event); },
                     [&](const Decided& decision) { decided(work, decision); },
                     [&](const TimerFired& timer) { timer_fired(work, timer); },
                     [&](const Ordered& command) { ordered(work, command); },
                     [&](const CalendarsChanged& /*none*/) { reckon_anew(work); }},
               work.cause.what);
}

bool only_asks_again(const Work& work) {
    return !work.changed && !work.out.again.empty();
}

}  // namespace

void refuse(Work& work, FaultKind kind, std::string where, std::string reason) {
    if (!work.refused()) work.out.refusal = Fault{kind, std::move(where), std::move(reason)};
}

void enter(Work& work, const std::string& id, const Place& place) {
    if (work.refused() || work.state.status == CaseStatus::closed ||
        work.state.status == CaseStatus::cancelling)
        return;
    const item::Step* step = work.item.step(id);
    if (step == nullptr) {  // the item's check refuses this; kept for stored versions
        open_incident(work, 0, "item.step", 2);
        return;
    }
    if (work.state.status == CaseStatus::paused && work.state.opened_ms != 0) {
        work.state.held.push_back({id, place.parent, place.branch});
        work.note("held:" + id);
        return;
    }
    if (work.state.steps_made >= work.item.limits.steps && !work.beyond_limit) {
        work.state.held.push_back({id, place.parent, place.branch});
        open_incident(work, 0, "limit.steps", 2);
        return;
    }
    const std::int32_t no = ++work.state.steps_made;
    place_run(work, *step, place, no);
    work.out.told.steps.push_back(id + "#" + std::to_string(no) + ":begun");
    work.changed = true;
    if (step->deadline) add_deadline(work, no, *step->deadline);
    begin(work, no, *step);
}

void finish(Work& work, std::int32_t no, StepStatus status, const std::string& outcome) {
    StepRun* run = work.state.run(no);
    if (run == nullptr || !is_open(run->status)) return;
    run->status = status;
    run->outcome = outcome;
    run->ended_ms = work.now();
    work.changed = true;
    work.out.told.steps.push_back(run->step + "#" + std::to_string(no) + ":" +
                                  std::string(name_of(status)));
    drop_limits(work, no);
    close_incidents_of(work, no, "done");
    run = work.state.run(no);
    if (run->undo_of != 0 || work.state.status == CaseStatus::cancelling) return unwind(work);
    const item::Step* step = step_of(work, *run);
    if (status == StepStatus::done && step != nullptr && !step->state.empty())
        set_state(work, step->state);
    if (work.item.deadline && work.item.deadline->until == run->step) drop_limits(work, 0);
    if (status == StepStatus::done || status == StepStatus::skipped) follow(work, no);
}

const item::Step* step_of(const Work& work, const StepRun& run) {
    return work.item.step(run.step);
}

}  // namespace internal

Transition advance(const item::Item& item,
                   const CaseState& state,
                   const Cause& cause,
                   const Facts& facts) {
    internal::Work work{item, cause, facts, state, {}, false, {}};
    Transition& out = work.out;
    internal::shed(work.state);
    if (state.status == CaseStatus::closed) {
        // Late answers and timers concern nobody; an officer is told.
        out.state = state;
        if (std::holds_alternative<Ordered>(cause.what) ||
            std::holds_alternative<Decided>(cause.what)) {
            out.verdict = Verdict::refused;
            out.refusal = Fault{FaultKind::conflict, "case.closed", "the case is closed"};
        }
        return std::move(out);
    }
    if (!cause.exchange_id.empty() && !cause.actor.empty())
        work.state.signed_by.emplace(cause.actor, cause.exchange_id);  // it carries the consent
    internal::apply(work);
    internal::close_if_still(work);
    if (work.refused()) {
        Transition no;
        no.verdict = Verdict::refused;
        no.state = state;
        no.refusal = out.refusal;
        return no;
    }
    if (!work.changed) {
        out.verdict = internal::only_asks_again(work) ? Verdict::quiet : Verdict::nothing;
        out.state = state;
        return std::move(out);
    }
    out.verdict = Verdict::recorded;
    work.state.last_ms = facts.now.ms;
    out.told.what = std::string(name_of(cause));
    for (const std::string& note : work.notes)
        out.told.detail += (out.told.detail.empty() ? "" : " ") + note;
    out.state = std::move(work.state);
    return std::move(out);
}

}  // namespace tongban::cases
