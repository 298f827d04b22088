// Course: a period laid out on a calendar, day by day; what due dates and lights are read from.
//
// Threads: values and pure functions.
// Faults:  none; the caller has checked the basis.
#pragma once

#include <optional>
#include <vector>

#include "hub/cases/calendar/basis.h"
#include "hub/cases/calendar/calendar.h"

namespace tongban::calendar {

inline constexpr std::int64_t ms_per_minute = 60'000;
inline constexpr std::int64_t ms_per_hour = 3'600'000;

struct Course {
    Instant start;              // the event, after `counting`
    std::vector<Date> counted;  // units working_days and days: the days used, in order
    std::optional<Date> last_day;
    std::optional<Instant> end;  // empty: the clock stands before it is reached
    int last_year = 0;           // the last year looked at
};

Course course_of(const Basis& basis, const Calendar& calendar);

Instant at_minute(Date day, int minute);  // of the day, Asia/Shanghai
Instant day_end(Date day, const Basis& basis);
// The clock stands when this day ends.
bool stopped_at_end(Date day, const Basis& basis);
// When `ms` of running time after `start` are used; empty when the clock stands before.
std::optional<Instant> after_running(Instant start, std::int64_t ms, const Basis& basis);

}  // namespace tongban::calendar
