#include "hub/cases/calendar/light.h"

#include <algorithm>
#include <array>

#include "hub/cases/calendar/internal/course.h"

namespace tongban::calendar {
namespace {

struct Word {
    std::string_view name;
    std::string_view zh;
};
constexpr std::array<Word, 5> words{{
    {"green", "绿灯"},
    {"yellow", "黄灯"},
    {"orange", "橙灯"},
    {"red", "红灯"},
    {"suspended", "挂起"},
}};

// When one working day is left: the end of the last one before the period's last day.
Instant last_but_one(const Course& course, const Basis& basis, const Calendar& calendar) {
    Date day = calendar.work_day_before(*course.last_day);
    const Date first = shanghai_date(course.start);
    while (day > first && stopped_at_end(day, basis))
        day = calendar.work_day_before(day);
    return day > first ? day_end(day, basis) : course.start;
}

// The lights of a clock that runs, or has run again, to its end.
std::vector<LightChange> running_lights(const Basis& basis, const Calendar& calendar) {
    const Course course = course_of(basis, calendar);
    Instant yellow;
    Instant orange;
    if (basis.unit == Unit::hours) {
        const std::int64_t ms = basis.total() * ms_per_hour;
        yellow = *after_running(course.start, ms / 2, basis);
        orange = *after_running(course.start, ms - ms / 8, basis);
    } else {
        const std::size_t n = course.counted.size();
        yellow = day_end(course.counted[n - n / 2 - 1], basis);  // n / 2 are left after it
        orange = last_but_one(course, basis, calendar);
    }
    return {{basis.start, Light::green},
            {yellow, Light::yellow},
            {orange, Light::orange},
            {*course.end, Light::red}};
}

// Later entries win at one instant, and a milder light never follows a graver one.
std::vector<LightChange> in_order(const std::vector<LightChange>& changes) {
    std::vector<LightChange> ordered;
    for (const LightChange& change : changes) {
        while (!ordered.empty() && ordered.back().at >= change.at)
            ordered.pop_back();
        ordered.push_back(change);
    }
    return ordered;
}

void shade(std::vector<LightChange>& changes, const Stop& stop) {
    const bool no_time = stop.to && *stop.to <= stop.from;
    if (no_time || light_at(changes, stop.from) == Light::red) return;
    std::vector<LightChange> shaded;
    for (const LightChange& change : changes)
        if (change.at < stop.from) shaded.push_back(change);
    shaded.push_back({stop.from, Light::suspended});
    if (stop.to) {
        shaded.push_back({*stop.to, light_at(changes, *stop.to)});
        for (const LightChange& change : changes)
            if (change.at > *stop.to) shaded.push_back(change);
    }
    changes = std::move(shaded);
}

}  // namespace

std::string_view name_of(Light light) {
    return words.at(static_cast<std::size_t>(light)).name;
}

std::string_view chinese(Light light) {
    return words.at(static_cast<std::size_t>(light)).zh;
}

Result<std::vector<LightChange>> lights(const Basis& basis, const Calendar& calendar) {
    if (auto checked = check(basis); !checked) return std::move(checked).fault();
    // An open stop hides what comes after it; what came before was seen with the clock running.
    Basis known = basis;
    if (known.suspended()) known.stops.pop_back();
    std::vector<LightChange> changes = in_order(running_lights(known, calendar));
    for (const Stop& stop : basis.stops)
        shade(changes, stop);
    const auto same = [](const LightChange& a, const LightChange& b) { return a.light == b.light; };
    changes.erase(std::unique(changes.begin(), changes.end(), same), changes.end());
    return changes;
}

Light light_at(const std::vector<LightChange>& lights, Instant now) {
    Light light = Light::green;
    for (const LightChange& change : lights)
        if (change.at <= now) light = change.light;
    return light;
}

std::optional<LightChange> next_change(const std::vector<LightChange>& lights, Instant now) {
    const auto next = std::find_if(
        lights.begin(), lights.end(), [now](const LightChange& change) { return change.at > now; });
    return next == lights.end() ? std::nullopt : std::optional(*next);
}

}  // namespace tongban::calendar
