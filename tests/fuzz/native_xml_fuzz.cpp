// Whatever an office sends as xml: read, and what was read is written and read again to the same
// bytes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "mapping/formats/format.h"
#include "tests/support/native_samples.h"

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tongban;
    static const auto schema = support::real_native("640100.real-estate", "homes");
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const mapping::Reading reading = mapping::read_format(bytes, *schema);
    if (!reading.root) {
        if (reading.findings.empty()) std::abort();  // refused without a word
        return 0;
    }
    if (!reading.schema_findings.empty()) return 0;
    const mapping::Writing once = mapping::write_format(*reading.root, *schema);
    if (!once.findings.empty()) std::abort();  // what was read well must be written well
    const mapping::Reading again = mapping::read_format(once.bytes, *schema);
    if (!again.root || mapping::write_format(*again.root, *schema).bytes != once.bytes)
        std::abort();
    return 0;
}
