// MessageFacts: the few texts an office looks for in an XML message, by local name: "ZJHM", or
// "ZF_SQR@ZJH".
//
// Threads: pure function.
// Faults:  malformed, when the message is not well-formed XML.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tongban::sandbox {

using MessageFacts = std::map<std::string, std::string, std::less<>>;  // the first of each name

Result<MessageFacts> facts_of(std::string_view xml);
std::string fact(const MessageFacts& facts, std::string_view name);  // "" when missing

}  // namespace tongban::sandbox
