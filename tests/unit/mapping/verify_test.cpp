#include <algorithm>
#include <string>

#include <boost/test/unit_test.hpp>

#include "mapping/rule.h"
#include "mapping/rule_file.h"
#include "mapping/rule_set.h"
#include "mapping/stages.h"
#include "tests/support/engine_samples.h"

using namespace tongban;
using namespace tongban::mapping;

namespace {

const std::string type = "housing-fund/loan-eligibility@1";

const RuleSet& the_rules() {
    static const RuleSet rules =
        RuleLibrary::load(std::string(TONGBAN_SOURCE_DIR "/mapping"),
                          support::the_library()->catalogue())
            ->select(type, support::a_context().as_of, {"640100", "610100"});
    return rules;
}

CanonicalRecord certificate() {
    const std::string schema = "610100.housing-fund/certificate@1";
    return *support::canonical_record(schema, support::example_of(schema)).value;
}

CanonicalRecord request() {
    const std::string schema = "640100.housing-fund/loan-eligibility-request@1";
    return *support::canonical_record(schema, support::example_of(schema)).value;
}

Evidence evidence() {
    Evidence evidence;
    evidence.request = request().fields();
    evidence.parts = {{"certificate", PartStatus::answered},
                      {"homes", PartStatus::unavailable},
                      {"tax", PartStatus::no_record}};
    evidence.signed_by_provider = {{"certificate", true}};
    evidence.source_age_ms = {{"certificate", 3'600'000}, {"homes", -1}};
    evidence.consent_given = evidence.consent_covers = true;
    return evidence;
}

Checked<VerifiedRecord> verified(const RuleSet& rules, const Evidence& given) {
    return verify(
        gather(type, {{"certificate", certificate()}}), rules, given, support::a_context());
}

const Finding* found(const std::vector<Finding>& findings, const std::string& code) {
    const auto at = std::find_if(
        findings.begin(), findings.end(), [&](const Finding& each) { return each.code == code; });
    return at == findings.end() ? nullptr : &*at;
}

// A rule over small records, in the form of its own examples.
std::vector<Finding> run(const std::string& rest, const std::string& record) {
    const std::string text = R"(rule: T-01
version: 1
title: {zh: 试, en: test}
jurisdiction: national
valid_from: 2020-01-01
selected_by: as_of
applies_to: [housing-fund/loan-eligibility@1]
ground: none
mender: sender
severity: review
message: {zh: "{part}{field}错", en: "{rule} since {valid_from}: {part} {field}", do: {zh: 改, en: mend}}
)" + rest + R"(examples:
  fires:
    - {name: a, as_of: 2024-03-15, record: )" +
                             record + R"(}
    - {name: b, record: {}}
  near_misses:
    - {name: c, record: {}}
    - {name: d, record: {}}
)";
    const YamlFile file = YamlFile::from_text(text, "T-01.v1.yaml");
    const auto rule = read_rule(file, support::the_library()->catalogue());
    std::string faults;
    for (const ConfigFault& fault : file.faults())
        faults += std::to_string(fault.line) + ": " + fault.message + "; ";
    BOOST_REQUIRE_MESSAGE(rule, faults);
    schemas::Group root = rule->fires[0].record;
    root.set("evidence", schemas::Value{evidence_group(rule->fires[0].evidence), {}});
    return run_rule(*rule, root, rule->fires[0].as_of);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(verify_test)

BOOST_AUTO_TEST_CASE(the_record_gains_the_request_and_who_answered) {
    const auto result = verified(RuleSet(), evidence());
    BOOST_REQUIRE(result.value);
    const auto& fields = result.value->fields();
    BOOST_REQUIRE_EQUAL(fields.fields.size(), 3U);
    BOOST_TEST(fields.fields[0].name == "request");
    BOOST_TEST(fields.fields[1].name == "certificate");
    BOOST_TEST(fields.fields[2].name == "parts");
    BOOST_TEST(schemas::at_path(fields, "evidence") == nullptr);
    const auto* status = schemas::at_path(fields, "parts[1].status");
    BOOST_REQUIRE(status != nullptr);
    BOOST_TEST(*status->get<std::string>() == "unavailable");
    BOOST_TEST(result.value->type() == type);
    BOOST_TEST(support::the_library()->catalogue().type(type)->check(fields).empty());
}

BOOST_AUTO_TEST_CASE(a_finding_that_stops_leaves_no_record) {
    Evidence without = evidence();
    without.consent_given = false;
    const auto result = verified(the_rules(), without);
    BOOST_TEST(!result.value);
    const Finding* consent = found(result.findings, "P-13");
    BOOST_REQUIRE(consent != nullptr);
    BOOST_TEST((consent->severity == schemas::Severity::block));
    BOOST_TEST(consent->part == "");
    BOOST_TEST(consent->version == "P-13@1");
}

BOOST_AUTO_TEST_CASE(all_rules_run_though_one_of_them_stops) {
    Evidence worse = evidence();
    worse.consent_given = false;
    worse.signed_by_provider["certificate"] = false;
    const auto result = verified(the_rules(), worse);
    BOOST_TEST(found(result.findings, "P-13") != nullptr);
    BOOST_TEST(found(result.findings, "L-01") != nullptr);
}

BOOST_AUTO_TEST_CASE(a_finding_stands_at_its_value_in_the_native_bytes) {
    Evidence other = evidence();
    other.request.find("application")
        ->get<schemas::Group>()
        ->set("centre", schemas::Value{std::string("999"), {}});
    const auto result = verified(the_rules(), other);
    const Finding* addressed = found(result.findings, "L-01");
    BOOST_REQUIRE(addressed != nullptr);
    BOOST_TEST(addressed->part == "certificate");
    BOOST_TEST(addressed->field == "certificate.addressed_to");
    BOOST_TEST(addressed->place.line > 0U);
    BOOST_TEST(addressed->place.path.find("ZSZXDM") != std::string::npos);
    BOOST_TEST(addressed->shape == "6 characters: 6 digits");
}

BOOST_AUTO_TEST_CASE(findings_hold_no_value_of_the_record) {
    Evidence other = evidence();
    other.consent_given = false;
    auto& subject = *other.request.find("subject")->get<schemas::Group>();
    subject.set("name", schemas::Value{std::string("不应出现"), {}});
    subject.set("id_number", schemas::Value{std::string("640106198802293416"), {}});
    const auto result = verified(the_rules(), other);
    BOOST_TEST(!result.findings.empty());
    for (const Finding& finding : result.findings) {
        for (const std::string& text :
             {finding.zh, finding.en, finding.field, finding.shape, finding.place.path}) {
            BOOST_TEST(text.find("不应出现") == std::string::npos);
            BOOST_TEST(text.find("640106198802293416") == std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_undecided_and_not_false) {
    const std::string rule = "inputs: {base: certificate.base}\nrequire: base > money('0.00')\n";
    BOOST_TEST(run(rule + "undecided: silent\n", "{certificate: {balance: 1.00}}").empty());
    const auto told = run(rule + "undecided: review\n", "{certificate: {balance: 1.00}}");
    BOOST_REQUIRE_EQUAL(told.size(), 1U);
    BOOST_TEST(told[0].code == "T-01.undecided");
    BOOST_TEST(told[0].shape == "missing");
    BOOST_TEST(told[0].place.line > 0U);  // of the group around it
    const auto named = run(rule +
                               "undecided: {severity: warn, suffix: no-base, message: {zh: 缺, en: "
                               "gone, do: {zh: 补, en: ask}}}\n",
                           "{}");
    BOOST_REQUIRE_EQUAL(named.size(), 1U);
    BOOST_TEST(named[0].code == "T-01.no-base");
    BOOST_TEST(named[0].en == "gone ask");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_computed_is_told_even_by_a_silent_rule) {
    const auto told =
        run("inputs: {base: certificate.base}\nrequire: base * 9223372036854775807 > "
            "money('0.00')\nundecided: silent\n",
            "{certificate: {base: 2.00}}");
    BOOST_REQUIRE_EQUAL(told.size(), 1U);
    BOOST_TEST(told[0].code == "T-01.uncomputable");
    BOOST_TEST((told[0].severity == schemas::Severity::review));
    BOOST_TEST((told[0].mender == schemas::Mender::mapping_owner));
}

BOOST_AUTO_TEST_CASE(each_item_has_its_own_finding_and_path) {
    const std::string rule =
        "inputs: {to: certificate.continuous_to}\neach: {in: 'certificate.ledger[]', as: p}\n"
        "let: {late: p.month > to}\nrequire: '!late'\nat: p.month\nundecided: silent\n";
    const auto told = run(rule,
                          "{certificate: {continuous_to: 2024-01, ledger: [{month: 2024-01}, "
                          "{month: 2024-02}, {}, {month: 2024-03}]}}");
    BOOST_REQUIRE_EQUAL(told.size(), 2U);
    BOOST_TEST(told[0].field == "certificate.ledger[1].month");
    BOOST_TEST(told[1].field == "certificate.ledger[3].month");
    BOOST_TEST(told[0].zh == "certificatecertificate.ledger[1].month错改");
    BOOST_TEST(told[0].en ==
               "T-01@1 since 2020-01-01: certificate certificate.ledger[1].month mend");
}

BOOST_AUTO_TEST_CASE(once_per_tells_a_repeated_value_once) {
    const std::string rule =
        "inputs: {to: certificate.continuous_to}\neach: {in: ['certificate.holder', "
        "'employment.spells[].holder'], as: who, once_per: part + who.id_number}\n"
        "require: citizen_number(who.id_number) == 'ok'\nat: who.id_number\nundecided: silent\n";
    const auto told = run(rule,
                          "{certificate: {holder: {id_number: '1'}}, employment: {spells: "
                          "[{holder: {id_number: '1'}}, {holder: {id_number: '1'}}]}}");
    BOOST_REQUIRE_EQUAL(told.size(), 2U);
    BOOST_TEST(told[0].part == "certificate");
    BOOST_TEST(told[1].part == "employment");
}

BOOST_AUTO_TEST_CASE(the_first_failing_check_is_the_finding_unless_every_one_is_wanted) {
    const std::string rule =
        "inputs: {base: certificate.base, balance: certificate.balance}\nundecided: "
        "silent\nchecks:\n"
        "  - {require: base > money('1.00'), severity: block}\n  - {require: balance > "
        "money('1.00'), at: balance, severity: info}\n";
    const std::string record = "{certificate: {base: 1.00, balance: 1.00}}";
    const auto first = run(rule, record);
    BOOST_REQUIRE_EQUAL(first.size(), 1U);
    BOOST_TEST((first[0].severity == schemas::Severity::block));
    const auto every = run("report: every\n" + rule, record);
    BOOST_REQUIRE_EQUAL(every.size(), 2U);
    BOOST_TEST(every[1].field == "certificate.balance");
}

BOOST_AUTO_TEST_CASE(counts_fill_the_message) {
    const std::string rule =
        "inputs: {ledger: certificate.ledger}\nlet: {gaps: 'missing_months(ledger.map(p, "
        "p.month))'}\ncounts: {gaps: gaps}\n"
        "undecided: silent\n"
        "checks:\n  - {require: gaps == 0, message: {zh: '缺 {gaps} 个月', en: '{gaps} months', "
        "do: {zh: 补, en: mend}}}\n";
    const auto told = run(rule, "{certificate: {ledger: [{month: 2024-01}, {month: 2024-05}]}}");
    BOOST_REQUIRE_EQUAL(told.size(), 1U);
    BOOST_TEST(told[0].shape == "list of 2");
    BOOST_TEST(told[0].en == "3 months mend");
}

BOOST_AUTO_TEST_CASE(the_same_record_gives_the_same_findings) {
    Evidence other = evidence();
    other.consent_given = false;
    const auto first = verified(the_rules(), other);
    for (int i = 0; i < 3; ++i)
        BOOST_TEST((verified(the_rules(), other).findings == first.findings));
}

BOOST_AUTO_TEST_SUITE_END()
