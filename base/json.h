// Json: nlohmann::json under one name, and RFC 8785 canonical form for what is signed or logged.
//
// Threads: pure functions.
// Faults:  malformed, with "line L, column C" in `where`.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/result.h"

namespace tongban {

using Json = nlohmann::json;  // object members sorted by name

// Refuses duplicate members, depth over max_depth, invalid UTF-8, trailing bytes.
Result<Json> parse_json(std::string_view text, std::size_t max_depth = 64);
// RFC 8785. Only integers within +-2^53, strings, booleans, null, arrays, objects with ASCII names;
// others abort.
std::string canonical_json(const Json& value);

}  // namespace tongban
