#include "base/time.h"

#include <charconv>
#include <cstdio>
#include <optional>

namespace tongban {
namespace {

using std::chrono::sys_days;

constexpr std::int64_t ms_per_day = 86'400'000;
constexpr std::int64_t shanghai_offset_ms = 28'800'000;

// Digits only: from_chars alone would take a minus sign.
std::optional<int> number(std::string_view text, std::size_t from, std::size_t count) {
    if (from + count > text.size()) return std::nullopt;
    int value = 0;
    for (const char c : text.substr(from, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

Fault malformed(std::string reason) {
    return Fault{FaultKind::malformed, "", std::move(reason)};
}

std::string digits(std::int64_t value, int width) {
    char buffer[24];
    const int size =
        std::snprintf(buffer, sizeof buffer, "%0*lld", width, static_cast<long long>(value));
    return {buffer, static_cast<std::size_t>(size)};
}

std::int64_t floor_div(std::int64_t value, std::int64_t by) {
    return value / by - (value % by < 0 ? 1 : 0);
}

std::string wall(std::int64_t local_ms, std::string_view zone) {
    const std::int64_t day = floor_div(local_ms, ms_per_day);
    const std::int64_t rest = local_ms - day * ms_per_day;
    std::string text = iso(date_of_days(day));
    text += 'T';
    text += digits(rest / 3'600'000, 2);
    text += ':';
    text += digits(rest / 60'000 % 60, 2);
    text += ':';
    text += digits(rest / 1000 % 60, 2);
    text += '.';
    text += digits(rest % 1000, 3);
    text += zone;
    return text;
}

// "Z", "+08:00" or nothing (Shanghai); the offset in minutes.
std::optional<int> zone_minutes(std::string_view zone) {
    if (zone.empty()) return 8 * 60;
    if (zone == "Z") return 0;
    if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':')
        return std::nullopt;
    const auto hours = number(zone, 1, 2);
    const auto minutes = number(zone, 4, 2);
    if (!hours || !minutes || *minutes > 59 || *hours * 60 + *minutes > 14 * 60)
        return std::nullopt;
    const int offset = *hours * 60 + *minutes;
    return zone[0] == '-' ? -offset : offset;
}

}  // namespace

Result<Date> make_date(int year, int month, int day) {
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31)
        return malformed("not a real date");
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return malformed("not a real date");
    return Date{static_cast<std::int16_t>(year),
                static_cast<std::uint8_t>(month),
                static_cast<std::uint8_t>(day)};
}

Result<Date> parse_iso_date(std::string_view text) {
    const auto year = number(text, 0, 4);
    const auto month = number(text, 5, 2);
    const auto day = number(text, 8, 2);
    if (text.size() != 10 || !year || !month || !day || text[4] != '-' || text[7] != '-')
        return malformed("not a date of the form yyyy-MM-dd");
    return make_date(*year, *month, *day);
}

Result<Date> parse_compact_date(std::string_view text) {
    const auto year = number(text, 0, 4);
    const auto month = number(text, 4, 2);
    const auto day = number(text, 6, 2);
    if (text.size() != 8 || !year || !month || !day)
        return malformed("not a date of the form yyyyMMdd");
    return make_date(*year, *month, *day);
}

Result<Period> make_period(int year, int month) {
    if (year < 1 || year > 9999 || month < 1 || month > 12) return malformed("not a real month");
    return Period{year * 100 + month};
}

Result<Period> parse_compact_period(std::string_view text) {
    const auto year = number(text, 0, 4);
    const auto month = number(text, 4, 2);
    if (text.size() != 6 || !year || !month) return malformed("not a month of the form yyyyMM");
    return make_period(*year, *month);
}

Result<Instant> parse_iso_instant(std::string_view text) {
    static constexpr const char* wrong =
        "not an instant of the form yyyy-MM-ddThh:mm:ss with an optional zone";
    if (text.size() < 19 || (text[10] != 'T' && text[10] != ' ') || text[13] != ':' ||
        text[16] != ':')
        return malformed(wrong);
    const auto date = parse_iso_date(text.substr(0, 10));
    if (!date) return date.fault();
    const auto hour = number(text, 11, 2);
    const auto minute = number(text, 14, 2);
    const auto second = number(text, 17, 2);
    if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59)
        return malformed(wrong);
    std::string_view rest = text.substr(19);
    int fraction_ms = 0;
    if (!rest.empty() && rest.front() == '.') {
        std::size_t count = 1;
        while (count < rest.size() && rest[count] >= '0' && rest[count] <= '9')
            ++count;
        if (count < 2 || count > 10) return malformed(wrong);
        for (std::size_t i = 1, scale = 100; i <= 3; ++i, scale /= 10)
            if (i < count) fraction_ms += (rest[i] - '0') * static_cast<int>(scale);
        rest.remove_prefix(count);
    }
    const auto offset = zone_minutes(rest);
    if (!offset) return malformed(wrong);
    const std::int64_t minutes = std::int64_t{*hour} * 60 + *minute - *offset;
    return Instant{days_since_1970(*date) * ms_per_day + minutes * 60'000 +
                   std::int64_t{*second} * 1000 + fraction_ms};
}

std::string iso(Date date) {
    return digits(date.year, 4) + '-' + digits(date.month, 2) + '-' + digits(date.day, 2);
}

std::string compact(Date date) {
    return digits(date.year, 4) + digits(date.month, 2) + digits(date.day, 2);
}

std::string iso(Period period) {
    return digits(period.yyyymm / 100, 4) + '-' + digits(period.yyyymm % 100, 2);
}

std::string compact(Period period) {
    return digits(period.yyyymm, 6);
}

std::string iso(Instant instant) {
    return wall(instant.ms, "Z");
}

std::string shanghai(Instant instant) {
    return wall(instant.ms + shanghai_offset_ms, "+08:00");
}

std::int64_t days_since_1970(Date date) {
    const std::chrono::year_month_day day{
        std::chrono::year{date.year}, std::chrono::month{date.month}, std::chrono::day{date.day}};
    return sys_days{day}.time_since_epoch().count();
}

Date date_of_days(std::int64_t days) {
    const std::chrono::year_month_day date{sys_days{std::chrono::days{days}}};
    return Date{static_cast<std::int16_t>(static_cast<int>(date.year())),
                static_cast<std::uint8_t>(static_cast<unsigned>(date.month())),
                static_cast<std::uint8_t>(static_cast<unsigned>(date.day()))};
}

int months_between(Period from, Period to) {
    return (to.yyyymm / 100 - from.yyyymm / 100) * 12 + (to.yyyymm % 100 - from.yyyymm % 100);
}

Period add_months(Period period, int months) {
    const int total = period.yyyymm / 100 * 12 + (period.yyyymm % 100 - 1) + months;
    return Period{total / 12 * 100 + total % 12 + 1};
}

Date shanghai_date(Instant instant) {
    return date_of_days(floor_div(instant.ms + shanghai_offset_ms, ms_per_day));
}

Instant SystemClock::now() const {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return Instant{std::chrono::duration_cast<std::chrono::milliseconds>(since).count()};
}

std::chrono::milliseconds Deadline::left() const {
    const auto now = Steady::now();
    if (now >= at_) return std::chrono::milliseconds{0};
    // Rounded up, so that a deadline that has not passed never turns into a timeout of 0 (which
    // means "none" to some).
    return std::chrono::ceil<std::chrono::milliseconds>(at_ - now);
}

}  // namespace tongban
