// Resource: a record offering in the catalogue: its parts, who provides each part for which
// division, from when.
//
// Routes are dated rows: an office that is merged or renumbered gets a new row and the old one
// ends, so that the past stays readable. Grammar: docs/formats/resource.md.
//
// Threads: values in an immutable snapshot.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "hub/policy/validity.h"

namespace tongban::policy {

enum class Kind { fetch, verify, submit, publish };
std::string_view name_of(Kind kind);
std::optional<Kind> kind_named(std::string_view name);

enum class Placement { hub, provider };  // where the middle runs (design.md 3)

struct Route {
    std::string division;  // GB/T 2260, "610100"
    std::string member;
    std::string operation;  // of the member's connector, "certificate"
    std::string query;      // native schema of the question
    std::string record;     // native schema of the answer
    Validity valid;
};

struct Part {
    std::string name;  // "certificate"
    std::string zh;
    std::string en;
    std::string type;  // canonical type of its record
    bool required = false;
    std::string division_by;  // canonical path of the request that names the division; "" = the
                              // requester's own
    std::optional<std::chrono::milliseconds> stale_after;  // older source data is worth no verdict
    std::vector<Route> routes;

    [[nodiscard]] const Route* route(std::string_view division, Date day) const;
};

struct Resource {
    std::string id;  // "housing-fund/loan-eligibility"
    std::int64_t version = 0;
    std::string zh;
    std::string en;
    std::string record;   // canonical type of the whole
    std::string request;  // canonical type of the question
    std::string
        subject;  // canonical path of the request with the identity number of whom it is about
    std::set<Kind> kinds;
    Placement placement = Placement::hub;
    std::chrono::milliseconds wait{0};      // the longest synchronous wait
    std::chrono::milliseconds deadline{0};  // for all parts to be in
    std::chrono::milliseconds deliver_within{0};
    std::vector<Part> parts;

    [[nodiscard]] const Part* part(std::string_view name) const;
};

}  // namespace tongban::policy
