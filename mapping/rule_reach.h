// RuleReach: what rules need of the request when they are judged beside one part (placement
// provider), so that its provider is told no more than that.
//
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tongban::mapping {

class RuleSet;  // mapping/rule_set.h

// Canonical paths below the record's "request", sorted: "request.subject.id_number".
std::vector<std::string> request_fields_read(const RuleSet& rules, std::string_view part);

}  // namespace tongban::mapping
