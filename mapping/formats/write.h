// Write: what the writers of xml, json and rows share.
//
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "mapping/formats/format.h"

namespace tongban::mapping {

// One finding for the mapping's owner: the outbound record says something that its format cannot
// carry.
schemas::Finding write_finding(const schemas::NativeSchema& schema,
                               std::string code,
                               std::string path,
                               std::string zh,
                               std::string en);

// Whether every character of valid UTF-8 may stand in an XML document.
bool carries_xml(std::string_view utf8);

// The bytes in the schema's encoding; a character that it cannot carry is a finding.
void finish(Writing& writing, std::string utf8, const schemas::NativeSchema& schema);

}  // namespace tongban::mapping
