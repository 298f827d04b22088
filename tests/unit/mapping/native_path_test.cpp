#include "mapping/internal/native_path.h"

#include <boost/test/unit_test.hpp>

using namespace tongban;
using namespace tongban::mapping;
using schemas::Format;
using schemas::Node;

BOOST_AUTO_TEST_SUITE(native_path_test)

namespace {

const Namespaces spaces{{"default", "urn:d"}, {"s", "urn:s"}};

NativePath path(const std::string& text) {
    const Result<NativePath> parsed = parse_native_path(text, spaces);
    BOOST_REQUIRE(parsed.ok());
    return *parsed;
}

Node element(const std::string& name, const std::string& ns, const std::string& text = "") {
    Node node;
    node.name = name;
    node.ns = ns;
    node.text = text;
    return node;
}

Node sample() {
    Node root = element("Root", "urn:d");
    for (const char* state : {"2", "1"}) {
        Node row = element("Row", "urn:d");
        row.attributes.push_back({"QSZT", "", state});
        row.children.push_back(element("Kind", "urn:d", state));
        row.children.push_back(element("Name", "urn:s", std::string("n") + state));
        root.children.push_back(row);
    }
    return root;
}

std::string text(const std::string& way) {
    const Node root = sample();
    const NativeText found = text_at({&root, "/Root"}, path(way), Format::xml);
    return found.found ? found.text + " " + found.place.path : "(none)";
}

}  // namespace

BOOST_AUTO_TEST_CASE(follows_names_namespaces_and_conditions) {
    BOOST_TEST(text("Row/Kind") == "2 /Root/Row/Kind");
    BOOST_TEST(text("Row/s:Name") == "n2 /Root/Row/Name");
    BOOST_TEST(text("Row/Name") == "(none)");
    BOOST_TEST(text("Row[@QSZT=1]/Kind") == "1 /Root/Row[2]/Kind");
    BOOST_TEST(text("Row[Kind=1]/@QSZT") == "1 /Root/Row[2]/@QSZT");
    BOOST_TEST(text("Row/@QSZT") == "2 /Root/Row/@QSZT");
    BOOST_TEST(text("Row[@QSZT=9]/Kind") == "(none)");
}

BOOST_AUTO_TEST_CASE(tells_no_place_from_an_empty_place) {
    const Node root = sample();
    BOOST_TEST(follow_all({&root, "/Root"}, path("Row").steps, Format::xml).nodes.size() == 2U);
    BOOST_TEST(follow_all({&root, "/Root"}, path("Other").steps, Format::xml).parent_found);
    BOOST_TEST(!follow_all({&root, "/Root"}, path("Other/Row").steps, Format::xml).parent_found);
}

BOOST_AUTO_TEST_CASE(refuses_paths_that_lead_nowhere) {
    for (const char* bad : {"", "a//b", "/a", "a/", "@x/b", "q:a", "a[b]", "a[=x]", "a[b=c", "@"}) {
        BOOST_TEST(!parse_native_path(bad, spaces).ok(), bad);
    }
    BOOST_TEST(path(".").steps.empty());
    BOOST_TEST(path("a[@b=c/d]/e").steps.size() == 2U);
}

BOOST_AUTO_TEST_CASE(makes_a_way_once) {
    Node root = element("Root", "urn:d");
    ensure(root, path("a/b").steps, Format::xml).text = "1";
    ensure(root, path("a/c").steps, Format::xml).text = "2";
    BOOST_TEST(root.children.size() == 1U);
    BOOST_TEST(root.children.front().children.size() == 2U);
    BOOST_TEST(find_existing(root, path("a/b").steps)->text == "1");
    BOOST_TEST(find_existing(root, path("a/z").steps) == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
