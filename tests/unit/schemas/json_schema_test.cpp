#include "schemas/json_schema.h"

#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "base/json.h"
#include "base/yaml.h"

using namespace tongban;
using namespace tongban::schemas;

namespace {

std::vector<JsonProblem> check(const std::string& schema, const std::string& value) {
    return JsonSchema::from_text(schema, "test.json")->check(*parse_json(value));
}

std::string refusal(const std::string& schema) {
    try {
        (void)JsonSchema::from_text(schema, "test.json");
    } catch (const ConfigError& error) {
        return error.faults().front().message;
    }
    return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_schema_test)

BOOST_AUTO_TEST_CASE(tells_all_problems_and_only_the_deepest) {
    const auto problems = check(
        R"({"type": "object", "properties": {"a": {"type": "array", "items": {"type": "integer"}}}, "required": ["b"]})",
        R"({"a": [1, "x", 2.5]})");
    BOOST_REQUIRE_EQUAL(problems.size(), 3U);
    std::vector<std::string> codes;
    for (const auto& problem : problems)
        codes.push_back(problem.code);
    BOOST_TEST(std::count(codes.begin(), codes.end(), "json_schema.type") == 2);
    BOOST_TEST(std::count(codes.begin(), codes.end(), "json_schema.missing") == 1);
    for (const auto& problem : problems) {
        if (problem.code == "json_schema.missing") BOOST_TEST(problem.member == "b");
        if (problem.code == "json_schema.type") BOOST_TEST(problem.tokens.size() == 2U);
    }
}

BOOST_AUTO_TEST_CASE(patterns_are_linear_and_count_characters) {
    const std::string slow = R"({"type": "string", "pattern": "^(a|aa)*b$"})";
    BOOST_TEST(check(slow, "\"" + std::string(200'000, 'a') + "\"").front().code ==
               "json_schema.pattern");
    BOOST_TEST(check(R"({"type": "string", "pattern": "^.{2}$"})", R"("甲乙")").empty());
    BOOST_TEST(check(R"({"type": "string", "pattern": "^\\p{Han}+$"})", R"("甲乙")").empty());
    BOOST_TEST(check(R"({"type": ["string", "null"], "pattern": "^x$"})", "null").empty());
    BOOST_TEST(!refusal(R"({"pattern": "(?=a)b"})").empty());
    BOOST_TEST(!refusal(R"({"properties": {"a": {"pattern": "("}}})").empty());
}

BOOST_AUTO_TEST_CASE(dates_are_real) {
    const std::string day = R"({"type": "string", "format": "date"})";
    BOOST_TEST(check(day, R"("2024-02-29")").empty());
    BOOST_TEST(check(day, R"("2023-02-29")").front().code == "json_schema.date");
    BOOST_TEST(check(R"({"format": "date-time"})", R"("2024-02-29T08:00:00+08:00")").empty());
    BOOST_TEST(check(day, "7").front().code == "json_schema.type");
}

BOOST_AUTO_TEST_CASE(words_every_keyword) {
    BOOST_TEST(check(R"({"enum": ["a"]})", R"("b")").front().code == "json_schema.enum");
    BOOST_TEST(check(R"({"const": 1})", "2").front().code == "json_schema.enum");
    BOOST_TEST(check(R"({"minimum": 0})", "-1").front().code == "json_schema.range");
    BOOST_TEST(check(R"({"exclusiveMaximum": 5})", "5").front().code == "json_schema.range");
    BOOST_TEST(check(R"({"type": "integer", "multipleOf": 5})", "7").front().code ==
               "json_schema.range");
    BOOST_TEST(check(R"({"minLength": 2})", R"("甲")").front().code == "json_schema.length");
    BOOST_TEST(check(R"({"maxItems": 1})", "[1, 2]").front().code == "json_schema.items");
    BOOST_TEST(check(R"({"uniqueItems": true})", "[1, 1]").front().code == "json_schema.unique");
    BOOST_TEST(check(R"({"not": {"required": ["a"]}})", R"({"a": 1})").front().code ==
               "json_schema.forbidden");
    BOOST_TEST(check(R"({"maxProperties": 1})", R"({"a": 1, "b": 2})").front().code ==
               "json_schema.members");
    BOOST_TEST(check(R"({"contains": {"const": 1}})", "[2]").front().code ==
               "json_schema.contains");
    BOOST_TEST(check(R"({"oneOf": [{"type": "integer"}, {"type": "number"}]})", "1").front().code ==
               "json_schema.choice");
    BOOST_TEST(
        check(R"({"anyOf": [{"type": "integer"}, {"type": "null"}]})", R"("x")").back().code ==
        "json_schema.choice");
    BOOST_TEST(check(R"({"dependencies": {"a": ["b"]}})", R"({"a": 1})").front().member == "b");
    BOOST_TEST(check("false", "1").front().code == "json_schema.other");
    const auto unexpected =
        check(R"({"properties": {"a": {}}, "additionalProperties": false})", R"({"zz": 1})");
    BOOST_TEST(unexpected.front().code == "json_schema.unexpected");
    BOOST_TEST(unexpected.front().member == "zz");
}

BOOST_AUTO_TEST_CASE(follows_references_within_the_file_only) {
    BOOST_TEST(
        check(
            R"({"definitions": {"n": {"type": "integer"}}, "properties": {"a": {"$ref": "#/definitions/n"}}})",
            R"({"a": "x"})")
            .front()
            .code == "json_schema.type");
    BOOST_TEST(!refusal(R"({"$ref": "http://example.org/x.json"})").empty());
    BOOST_TEST(!refusal(R"({"properties": {"a": {"$ref": "#/definitions/none"}}})").empty());
}

BOOST_AUTO_TEST_CASE(refuses_keywords_that_it_would_not_check) {
    for (const char* schema : {R"({"patternProperties": {"^a": {}}})",
                               R"({"propertyNames": {}})",
                               R"({"requierd": ["a"]})",
                               R"({"format": "email"})",
                               R"({"multipleOf": 0.01})",
                               R"({"$schema": "http://json-schema.org/draft-04/schema#"})",
                               "[]",
                               "not json",
                               R"({"type": "object", "properties": []})"}) {
        BOOST_TEST(!refusal(schema).empty(), schema);
    }
    BOOST_TEST(
        refusal(
            R"({"title": "t", "description": "d", "$comment": "c", "x-own": 1, "examples": [1], "default": 0})")
            .empty());
}

BOOST_AUTO_TEST_SUITE_END()
