// Timers: those of the next minutes in memory, the rest in the table; no more at once than the loop
// can interleave with its other work. A timer leaves the memory when it is taken up and the table
// when its transition commits, so it is neither lost nor fired twice.
#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "base/log.h"
#include "hub/cases/internal/inner.h"

namespace tongban::cases {
namespace {

constexpr std::size_t page = 500;
constexpr std::size_t reckoned_a_turn = 200;

// The newest edition of any year that a region's calendar has.
std::int32_t newest_edition(const calendar::CalendarBook& book, const std::string& region) {
    std::int32_t newest = 0;
    const calendar::Calendar* found = book.find(region);
    if (found == nullptr) return newest;
    for (const calendar::Layer& layer : found->layers())
        for (const auto& [year, edition] : layer.years)
            newest = std::max(newest, edition->version);
    return newest;
}

}  // namespace

// False: the store did not answer; tried again at the next turn.
bool Cases::Inner::load_timers() {
    const std::int64_t now = clock.now().ms;
    if (now + terms.timer_window_ms / 2 < timers_until) return true;
    const std::int64_t until = now + terms.timer_window_ms;
    for (std::int32_t shard = terms.first_shard; shard <= terms.last_shard; ++shard) {
        store::TimerKey after{timers_until == 0 ? -1 : timers_until - 1,
                              std::numeric_limits<std::int64_t>::max(),
                              std::numeric_limits<std::int32_t>::max(),
                              std::numeric_limits<std::int32_t>::max()};
        for (;;) {
            const auto rows = links.store.timers_due(shard, after, until - 1, page);
            if (!rows) return false;
            for (const store::TimerRow& row : *rows) {
                timers.insert(row.key);
                after = row.key;
            }
            if (rows->size() < page) break;
        }
    }
    timers_until = until;
    return true;
}

std::size_t Cases::Inner::fire_timers() {
    if (!load_timers()) return 0;
    std::size_t fired = 0;
    while (fired < terms.timers_a_turn && !timers.empty() &&
           timers.begin()->due_ms <= clock.now().ms) {
        const store::TimerKey key = *timers.begin();
        timers.erase(timers.begin());
        internal::Post post;
        post.case_id = key.case_id;
        post.cause.source = "timer";
        post.cause.what = TimerFired{key.step_no, key.kind, key.due_ms};
        put(std::move(post));
        ++fired;
    }
    return fired;
}

// A calendar was published: every case with a deadline is asked whether it moves, some a turn.
std::size_t Cases::Inner::reckon_some() {
    if (!reckoning) return 0;
    auto& [shard, after] = *reckoning;
    const auto rows = links.store.timers_due(
        shard, after, std::numeric_limits<std::int64_t>::max() - 1, reckoned_a_turn);
    if (!rows) return 0;
    std::set<std::int64_t> cases;
    std::map<std::string, std::int32_t> newest;
    for (const store::TimerRow& row : *rows) {
        after = row.key;
        if (row.calendar.empty() || !world.calendars) continue;
        auto [known_here, fresh] = newest.try_emplace(row.calendar, 0);
        if (fresh) known_here->second = newest_edition(*world.calendars, row.calendar);
        if (row.calendar_version < known_here->second) cases.insert(row.key.case_id);
    }
    for (const std::int64_t case_id : cases) {
        internal::Post post;
        post.case_id = case_id;
        post.cause.source = "calendars";
        post.cause.what = CalendarsChanged{};
        put(std::move(post));
    }
    if (rows->size() == reckoned_a_turn) return cases.size() + 1;
    after = store::TimerKey{};
    if (++shard > terms.last_shard) reckoning.reset();
    return cases.size() + 1;
}

}  // namespace tongban::cases
