// An expression of a rule's file: compiled, or its complaints noted at the line and column of the
// word in the file.
#pragma once

#include <optional>

#include "base/yaml.h"
#include "mapping/cel/program.h"

namespace tongban::mapping {

// `wanted`: the kind it must answer; any: whatever it answers.
cel::Compiled compile_expression(const YamlFile& file,
                                 const YamlValue& value,
                                 const cel::Environment& environment,
                                 cel::Kind wanted);

// The table of policy parameters below `tables:`; null when it has faults (noted).
std::shared_ptr<const cel::Table> read_table(const std::string& name, const YamlValue& value);

}  // namespace tongban::mapping
