#include "base/yaml.h"

#include <boost/test/unit_test.hpp>

using namespace tongban;

namespace {

std::string message_of(const std::string& text) {
    try {
        YamlFile::from_text(text, "f.yaml").check();
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(yaml_test)

BOOST_AUTO_TEST_CASE(reads_values_with_their_lines) {
    const YamlFile file = YamlFile::from_text(
        "id: a/b@1\ncount: 12\non: true\nfrom: 2024-03-15\nlist:\n  - x\n  - \"y: z\"\nempty:\n",
        "f.yaml");
    const YamlMap map = file.root().map({"id", "count", "on", "from", "list", "empty"});
    BOOST_TEST(map.text("id") == "a/b@1");
    BOOST_TEST(map.integer("count") == 12);
    BOOST_TEST(map.boolean_or("on", false) == true);
    BOOST_TEST((map.date("from") == Date{2024, 3, 15}));
    BOOST_TEST(map.texts_if("list").size() == 2U);
    BOOST_TEST(map.texts_if("list")[1] == "y: z");
    BOOST_TEST(map.list("list")[1].line() == 7);
    BOOST_TEST(map.list("list")[1].column() == 5);
    BOOST_TEST(map.text_or("none", "fallback") == "fallback");
    BOOST_TEST(map.integer_or("none", 5) == 5);
    BOOST_TEST(!map.date_if("none").has_value());
    BOOST_TEST(map.has("empty"));
    BOOST_TEST(!map.at("empty").is_text());
    BOOST_TEST(map.entries()[2].first == "on");
    BOOST_CHECK_NO_THROW(file.check());
}

BOOST_AUTO_TEST_CASE(collects_every_fault_with_its_place) {
    const YamlFile file = YamlFile::from_text(
        "id: x\ncount: many\nunknown: 1\nlist: no\nfrom: 2024-02-30\n", "f.yaml");
    const YamlMap map = file.root().map({"id", "count", "list", "from", "name"});
    BOOST_TEST(map.integer("count") == 0);
    BOOST_TEST(map.list("list").empty());
    BOOST_TEST(map.text("name").empty());
    (void)map.date("from");
    BOOST_TEST(file.faults().size() == 5U);
    try {
        file.check();
        BOOST_TEST(false);
    } catch (const ConfigError& error) {
        BOOST_TEST(std::string(error.what()) ==
                   "f.yaml:1:1: the key \"name\" is missing\n"
                   "f.yaml:2:8: \"count\": found \"many\", expected a whole number\n"
                   "f.yaml:3:10: the key \"unknown\" is not known here, expected one of: id, "
                   "count, list, from, name\n"
                   "f.yaml:4:7: \"list\": found a text, expected a list\n"
                   "f.yaml:5:7: \"from\": found \"2024-02-30\", expected a date like 2024-03-15");
    }
}

BOOST_AUTO_TEST_CASE(notes_one_fault_for_one_wrong_shape) {
    const YamlFile file = YamlFile::from_text("inner: text\n", "f.yaml");
    const YamlMap inner = file.root().map({"inner"}).at("inner").map({"a", "b"});
    BOOST_TEST(inner.text("a").empty());
    BOOST_TEST(inner.list("b").empty());
    BOOST_TEST(file.faults().size() == 1U);
}

BOOST_AUTO_TEST_CASE(refuses_what_hides_or_multiplies_values) {
    BOOST_TEST(message_of("a: 1\na: 2\n") == "f.yaml:2:1: the key \"a\" stands here twice");
    BOOST_TEST(message_of("a: &x 1\nb: *x\n").find("an anchor is not allowed here") !=
               std::string::npos);
    BOOST_TEST(message_of("a: !!binary aGVsbG8=\n").find("a tag is not allowed here") !=
               std::string::npos);
    BOOST_TEST(message_of("a: 1\n---\nb: 2\n").find("expected one document") != std::string::npos);
    BOOST_TEST(message_of("? [a]\n: 1\n").find("a key is a plain text") != std::string::npos);
    BOOST_TEST(message_of(std::string(40, '[') + std::string(40, ']')).find("nested too deeply") !=
               std::string::npos);
    BOOST_TEST(message_of("a: 1\nb: \xff\n") ==
               "f.yaml:2:0: expected UTF-8 text without NUL bytes");
    BOOST_TEST(message_of("a: [1\n").starts_with("f.yaml:"));
    BOOST_TEST(message_of("").empty());
}

BOOST_AUTO_TEST_CASE(dumps_typed_json) {
    const YamlFile file = YamlFile::from_text(
        "a: {t: true, q: \"true\", n: 12, z: 007, d: 1.50, s: x, e: , l: [1, \"1\"], big: "
        "1234567890123456789012}\n",
        "f");
    BOOST_TEST(
        file.root().dump_json() ==
        R"({"a":{"t":true,"q":"true","n":12,"z":"007","d":1.50,"s":"x","e":null,"l":[1,"1"],"big":"1234567890123456789012"}})");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_a_config_error) {
    BOOST_CHECK_THROW(YamlFile("/no/such/file.yaml"), ConfigError);
}

BOOST_AUTO_TEST_SUITE_END()
