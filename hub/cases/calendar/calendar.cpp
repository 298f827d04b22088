#include "hub/cases/calendar/calendar.h"

#include <algorithm>

#include "base/check.h"

namespace tongban::calendar {
namespace {

Date first_day(int year) {
    return Date{static_cast<std::int16_t>(year), 1, 1};
}

std::size_t day_of_year(Date day) {
    return static_cast<std::size_t>(days_since_1970(day) - days_since_1970(first_day(day.year)));
}

std::string weekdays_of(int year) {
    std::string days;
    for (Date day = first_day(year); day.year == year; day = plus_days(day, 1))
        days += is_weekend(day) ? '0' : '1';
    return days;
}

}  // namespace

bool is_weekend(Date day) {
    const std::int64_t weekday = ((days_since_1970(day) + 3) % 7 + 7) % 7;  // Monday 0
    return weekday >= 5;
}

Date plus_days(Date day, std::int64_t days) {
    return date_of_days(days_since_1970(day) + days);
}

std::string edition_key(std::string_view calendar, int year) {
    return std::string(calendar) + '/' + std::to_string(year);
}

int year_of(std::string_view edition_key) {
    const std::size_t slash = edition_key.find('/');
    if (slash == std::string_view::npos || slash == 0 || edition_key.size() != slash + 5) return 0;
    const auto in_id = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    const std::string_view id = edition_key.substr(0, slash);
    if (!std::all_of(id.begin(), id.end(), in_id)) return 0;
    int year = 0;
    for (const char c : edition_key.substr(slash + 1)) {
        if (c < '0' || c > '9') return 0;
        year = year * 10 + (c - '0');
    }
    return year;
}

std::string Edition::key() const {
    return edition_key(calendar, year);
}

Calendar::Calendar(std::vector<Layer> layers) : layers_(std::move(layers)) {
    TONGBAN_CHECK(!layers_.empty(), "calendar.layers");
    for (const Layer& layer : layers_) {
        for (const auto& [number, edition] : layer.years) {
            Year& year = years_[number];
            if (year.days.empty()) year.days = weekdays_of(number);
            for (const auto& [day, special] : edition->days)
                year.days[day_of_year(day)] = special.kind == DayKind::work ? '1' : '0';
        }
    }
    for (auto& [number, year] : years_) {
        year.provisional =
            std::any_of(layers_.begin(), layers_.end(), [wanted = number](const Layer& layer) {
                const auto found = layer.years.find(wanted);
                return found == layer.years.end() || found->second->provisional;
            });
    }
}

const std::string& Calendar::id() const {
    return layers_.back().id;
}

bool Calendar::is_work(Date day) const {
    const auto year = years_.find(day.year);
    if (year == years_.end()) return !is_weekend(day);
    return year->second.days[day_of_year(day)] == '1';
}

Date Calendar::work_day_after(Date day) const {
    do
        day = plus_days(day, 1);
    while (!is_work(day));
    return day;
}

Date Calendar::work_day_before(Date day) const {
    do
        day = plus_days(day, -1);
    while (!is_work(day));
    return day;
}

int Calendar::work_days(int year) const {
    const std::string days = day_string(year);
    return static_cast<int>(std::count(days.begin(), days.end(), '1'));
}

int Calendar::work_days(int year, int month) const {
    int count = 0;
    Date day{static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month), 1};
    for (; day.month == month; day = plus_days(day, 1))
        count += is_work(day) ? 1 : 0;
    return count;
}

std::string Calendar::day_string(int year) const {
    const auto found = years_.find(year);
    return found == years_.end() ? weekdays_of(year) : found->second.days;
}

const SpecialDay* Calendar::special(Date day) const {
    for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer) {
        const auto year = layer->years.find(day.year);
        if (year == layer->years.end()) continue;
        const auto found = year->second->days.find(day);
        if (found != year->second->days.end()) return &found->second;
    }
    return nullptr;
}

bool Calendar::provisional(int year) const {
    const auto found = years_.find(year);
    return found == years_.end() || found->second.provisional;
}

Editions Calendar::editions(int from_year, int to_year) const {
    Editions used;
    for (const Layer& layer : layers_) {
        for (int year = from_year; year <= to_year; ++year) {
            const auto found = layer.years.find(year);
            used[edition_key(layer.id, year)] =
                found == layer.years.end() ? 0 : found->second->version;
        }
    }
    return used;
}

}  // namespace tongban::calendar
