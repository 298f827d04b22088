#include "hub/cases/clock.h"

#include <algorithm>

namespace tongban::cases {

Instant EngineClock::tick(const Tick& tick) {
    if (started_)
        expected_.ms += std::max<std::int64_t>(tick.monotonic_ms - before_.monotonic_ms, 0);
    else
        expected_ = tick.wall;
    started_ = true;
    before_ = tick;
    const std::int64_t off = tick.wall.ms - expected_.ms;
    doubted_ = off > limit_ || off < -limit_;
    if (!doubted_) expected_ = tick.wall;
    last_ = std::max(last_, expected_);
    return last_;
}

void EngineClock::at_least(Instant committed) {
    last_ = std::max(last_, committed);
}

void EngineClock::confirm() {
    expected_ = before_.wall;
    doubted_ = false;
}

}  // namespace tongban::cases
