// Bell: a flag that any thread raises and one thread waits for.
#pragma once

#include <chrono>
#include <condition_variable>
#include <stop_token>

#include "base/guarded.h"

namespace tongban::connectors {

class Bell {
public:
    void ring() {
        *rung_.lock() = true;
        wake_.notify_all();
    }
    void wait(std::chrono::milliseconds span, const std::stop_token& stop) {
        auto rung = rung_.lock();
        wake_.wait_for(rung.native(), stop, span, [&] { return *rung; });
        *rung = false;
    }

private:
    Guarded<bool> rung_{false};
    std::condition_variable_any wake_;
};

}  // namespace tongban::connectors
