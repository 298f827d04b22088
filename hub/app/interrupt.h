// Interrupt: Ctrl-C, or a polite kill, while a command has other processes and a folder of its own:
// it is told at the next look, puts away what it made, and ends by the signal.
//
// Threads: main; the handler only notes the signal.
#pragma once

#include <optional>

#include "base/result.h"

namespace tongban::app {

// SIGINT, SIGTERM and SIGHUP from now on, where they are not ignored; children are not told.
void heed_interrupts();
std::optional<int> interrupted();
Fault interruption();           // what a wait that was interrupted answers
int end_by_signal(int signal);  // whoever started us sees that the signal ended us

}  // namespace tongban::app
