// Fields of a leaf that may hold anything: a member of another type reads as absent, never as an
// exception.
//
// Threads: pure functions.
#pragma once

#include <cstdint>
#include <string>

#include "base/json.h"
#include "base/text.h"

namespace tongban::audit::verify {

inline const Json& member(const Json& json, const char* name) {
    static const Json none;
    if (!json.is_object()) return none;
    const auto at = json.find(name);
    return at == json.end() ? none : *at;
}
inline std::string text(const Json& json, const char* name) {
    const Json& value = member(json, name);
    return value.is_string() ? value.get<std::string>() : std::string();
}
inline std::int64_t integer(const Json& json, const char* name) {  // -1: none
    const Json& value = member(json, name);
    return value.is_number_integer() ? value.get<std::int64_t>() : -1;
}
// When an exchange was admitted: the first 48 bits of its id, a UUIDv7.
inline std::int64_t uuid_ms(const std::string& exchange) {
    if (exchange.size() != 36) return 0;
    const auto bytes = from_hex(exchange.substr(0, 8) + exchange.substr(9, 4));
    if (!bytes) return 0;
    std::int64_t ms = 0;
    for (const char c : *bytes)
        ms = ms * 256 + static_cast<unsigned char>(c);
    return ms;
}

}  // namespace tongban::audit::verify
