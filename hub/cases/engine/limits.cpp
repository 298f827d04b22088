// Legal time: the deadlines of the case and its steps, their lights, and the pauses that stop their
// clocks. A limit keeps the basis it was reckoned from; its timers are the projection of it
// (rows.cpp), so a limit that goes or moves takes its timers with it.
#include <algorithm>

#include "hub/cases/calendar/legal_time.h"
#include "hub/cases/calendar/light.h"
#include "hub/cases/engine/internal/work.h"
#include "hub/cases/engine/rows.h"

namespace tongban::cases::internal {
namespace {

constexpr item::Within reminder{5, calendar::Unit::working_days};

// Due date and lights of a basis, with the editions it names.
void reckon_into(const Work& work, Limit& limit) {
    if (!work.facts.calendars) return;
    const Result<calendar::Reckoned> reckoned =
        calendar::reckon(limit.basis, *work.facts.calendars);
    if (!reckoned) return;
    limit.basis = reckoned->basis;
    limit.provisional = reckoned->due.provisional;
    if (!reckoned->due.at) return;  // the clock stands: what was known stays
    limit.due_ms = reckoned->due.at->ms;
    limit.yellow_ms = 0;
    limit.orange_ms = 0;
    if (limit.kind != LimitKind::due) return;
    const Result<std::vector<calendar::LightChange>> lights =
        calendar::lights(limit.basis, *reckoned->calendar);
    if (!lights) return;
    for (const calendar::LightChange& change : *lights) {
        if (change.light == calendar::Light::yellow) limit.yellow_ms = change.at.ms;
        if (change.light == calendar::Light::orange) limit.orange_ms = change.at.ms;
    }
}

calendar::Basis basis_of(Instant start,
                         const item::Within& within,
                         const std::string& calendar_id) {
    calendar::Basis basis;
    basis.start = start;
    basis.n = within.count;
    basis.unit = within.unit;
    basis.calendar = calendar_id;
    return basis;
}

Limit* limit_of(Work& work, std::int32_t no, LimitKind kind) {
    for (Limit& limit : work.state.limits)
        if (limit.step_no == no && limit.kind == kind) return &limit;
    return nullptr;
}

// Escalation: a supervisor is told; or the item gives the step up and goes on elsewhere.
void breached(Work& work, std::int32_t no) {
    const StepRun* run = work.state.run(no);
    const item::Step* step = run == nullptr ? nullptr : step_of(work, *run);
    const bool gives_up = step != nullptr && step->deadline && !step->deadline->go.empty();
    if (!gives_up || work.state.status != CaseStatus::open) {
        open_incident(work, no, "deadline.breach", 3);
        return;
    }
    const Place place{run->parent, run->branch};
    work.note("given-up#" + std::to_string(no));
    cancel_run(work, no);
    enter(work, step->deadline->go, place);
}

void show(Work& work, Limit& limit, Light light) {
    if (light <= limit.light) return;
    limit.light = light;
    const std::int32_t no = limit.step_no;
    work.note("light:" + std::string(name_of(light)) + "#" + std::to_string(no));
    if (light == Light::red) breached(work, no);
}

}  // namespace

void add_limit(Work& work,
               std::int32_t no,
               LimitKind kind,
               const item::Within& within,
               const std::string& calendar_id) {
    Limit limit;
    limit.step_no = no;
    limit.kind = kind;
    limit.basis = basis_of(work.facts.now, within, calendar_id);
    reckon_into(work, limit);
    if (limit.due_ms == 0) {  // no calendar, or a span that cannot be: a person must set it right
        open_incident(work, no, "limit.calendar", 2);
        return;
    }
    work.state.limits.push_back(std::move(limit));
}

void add_deadline(Work& work, std::int32_t no, const item::Deadline& deadline) {
    add_limit(work, no, LimitKind::due, deadline.within, calendar_of(work, deadline.calendar));
}

std::optional<std::int64_t> after_span(const Work& work,
                                       Instant from,
                                       const item::Within& within,
                                       const std::string& calendar_id) {
    Limit limit;
    limit.kind = LimitKind::timer;
    limit.basis = basis_of(from, within, calendar_id);
    reckon_into(work, limit);
    if (limit.due_ms == 0) return std::nullopt;
    return limit.due_ms;
}

void drop_limits(Work& work, std::int32_t no) {
    std::erase_if(work.state.limits, [no](const Limit& limit) { return limit.step_no == no; });
}

void drop_limits_of(Work& work, std::int32_t no, LimitKind kind) {
    std::erase_if(work.state.limits,
                  [&](const Limit& limit) { return limit.step_no == no && limit.kind == kind; });
}

// A person has seen that it is overdue. It is still owed, so they are told again: an event that
// never comes must not be forgotten with its first warning.
void remind_again(Work& work, std::int32_t no) {
    Limit* limit = limit_of(work, no, LimitKind::due);
    if (limit == nullptr || limit->light != Light::red) return;
    const std::optional<std::int64_t> at =
        after_span(work, work.facts.now, reminder, limit->basis.calendar);
    limit->remind_ms = at.value_or(work.now() + std::int64_t{reminder.count} * 86'400'000);
}

void timer_fired(Work& work, const TimerFired& timer) {
    const auto kind = static_cast<TimerKind>(timer.kind);
    if (kind == TimerKind::hold) return extend_holds(work, timer);
    const bool step = kind == TimerKind::step;
    const LimitKind wanted = step                        ? LimitKind::timer
                             : kind == TimerKind::decide ? LimitKind::decide
                                                         : LimitKind::due;
    Limit* limit = limit_of(work, timer.step_no, wanted);
    if (limit == nullptr || limit->stopped()) return;
    // A timer that was moved since it was armed is another timer.
    if (kind == TimerKind::yellow && limit->yellow_ms == timer.due_ms)
        return show(work, *limit, Light::yellow);
    if (kind == TimerKind::orange && limit->orange_ms == timer.due_ms)
        return show(work, *limit, Light::orange);
    if (kind == TimerKind::remind) {
        if (limit->remind_ms != timer.due_ms || work.now() < timer.due_ms) return;
        limit->remind_ms = 0;
        work.note("overdue#" + std::to_string(timer.step_no));
        return breached(work, timer.step_no);
    }
    if (limit->due_ms != timer.due_ms || work.now() < limit->due_ms) return;
    if (kind == TimerKind::red) return show(work, *limit, Light::red);
    if (kind == TimerKind::decide) {
        drop_limits_of(work, timer.step_no, LimitKind::decide);
        return decide_cancel(work, timer.step_no, "deadline");
    }
    if (step) finish(work, timer.step_no, StepStatus::done, "done");
}

void stop_clocks(Work& work, const Ordered& command) {
    const std::optional<calendar::StopReason> reason = calendar::stop_reason_named(command.reason);
    if (!reason) return;
    for (Limit& limit : work.state.limits) {
        if (limit.kind != LimitKind::due || limit.stopped()) continue;
        Result<calendar::Basis> stopped = calendar::suspend(
            limit.basis, calendar::Stop{*reason, work.facts.now, std::nullopt, command.ground});
        if (stopped) limit.basis = *std::move(stopped);
    }
}

void run_clocks(Work& work) {
    for (Limit& limit : work.state.limits) {
        if (!limit.stopped()) continue;
        Result<calendar::Basis> running = calendar::resume(limit.basis, work.facts.now);
        if (!running) continue;
        limit.basis = *std::move(running);
        reckon_into(work, limit);
    }
}

void extend_limit(Work& work, const Ordered& command) {
    Limit* limit = limit_of(work, command.step_no, LimitKind::due);
    if (limit == nullptr)
        return refuse(work, FaultKind::not_found, "limit.none", "nothing with a deadline here");
    if (command.approver.empty() || command.approver == work.cause.officer)
        return refuse(
            work, FaultKind::refused, "command.two_officers", "a second officer must approve");
    const std::optional<Instant> due =
        limit->stopped() ? std::nullopt : std::optional(Instant{limit->due_ms});
    Result<calendar::Basis> extended = calendar::extend(
        limit->basis, calendar::Extension{command.count, work.facts.now, command.ground}, due);
    if (!extended) return refuse(work, FaultKind::refused, "limit.extend", extended.fault().reason);
    limit->basis = *std::move(extended);
    limit->light = Light::green;
    reckon_into(work, *limit);
    work.note("extended#" + std::to_string(command.step_no));
}

// A calendar was published anew: what it moves is moved, but no right that was notified is
// shortened.
void reckon_anew(Work& work) {
    if (!work.facts.calendars) return;
    for (Limit& limit : work.state.limits) {
        if (limit.basis.calendar.empty()) continue;
        if (calendar::up_to_date(limit.basis, *work.facts.calendars)) continue;
        const Result<calendar::Recomputed> again = calendar::recompute(
            limit.basis, *work.facts.calendars, calendar::Amendment::extend_only);
        if (!again || again->basis == limit.basis) continue;
        const std::int64_t before = limit.due_ms;
        limit.basis = again->basis;
        reckon_into(work, limit);
        if (limit.due_ms != before)
            work.note("reckoned#" + std::to_string(limit.step_no) + ":" + std::to_string(before) +
                      ">" + std::to_string(limit.due_ms));
        work.changed = true;
    }
}

}  // namespace tongban::cases::internal
