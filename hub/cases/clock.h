// EngineClock: the time that cases live in. It never goes back: the wall's time, or the last that
// was committed, whichever is later. A wall clock that jumps by more than the limit, either way, is
// not believed until it comes back or is confirmed: until then time goes on at the pace of the
// clock that nobody sets, so that no deadline comes early and none waits. A start is held against
// the time that was committed last: a hub that was away for longer does not know whether it was
// really away.
//
// What confirms the wall: an officer, or members. Each connector signs checkpoints with its own
// time; when two or more of them, and more than disagree, say what the wall says, it is right.
// They never move time elsewhere than to where the hub's own clock stands.
//
// Right after such a start the clock is settling: time has stood at the last commit, and deadlines
// reckoned from it would end too early. Cases wait that long at most.
//
// Threads: one thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/time.h"

namespace tongban::cases {

struct Tick {
    Instant wall;
    std::int64_t monotonic_ms = 0;  // of a clock that nobody sets
};

class EngineClock {
public:
    explicit EngineClock(std::int64_t jump_limit_ms, std::int64_t settle_ms = 60'000)
        : limit_(jump_limit_ms), settle_(settle_ms) {}

    // A start, before the first tick: `committed` is the latest time of the shards; 0: none.
    void begin(Instant wall, Instant committed);
    // The engine's time now.
    Instant tick(const Tick& tick);
    void at_least(Instant committed);
    void confirm();
    // A member's clock showed this when it signed, which was before now.
    void signed_by(std::string_view member, Instant time);
    [[nodiscard]] bool doubted() const { return doubted_; }
    [[nodiscard]] bool settling() const { return settling_; }
    [[nodiscard]] std::int64_t wall_ahead_ms() const { return before_.wall.ms - expected_.ms; }
    [[nodiscard]] Instant now() const { return last_; }
    [[nodiscard]] std::int64_t monotonic_ms() const { return before_.monotonic_ms; }

private:
    struct Shown {
        std::int64_t offset = 0;    // what its clock showed when ours that nobody sets showed 0
        std::int64_t heard_ms = 0;  // by ours that nobody sets
    };
    [[nodiscard]] bool too_far(std::int64_t off) const { return off > limit_ || off < -limit_; }
    [[nodiscard]] bool stale(const Shown& shown) const;

    const std::int64_t limit_;
    const std::int64_t settle_;
    Instant last_;
    Instant expected_;  // the wall's, as far as it is believed
    Tick before_;
    std::int64_t first_ms_ = 0;  // monotonic, of the first tick
    bool begun_ = false;
    bool started_ = false;
    bool doubted_ = false;
    bool settling_ = false;
    std::map<std::string, Shown, std::less<>> members_;  // the latest of what each showed of late
};

}  // namespace tongban::cases
