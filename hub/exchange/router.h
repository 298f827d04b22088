// Router: whom to ask each part, and in which words: the dated route of the part's division, and
// the question in the provider's own native form.
//
// Threads: pure functions of immutable snapshots.
#pragma once

#include <string>
#include <vector>

#include "hub/policy/resource.h"
#include "mapping/engine.h"
#include "mapping/stages.h"

namespace tongban::exchange {

struct RoutedPart {
    const policy::Part* part = nullptr;
    const policy::Route* route = nullptr;  // null: nobody provides it for that division
    std::string division;
    std::string job_id;
    std::string message_no;
    std::string question;                    // native bytes
    std::string status_question;             // of a queryable submission, in its own native schema
    std::vector<schemas::Finding> findings;  // when no question could be made
};

struct RouteAsk {
    const policy::Resource* resource = nullptr;
    std::string requester;
    std::string requester_division;
    std::string exchange_id;
    std::vector<std::string> only;  // names of the parts that are needed; empty: all
    Instant now;
    std::string division{};  // all parts are asked there; "": where each part's division_by says
    std::string name{};      // of the call: its message numbers come of it, not of the exchange
};

std::vector<RoutedPart> route(const RouteAsk& ask,
                              const mapping::CanonicalRecord& question,
                              const mapping::Engine& engine);

// Our message number of a job: 20 digits, the same at every repetition.
std::string message_number(const std::string& job_id);

}  // namespace tongban::exchange
