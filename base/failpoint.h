// Failpoint: a named place between two durable writes at which a test makes the process die, so
// that every such place can be tried, not only those that chance finds.
//
//   TONGBAN_FAILPOINT=cases.committed:hit=3:kill   dies the third time the place is passed
//   TONGBAN_FAILPOINT=cases.committed:hit=1:exit   leaves by _exit(77): for coverage builds
//
// Without the variable a place costs one relaxed load. TONGBAN_FAILPOINT=list writes a line
// `failpoint NAME` to stderr each time that a place is passed: how often a test has to kill there.
//
// Threads: any. A handler (tests, simulation) may throw or record instead of dying.
// Faults:  none; a variable that does not parse ends the process at its first place.
#pragma once

#include <atomic>
#include <functional>
#include <string_view>

namespace tongban {

namespace failpoint_internal {
extern std::atomic<bool> armed;  // set from the environment at start, or by a handler
void passed(std::string_view name);
}  // namespace failpoint_internal

inline void failpoint(std::string_view name) {
    if (failpoint_internal::armed.load(std::memory_order_relaxed)) failpoint_internal::passed(name);
}

// Called with the name of each place, in place of what the environment says. Null: none. Not while
// places are being passed on other threads.
void set_failpoint_handler(std::function<void(std::string_view)> handler);

}  // namespace tongban
