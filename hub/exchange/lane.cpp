#include "hub/exchange/lane.h"

#include <optional>
#include <stop_token>

#include <pthread.h>

namespace tongban::exchange {

void name_thread(const std::string& name) {
    ::pthread_setname_np(::pthread_self(), name.substr(0, 15).c_str());
}

Lane::Lane(const std::string& name, std::size_t threads, std::size_t queue) : queue_(queue) {
    for (std::size_t i = 0; i < threads; ++i) {
        threads_.emplace_back([this, name](const std::stop_token& stop) {
            name_thread(name);
            while (std::optional<std::function<void()>> work = queue_.pop(stop))
                (*work)();
        });
    }
}

Lane::~Lane() {
    for (std::jthread& thread : threads_)
        thread.request_stop();
}

}  // namespace tongban::exchange
