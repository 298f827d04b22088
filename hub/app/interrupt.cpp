#include "hub/app/interrupt.h"

#include <cstdio>

#include <csignal>

namespace tongban::app {

namespace {

volatile std::sig_atomic_t came = 0;

void note(int signal) {
    came = signal;
}

}  // namespace

void heed_interrupts() {
    struct sigaction action{};
    action.sa_handler = note;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;  // what is under way ends by itself; waits look
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction before{};
        sigaction(signal, nullptr, &before);
        // Whoever started us in the background, or by nohup, has said that it is not meant for us.
        if (before.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);
    }
}

std::optional<int> interrupted() {
    if (came == 0) return std::nullopt;
    return static_cast<int>(came);
}

Fault interruption() {
    return Fault{FaultKind::unavailable, "interrupted", "it was told to stop"};
}

int end_by_signal(int signal) {
    std::fflush(stdout);
    struct sigaction action{};
    action.sa_handler = SIG_DFL;
    sigaction(signal, &action, nullptr);
    std::raise(signal);
    return 128 + signal;
}

}  // namespace tongban::app
