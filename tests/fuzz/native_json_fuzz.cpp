// Whatever an office sends as json: read, and what was read is written and read again to the same
// bytes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "mapping/formats/format.h"
#include "tests/support/native_samples.h"

namespace {

bool has_empty_array(std::string_view bytes) {
    for (std::size_t at = bytes.find('['); at != std::string_view::npos;
         at = bytes.find('[', at + 1)) {
        const std::size_t next = bytes.find_first_not_of(" \t\r\n", at + 1);
        if (next != std::string_view::npos && bytes[next] == ']') return true;
    }
    return false;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tongban;
    static const auto schema = support::real_native("640100.tax", "deed-tax");
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const mapping::Reading reading = mapping::read_format(bytes, *schema);
    if (!reading.root) {
        if (reading.findings.empty()) std::abort();  // refused without a word
        return 0;
    }
    if (!reading.schema_findings.empty()) return 0;
    const mapping::Writing once = mapping::write_format(*reading.root, *schema);
    if (!once.findings.empty()) {
        // What was read well must be written well; only an empty array leaves no trace in the tree.
        if (!has_empty_array(bytes)) std::abort();
        return 0;
    }
    const mapping::Reading again = mapping::read_format(once.bytes, *schema);
    if (!again.root || mapping::write_format(*again.root, *schema).bytes != once.bytes)
        std::abort();
    return 0;
}
