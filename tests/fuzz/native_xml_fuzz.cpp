// Whatever an office sends as xml (native_round_trip.h).
#include "tests/fuzz/native_round_trip.h"

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tongban;
    static const auto schema = support::real_native("640100.real-estate", "homes");
    return fuzz::native_round_trip(fuzz::text_of(data, size), *schema);
}
