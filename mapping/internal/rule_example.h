// The examples of a rule's file: small records written as YAML trees, read into typed values by the
// canonical type.
#pragma once

#include <vector>

#include "base/yaml.h"
#include "mapping/rule.h"
#include "schemas/canonical_type.h"

namespace tongban::mapping {

std::vector<RuleExample> read_examples(const std::vector<YamlValue>& values,
                                       const schemas::CanonicalType& type);

}  // namespace tongban::mapping
