#include "base/json.h"

#include <boost/test/unit_test.hpp>

#include "base/json_text.h"

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

BOOST_AUTO_TEST_CASE(text_that_is_written_straight_reads_back_as_it_was_put) {
    JsonText json;
    json.begin_object().name("list").begin_array();
    json.value(true).value(-7).null().begin_array().end_array().value("");
    json.end_array().name("a \"name\"").value("线\n\x01\\{").name("empty").begin_object();
    const std::string text = json.end_object().end_object().take();
    const auto read = parse_json(text);
    BOOST_REQUIRE(read.ok());
    BOOST_TEST((*read == Json{{"list", {true, -7, nullptr, Json::array(), ""}},
                              {"a \"name\"", "线\n\x01\\{"},
                              {"empty", Json::object()}}));
    BOOST_TEST(json.take().empty());
}

BOOST_AUTO_TEST_CASE(text_that_is_written_straight_is_canonical_when_its_names_are_sorted) {
    JsonText json;
    json.begin_object().name("a").value(std::int64_t{1} << 53U).name("b").value("\t线\x1f/");
    const std::string text = json.end_object().take();
    BOOST_TEST(text == canonical_json(*parse_json(text)));
}

BOOST_AUTO_TEST_CASE(what_is_no_utf_8_is_replaced_in_text_that_is_written_straight) {
    JsonText json;
    json.value("a\xff\"b");
    BOOST_TEST(json.take() == "\"a\xef\xbf\xbd\\\"b\"");
}

BOOST_AUTO_TEST_SUITE_END()
