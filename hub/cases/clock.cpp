#include "hub/cases/clock.h"

#include <algorithm>
#include <cstddef>

namespace tongban::cases {
namespace {

constexpr std::size_t most_members = 1'024;
constexpr std::size_t agreeing = 2;
constexpr std::int64_t stale_after_ms = 3'600'000;  // a clock that was wrong then may be right now

}  // namespace

void EngineClock::begin(Instant wall, Instant committed) {
    at_least(committed);
    if (started_) return;
    begun_ = true;
    doubted_ = committed.ms != 0 && too_far(wall.ms - committed.ms);
    settling_ = doubted_;
    expected_ = doubted_ ? committed : wall;
    before_.wall = wall;
    last_ = std::max(last_, expected_);
}

Instant EngineClock::tick(const Tick& tick) {
    if (started_)
        expected_.ms += std::max<std::int64_t>(tick.monotonic_ms - before_.monotonic_ms, 0);
    else if (!begun_)
        expected_ = tick.wall;
    if (!started_) first_ms_ = tick.monotonic_ms;
    started_ = true;
    before_ = tick;
    doubted_ = too_far(tick.wall.ms - expected_.ms);
    if (!doubted_) expected_ = tick.wall;
    if (!doubted_ || tick.monotonic_ms - first_ms_ >= settle_) settling_ = false;
    last_ = std::max(last_, expected_);
    return last_;
}

void EngineClock::at_least(Instant committed) {
    last_ = std::max(last_, committed);
}

void EngineClock::confirm() {
    expected_ = before_.wall;
    doubted_ = false;
    settling_ = false;
    last_ = std::max(last_, expected_);
}

bool EngineClock::stale(const Shown& shown) const {
    return before_.monotonic_ms - shown.heard_ms > stale_after_ms;
}

void EngineClock::signed_by(std::string_view member, Instant time) {
    const std::int64_t now = before_.monotonic_ms;
    const Shown shown{time.ms - now, now};
    const auto known = members_.find(member);
    if (known == members_.end()) {
        if (members_.size() < most_members) members_.emplace(member, shown);
    } else if (stale(known->second) || shown.offset >= known->second.offset) {
        known->second = shown;  // what was signed long ago, and comes late, says little
    }
    if (!doubted_) return;
    std::size_t agree = 0;
    std::size_t heard = 0;
    for (const auto& [name, one] : members_) {
        if (stale(one)) continue;
        ++heard;
        if (!too_far(one.offset + now - before_.wall.ms)) ++agree;
    }
    if (agree >= agreeing && agree > heard - agree) confirm();
}

}  // namespace tongban::cases
