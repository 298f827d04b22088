// GB18030 either decodes to well-formed UTF-8 that makes the round trip, or says at which byte it
// is wrong.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/text.h"

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tongban;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto text = gb18030_to_utf8(bytes);
    if (text) {
        TONGBAN_CHECK(invalid_utf8(*text) == std::string_view::npos, "fuzz.gb18030_utf8");
        const auto back = utf8_to_gb18030(*text);
        TONGBAN_CHECK(back.ok() && gb18030_to_utf8(*back).ok() && *gb18030_to_utf8(*back) == *text,
                      "fuzz.gb18030_round_trip");
        (void)looks_like_mojibake(*text);
        (void)shape_of(strip_invisible(fold_width(*text)));
    } else {
        TONGBAN_CHECK(text.fault().where.starts_with("byte "), "fuzz.gb18030_where");
    }
    const auto encoded = utf8_to_gb18030(bytes);
    if (encoded) TONGBAN_CHECK(gb18030_to_utf8(*encoded).ok(), "fuzz.gb18030_encoded");
    return 0;
}
