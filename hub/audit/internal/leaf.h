// Leaf: facts as the JSON of one log entry (docs/log-format.md). A field without a value is absent.
//
// Threads: pure functions.
// Faults:  malformed (not UTF-8, a number out of range), refused (longer than an entry may be, or
// what looks like a
//          citizen's number where members choose the text).
#pragma once

#include <cstdint>
#include <string>

#include "base/json.h"
#include "hub/audit/trail.h"

namespace tongban::audit::internal {

struct LeafBody {  // without what every leaf has
    Json json = Json::object();
};

struct LeafFrame {
    LeafKind kind;
    std::string hub;
    std::string exchange_id;  // of a case_step: the case's name
    std::int32_t shard = 0;
    std::int64_t time_ms = 0;
};

struct LeafHalves {  // the store writes the seq between them
    std::string before;
    std::string after;
};

LeafBody body_of(const Facts& facts);
LeafBody body_of(const OutcomeFacts& facts);
LeafBody body_of(const ErasureFacts& facts);
LeafBody body_of(const ConsentFacts& facts);
LeafBody body_of_versions(const std::map<std::string, std::string>& versions);
std::string hash_of_versions(const std::map<std::string, std::string>& versions);  // hex

Result<LeafHalves> write_leaf(const LeafFrame& frame, const LeafBody& body);

// True when some 18 characters of the text are a well-formed citizen's number: it must never reach
// a leaf.
bool holds_citizen_number(std::string_view text);

}  // namespace tongban::audit::internal
