// A timer: the case goes on when its time has come.
#include "hub/cases/engine/internal/work.h"

namespace tongban::cases::internal {

void enter_timer(Work& work, std::int32_t no, const item::Step& step) {
    const auto& timer = std::get<item::Timer>(step.what);
    if (timer.within) {
        add_limit(work, no, LimitKind::timer, *timer.within, calendar_of(work, timer.calendar));
        return;
    }
    const std::optional<std::int64_t> until =
        timer.until ? instant(work, *timer.until) : std::nullopt;
    if (!until) {
        open_incident(work, no, "timer.undecided", 2);
        return;
    }
    if (*until <= work.now()) return finish(work, no, StepStatus::done, "done");
    Limit limit;
    limit.step_no = no;
    limit.kind = LimitKind::timer;
    limit.basis.start = work.facts.now;
    limit.basis.n = 1;
    limit.basis.calendar = "";  // a certain time: no calendar moves it
    limit.due_ms = *until;
    work.state.limits.push_back(std::move(limit));
}

}  // namespace tongban::cases::internal
