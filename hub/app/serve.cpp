#include "hub/app/serve.h"

#include <csignal>
#include <pthread.h>
#include <unistd.h>

#include "base/files.h"

namespace tongban::app {

namespace {

sigset_t stop_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    return signals;
}

}  // namespace

void hold_signals() {
    const auto signals = stop_signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void wait_for_stop(const std::function<void()>& reload) {
    const auto signals = stop_signals();
    for (;;) {
        int received = 0;
        if (sigwait(&signals, &received) != 0) continue;
        if (received != SIGHUP) return;
        if (reload) reload();
    }
}

Result<Done> write_ready(const std::string& path, Json facts) {
    if (path.empty()) return Done{};
    facts["pid"] = static_cast<std::int64_t>(::getpid());
    return write_file_durably(path, facts.dump() + "\n");
}

}  // namespace tongban::app
