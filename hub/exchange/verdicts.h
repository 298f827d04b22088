// Verdicts: claims held against what the offices hold, for kind verify: one of five honest outcomes
// a field, and no data.
//
// A claim is canonical text. Equal as it stands is a match without normalisation; equal after one
// of the named normalisations is a match that says which; everything else is a mismatch.
//
// Threads: pure functions.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "hub/exchange/middle.h"

namespace tongban::exchange {

struct Claim {
    std::string field;  // canonical path, "certificate.employer.name"
    std::string value;  // canonical text
};

// Of the canonical request's `claims`.
std::vector<Claim> claims_of(const schemas::Group& request);
// The part that a path lies in: its first stride.
std::string part_of(const std::string& path);

FieldVerdict judge(const Claim& claim,
                   const schemas::Group& record,
                   const PartAnswer& part,
                   Instant now);

}  // namespace tongban::exchange
