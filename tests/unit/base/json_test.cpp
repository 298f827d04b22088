#include "base/json.h"

#include <boost/test/unit_test.hpp>

using namespace tongban;

BOOST_AUTO_TEST_SUITE(json_test)

BOOST_AUTO_TEST_CASE(builds_the_tree_that_was_written) {
    const auto value = parse_json(R"({"b":[1,-2,{"c":null},[],"\u4e2d"],"a":1.5,"d":true})");
    BOOST_REQUIRE(value.ok());
    BOOST_TEST(value->dump() == R"({"a":1.5,"b":[1,-2,{"c":null},[],"中"],"d":true})");
    BOOST_TEST(*parse_json("3") == 3);
}

BOOST_AUTO_TEST_CASE(refuses_a_member_that_stands_twice_and_says_where) {
    const auto value = parse_json("{\n  \"a\": 1,\n  \"a\": 2\n}");
    BOOST_REQUIRE(!value.ok());
    BOOST_TEST((value.fault().kind == FaultKind::malformed));
    BOOST_TEST(value.fault().where == "line 3, column 5");
    BOOST_TEST(value.fault().reason == "a member stands twice in one object");
    BOOST_TEST(parse_json(R"([{"a":1},{"a":1}])").ok());
}

BOOST_AUTO_TEST_CASE(refuses_what_is_not_json_without_quoting_it) {
    for (const char* text : {"",
                             "{",
                             "[1,]",
                             "{\"a\":secret}",
                             "1 2",
                             "[1] x",
                             "\"\xff\"",
                             "nul",
                             "01",
                             "[1e999]",
                             "{1:2}",
                             "\"a\nb\""}) {
        const auto value = parse_json(text);
        BOOST_REQUIRE_MESSAGE(!value.ok(), text);
        BOOST_TEST(value.fault().reason == "is not JSON here");
        BOOST_TEST(value.fault().where.starts_with("line "));
    }
    BOOST_TEST(parse_json("{\"a\":\n  secret}").fault().where == "line 2, column 3");
    BOOST_TEST(!parse_json(std::string_view("1\0", 2)).ok());
}

BOOST_AUTO_TEST_CASE(refuses_too_deep_a_nesting) {
    const std::string deep = std::string(64, '[') + std::string(64, ']');
    BOOST_TEST(parse_json(deep).ok());
    BOOST_TEST(parse_json('[' + deep + ']').fault().reason == "is nested deeper than 64");
    BOOST_TEST(!parse_json(std::string(1'000'000, '[')).ok());
}

BOOST_AUTO_TEST_CASE(canonical_form_is_rfc_8785) {
    const Json value = Json::parse(
        R"({"b":[], "a": {"z":"\u0007\b\f\n\r\t\"\\/ é€\u2028", "A":-9007199254740992}, "":{}, "c":[1,true,null]})");
    BOOST_TEST(canonical_json(value) ==
               "{\"\":{},\"a\":{\"A\":-9007199254740992,\"z\":\"\\u0007\\b\\f\\n\\r\\t\\\"\\\\/ "
               "é€\u2028\"},\"b\":[],\"c\":[1,true,null]}");
}

BOOST_AUTO_TEST_SUITE_END()
