// JsonProblems: what a JSON Schema says is wrong, as findings with the place of the value in the
// native bytes.
//
// Threads: pure function.
#pragma once

#include <vector>

#include "base/json.h"
#include "schemas/finding.h"
#include "schemas/native_schema.h"
#include "schemas/node.h"

namespace tongban::mapping {

// `root` is the tree that was read together with `value`. No JSON Schema: no findings.
std::vector<schemas::Finding> json_findings(const Json& value,
                                            const schemas::Node& root,
                                            const schemas::NativeSchema& schema);

}  // namespace tongban::mapping
