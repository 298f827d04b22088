// Native fields: single values read out of an office's own message by configured paths, without its
// schema.
//
// A connector needs very few of them: the request id, the officer and the consent of its own
// office's request, the message number in a dropped answer, the fault code of a service. Everything
// else is the engine's work.
//
// Paths. XML: local names from the root, "/Request/Head/SerialNo", or an attribute at the end,
// "/Request/Head/@SerialNo"; the first element that fits. JSON: an RFC 6901 pointer,
// "/head/serialNo".
//
// Threads: pure functions.
// Faults:  malformed, when the bytes are not what the format promises.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tongban::connectors {

enum class NativeFormat { xml, json };

struct NativeFields {
    std::string root;                           // XML: local name of the root element
    std::map<std::string, std::string> values;  // by path; absent paths have no entry
    [[nodiscard]] std::string value(std::string_view path) const;  // "" when absent
};

Result<NativeFields> read_native_fields(std::string_view bytes,
                                        NativeFormat format,
                                        const std::vector<std::string>& paths);

}  // namespace tongban::connectors
