// Light: how a period stands against its end, as a clerk sees it, and the instants when that
// changes.
//
// Green: more than half of the period's units are left. Yellow: half or less. Orange: one working
// day or less (of hours: an eighth, the hour of a day of eight). Red: over. Suspended: the clock
// stands.
//
// Threads: pure functions.
// Faults:  malformed, as in legal_time.h.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "hub/cases/calendar/legal_time.h"

namespace tongban::calendar {

enum class Light { green, yellow, orange, red, suspended };
std::string_view name_of(Light light);
std::string_view chinese(Light light);

struct LightChange {
    Instant at;
    Light light = Light::green;
    auto operator<=>(const LightChange&) const = default;
};

// From the start on, in order, each different from the one before it; while the clock stands the
// last one is `suspended`.
Result<std::vector<LightChange>> lights(const Basis& basis, const Calendar& calendar);

Light light_at(const std::vector<LightChange>& lights, Instant now);
// The next change after `now`: what a timer is set to. Empty: nothing more will change.
std::optional<LightChange> next_change(const std::vector<LightChange>& lights, Instant now);

}  // namespace tongban::calendar
