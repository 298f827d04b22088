// Rule file: reads mapping/rules/<area>/<ID>.v<n>.yaml, with every fault of the file and the line
// it stands on.
//
// Threads: one thread.
// Faults:  noted on the YamlFile; its check() throws them as one ConfigError. An expression's
// faults carry the line and
//          column of the word in the file.
#pragma once

#include <memory>

#include "base/yaml.h"
#include "mapping/rule.h"
#include "schemas/catalogue.h"

namespace tongban::mapping {

// Null when the file has faults.
std::shared_ptr<const Rule> read_rule(const YamlFile& file, const schemas::Catalogue& catalogue);

}  // namespace tongban::mapping
