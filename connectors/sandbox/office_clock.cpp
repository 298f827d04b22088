#include "connectors/sandbox/office_clock.h"

#include <memory>

#include "base/shifted_clock.h"

namespace tongban::sandbox {

namespace {

std::unique_ptr<const ShiftedClock>& followed() {
    static std::unique_ptr<const ShiftedClock> clock;
    return clock;
}

}  // namespace

void follow_clock(const std::string& file) {
    followed() = std::make_unique<const ShiftedClock>(file);
}

Instant office_now() {
    return followed() ? followed()->now() : SystemClock().now();
}

std::int64_t now_ms() {
    return office_now().ms;
}

std::string shanghai_seconds() {
    return shanghai(office_now()).substr(0, 19);
}

Date office_day(Date first) {
    return followed() ? shanghai_date(office_now()) : first;
}

}  // namespace tongban::sandbox
