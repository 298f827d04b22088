// What every fuzz target of a native format does: whatever an office sends is read, and what was
// read is written and read again to the same bytes; a document that is refused says why.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "mapping/formats/format.h"
#include "tests/support/native_samples.h"

namespace tongban::fuzz {

// `unwritable` tells documents that are read well and leave nothing in the tree to write.
inline int native_round_trip(std::string_view bytes,
                             const schemas::NativeSchema& schema,
                             bool (*unwritable)(std::string_view bytes) = nullptr) {
    const mapping::Reading reading = mapping::read_format(bytes, schema);
    if (!reading.root) {
        if (reading.findings.empty()) std::abort();  // refused without a word
        return 0;
    }
    if (!reading.schema_findings.empty()) return 0;
    const mapping::Writing once = mapping::write_format(*reading.root, schema);
    if (!once.findings.empty()) {  // what was read well must be written well
        if (unwritable == nullptr || !unwritable(bytes)) std::abort();
        return 0;
    }
    const mapping::Reading again = mapping::read_format(once.bytes, schema);
    if (!again.root || mapping::write_format(*again.root, schema).bytes != once.bytes) std::abort();
    return 0;
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

}  // namespace tongban::fuzz
