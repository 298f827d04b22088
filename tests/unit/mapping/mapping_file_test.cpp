#include "mapping/mapping_file.h"

#include <boost/test/unit_test.hpp>

#include "base/yaml.h"
#include "tests/support/engine_samples.h"

using namespace tongban;
using namespace tongban::mapping;

BOOST_AUTO_TEST_SUITE(mapping_file_test)

namespace {

// A small mapping of the tax question, whose parts the tests exchange. Line 10 is the first step.
std::string tax_question(const std::string& steps, const std::string& extra = "") {
    return "mapping: 640100.tax/deed-tax-query\n"
           "version: 1\n"
           "native: 640100.tax/deed-tax-query@1\n"
           "canonical: housing-fund/loan-eligibility-request@1\n"
           "valid_from: 2024-01-01\n"
           "source: test\n" +
           (extra.empty() ? std::string("lossless: false\n") : extra) +
           "examples:\n  - {name: n, native: '{}', from: {schema: s, example: e}}\n"
           "out:\n" +
           steps;
}

std::vector<ConfigFault> faults_of(const std::string& text) {
    YamlFile file = YamlFile::from_text(text, "m.yaml");
    try {
        (void)read_mapping(file, support::the_library()->catalogue());
        file.check();
    } catch (const ConfigError& error) {
        return error.faults();
    }
    return {};
}

std::string only_fault(const std::string& text) {
    const std::vector<ConfigFault> faults = faults_of(text);
    if (faults.size() != 1) return std::to_string(faults.size()) + " faults";
    return std::to_string(faults.front().line) + " " + faults.front().message;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_good_mapping_has_no_fault) {
    BOOST_TEST(faults_of(tax_question("  - {native: nsrmc, canonical: subject.name}\n")).empty());
}

BOOST_AUTO_TEST_CASE(a_canonical_path_that_does_not_exist_is_a_fault_with_its_line) {
    const std::string fault =
        only_fault(tax_question("  - {native: nsrmc, canonical: subject.name}\n  - {native: sjbh, "
                                "canonical: subject.nickname}\n"));
    BOOST_TEST(fault.starts_with("12 "));
    BOOST_TEST(has(fault, "has no field subject.nickname"));
}

BOOST_AUTO_TEST_CASE(a_native_name_that_the_schema_nowhere_has_is_a_fault) {
    BOOST_TEST(has(only_fault(tax_question("  - {native: nsrmcc, canonical: subject.name}\n")),
                   "nowhere has the name nsrmcc"));
}

BOOST_AUTO_TEST_CASE(a_codec_that_does_not_fit_the_field_is_a_fault) {
    BOOST_TEST(has(only_fault(tax_question(
                       "  - {native: nsrmc, canonical: subject.name, codec: date(yyyyMMdd)}\n")),
                   "does not fit"));
    BOOST_TEST(has(only_fault(tax_question("  - {native: nsrmc, canonical: loan.amount}\n")),
                   "states its codec"));
}

BOOST_AUTO_TEST_CASE(a_code_without_a_crosswalk_of_the_office_is_a_fault) {
    BOOST_TEST(has(only_fault(tax_question("  - {native: nsrmc, canonical: subject.sex}\n")),
                   "no crosswalk of 640100.tax for code list sex"));
}

BOOST_AUTO_TEST_CASE(an_inward_mapping_writes_every_required_field) {
    std::string text = tax_question("  - {native: nsrmc, canonical: subject.name}\n");
    text.replace(text.find("out:\n"), 5, "in:\n");
    text.replace(text.find(", from: {schema: s, example: e}"), 31, "");
    std::vector<std::string> missing;
    for (const ConfigFault& fault : faults_of(text))
        missing.push_back(fault.message.substr(15, fault.message.find(" of ") - 15));
    const std::vector<std::string> expected{
        "subject.id_type", "subject.id_number", "contribution_division", "application", "loan"};
    BOOST_TEST(missing == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_asked_of_a_step_must_make_sense) {
    const auto step = [](const std::string& inside) {
        return only_fault(tax_question("  - {" + inside + "}\n"));
    };
    BOOST_TEST(has(step("native: nsrmc, canonical: subject"), "use group or each"));
    BOOST_TEST(has(step("native: nsrmc, canonical: claims.value"), "use each for the items"));
    BOOST_TEST(
        has(step("native: nsrmc, canonical: subject.name, value: x, group: subject"), "a step is"));
    BOOST_TEST(has(step("native: nsrmc, value: $nonsense"), "unknown variable"));
    BOOST_TEST(has(step("native: nsrmc, canonical: subject.name, clean: [scrub]"),
                   "unknown normaliser scrub"));
    BOOST_TEST(has(step("native: nsrmc, canonical: subject.name, malformed: warn"),
                   "cannot be done without"));
    BOOST_TEST(has(step("native: nsrmc, canonical: subject.name, only: sideways"),
                   "only is in, out or both"));
    BOOST_TEST(has(step("native: 'nsrmc[x', canonical: subject.name"), "a condition is"));
    BOOST_TEST(has(step("native: 'p:nsrmc', canonical: subject.name"), "no prefix p"));
    BOOST_TEST(has(step("native: nsrmc//poxm, canonical: subject.name"), "empty stride"));
    BOOST_TEST(has(step("native: nsrmc, canonical: subject.name, colour: red"), "colour"));
    BOOST_TEST(has(step("canonical: subject.name"), "needs its native path"));
    BOOST_TEST(has(step("group: subject, native: nsrmc, use: person"), "blocks has no person"));
    BOOST_TEST(has(step("group: subject, native: nsrmc"), "either fields or use"));
}

BOOST_AUTO_TEST_CASE(a_block_that_uses_itself_is_refused) {
    BOOST_TEST(!faults_of(tax_question("  - {group: ., native: nsrmc, use: p}\n",
                                       "blocks:\n  p:\n    - {group: ., native: nsrmc, use: p}\n"))
                    .empty());
}

BOOST_AUTO_TEST_CASE(lossless_is_claimed_only_with_a_proof) {
    const auto faults = faults_of(
        tax_question("  - {native: nsrmc, canonical: subject.name}\n", "lossless: true\n"));
    BOOST_TEST(faults.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_mapping_is_named_for_its_native_schema) {
    std::string text = tax_question("  - {native: nsrmc, canonical: subject.name}\n");
    text.replace(text.find("deed-tax-query"), 14, "something-else");
    BOOST_TEST(has(only_fault(text), "named for its native schema"));
}

BOOST_AUTO_TEST_CASE(all_faults_are_told_at_once) {
    BOOST_TEST(faults_of(tax_question("  - {native: aaa, canonical: subject.name}\n  - {native: "
                                      "nsrmc, canonical: zzz}\n  - {native: poxm, value: $x}\n"))
                   .size() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
