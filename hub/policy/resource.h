// Resource: a record offering in the catalogue: its parts, who provides each part for which
// division, from when. Of kind submit: what sending it does there (effect), or that it goes into a
// case of this hub (intake).
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

enum class Placement { hub, provider };  // where the middle runs

// What sending a submission once more could do, and so what is done when its answer is lost.
enum class Effect {
    read,          // nothing: ask again
    idempotent,    // the office takes one message number once: ask again under the same
    queryable,     // it does not, but can be asked whether it was done
    at_most_once,  // neither: never sent again
};
std::string_view name_of(Effect effect);
std::optional<Effect> effect_named(std::string_view name);

// How a queryable office is asked what became of a submission. An answer is the submission's own
// answer; "no record" says that it was never done.
struct StatusQuestion {
    std::string operation;
    std::string query;  // native schemas, as of the route
    std::string record;
    std::chrono::milliseconds settle{0};  // the office may still be at it: ask no sooner
};

struct Route {
    std::string division;  // GB/T 2260, "610100"
    std::string member;
    std::string operation;  // of the member's connector, "certificate"
    std::string query;      // native schema of the question
    std::string record;     // native schema of the answer
    Validity valid;
    std::optional<StatusQuestion> status;  // of a queryable submission
};

// Records of this resource go into a case of this hub: as its opening, or as an event of it.
struct Intake {
    std::string open;       // service item, or ""
    std::string event;      // "loan.issued", or ""
    std::string item;       // of an event: whose cases; "" any
    std::string correlate;  // path of the request that says which case ...
    std::string by;         // ... as this search attribute of the item; "" its number
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
    Effect effect = Effect::read;           // of kind submit; the other kinds have none
    std::optional<Intake> intake;           // kind submit alone, and no parts
    std::chrono::milliseconds wait{0};      // the longest synchronous wait
    std::chrono::milliseconds deadline{0};  // for all parts to be in
    std::chrono::milliseconds deliver_within{0};
    std::vector<Part> parts;

    [[nodiscard]] const Part* part(std::string_view name) const;
};

}  // namespace tongban::policy
