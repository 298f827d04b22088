#include "hub/app/serve.h"

#include <filesystem>
#include <system_error>

#include <csignal>
#include <pthread.h>
#include <unistd.h>

#include "base/files.h"
#include "base/log.h"

namespace tongban::app {

namespace {

sigset_t stop_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    sigaddset(&signals, SIGUSR1);
    return signals;
}

}  // namespace

void hold_signals() {
    const auto signals = stop_signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void wait_for_stop(const std::function<void()>& reload,
                   const std::function<void()>& confirm_clock) {
    const auto signals = stop_signals();
    for (;;) {
        int received = 0;
        if (sigwait(&signals, &received) != 0) continue;
        if (received != SIGHUP && received != SIGUSR1) return;
        const auto& wanted = received == SIGHUP ? reload : confirm_clock;
        if (wanted) wanted();
    }
}

void log_refused(const ConfigError& error) {
    for (const ConfigFault& fault : error.faults())
        log::error("config.fault",
                   {{"file", fault.file},
                    {"line", fault.line},
                    {"column", fault.column},
                    {"message", fault.message}});
    log::error("reload refused", {{"faults", error.faults().size()}});
}

void log_refused(const Fault& fault) {
    log::error("reload refused", {{"where", fault.where}, {"reason", fault.reason}});
}

Result<Done> write_ready(const std::string& path, Json facts) {
    if (path.empty()) return Done{};
    facts["pid"] = static_cast<std::int64_t>(::getpid());
    return write_file_durably(path, facts.dump() + "\n");
}

void forget_ready(const std::string& path) {
    std::error_code error;
    if (!path.empty()) std::filesystem::remove(path, error);
}

}  // namespace tongban::app
