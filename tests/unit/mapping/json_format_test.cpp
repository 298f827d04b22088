#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "base/text.h"
#include "mapping/formats/format.h"
#include "tests/support/native_samples.h"

using namespace tongban;
using namespace tongban::mapping;
using support::deed_tax_utf8;
using support::with;

namespace {

std::shared_ptr<const schemas::NativeSchema> tax() {
    static const auto schema = support::real_native("640100.tax", "deed-tax");
    return schema;
}

std::vector<schemas::Finding> all(const Reading& reading) {
    std::vector<schemas::Finding> findings = reading.findings;
    findings.insert(findings.end(), reading.schema_findings.begin(), reading.schema_findings.end());
    return findings;
}

// The one finding that is expected, with a look at what every finding must have.
schemas::Finding only(const Reading& reading) {
    const auto findings = all(reading);
    BOOST_REQUIRE_EQUAL(findings.size(), 1U);
    const auto& finding = findings.front();
    BOOST_TEST(!finding.zh.empty());
    BOOST_TEST(!finding.en.empty());
    BOOST_TEST(finding.version == "640100.tax/deed-tax@1");
    return finding;
}

schemas::Finding only(const std::string& bytes) {
    return only(read_json(bytes, *tax()));
}

const char* const any_object = R"({"type": "object"})";
std::string yaml_of(const std::string& encoding, const std::string& limits = "{}") {
    return "schema: 900000.test/thing@1\ndescription: test\nsource: test\nformat: "
           "json\nencoding: " +
           encoding + "\njson_schema: thing.json\nlimits: " + limits + "\n";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_format_test)

BOOST_AUTO_TEST_CASE(reads_a_good_record_with_places_kinds_and_arrays) {
    const Reading reading = read_json(deed_tax_utf8, *tax());
    BOOST_TEST(all(reading).empty());
    BOOST_REQUIRE(reading.root.has_value());
    BOOST_TEST((reading.root->kind == schemas::NodeKind::object));
    const schemas::Node* item = reading.root->child("wsxx");
    BOOST_REQUIRE(item != nullptr);
    BOOST_TEST(item->in_array);
    BOOST_TEST((item->kind == schemas::NodeKind::object));
    const schemas::Node* amount = item->child("jsje");
    BOOST_REQUIRE(amount != nullptr);
    BOOST_TEST(amount->text == "650000.00");
    BOOST_TEST((amount->kind == schemas::NodeKind::string));
    BOOST_TEST(amount->line == 5U);
    BOOST_TEST(amount->column == 44U);
}

BOOST_AUTO_TEST_CASE(keeps_numbers_as_they_are_written) {
    const support::OwnNative own(yaml_of("UTF-8"), "thing.json", any_object);
    const Reading reading = read_json(
        R"({"a": 1.50, "b": -0, "c": 12345678901234567890123456789.10, "d": 1E+2})", *own.load());
    BOOST_REQUIRE(reading.root.has_value());
    BOOST_TEST(reading.root->child("a")->text == "1.50");
    BOOST_TEST(reading.root->child("b")->text == "-0");
    BOOST_TEST(reading.root->child("c")->text == "12345678901234567890123456789.10");
    BOOST_TEST(reading.root->child("d")->text == "1E+2");
}

BOOST_AUTO_TEST_CASE(tells_every_violation_of_the_schema_with_its_place_and_no_value) {
    std::string bytes = with(deed_tax_utf8, R"("jsje": "650000.00")", R"("jsje": 650000.00)");
    bytes = with(bytes, R"("jkrq": "2020-05-06")", R"("jkrq": "6 May 2020")");
    bytes = with(bytes, R"("nsrmc": "甲试甲", )", "");
    bytes = with(bytes, R"("fhxx": "查询成功")", R"("fhxy": "查询成功")");
    const Reading reading = read_json(bytes, *tax());
    BOOST_TEST(reading.findings.empty());
    BOOST_TEST(reading.root.has_value());
    const auto has = [&reading](
                         const std::string& code, const std::string& path, std::uint32_t line) {
        return std::any_of(reading.schema_findings.begin(),
                           reading.schema_findings.end(),
                           [&](const auto& finding) {
                               return finding.code == code && finding.place.path == path &&
                                      finding.place.line == line;
                           });
    };
    BOOST_TEST(reading.schema_findings.size() == 4U);
    BOOST_TEST(has("json_schema.type", "/wsxx/0/jsje", 5U));
    BOOST_TEST(has("json_schema.pattern", "/wsxx/0/jkrq", 6U));
    BOOST_TEST(has("json_schema.missing", "/wsxx/0/nsrmc", 4U));
    BOOST_TEST(has("json_schema.unexpected", "/fhxy", 2U));
    for (const auto& finding : reading.schema_findings) {
        for (const auto& text : {finding.zh, finding.en, finding.shape, finding.place.path}) {
            BOOST_TEST(text.find("6 May") == std::string::npos);
            BOOST_TEST(text.find("650000") == std::string::npos);
            BOOST_TEST(text.find("查询成功") == std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(refuses_members_named_twice) {
    const auto finding =
        only(with(deed_tax_utf8, R"("sl": "0.015")", R"("sl": "0.015", "jkzt": "1")"));
    BOOST_TEST(finding.code == "json.duplicate");
    BOOST_TEST((finding.severity == schemas::Severity::block));
    BOOST_TEST(finding.place.path == "/wsxx/0");
    BOOST_TEST(finding.place.line == 6U);
}

BOOST_AUTO_TEST_CASE(says_where_the_syntax_breaks) {
    const auto cut = only(deed_tax_utf8.substr(0, deed_tax_utf8.find("\"sfzjhm\"")));
    BOOST_TEST(cut.code == "json.syntax");
    BOOST_TEST(cut.place.line == 5U);
    BOOST_TEST(only(with(deed_tax_utf8, "\"fhm\": \"0\"", "fhm: 0")).code == "json.syntax");
    BOOST_TEST(only(deed_tax_utf8 + "{}").code == "json.syntax");
    BOOST_TEST(only(with(deed_tax_utf8, "\"0.015\"", "01.5")).code == "json.syntax");
    BOOST_TEST(only(with(deed_tax_utf8, "查询成功", "查\n询")).code == "json.syntax");
    BOOST_TEST(only(with(deed_tax_utf8, "查询成功", "\\ud800")).code == "json.syntax");
    BOOST_TEST(only(with(deed_tax_utf8, "查询成功", "\\u-123")).code == "json.syntax");
    BOOST_TEST(only("").code == "json.syntax");
    BOOST_TEST(only("<html>502 Bad Gateway</html>").code == "json.syntax");
}

BOOST_AUTO_TEST_CASE(reads_escapes) {
    const Reading reading =
        read_json(with(deed_tax_utf8, "查询成功", R"(a\"\\\/\n\u67e5\ud840\udd64)"), *tax());
    BOOST_REQUIRE(reading.root.has_value());
    BOOST_TEST(reading.root->child("fhxx")->text == "a\"\\/\n查𠅤");
}

BOOST_AUTO_TEST_CASE(holds_the_limits_while_reading) {
    const support::OwnNative own(
        yaml_of("UTF-8", "{bytes: 2000000, depth: 8, text: 100, nodes: 1000}"),
        "thing.json",
        any_object);
    const auto schema = own.load();
    const auto first = [&schema](const std::string& bytes) {
        const Reading reading = read_json(bytes, *schema);
        BOOST_TEST(!reading.root.has_value());
        BOOST_REQUIRE_EQUAL(reading.findings.size(), 1U);
        BOOST_TEST((reading.findings.front().severity == schemas::Severity::block));
        return reading.findings.front().code;
    };
    BOOST_TEST(first(std::string(10'000, '[')) == "limit.depth");
    std::string nested;
    for (int i = 0; i < 10'000; ++i)
        nested += R"({"a":)";
    BOOST_TEST(first(nested) == "limit.depth");
    BOOST_TEST(first(R"({"a": ")" + std::string(1'000'000, 'x') + R"("})") == "limit.text");
    std::string many = R"({"a": [0)";
    for (int i = 0; i < 2'000; ++i)
        many += ",0";
    BOOST_TEST(first(many + "]}") == "limit.nodes");
    BOOST_TEST(first(R"({"a": )" + std::string(100, '9') + "}") == "limit.number");
    BOOST_TEST(first(R"({"a": 1e999999999})") == "limit.number");
    BOOST_TEST(first(std::string(2'000'001, ' ')) == "limit.bytes");
}

BOOST_AUTO_TEST_CASE(checks_the_encoding_against_the_bytes) {
    BOOST_TEST(only(support::in_gb18030(deed_tax_utf8)).code == "encoding.bytes");
    BOOST_TEST(only(with(deed_tax_utf8, "查询成功", std::string("查\0询", 7))).code ==
               "encoding.nul");
    BOOST_TEST(only(with(deed_tax_utf8, "查询成功", "\\u0000")).code == "encoding.nul");
    BOOST_TEST(only(with(deed_tax_utf8, "成功", "\xE6\x88")).code == "encoding.bytes");
    BOOST_TEST(only("\xFF\xFE{\0}\0").code == "encoding.declared");
    BOOST_TEST(all(read_json("\xEF\xBB\xBF" + deed_tax_utf8, *tax())).empty());
}

BOOST_AUTO_TEST_CASE(refuses_the_whole_file_for_mojibake) {
    const auto finding = only(with(deed_tax_utf8, "甲试甲", "锟斤拷锟斤拷"));
    BOOST_TEST(finding.code == "encoding.mojibake");
    BOOST_TEST((finding.severity == schemas::Severity::block));
    BOOST_TEST(finding.place.path == "/wsxx/0/nsrmc");
    BOOST_TEST(finding.place.line == 4U);
    // UTF-8 once read as GBK: the bytes of the first text taken for GB18030.
    const auto misread = gb18030_to_utf8("买买提甲乙丙");
    BOOST_REQUIRE(misread.ok());
    BOOST_TEST(only(with(deed_tax_utf8, "甲试甲", *misread)).code == "encoding.mojibake");
}

BOOST_AUTO_TEST_CASE(reads_gb18030_json_where_the_office_promises_it) {
    const support::OwnNative own(yaml_of("GB18030"), "thing.json", any_object);
    const Reading reading = read_json(support::in_gb18030(R"({"name": "䶮𠅤"})"), *own.load());
    BOOST_REQUIRE(reading.root.has_value());
    BOOST_TEST(reading.root->child("name")->text == "䶮𠅤");
    const Reading utf8 = read_json(R"({"name": "甲乙丙丁"})", *own.load());
    BOOST_REQUIRE_EQUAL(utf8.findings.size(), 1U);
    BOOST_TEST(utf8.findings.front().code == "encoding.bytes");
    const Reading cut = read_json(support::in_gb18030("{\n\"name\": \"甲乙") + "\xB1", *own.load());
    BOOST_REQUIRE_EQUAL(cut.findings.size(), 1U);
    BOOST_TEST(cut.findings.front().code == "encoding.bytes");
    BOOST_TEST(cut.findings.front().place.line == 2U);
}

BOOST_AUTO_TEST_CASE(writes_what_it_reads) {
    const Reading reading = read_json(deed_tax_utf8, *tax());
    BOOST_REQUIRE(reading.root.has_value());
    const Writing writing = write_format(*reading.root, *tax());
    BOOST_TEST(writing.findings.empty());
    BOOST_TEST(writing.bytes.starts_with(R"({"fhm":"0","fhxx":"查询成功")"));
    BOOST_TEST(writing.bytes.find(R"("wsxx":[{"dzsphm":)") != std::string::npos);
    const Reading again = read_json(writing.bytes, *tax());
    BOOST_REQUIRE(again.root.has_value());
    BOOST_TEST(write_format(*again.root, *tax()).bytes == writing.bytes);
}

BOOST_AUTO_TEST_CASE(writes_kinds_and_escapes_and_refuses_what_is_none) {
    const support::OwnNative own(yaml_of("UTF-8"), "thing.json", any_object);
    using schemas::NodeKind;
    schemas::Node root;
    root.kind = NodeKind::object;
    const auto add =
        [&root](const char* name, NodeKind kind, const std::string& text, bool in_array = false) {
            schemas::Node child;
            child.name = name;
            child.kind = kind;
            child.text = text;
            child.in_array = in_array;
            root.children.push_back(child);
        };
    add("s", NodeKind::string, "a\"\\\x01\n");
    add("n", NodeKind::number, "1.50");
    add("b", NodeKind::boolean, "true");
    add("z", NodeKind::null, "");
    add("one", NodeKind::string, "x", true);
    add("two", NodeKind::number, "1");
    add("none", NodeKind::array_item, "");
    add("two", NodeKind::number, "2");
    BOOST_TEST(
        write_format(root, *own.load()).bytes ==
        R"({"s":"a\"\\\u0001\n","n":1.50,"b":true,"z":null,"one":["x"],"two":[1,2],"none":[]})");
    add("bad", NodeKind::number, "1,000.00");
    add("worse", NodeKind::boolean, "yes");
    const Writing writing = write_format(root, *own.load());
    BOOST_REQUIRE_EQUAL(writing.findings.size(), 2U);
    BOOST_TEST(writing.findings[0].code == "encode.number");
    BOOST_TEST(writing.findings[0].place.path == "/bad");
    BOOST_TEST((writing.findings[0].mender == schemas::Mender::mapping_owner));
    BOOST_TEST(writing.findings[1].code == "encode.boolean");
}

BOOST_AUTO_TEST_CASE(validates_what_it_wrote) {
    Reading reading = read_json(deed_tax_utf8, *tax());
    BOOST_REQUIRE(reading.root.has_value());
    reading.root->children.front().text = "7";  // fhm
    const Writing writing = write_format(*reading.root, *tax());
    BOOST_REQUIRE_EQUAL(writing.findings.size(), 1U);
    BOOST_TEST(writing.findings.front().code == "json_schema.enum");
    BOOST_TEST((writing.findings.front().mender == schemas::Mender::mapping_owner));
    BOOST_TEST(writing.findings.front().zh.find("映射负责人") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
