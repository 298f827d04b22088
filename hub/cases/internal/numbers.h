// The number of a case that a citizen reads out: date, the id in base 32 without letters that look
// or sound alike, and a check character (it finds all wrong characters but 0 for Z, and all
// exchanged neighbours).
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"

namespace tongban::cases::internal {

std::string citizens_number(std::int64_t case_id, Date opened);  // "20260315-0G4T9-K"
bool is_citizens_number(std::string_view number);

}  // namespace tongban::cases::internal
