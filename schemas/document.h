// Document: bytes as an office system produced or will receive them, and the native schema that
// they promise to obey.
//
// Threads: values.
#pragma once

#include <string>

namespace tongban::schemas {

struct Document {
    std::string schema;  // "610100.housing-fund/certificate@1"
    std::string bytes;
};

}  // namespace tongban::schemas
