// Pause: growing waits with full jitter between attempts, so that many connectors do not return all
// at once.
//
// Threads: one thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <random>
#include <stop_token>

namespace tongban::connectors {

class Pause {
public:
    Pause(std::chrono::milliseconds first, std::chrono::milliseconds most)
        : first_(first), most_(most), next_(first) {}

    void reset() { next_ = first_; }

    // 0 up to the present bound, which doubles each time.
    std::chrono::milliseconds take() {
        std::uniform_int_distribution<std::int64_t> any(0, next_.count());
        next_ = std::min(most_, next_ * 2);
        return std::chrono::milliseconds(any(random_));
    }

    // False when stopped meanwhile.
    bool wait(const std::stop_token& stop) { return sleep(take(), stop); }

    static bool sleep(std::chrono::milliseconds span, const std::stop_token& stop) {
        std::mutex mutex;
        std::condition_variable_any wake;
        std::unique_lock lock(mutex);
        wake.wait_for(lock, stop, span, [] { return false; });
        return !stop.stop_requested();
    }

private:
    const std::chrono::milliseconds first_;
    const std::chrono::milliseconds most_;
    std::chrono::milliseconds next_;
    std::minstd_rand random_{std::random_device{}()};
};

}  // namespace tongban::connectors
