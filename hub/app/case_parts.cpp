#include "hub/app/case_parts.h"

#include <limits>
#include <optional>
#include <utility>

#include "base/log.h"
#include "base/shifted_clock.h"
#include "hub/cases/world_port.h"

namespace tongban::app {

namespace {

// A case's deadlines are in its own time; exchanges live in the machine's.
class CallsInMachineTime final : public exchange::CaseCalls {
public:
    CallsInMachineTime(exchange::CaseCalls& calls, const Clock& clock)
        : calls_(calls), clock_(clock) {}

    Result<Done> call(exchange::CaseCall call) override {
        if (call.deadline.ms != 0) call.deadline.ms -= clock_.now().ms - SystemClock().now().ms;
        return calls_.call(std::move(call));
    }
    Result<std::optional<exchange::CaseAnswer>> answer_of(const exchange::CallName& name) override {
        return calls_.answer_of(name);
    }
    void on_answer(Answered answered) override { calls_.on_answer(std::move(answered)); }

private:
    exchange::CaseCalls& calls_;
    const Clock& clock_;
};

std::unique_ptr<Clock> clock_of(const api::CasesConfig& config) {
    if (config.clock.empty()) return std::make_unique<SystemClock>();
    log::warn("cases.clock", {{"file", config.clock}, {"note", "for demos and drills alone"}});
    return std::make_unique<ShiftedClock>(config.clock);
}

cases::World world_of(const InForce& in_force) {
    return {std::make_shared<cases::BookItems>(in_force.items),
            in_force.calendars,
            in_force.engine->rules,
            std::make_shared<cases::PolicyDirectory>(in_force.policy),
            in_force.engine->catalogue};
}

cases::CasesTerms terms_of(const api::CasesConfig& config) {
    cases::CasesTerms terms;
    terms.causes_a_turn = config.causes_a_turn;
    terms.timers_a_turn = config.timers_a_turn;
    terms.calls_a_turn = config.calls_a_turn;
    terms.backlog = config.backlog;
    terms.states_kept = config.states_kept;
    terms.timer_window_ms = config.timer_window.count();
    terms.jump_limit_ms = config.jump_limit.count();
    terms.ask_after_ms = config.ask_after.count();
    terms.idle_ms = config.idle.count();
    // Whoever writes the file means every jump.
    terms.keep_time_ms = terms.jump_limit_ms / 2;
    if (!config.clock.empty()) terms.jump_limit_ms = std::numeric_limits<std::int64_t>::max();
    return terms;
}

// Deadlines in a year without its notice are provisional: somebody must be told.
void warn_of_missing(const InForce& in_force, const Clock& clock) {
    for (const calendar::MissingYear& one : in_force.calendars->missing(shanghai_date(clock.now())))
        log::warn("calendar.missing",
                  {{"calendar", one.calendar}, {"year", one.year}, {"zh", one.zh}, {"en", one.en}});
}

}  // namespace

CaseParts::CaseParts(const CaseLinks& links,
                     const InForce& in_force,
                     const api::CasesConfig& config)
    : clock_(clock_of(config)),
      calls_(std::make_unique<CallsInMachineTime>(links.exchanges.case_calls(), *clock_)),
      sealer_(links.sealing),
      leaves_(links.trail),
      cases_(
          {links.store, *calls_, sealer_, leaves_, *clock_}, world_of(in_force), terms_of(config)),
      desk_(cases_, *clock_) {
    warn_of_missing(in_force, *clock_);
}

void CaseParts::start() {
    cases_.start();
}

void CaseParts::reload(const InForce& in_force) {
    cases_.reload(world_of(in_force));
    warn_of_missing(in_force, *clock_);
}

}  // namespace tongban::app
