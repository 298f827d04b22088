// Whatever an office sends as json (native_round_trip.h).
#include "tests/fuzz/native_round_trip.h"

namespace {

// Only an empty array leaves no trace in the tree.
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
    return fuzz::native_round_trip(fuzz::text_of(data, size), *schema, has_empty_array);
}
