#include "hub/cases/calendar/legal_time.h"

#include <algorithm>

#include "hub/cases/calendar/internal/course.h"

namespace tongban::calendar {
namespace {

constexpr std::int64_t shanghai_ms = 8 * ms_per_hour;

bool open_before(Instant end, const Basis& basis) {
    return basis.suspended() && basis.stops.back().from < end;
}

// A counter takes what comes on an off day, or when it has closed, as come on the next working day.
Instant effective_start(const Basis& basis, const Calendar& calendar) {
    if (basis.counting == Counting::at_once) return basis.start;
    const Date day = shanghai_date(basis.start);
    if (!calendar.is_work(day) || basis.start >= at_minute(day, basis.hours.closes))
        return at_minute(calendar.work_day_after(day), basis.hours.opens);
    return std::max(basis.start, at_minute(day, basis.hours.opens));
}

void lay_out_days(Course& course, const Basis& basis, const Calendar& calendar) {
    const auto total = static_cast<std::size_t>(basis.total());
    Date day = shanghai_date(course.start);
    while (course.counted.size() < total) {
        day = plus_days(day, 1);
        course.last_year = day.year;
        if (open_before(day_end(day, basis), basis)) return;
        if (basis.unit == Unit::working_days && !calendar.is_work(day)) continue;
        if (!stopped_at_end(day, basis)) course.counted.push_back(day);
    }
    while (!calendar.is_work(day) || stopped_at_end(day, basis)) {
        day = plus_days(day, 1);
        course.last_year = day.year;
        if (open_before(day_end(day, basis), basis)) return;
    }
    course.last_day = day;
    course.end = day_end(day, basis);
}

std::int64_t hours_left(const Basis& basis, Instant start) {
    std::int64_t used = 0;
    Instant since = start;
    for (const Stop& stop : basis.stops) {
        used += std::max<std::int64_t>(0, stop.from.ms - since.ms);
        if (stop.to) since = std::max(since, *stop.to);
    }
    const std::int64_t left = basis.total() * ms_per_hour - used;
    return (left + ms_per_hour - 1) / ms_per_hour;
}

// The same period as if the clock had gone on: what was notified before it was stopped.
Basis running(Basis basis) {
    if (basis.suspended()) basis.stops.back().to = basis.stops.back().from;
    return basis;
}

Result<Due> notified(const Basis& basis, const CalendarBook& book, const Editions& editions) {
    auto calendar = book.at(basis.calendar, editions);
    if (!calendar) return std::move(calendar).fault();
    return due(running(basis), **calendar);
}

}  // namespace

Instant at_minute(Date day, int minute) {
    return Instant{(days_since_1970(day) * 1440 + minute) * ms_per_minute - shanghai_ms};
}

Instant day_end(Date day, const Basis& basis) {
    return at_minute(day, basis.hours.closes);
}

bool stopped_at_end(Date day, const Basis& basis) {
    const Instant end = day_end(day, basis);
    return std::any_of(basis.stops.begin(), basis.stops.end(), [end](const Stop& stop) {
        return stop.from < end && (!stop.to || *stop.to >= end);
    });
}

std::optional<Instant> after_running(Instant start, std::int64_t ms, const Basis& basis) {
    Instant at{start.ms + ms};
    for (const Stop& stop : basis.stops) {
        if (stop.from >= at) break;
        if (!stop.to) return std::nullopt;
        at.ms += std::max<std::int64_t>(0, stop.to->ms - std::max(stop.from, start).ms);
    }
    return at;
}

Course course_of(const Basis& basis, const Calendar& calendar) {
    Course course;
    course.start = effective_start(basis, calendar);
    course.last_year = shanghai_date(course.start).year;
    if (basis.unit != Unit::hours) {
        lay_out_days(course, basis, calendar);
        return course;
    }
    course.end = after_running(course.start, basis.total() * ms_per_hour, basis);
    if (course.end) {
        course.last_day = shanghai_date(Instant{course.end->ms - 1});
        course.last_year = course.last_day->year;
    }
    return course;
}

Result<Due> due(const Basis& basis, const Calendar& calendar) {
    if (auto checked = check(basis); !checked) return std::move(checked).fault();
    const Course course = course_of(basis, calendar);
    Due due;
    due.at = course.end;
    due.last_day = course.last_day;
    if (!course.end) {
        due.left = basis.unit == Unit::hours
                       ? hours_left(basis, course.start)
                       : basis.total() - static_cast<std::int64_t>(course.counted.size());
    }
    // Hours run on working days and others alike: no edition bears on them, unless on their start.
    if (basis.unit == Unit::hours && basis.counting == Counting::at_once) return due;
    const int first_year = shanghai_date(basis.start).year;
    due.editions = calendar.editions(first_year, course.last_year);
    for (int year = first_year; year <= course.last_year; ++year)
        due.provisional = due.provisional || calendar.provisional(year);
    return due;
}

Result<Reckoned> reckon(Basis basis, const CalendarBook& book) {
    if (auto checked = check(basis); !checked) return std::move(checked).fault();
    auto calendar = book.at(basis.calendar, basis.editions);
    if (!calendar) return std::move(calendar).fault();
    auto found = due(basis, **calendar);
    if (!found) return std::move(found).fault();
    basis.editions = found->editions;
    return Reckoned{std::move(basis), *std::move(found), *std::move(calendar)};
}

bool up_to_date(const Basis& basis, const CalendarBook& book) {
    const Calendar* in_force = book.find(basis.calendar);
    if (in_force == nullptr) return false;
    Editions current;  // of every layer in the years used: a layer may be new to the region
    for (const auto& [key, version] : basis.editions) {
        const int year = year_of(key);
        current.merge(in_force->editions(year, year));
    }
    return current == basis.editions;
}

Result<Recomputed> recompute(const Basis& basis, const CalendarBook& book, Amendment amendment) {
    auto before = notified(basis, book, basis.editions);
    if (!before) return std::move(before).fault();
    auto after = notified(basis, book, Editions{});
    if (!after) return std::move(after).fault();

    const bool shorter = after->at < before->at;
    const bool keep = shorter && amendment == Amendment::extend_only;
    Basis next = basis;
    if (!keep) next.editions.clear();
    auto reckoned = reckon(std::move(next), book);
    if (!reckoned) return std::move(reckoned).fault();
    Recomputed result{std::move(reckoned->basis), std::move(reckoned->due), Outcome::unchanged};
    if (keep) {
        result.outcome = Outcome::kept;
        result.due.provisional = after->provisional;  // the paper is there: it will not move again
    } else if (after->at != before->at) {
        result.outcome = Outcome::moved;
    }
    return result;
}

}  // namespace tongban::calendar
