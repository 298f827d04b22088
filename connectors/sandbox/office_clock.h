// OfficeClock: the time that an office lives in: the machine's, or, in a story that days must pass
// in, what the city's clock file says (base/shifted_clock.h; the hub's cases follow the same file).
//
// Threads: follow_clock before any other thread; the rest from any.
// Faults:  none.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"

namespace tongban::sandbox {

void follow_clock(const std::string& file);
Instant office_now();
std::int64_t now_ms();
std::string shanghai_seconds();  // yyyy-MM-ddTHH:mm:ss
// The day that an office writes on what it issues now; `first`: when no clock file is followed.
Date office_day(Date first);

}  // namespace tongban::sandbox
