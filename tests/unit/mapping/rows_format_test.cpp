#include <boost/test/unit_test.hpp>

#include "mapping/formats/format.h"
#include "tests/support/native_samples.h"

using namespace tongban;
using namespace tongban::mapping;
using support::employment_utf8;
using support::with;

namespace {

std::shared_ptr<const schemas::NativeSchema> view() {
    static const auto schema = support::real_native("610100.social-security", "employment");
    return schema;
}

schemas::Finding only(const std::string& bytes) {
    const Reading reading = read_rows(bytes, *view());
    auto findings = reading.findings;
    findings.insert(findings.end(), reading.schema_findings.begin(), reading.schema_findings.end());
    BOOST_REQUIRE_EQUAL(findings.size(), 1U);
    return findings.front();
}

std::string second_row(const std::string& from, const std::string& to) {
    const auto split = employment_utf8.find('\n') + 1;
    return employment_utf8.substr(0, split) + with(employment_utf8.substr(split), from, to);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rows_format_test)

BOOST_AUTO_TEST_CASE(reads_rows_and_columns_as_the_driver_gave_them) {
    const Reading reading = read_rows(employment_utf8, *view());
    BOOST_TEST(reading.findings.empty());
    BOOST_TEST(reading.schema_findings.empty());
    BOOST_REQUIRE(reading.root.has_value());
    BOOST_TEST(reading.root->name == "rows");
    BOOST_REQUIRE_EQUAL(reading.root->children.size(), 2U);
    const schemas::Node& second = reading.root->children[1];
    BOOST_TEST(second.name == "row");
    BOOST_TEST(second.line == 2U);
    BOOST_TEST((second.child("AAE042")->kind == schemas::NodeKind::null));
    BOOST_TEST((second.child("AAE201")->kind == schemas::NodeKind::number));
    BOOST_TEST(second.child("AAE201")->text == "125");
    BOOST_TEST(second.child("AAE140")->text == "310");
}

BOOST_AUTO_TEST_CASE(reads_an_empty_answer_as_no_rows) {
    const Reading reading = read_rows("", *view());
    BOOST_REQUIRE(reading.root.has_value());
    BOOST_TEST(reading.root->children.empty());
    BOOST_TEST(reading.schema_findings.empty());
}

BOOST_AUTO_TEST_CASE(names_a_missing_column_once_for_all_rows) {
    std::string bytes = with(employment_utf8, R"(,"AAE201":125)", "");
    bytes = with(bytes, R"(,"AAE201":125)", "");
    const auto finding = only(bytes);
    BOOST_TEST(finding.code == "rows.column");
    BOOST_TEST(finding.place.path == "/row[1]/AAE201");
    BOOST_TEST(finding.place.line == 1U);
    BOOST_TEST(finding.en.find("AAE201 (2 rows)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(checks_each_row_by_the_schema_of_a_row) {
    const auto pattern = only(second_row(R"("AAE041":"201508")", R"("AAE041":"2015-08")"));
    BOOST_TEST(pattern.code == "json_schema.pattern");
    BOOST_TEST(pattern.place.path == "/row[2]/AAE041");
    BOOST_TEST(pattern.place.line == 2U);
    BOOST_TEST(pattern.place.column > 1U);
    BOOST_TEST(only(second_row(R"("AAE180":"12000.00")", R"("AAE180":12000.00)")).code ==
               "json_schema.type");
    BOOST_TEST(only(second_row(R"("AAE201":125)", R"("AAE201":125,"PASSWORD":"x")")).code ==
               "json_schema.unexpected");
}

BOOST_AUTO_TEST_CASE(reads_on_after_a_broken_row) {
    const auto split = employment_utf8.find('\n') + 1;
    const Reading reading = read_rows(
        "{\"AAC001\":\n" + employment_utf8.substr(0, split) + "[1]\n\n{\"AAC001\":{}}\n", *view());
    BOOST_TEST(!reading.root.has_value());
    BOOST_REQUIRE_EQUAL(reading.findings.size(), 4U);
    BOOST_TEST(reading.findings[0].code == "json.syntax");
    BOOST_TEST(reading.findings[0].place.line == 1U);
    BOOST_TEST(reading.findings[1].code == "rows.shape");
    BOOST_TEST(reading.findings[1].place.line == 3U);
    BOOST_TEST(reading.findings[2].code == "json.syntax");
    BOOST_TEST(reading.findings[2].place.line == 4U);
    BOOST_TEST(reading.findings[3].code == "rows.shape");
}

BOOST_AUTO_TEST_CASE(refuses_hostile_rows) {
    BOOST_TEST(
        only(with(employment_utf8, R"("AAC004":"1")", R"("AAC004":"1","AAC004":"2")")).code ==
        "json.duplicate");
    BOOST_TEST(only(with(employment_utf8, "甲试甲", "烫烫烫")).code == "encoding.mojibake");
    BOOST_TEST(only(support::in_gb18030(employment_utf8)).code == "encoding.bytes");
    BOOST_TEST(only(std::string(2U << 20, '\n')).code == "limit.bytes");
    BOOST_TEST(only(with(employment_utf8, "甲试甲", std::string(5000, 'x'))).code == "limit.text");
    const Reading noise = read_rows(std::string(100'000, '\n'), *view());
    BOOST_TEST(noise.findings.size() == findings_limit);
}

BOOST_AUTO_TEST_CASE(accepts_windows_line_ends) {
    std::string bytes;
    for (const char c : employment_utf8)
        bytes += c == '\n' ? std::string("\r\n") : std::string(1, c);
    BOOST_TEST(read_rows(bytes, *view()).root.has_value());
}

BOOST_AUTO_TEST_CASE(writes_rows_as_lines_and_a_query_as_one_object) {
    const Reading reading = read_rows(employment_utf8, *view());
    BOOST_REQUIRE(reading.root.has_value());
    const Writing rows = write_format(*reading.root, *view());
    BOOST_TEST(rows.findings.empty());
    BOOST_TEST(rows.bytes == employment_utf8);
    const Writing one = write_rows(reading.root->children[0], *view());
    BOOST_TEST(one.bytes == employment_utf8.substr(0, employment_utf8.find('\n') + 1));
}

BOOST_AUTO_TEST_SUITE_END()
