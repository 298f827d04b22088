// Lane: named, fixed threads behind one bounded queue. Full means `busy`: nobody waits for a place
// in it.
//
// Threads: run from any thread; the destructor finishes what is queued.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/bounded_queue.h"

namespace tongban::exchange {

class Lane {
public:
    Lane(const std::string& name, std::size_t threads, std::size_t queue);
    ~Lane();
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;
    [[nodiscard]] bool try_run(std::function<void()> work) {
        return queue_.try_push(std::move(work));
    }

private:
    BoundedQueue<std::function<void()>> queue_;
    std::vector<std::jthread> threads_;  // last: they use the queue
};

void name_thread(
    const std::string& name);  // of the calling thread, as the operating system shows it

}  // namespace tongban::exchange
