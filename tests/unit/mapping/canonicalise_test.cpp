#include <boost/test/unit_test.hpp>

#include "mapping/stages.h"
#include "tests/support/engine_samples.h"
#include "tests/support/native_samples.h"

using namespace tongban;
using namespace tongban::mapping;
using support::canonical_record;
using support::example_of;
using support::with;

BOOST_AUTO_TEST_SUITE(canonicalise_test)

namespace {

const std::string certificate = "610100.housing-fund/certificate@1";

std::string text_at(const CanonicalRecord& record, const std::string& path) {
    const schemas::Value* value = at_path(record.fields(), path);
    return value == nullptr ? "(absent)" : canonical_text(*value);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_gb18030_soap_answer_becomes_the_canonical_certificate) {
    const auto checked = canonical_record(certificate, example_of(certificate));
    BOOST_REQUIRE(checked.value.has_value());
    BOOST_TEST(checked.findings.empty());
    BOOST_TEST(checked.value->type() == "housing-fund/contribution-certificate@1");
    BOOST_TEST(text_at(*checked.value, "holder.name") == "买买提·样本");
    BOOST_TEST(text_at(*checked.value, "balance") == "12880.00");
    BOOST_TEST(support::the_library()
                   ->catalogue()
                   .type(checked.value->type())
                   ->check(checked.value->fields())
                   .empty());
}

BOOST_AUTO_TEST_CASE(a_value_knows_where_it_stood) {
    const auto checked = canonical_record(certificate, example_of(certificate));
    BOOST_REQUIRE(checked.value.has_value());
    const schemas::Value* serial = at_path(checked.value->fields(), "ledger[1].serial");
    BOOST_REQUIRE(serial != nullptr);
    BOOST_TEST(serial->place.path == "/Envelope/Body/YDDKZMResponse/ZM/MXLB/MX[2]/YWLSH");
    BOOST_TEST(serial->place.line == 19U);
    BOOST_TEST(serial->place.column > 1U);
}

BOOST_AUTO_TEST_CASE(a_json_value_is_placed_by_its_pointer) {
    const auto checked =
        canonical_record("640100.tax/deed-tax@1", example_of("640100.tax/deed-tax@1"));
    BOOST_REQUIRE(checked.value.has_value());
    BOOST_TEST(at_path(checked.value->fields(), "records[0].paid")->place.path == "/wsxx/0/sjje");
}

BOOST_AUTO_TEST_CASE(a_row_value_is_placed_by_its_row) {
    const auto checked = canonical_record("610100.social-security/employment@1",
                                          example_of("610100.social-security/employment@1"));
    BOOST_REQUIRE(checked.value.has_value());
    const schemas::Value* to = at_path(checked.value->fields(), "spells[1].to");
    BOOST_TEST(to->place.path == "/row[2]/AAE042");
    BOOST_TEST(to->place.line == 2U);
}

BOOST_AUTO_TEST_CASE(an_attribute_is_placed_by_its_name) {
    const auto checked =
        canonical_record("640100.real-estate/homes@1", example_of("640100.real-estate/homes@1"));
    BOOST_REQUIRE(checked.value.has_value());
    BOOST_TEST(at_path(checked.value->fields(), "homes[0].holders[1].share")->place.path ==
               "/Message/Data/QLT_FW_FDCQ_YZ/ZTT_GY_QLR[2]/@QLBL");
}

BOOST_AUTO_TEST_CASE(tells_all_that_is_wrong_with_place_shape_version_and_mender) {
    std::string text = with(example_of(certificate), "<GRJZNY>202602<", "<GRJZNY>202613<");
    text = with(text, "<KHRQ>20150601<", "<KHRQ>20150631<");
    text = with(text, "<JZRQ>20250630<", "<JZRQ>20250631<");
    text = with(text, "<DWZHZT>01<", "<DWZHZT>77<");
    const auto checked = canonical_record(certificate, text);
    BOOST_TEST(!checked.value.has_value());
    BOOST_REQUIRE(checked.findings.size() == 4U);
    for (const Finding& finding : checked.findings) {
        BOOST_TEST(finding.version == "610100.housing-fund/certificate@1");
        BOOST_TEST(finding.place.line > 0U);
        BOOST_TEST(finding.place.path.starts_with("/Envelope/Body/YDDKZMResponse/ZM/"));
        BOOST_TEST(!finding.shape.empty());
        BOOST_TEST(!finding.zh.empty());
        BOOST_TEST(!finding.en.empty());
        BOOST_TEST((finding.severity == schemas::Severity::return_));
        for (const char* value : {"202613", "20150631", "20250631", "77"}) {
            BOOST_TEST(finding.zh.find(value) == std::string::npos);
            BOOST_TEST(finding.en.find(value) == std::string::npos);
            BOOST_TEST(finding.shape.find(value) == std::string::npos);
        }
    }
    BOOST_TEST((checked.findings[2].mender == schemas::Mender::code_list_owner));
    BOOST_TEST(checked.findings[3].field == "ledger[1].posted_on");
}

BOOST_AUTO_TEST_CASE(a_failed_field_is_told_of_once) {
    const auto checked = canonical_record(
        certificate, with(example_of(certificate), "<KJRQ>20260316<", "<KJRQ>20261316<"));
    BOOST_TEST(checked.findings.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_name_of_blanks_is_a_missing_name) {
    const auto checked = canonical_record(
        certificate,
        with(
            example_of(certificate), "<XingMing>买买提·样本<", "<XingMing>\xE2\x80\x8B \xC2\xA0<"));
    BOOST_REQUIRE(checked.findings.size() == 1U);
    BOOST_TEST(checked.findings.front().code == "map.required.missing");
    BOOST_TEST(checked.findings.front().field == "holder.name");
}

BOOST_AUTO_TEST_CASE(an_optional_person_is_absent_or_whole) {
    const std::string schema = "640100.tax/deed-tax@1";
    const auto none =
        canonical_record(schema, R"({"fhm": "0", "wsxx": [], "hyxx": {"yhbz": "2"}})");
    BOOST_REQUIRE(none.value.has_value());
    BOOST_TEST(text_at(*none.value, "spouse") == "(absent)");
    BOOST_TEST(text_at(*none.value, "marriage") == "10");
    const auto half = canonical_record(
        schema, R"({"fhm": "0", "wsxx": [], "hyxx": {"yhbz": "1", "poxm": "样本乙"}})");
    BOOST_TEST(!half.value.has_value());
    BOOST_REQUIRE(half.findings.size() == 2U);
    BOOST_TEST(half.findings[0].field == "spouse.id_type");
    BOOST_TEST(half.findings[0].place.line == 1U);
}

BOOST_AUTO_TEST_CASE(a_plan_of_another_schema_is_refused) {
    const auto valid = support::valid_record(certificate, example_of(certificate));
    BOOST_REQUIRE(valid.value.has_value());
    const Context context = support::a_context();
    const Plan* homes =
        support::the_library()->into_canonical("640100.real-estate/homes@1", context.as_of);
    const auto checked = canonicalise(*valid.value, *homes, context);
    BOOST_TEST(!checked.value.has_value());
    BOOST_TEST(checked.findings.front().code == "map.plan");
}

BOOST_AUTO_TEST_CASE(the_same_bytes_give_the_same_record) {
    const auto first = canonical_record(certificate, example_of(certificate));
    const auto second = canonical_record(certificate, example_of(certificate));
    BOOST_TEST(canonical_json_of(first.value->fields()) ==
               canonical_json_of(second.value->fields()));
}

BOOST_AUTO_TEST_SUITE_END()
