#include "hub/exchange/rate_limiter.h"

#include <algorithm>

#include <cmath>

namespace tongban::exchange {

std::int64_t RateLimiter::take(const std::string& member,
                               const policy::RateLimit& limit,
                               Time now) {
    auto buckets = buckets_.lock();
    const double burst = static_cast<double>(limit.burst);
    const double rate = static_cast<double>(limit.per_second);
    const auto [entry, fresh] = buckets->try_emplace(member, Bucket{burst, now});
    Bucket& bucket = entry->second;
    if (!fresh && now > bucket.filled) {
        const double seconds = std::chrono::duration<double>(now - bucket.filled).count();
        bucket.tokens = std::min(burst, bucket.tokens + seconds * rate);
        bucket.filled = now;
    }
    if (bucket.tokens >= 1.0) {
        bucket.tokens -= 1.0;
        return 0;
    }
    return std::max<std::int64_t>(1,
                                  std::llround(std::ceil((1.0 - bucket.tokens) / rate * 1000.0)));
}

}  // namespace tongban::exchange
