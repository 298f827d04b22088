// Withhold: marks in a record what was not given of it, so that no rule takes it for missing
// (placement provider). What the type requires and was given is the proof that a group is there or
// not; of a group without such a field nobody here knows.
//
// Threads: pure functions.
#pragma once

#include <string>
#include <vector>

#include "schemas/canonical_type.h"
#include "schemas/value.h"

namespace tongban::mapping {

// `given`: canonical paths, each with all below it; `prefix` "certificate." is what stands before
// the group's own fields in them.
void withhold(schemas::Group& group,
              const std::vector<schemas::FieldType>& types,
              const std::string& prefix,
              const std::vector<std::string>& given);

// The other way round: of the group only what `given` names.
schemas::Group given_of(const schemas::Group& group,
                        const std::string& prefix,
                        const std::vector<std::string>& given);

}  // namespace tongban::mapping
