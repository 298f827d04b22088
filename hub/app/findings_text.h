// How findings are shown to a person and to a program.
//
// Threads: pure functions.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "schemas/finding.h"

namespace tongban::app {

Json json_of(const schemas::Finding& finding);
// One finding a paragraph: severity, code, place; the Chinese sentence; the English one.
std::string text_of(const schemas::Finding& finding);
std::string text_of(const std::vector<schemas::Finding>& findings);

}  // namespace tongban::app
