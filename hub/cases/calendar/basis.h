// Basis: what a deadline is reckoned from, kept with the timer so that it can be reckoned again
// when the clock stops, when it is extended, or when a calendar is amended. Canonical JSON (RFC
// 8785).
//
// Threads: values and pure functions.
// Faults:  malformed (a basis that cannot be, or text that is no basis), conflict (the clock is
//          stopped already, or runs), refused (extended already, or too late).
// Source:  行政许可法 Arts. 42, 45, 82; 民法典 Arts. 201, 203.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "hub/cases/calendar/calendar.h"

namespace tongban::calendar {

enum class Unit { working_days, days, hours };
std::string_view name_of(Unit unit);  // "working_days" "days" "hours"
std::optional<Unit> unit_named(std::string_view name);

enum class StopReason {
    awaiting_citizen,   // 等待群众补件
    awaiting_province,  // 等待外省回函
    judicial,           // 司法程序
    hearing,            // 听证
    inspection,         // 检验、检测、检疫、鉴定
    expert_review,      // 专家评审
};
std::string_view name_of(StopReason reason);  // "awaiting-citizen" ...
std::optional<StopReason> stop_reason_named(std::string_view name);
std::string_view chinese(StopReason reason);
std::vector<std::string> stop_reason_names();

// When an event outside office hours (or on an off day) is taken to have happened.
enum class Counting {
    at_once,       // when it happened: online acceptance
    office_hours,  // on the next working day: acceptance by a counter
};

struct OfficeHours {  // minutes of the day, Asia/Shanghai
    int opens = 0;
    int closes = 1440;  // the last day ends here; 1440 is 24:00
    auto operator<=>(const OfficeHours&) const = default;
};

struct Stop {  // the clock stands from `from` until `to`; without `to`, still
    StopReason reason = StopReason::awaiting_citizen;
    Instant from;
    std::optional<Instant> to;
    std::string ground;  // the article or paper; never personal data
    bool operator==(const Stop&) const = default;
};

struct Extension {  // 许可法 Art. 42: once, with approval, told to the citizen
    std::int64_t n = 0;
    Instant decided;
    std::string ground;
    bool operator==(const Extension&) const = default;
};

struct Basis {
    Instant start;  // the event; its day is not counted
    std::int64_t n = 0;
    Unit unit = Unit::working_days;
    std::string calendar;  // id or region of the owing office, "cn-64", "cn-640100"
    Editions editions;     // reckoned with; empty: with those in force
    Counting counting = Counting::at_once;
    OfficeHours hours;
    std::vector<Stop> stops;  // in order, apart; only the last may be open
    std::optional<Extension> extension;
    bool operator==(const Basis&) const = default;

    [[nodiscard]] std::int64_t total() const { return n + (extension ? extension->n : 0); }
    [[nodiscard]] bool suspended() const { return !stops.empty() && !stops.back().to; }
};

Result<Done> check(const Basis& basis);

Result<Basis> suspend(Basis basis, Stop stop);  // `to` is not looked at
Result<Basis> resume(Basis basis, Instant at);
// `due` is the end of the period as it stands: what is over cannot be extended.
Result<Basis> extend(Basis basis, Extension extension, std::optional<Instant> due);

std::string to_json(const Basis& basis);  // canonical
Result<Basis> parse_basis(std::string_view json);

}  // namespace tongban::calendar
