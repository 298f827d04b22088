// Whatever an office sends as rows (native_round_trip.h).
#include "tests/fuzz/native_round_trip.h"

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tongban;
    static const auto schema = support::real_native("610100.social-security", "employment");
    return fuzz::native_round_trip(fuzz::text_of(data, size), *schema);
}
