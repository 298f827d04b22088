// RateLimiter: a token bucket per member; a breaker of promises waits, the others do not notice.
//
// Threads: safe from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "base/guarded.h"
#include "hub/policy/member.h"

namespace tongban::exchange {

class RateLimiter {
public:
    using Time = std::chrono::steady_clock::time_point;
    // 0: go on; else milliseconds after which a token will be there.
    [[nodiscard]] std::int64_t take(const std::string& member,
                                    const policy::RateLimit& limit,
                                    Time now);

private:
    struct Bucket {
        double tokens = 0;
        Time filled;
    };
    Guarded<std::map<std::string, Bucket>> buckets_;
};

}  // namespace tongban::exchange
