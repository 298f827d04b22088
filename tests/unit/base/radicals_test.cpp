#include "base/radicals.h"

#include <string>

#include <boost/test/unit_test.hpp>

#include "base/text.h"

using namespace tongban;

namespace {

std::string utf8(char32_t point) {
    return to_utf8(std::u32string_view(&point, 1));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(radicals_test)

BOOST_AUTO_TEST_CASE(a_radical_becomes_the_character_that_it_looks_like) {
    BOOST_TEST(fold_radicals(utf8(0x2F00)) == "一");
    BOOST_TEST(fold_radicals(utf8(0x2FBC)) == "高");
    BOOST_TEST(fold_radicals(utf8(0x2FD5)) == "龠");
    BOOST_TEST(fold_radicals(utf8(0x2E9F)) == "母");
    BOOST_TEST(fold_radicals(utf8(0x2EF3)) == "龟");
    BOOST_TEST(fold_radicals(utf8(0x2FBC) + "建" + utf8(0x2F00)) == "高建一");
}

BOOST_AUTO_TEST_CASE(every_kangxi_radical_becomes_an_ordinary_character) {
    for (char32_t point = 0x2F00; point <= 0x2FD5; ++point) {
        const std::u32string folded = code_points(fold_radicals(utf8(point)));
        BOOST_TEST_CONTEXT(static_cast<unsigned>(point)) {
            BOOST_REQUIRE_EQUAL(folded.size(), 1U);
            BOOST_TEST((folded[0] >= 0x4E00 && folded[0] <= 0x9FFF));
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_radical_stays) {
    // The neighbours of both blocks, a component without a decomposition, and variants: a person's
    // name may be written with any of them.
    for (const std::string& text : {utf8(0x2EFF),
                                    utf8(0x2FD6),
                                    utf8(0x2E80),
                                    utf8(0x9FD6),
                                    std::string("髙﨑吳𠅤"),
                                    std::string("abc·"),
                                    std::string()})
        BOOST_TEST(fold_radicals(text) == text);
}

BOOST_AUTO_TEST_SUITE_END()
