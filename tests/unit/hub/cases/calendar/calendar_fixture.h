// What the tests of calendars share: the book of configs/calendars and short ways to say a time.
#pragma once

#include <memory>
#include <string>

#include "hub/cases/calendar/calendar_book.h"
#include "hub/cases/calendar/legal_time.h"

namespace tongban::calendar::test {

inline std::shared_ptr<const CalendarBook> book() {
    static const auto loaded = CalendarBook::load(TONGBAN_SOURCE_DIR "/configs/calendars");
    return loaded;
}

inline const Calendar& cn() {
    return *book()->find("cn");
}

inline Date date(const std::string& text) {
    const auto parsed = parse_iso_date(text);
    return parsed.ok() ? *parsed : Date{};
}

// "2026-02-13 10:00", Asia/Shanghai
inline Instant at(const std::string& text) {
    std::string iso = text + ":00+08:00";
    iso[10] = 'T';
    const auto parsed = parse_iso_instant(iso);
    return parsed.ok() ? *parsed : Instant{};
}

inline Basis basis(const std::string& start, std::int64_t n, Unit unit = Unit::working_days) {
    Basis basis;
    basis.start = at(start);
    basis.n = n;
    basis.unit = unit;
    basis.calendar = "cn";
    return basis;
}

inline Stop stop(const std::string& from, const std::string& to = "") {
    Stop stop{StopReason::awaiting_citizen, at(from), std::nullopt, ""};
    if (!to.empty()) stop.to = at(to);
    return stop;
}

// The last day, or why there is none.
inline std::string last_day(const Basis& basis, const Calendar& calendar) {
    const auto found = due(basis, calendar);
    if (!found.ok()) return found.fault().reason;
    return found->last_day ? iso(*found->last_day) : "suspended";
}

inline std::string last_day(const Basis& basis) {
    return last_day(basis, cn());
}

// A national year with its fixed days, and whatever the test adds, as YAML.
inline std::string year_text(int year, const std::string& off = "", const std::string& work = "") {
    const std::string y = std::to_string(year);
    const std::string before = std::to_string(year - 1);
    return "calendar: cn\nzh: 全国\nen: national\nyear: " + y +
           "\nversion: 1\npublished: " + before +
           "-11-01\nsources: [{title: 通知}]\noff:\n  - {from: " + y +
           "-01-01, zh: 元旦, en: New Year}\n  - {from: " + y +
           "-05-01, zh: 劳动节, en: Labour Day}\n  - {from: " + y + "-10-01, to: " + y +
           "-10-03, zh: 国庆节, en: National Day}\n" + off + "work: [" + work + "]\n";
}

}  // namespace tongban::calendar::test
