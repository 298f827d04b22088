// Serve: what every long-running command shares: waiting for a stop signal, and the ready file.
//
// Threads: one thread, main. Faults: unavailable.
#pragma once

#include <functional>
#include <string>

#include "base/json.h"
#include "base/result.h"

namespace tongban::app {

// Blocks the stop signals in this thread and all that it starts from now on: call before any thread
// is made.
void hold_signals();
// Waits for SIGTERM or SIGINT; on SIGHUP calls `reload` and goes on.
void wait_for_stop(const std::function<void()>& reload = {});
// What whoever started us waits for: {"pid", ports ...}, written whole.
Result<Done> write_ready(const std::string& path, Json facts);

}  // namespace tongban::app
