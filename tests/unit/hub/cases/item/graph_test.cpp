// The pictures of an item, as files beside this test (TONGBAN_UPDATE_DOCS=1 rewrites them).
#include "hub/cases/item/graph.h"

#include <cstdlib>

#include <boost/test/unit_test.hpp>

#include "base/files.h"
#include "tests/unit/hub/cases/item/item_fixture.h"

using namespace tongban;
using namespace tongban::item;
using namespace tongban::item::test;

namespace {

void expect_golden(const std::string& name, const std::string& made) {
    const std::string path = std::string(TONGBAN_SOURCE_DIR "/tests/unit/hub/cases/item/") + name;
    if (std::getenv("TONGBAN_UPDATE_DOCS") != nullptr) {
        BOOST_REQUIRE(write_file_durably(path, made).ok());
        return;
    }
    const auto stored = read_file(path);
    BOOST_REQUIRE(stored.ok());
    BOOST_TEST((*stored == made), name << " differs");
}

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++count;
    return count;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(graph_test)

BOOST_AUTO_TEST_CASE(the_drawing_of_the_good_file_is_golden) {
    const ItemFile file = read(good_text());
    BOOST_REQUIRE(file.item);
    expect_golden("rent-withdrawal.dot", to_dot(*file.item));
    expect_golden("rent-withdrawal.svg", to_svg(*file.item));
}

BOOST_AUTO_TEST_CASE(every_step_has_a_box_and_every_way_an_arrow) {
    const ItemFile file = read(good_text());
    BOOST_REQUIRE(file.item);
    const std::string svg = to_svg(*file.item);
    const std::string dot = to_dot(*file.item);
    BOOST_TEST(count_of(svg, "<g>") == file.item->steps.size());
    BOOST_TEST(count_of(svg, "marker-end") == count_of(dot, " -> "));
    for (const Step& step : file.item->steps) {
        BOOST_TEST(svg.find(step.words.zh) != std::string::npos, step.id);
        BOOST_TEST(dot.find(step.words.zh) != std::string::npos, step.id);
    }
    BOOST_TEST(dot.find("\"check_rent\" -> \"rules\"") != std::string::npos);
    BOOST_TEST(dot.find("\"checks\" -> \"rules\"") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_cannot_break_out_of_the_drawing) {
    const ItemFile file =
        read(changed(good_text(), "zh: 并行核查", "zh: \"</svg>\\\"<script>\\\"]; evil\""));
    BOOST_REQUIRE(file.item);
    const std::string svg = to_svg(*file.item);
    BOOST_TEST(svg.find("<script>") == std::string::npos);
    BOOST_TEST(count_of(svg, "</svg>") == 1U);
    BOOST_TEST(to_dot(*file.item).find("\\\"]; evil") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
