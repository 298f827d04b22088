#include "hub/cases/clock.h"

#include <algorithm>

namespace tongban::cases {
namespace {

constexpr std::size_t most_members = 1'024;
constexpr std::size_t agreeing = 2;

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

void EngineClock::signed_by(std::string_view member, Instant time) {
    const std::int64_t shown = time.ms - before_.monotonic_ms;
    const auto known = members_.find(member);
    if (known != members_.end())
        known->second = std::max(known->second, shown);  // what was signed long ago says little
    else if (members_.size() < most_members)
        members_.emplace(member, shown);
    if (!doubted_) return;
    const auto agree = static_cast<std::size_t>(
        std::count_if(members_.begin(), members_.end(), [this](const auto& one) {
            return !too_far(one.second + before_.monotonic_ms - before_.wall.ms);
        }));
    if (agree >= agreeing && agree > members_.size() - agree) confirm();
}

}  // namespace tongban::cases
