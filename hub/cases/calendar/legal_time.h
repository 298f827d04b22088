// Legal time: when a period ends. Pure: no clock, no I/O.
//
// The day of the event is not counted (民法典 201).
// - working days: the period ends with the n-th following working day (许可法 82).
// - days: it ends with the n-th following day; is that no working day, with the next one (民法典
// 203).
// - hours: counted from the event on, day and night (民法典 201(2)).
// A day ends at 24:00 Asia/Shanghai, or when the office closes (民法典 203(2)).
// A stopped clock (许可法 45): a day is counted only if the clock runs at its end; hours stand
// still. What was used before the stop stays used.
//
// Threads: pure functions.
// Faults:  malformed (see basis.h), not_found (no such calendar or edition).
#pragma once

#include <memory>
#include <optional>

#include "hub/cases/calendar/basis.h"
#include "hub/cases/calendar/calendar_book.h"

namespace tongban::calendar {

struct Due {
    // The first instant after the period: what is done before it is in time. Empty while the clock
    // stands: nobody can know.
    std::optional<Instant> at;
    std::optional<Date> last_day;
    std::int64_t left = 0;     // while the clock stands: units not used yet, rounded up
    bool provisional = false;  // a year was reckoned without, or with a provisional, edition
    Editions editions;         // those of the years between start and end
};

Result<Due> due(const Basis& basis, const Calendar& calendar);

struct Reckoned {
    Basis basis;  // with the editions it was reckoned with: what a timer stores
    Due due;
    std::shared_ptr<const Calendar> calendar;  // that it was reckoned on
};

// With the editions that the basis names, and those in force for other years.
Result<Reckoned> reckon(Basis basis, const CalendarBook& book);

// Whether the basis was reckoned with the editions that are in force.
bool up_to_date(const Basis& basis, const CalendarBook& book);

enum class Amendment {
    extend_only,  // a right that was notified is never shortened
    exact,
};
enum class Outcome { unchanged, moved, kept };  // kept: would have been shortened

struct Recomputed {
    Basis basis;
    Due due;
    Outcome outcome = Outcome::unchanged;
};

// With the editions in force. A kept one goes on with its old editions, so that later stops and
// extensions are counted from the end that was notified.
Result<Recomputed> recompute(const Basis& basis, const CalendarBook& book, Amendment amendment);

}  // namespace tongban::calendar
