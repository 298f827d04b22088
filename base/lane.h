// Lane: a named, fixed set of threads behind one bounded queue.
//
// Stopping drains: work that was accepted is run before the destructor returns.
//
// Threads: try_run from any thread; the work runs on the lane's own threads, named after it (at
// most 15 bytes). Faults:  none; try_run is false when the queue is full, and the caller answers
// `busy`.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <pthread.h>

#include "base/bounded_queue.h"

namespace tongban {

// What ps, gdb and a profiler show; the kernel keeps 15 bytes.
inline void name_this_thread(const std::string& name) {
    ::pthread_setname_np(::pthread_self(), name.substr(0, 15).c_str());
}

class Lane {
public:
    using Work = std::function<void()>;

    Lane(std::string name, std::size_t threads, std::size_t queue)
        : name_(std::move(name)), queue_(queue) {
        for (std::size_t i = 0; i < threads; ++i)
            threads_.emplace_back([this, i](const std::stop_token& stop) {
                name_this_thread(name_ + "." + std::to_string(i));
                while (auto work = queue_.pop(stop))
                    (*work)();
            });
    }

    ~Lane() {
        for (std::jthread& thread : threads_)
            thread.request_stop();  // all at once, not one after another
    }

    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    [[nodiscard]] bool try_run(Work work) { return queue_.try_push(std::move(work)); }

private:
    std::string name_;
    BoundedQueue<Work> queue_;
    std::vector<std::jthread> threads_;  // last member: joins before the queue goes
};

}  // namespace tongban
