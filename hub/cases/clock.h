// EngineClock: the time that cases live in. It never goes back: the wall's time, or the last that
// was committed, whichever is later. A wall clock that jumps by more than the limit, either way, is
// not believed until it comes back or time sources or an officer confirm it: until then time goes
// on at the pace of the clock that nobody sets, so that no deadline comes early and none waits.
//
// Threads: one thread.
// Source:  durable.md 3.11.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace tongban::cases {

struct Tick {
    Instant wall;
    std::int64_t monotonic_ms = 0;  // of a clock that nobody sets
};

class EngineClock {
public:
    explicit EngineClock(std::int64_t jump_limit_ms) : limit_(jump_limit_ms) {}

    // The engine's time now.
    Instant tick(const Tick& tick);
    void at_least(Instant committed);  // of a shard that was taken over
    void confirm();
    [[nodiscard]] bool doubted() const { return doubted_; }
    [[nodiscard]] Instant now() const { return last_; }

private:
    const std::int64_t limit_;
    Instant last_;
    Instant expected_;  // the wall's, as far as it is believed
    Tick before_;
    bool started_ = false;
    bool doubted_ = false;
};

}  // namespace tongban::cases
