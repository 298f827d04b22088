// Time as the hub speaks it: instants in UTC milliseconds, civil dates and periods, deadlines.
//
// Legal time is Asia/Shanghai (UTC+8, no daylight saving since 1991); instants in tables are UTC.
//
// Threads: values; Clock implementations are safe from any thread.
// Faults:  malformed, when a text is not a real date, month or instant.
#pragma once

#include <atomic>
#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tongban {

struct Instant {  // UTC milliseconds since 1970
    std::int64_t ms = 0;
    auto operator<=>(const Instant&) const = default;
};

struct Date {  // a civil day, always real (31 February does not parse)
    std::int16_t year = 0;
    std::uint8_t month = 0;
    std::uint8_t day = 0;
    auto operator<=>(const Date&) const = default;
};

struct Period {  // a month, as yyyyMM
    std::int32_t yyyymm = 0;
    auto operator<=>(const Period&) const = default;
};

Result<Date> parse_iso_date(std::string_view text);      // 2024-03-15
Result<Date> parse_compact_date(std::string_view text);  // 20240315
Result<Date> make_date(int year, int month, int day);
Result<Period> parse_compact_period(std::string_view text);  // 202403
Result<Period> make_period(int year, int month);
Result<Instant> parse_iso_instant(
    std::string_view text);  // 2024-03-15T08:00:00+08:00, ...Z; no zone = Shanghai

std::string iso(Date date);             // 2024-03-15
std::string compact(Date date);         // 20240315
std::string iso(Period period);         // 2024-03
std::string compact(Period period);     // 202403
std::string iso(Instant instant);       // 2024-03-15T00:00:00.000Z
std::string shanghai(Instant instant);  // 2024-03-15T08:00:00.000+08:00

std::int64_t days_since_1970(Date date);
Date date_of_days(std::int64_t days);
int months_between(Period from, Period to);  // 202401, 202403 -> 2
Period add_months(Period period, int months);
Date shanghai_date(Instant instant);

class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override;
};

// Set once at the door, passed by value, turned into each callee's timeout. Monotonic.
class Deadline {
public:
    static Deadline after(std::chrono::milliseconds span) { return Deadline(Steady::now() + span); }
    [[nodiscard]] bool passed() const { return Steady::now() >= at_; }
    [[nodiscard]] std::chrono::milliseconds left() const;  // never negative
    [[nodiscard]] std::chrono::steady_clock::time_point at() const { return at_; }

private:
    using Steady = std::chrono::steady_clock;
    explicit Deadline(Steady::time_point at) : at_(at) {}
    Steady::time_point at_;
};

}  // namespace tongban
