#include "hub/cases/calendar/basis.h"

#include <array>
#include <utility>

namespace tongban::calendar {
namespace {

constexpr std::int64_t max_days = 3660;
constexpr std::int64_t max_hours = max_days * 24;
// 2000-01-01 to 2200-01-01: an instant in seconds instead of milliseconds falls outside.
constexpr std::int64_t earliest_ms = 946'684'800'000;
constexpr std::int64_t latest_ms = 7'258'118'400'000;

constexpr std::array<std::pair<Unit, std::string_view>, 3> units{{
    {Unit::working_days, "working_days"},
    {Unit::days, "days"},
    {Unit::hours, "hours"},
}};

struct ReasonName {
    StopReason reason;
    std::string_view name;
    std::string_view zh;
};
constexpr std::array<ReasonName, 6> reasons{{
    {StopReason::awaiting_citizen, "awaiting-citizen", "等待群众补件"},
    {StopReason::awaiting_province, "awaiting-province", "等待外省回函"},
    {StopReason::judicial, "judicial", "司法程序"},
    {StopReason::hearing, "hearing", "听证"},
    {StopReason::inspection, "inspection", "检验检测检疫鉴定"},
    {StopReason::expert_review, "expert-review", "专家评审"},
}};

Fault malformed(std::string where, std::string reason) {
    return Fault{FaultKind::malformed, std::move(where), std::move(reason)};
}

bool sane(Instant instant) {
    return instant.ms >= earliest_ms && instant.ms < latest_ms;
}

Result<Done> check_stops(const Basis& basis) {
    Instant free_from = basis.start;
    for (std::size_t i = 0; i < basis.stops.size(); ++i) {
        const Stop& stop = basis.stops[i];
        const bool last = i + 1 == basis.stops.size();
        if (!sane(stop.from) || (stop.to && !sane(*stop.to)))
            return malformed("basis.stops", "a stop lies outside the years 2000 to 2199");
        if (!stop.to && !last) return malformed("basis.stops", "only the last stop may be open");
        if (stop.from < free_from)
            return malformed("basis.stops",
                             "a stop begins before the period does, or within the stop before it");
        if (stop.to && *stop.to < stop.from)
            return malformed("basis.stops", "a stop ends before it begins");
        if (stop.to) free_from = *stop.to;
    }
    return Done{};
}

}  // namespace

std::string_view name_of(Unit unit) {
    return units.at(static_cast<std::size_t>(unit)).second;
}

std::optional<Unit> unit_named(std::string_view name) {
    for (const auto& [unit, text] : units)
        if (text == name) return unit;
    return std::nullopt;
}

std::string_view name_of(StopReason reason) {
    return reasons.at(static_cast<std::size_t>(reason)).name;
}

std::string_view chinese(StopReason reason) {
    return reasons.at(static_cast<std::size_t>(reason)).zh;
}

std::optional<StopReason> stop_reason_named(std::string_view name) {
    for (const ReasonName& row : reasons)
        if (row.name == name) return row.reason;
    return std::nullopt;
}

std::vector<std::string> stop_reason_names() {
    std::vector<std::string> names;
    names.reserve(reasons.size());
    for (const ReasonName& row : reasons)
        names.emplace_back(row.name);
    return names;
}

Result<Done> check(const Basis& basis) {
    const std::int64_t most = basis.unit == Unit::hours ? max_hours : max_days;
    if (!sane(basis.start)) return malformed("basis.start", "lies outside the years 2000 to 2199");
    if (basis.n < 1 || basis.n > most)
        return malformed("basis.n", "expected 1 to " + std::to_string(most));
    if (basis.extension && (basis.extension->n < 1 || basis.extension->n > most))
        return malformed("basis.extension.n", "expected 1 to " + std::to_string(most));
    if (basis.extension && !sane(basis.extension->decided))
        return malformed("basis.extension.decided", "lies outside the years 2000 to 2199");
    if (basis.calendar.empty()) return malformed("basis.calendar", "names no calendar");
    const OfficeHours& hours = basis.hours;
    if (hours.opens < 0 || hours.opens >= hours.closes || hours.closes > 1440)
        return malformed("basis.hours", "expected opens before closes, both within one day");
    for (const auto& [key, version] : basis.editions)
        if (year_of(key) == 0 || version < 0)  // canonical JSON takes ASCII names only
            return malformed("basis.editions", "expected <calendar>/<year> with a version each");
    return check_stops(basis);
}

Result<Basis> suspend(Basis basis, Stop stop) {
    if (basis.suspended())
        return Fault{FaultKind::conflict, "basis.stops", "the clock is stopped already"};
    stop.to.reset();
    basis.stops.push_back(std::move(stop));
    if (auto checked = check(basis); !checked) return std::move(checked).fault();
    return basis;
}

Result<Basis> resume(Basis basis, Instant at) {
    if (!basis.suspended()) return Fault{FaultKind::conflict, "basis.stops", "the clock runs"};
    basis.stops.back().to = at;
    if (auto checked = check(basis); !checked) return std::move(checked).fault();
    return basis;
}

Result<Basis> extend(Basis basis, Extension extension, std::optional<Instant> due) {
    if (basis.extension)
        return Fault{FaultKind::refused, "basis.extension", "a period is extended only once"};
    if (due && extension.decided >= *due)
        return Fault{FaultKind::refused, "basis.extension", "the period was over already"};
    basis.extension = std::move(extension);
    if (auto checked = check(basis); !checked) return std::move(checked).fault();
    return basis;
}

}  // namespace tongban::calendar
