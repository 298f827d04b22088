// Variables: `${NAME}` and `${NAME:-default}` in a connector's configuration, for what differs from
// machine to machine: the data folder, ports, hosts. Values come from the command line, never from
// the environment. A default may itself hold variables; lines that are comments are left alone.
//
// Threads: pure functions.
// Faults:  ConfigError: a name without value and default, a value that could change the shape of
// the file.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace tongban::connectors {

using Variables = std::map<std::string, std::string>;

std::string expand_variables(std::string_view text,
                             const Variables& variables,
                             const std::string& file);

}  // namespace tongban::connectors
