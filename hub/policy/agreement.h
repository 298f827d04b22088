// Agreement: which member may receive which fields of which resource, for which purpose, on which
// legal ground, with or without consent, from when to when. What no agreement says is denied.
//
// Grammar: docs/formats/agreement.md.
//
// Threads: values in an immutable snapshot.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "hub/policy/resource.h"
#include "hub/policy/validity.h"

namespace tongban::policy {

struct LegalGround {
    std::string law;
    std::string article;
    [[nodiscard]] std::string text() const { return law + " " + article; }
};

// How often claims about one person may be held against one field: verdicts must not become a way
// of guessing.
struct VerifyTerms {
    std::vector<std::string> fields;  // canonical paths that claims may name, sorted
    std::int64_t tries = 0;           // per subject and field
    std::int64_t days = 0;            // within so many days
};

struct Agreement {
    std::string id;  // "A-640100-hf-0001"
    std::int64_t version = 0;
    std::string requester;
    std::string resource;
    std::string purpose;
    LegalGround ground;
    bool consent_required = true;
    Validity valid;
    std::set<Kind> kinds;
    // Native, the requester's own; or the resource's canonical type. "": only its cases ask.
    std::string request_schema;
    std::string delivery_schema;      // the same; "" when nothing is handed over in it
    std::set<std::string> cases;      // service items whose cases may ask in the requester's name
    std::vector<std::string> fields;  // canonical paths of the resource's record, sorted
    VerifyTerms verify;

    [[nodiscard]] std::string name() const { return id + "@" + std::to_string(version); }
};

}  // namespace tongban::policy
