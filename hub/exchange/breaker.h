// Breaker: stops asking an office that is down. Open after so many failures in a row; after a pause
// one probe may go out, and its answer closes the breaker or opens it for twice as long. A probe
// that ends without an answer (its exchange is over) leaves the way free for the next.
//
// Threads: one thread at a time; the job board holds its lock.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace tongban::exchange {

struct BreakerTerms {
    std::int32_t failures = 5;
    std::chrono::milliseconds pause{2'000};
    std::chrono::milliseconds longest_pause{60'000};
};

class Breaker {
public:
    using Time = std::chrono::steady_clock::time_point;

    // How many questions may go out now, of at most `wanted`.
    [[nodiscard]] std::size_t allows(std::size_t wanted, Time now) const {
        if (!open_) return wanted;
        return !probing_ && now >= probe_at_ ? std::min<std::size_t>(wanted, 1) : 0;
    }
    // A new question would only wait: no probe may go out yet, or one is under way.
    [[nodiscard]] bool refuses(Time now) const { return allows(1, now) == 0; }
    // One goes out. True: it is the probe.
    bool asked() { return probing_ = open_; }
    void unasked() { probing_ = false; }  // the probe never went out, or nobody waits for it
    void good() {
        failures_ = 0;
        open_ = probing_ = false;
        pause_ = {};
    }
    void bad(const BreakerTerms& terms, Time now) {
        ++failures_;
        if (!open_ && failures_ < terms.failures) return;
        if (open_ && !probing_) return;  // an answer to a question from before it opened
        pause_ = open_ ? std::min(pause_ * 2, terms.longest_pause) : terms.pause;
        open_ = true;
        probing_ = false;
        probe_at_ = now + pause_;
    }

private:
    std::int32_t failures_ = 0;
    bool open_ = false;
    bool probing_ = false;
    std::chrono::milliseconds pause_{0};
    Time probe_at_{};
};

}  // namespace tongban::exchange
