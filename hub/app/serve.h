// Serve: what every long-running command shares: waiting for a stop signal, what it says of a
// refused reload, and the ready file.
//
// Threads: one thread, main. Faults: unavailable.
#pragma once

#include <functional>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "base/yaml.h"

namespace tongban::app {

// Blocks the stop signals in this thread and all that it starts from now on: call before any thread
// is made.
void hold_signals();
// Waits for SIGTERM or SIGINT; on SIGHUP calls `reload`, on SIGUSR1 `confirm_clock`, and goes on.
void wait_for_stop(const std::function<void()>& reload = {},
                   const std::function<void()>& confirm_clock = {});
// What a reload that was refused says of it: each fault, and that nothing has changed.
void log_refused(const ConfigError& error);
void log_refused(const Fault& fault);
// What whoever started us waits for: {"pid", ports ...}, written whole.
Result<Done> write_ready(const std::string& path, Json facts);
// It serves no more: whoever looks is told so, instead of finding a closed port.
void forget_ready(const std::string& path);

}  // namespace tongban::app
