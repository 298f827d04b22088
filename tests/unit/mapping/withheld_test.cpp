// What a rule makes of fields that stay with their provider, and where each rule is judged then.
#include <algorithm>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "mapping/rule.h"
#include "mapping/rule_file.h"
#include "mapping/rule_reach.h"
#include "mapping/rule_set.h"
#include "mapping/stages.h"
#include "mapping/withhold.h"
#include "tests/support/engine_samples.h"

using namespace tongban;
using namespace tongban::mapping;

namespace {

const std::string whole_type = "housing-fund/loan-eligibility@1";
using Words = std::vector<std::string>;

const RuleLibrary& library() {
    static const auto loaded = RuleLibrary::load(std::string(TONGBAN_SOURCE_DIR "/mapping"),
                                                 support::the_library()->catalogue());
    return *loaded;
}

const Rule& rule(const std::string& version) {
    const auto& all = library().rules();
    const auto found = std::find_if(
        all.begin(), all.end(), [&version](const auto& one) { return one->version == version; });
    BOOST_REQUIRE_MESSAGE(found != all.end(), version);
    return **found;
}

const RuleSet& rules() {
    static const RuleSet set =
        library().select(whole_type, support::a_context().as_of, {"640100", "610100"});
    return set;
}

CanonicalRecord certificate() {
    const std::string schema = "610100.housing-fund/certificate@1";
    return *support::canonical_record(schema, support::example_of(schema)).value;
}

schemas::Value withheld() {
    return {schemas::Withheld{}, {}};
}

// A silent rule over a certificate of which nothing is given but its number; what it says.
Words said(const std::string& body, const RuleView& view = {}) {
    const std::string text = R"(rule: T-01
version: 1
title: {zh: 试, en: test}
jurisdiction: national
valid_from: 2020-01-01
selected_by: as_of
applies_to: [housing-fund/loan-eligibility@1]
ground: none
mender: sender
severity: block
message: {zh: 错, en: wrong, do: {zh: 改, en: mend}}
undecided: silent
)" + body + R"(
examples:
  fires:
    - {name: a, as_of: 2024-03-15, record: {}}
    - {name: b, record: {}}
  near_misses:
    - {name: c, record: {}}
    - {name: d, record: {}}
)";
    const YamlFile file = YamlFile::from_text(text, "T-01.v1.yaml");
    const auto read = read_rule(file, support::the_library()->catalogue());
    std::string faults;
    for (const ConfigFault& fault : file.faults())
        faults += std::to_string(fault.line) + ": " + fault.message + "; ";
    BOOST_REQUIRE_MESSAGE(read, faults);
    schemas::Group held;
    held.set("number", {std::string("1"), {}});
    withhold(held,
             support::the_library()
                 ->catalogue()
                 .type("housing-fund/contribution-certificate@1")
                 ->fields(),
             "certificate.",
             {"certificate.number"});
    schemas::Group root;
    root.set("certificate", {held, {}});
    Words words;
    for (const Finding& finding :
         judge_rule(*read, root, *parse_iso_date("2024-03-15"), view).findings)
        words.push_back(finding.code + " " + std::string(schemas::name_of(finding.severity)));
    return words;
}

Words fields_for(const std::string& part) {
    return request_fields_read(rules(), part);
}

bool holds(const Words& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(withheld_test)

BOOST_AUTO_TEST_CASE(nobody_here_knows_whether_a_withheld_field_is_there) {
    const Words undecided = {"T-01.withheld review"};
    const std::string inputs =
        "inputs: {l: certificate.ledger, n: certificate.number, "
        "o: certificate.opening_balance}\n";
    BOOST_TEST(said(inputs + "require: has(l)") == undecided);
    BOOST_TEST(said(inputs + "require: \"!has(l)\"") == undecided);
    BOOST_TEST(said(inputs + "require: value_or(l, []).size() == 0") == undecided);
    BOOST_TEST(said(inputs + "require: o == null") == undecided);
    BOOST_TEST(said(inputs + "when: has(o)\nrequire: n == '2'") == undecided);
    BOOST_TEST(said(inputs + "require: l.exists(p, p.reversed)") == undecided);
}

BOOST_AUTO_TEST_CASE(an_each_over_a_withheld_list_neither_fails_nor_passes) {
    const std::string each =
        "inputs: {n: certificate.number}\n"
        "each: {in: \"certificate.ledger[]\", as: posting}\n";
    BOOST_TEST(said(each + "require: posting.reversed") == Words{"T-01.withheld review"});
    BOOST_TEST(said(each + "require: n == '2'") == Words{"T-01.withheld review"});
    BOOST_TEST(said(each + "require: n == '1'").empty());
}

BOOST_AUTO_TEST_CASE(what_needs_no_withheld_field_is_decided_as_ever) {
    const std::string inputs = "inputs: {l: certificate.ledger, n: certificate.number}\n";
    BOOST_TEST(said(inputs + "require: n == '1'").empty());
    BOOST_TEST(said(inputs + "require: n == '2'") == Words{"T-01 block"});
    BOOST_TEST(said(inputs + "require: n == '1' || has(l)").empty());
    BOOST_TEST(said(inputs + "require: n == '2' && has(l)") == Words{"T-01 block"});
}

BOOST_AUTO_TEST_CASE(withheld_goes_before_missing_for_elsewhere_it_may_be_false) {
    schemas::Group root;
    root.set("a", withheld());
    const std::string inputs = "inputs: {m: request.spouse, l: certificate.ledger}\n";
    BOOST_TEST(said(inputs + "require: m.name == 'x' && has(l)") == Words{"T-01.withheld review"});
    BOOST_TEST(said(inputs + "require: m.name == 'x'").empty());
}

BOOST_AUTO_TEST_CASE(a_group_is_known_by_a_field_that_it_must_have) {
    const auto& type =
        *support::the_library()->catalogue().type("housing-fund/contribution-certificate@1");
    schemas::Group bare;
    withhold(bare, type.fields(), "certificate.", {"certificate.holder.id_number"});
    BOOST_TEST(bare.find("holder") == nullptr);  // it would show its number: there is none
    BOOST_REQUIRE(bare.find("ledger") != nullptr);
    BOOST_TEST(bare.find("ledger")->withheld());
    BOOST_TEST(bare.find("ledger")->absent());
    schemas::Group other;
    withhold(other, type.fields(), "certificate.", {"certificate.holder.birth_date"});
    BOOST_REQUIRE(other.find("holder") != nullptr);
    BOOST_TEST(other.find("holder")->withheld());
}

BOOST_AUTO_TEST_CASE(a_rule_belongs_to_the_one_part_that_it_is_about) {
    BOOST_TEST(units_of(rule("C-09@1"), "certificate") == Words{"C-09@1"});
    BOOST_TEST(units_of(rule("C-09@1"), "tax").empty());
    BOOST_TEST(units_of(rule("R-18@1"), "tax") == Words{"R-18@1"});
    BOOST_TEST(units_of(rule("P-09@1"), "employment") == Words{"P-09@1"});
    for (const char* part : {"certificate", "employment", "homes", "tax"})
        BOOST_TEST(units_of(rule("P-02@1"), part) == Words{"P-02@1"});
    BOOST_TEST(units_of(rule("C-01@1"), "employment") == Words{"C-01@1#4"});
    BOOST_TEST(units_of(rule("C-01@1"), "certificate").size() == 4U);
    for (const char* part : {"certificate", "employment"})
        BOOST_TEST(units_of(rule("C-13@1"), part).empty());  // compares two: the hub's
    BOOST_TEST(units_of(rule("P-13@1"), "certificate").empty());
}

BOOST_AUTO_TEST_CASE(a_provider_is_told_of_the_request_no_more_than_its_rules_read) {
    const Words certificate = fields_for("certificate");
    BOOST_TEST(holds(certificate, "request.subject.id_number"));
    BOOST_TEST(holds(certificate, "request.subject.name"));
    BOOST_TEST(holds(certificate, "request.application.centre"));
    for (const Words& told : {certificate, fields_for("employment"), fields_for("tax")}) {
        BOOST_TEST(!holds(told, "request.subject"));
        BOOST_TEST(!holds(told, "request.spouse"));
        BOOST_TEST(!holds(told, "request.loan"));
        BOOST_TEST(!holds(told, "request.loan.house_price"));
    }
    for (const char* part : {"certificate", "employment"})  // F-09 reads two parts: the hub's
        BOOST_TEST(!holds(fields_for(part), "request.loan.declared_loan_count"), part);
}

BOOST_AUTO_TEST_CASE(a_provider_judges_its_part_and_leaves_what_needs_another) {
    PartToJudge part{"certificate", support::the_library()->catalogue().type(whole_type), {}, {}};
    const PartVerdict alone = verify_part(certificate(), part, rules(), support::a_context());
    BOOST_TEST(holds(alone.judged, "C-09@1"));
    BOOST_TEST(holds(alone.judged, "C-01@1#0"));
    BOOST_TEST(!holds(alone.judged, "C-13@1"));
    BOOST_TEST(!holds(alone.judged, "F-09@1"));  // reads the spouse's certificate too
    BOOST_TEST(!holds(alone.judged, "P-02@1"));
    for (const Finding& finding : alone.findings)
        BOOST_TEST(finding.code.find("withheld") == std::string::npos, finding.code);
    BOOST_TEST(alone.record.fields().fields.size() == 1U);

    const std::string schema = "640100.housing-fund/loan-eligibility-request@1";
    const auto asked = support::canonical_record(schema, support::example_of(schema));
    part.request_fields = fields_for("certificate");
    part.request = given_of(asked.value->fields(), "request.", part.request_fields);
    const PartVerdict told = verify_part(certificate(), part, rules(), support::a_context());
    for (const char* unit : {"C-02@1", "C-03@1", "C-09@1", "C-12@1", "C-14@1", "P-02@1"})
        BOOST_TEST(holds(told.judged, unit), unit);
    BOOST_TEST(schemas::canonical_json_of(part.request).find("house_price") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_a_provider_has_judged_does_not_run_again) {
    JudgedUnits judged;
    RuleView view;
    view.judged = &judged;
    const std::string wrong = "inputs: {n: certificate.number}\nrequire: n == '2'";
    judged["certificate"] = {"T-01@2"};
    BOOST_TEST(said(wrong, view) == Words{"T-01 block"});
    judged["tax"] = {"T-01@1"};  // not its to judge
    BOOST_TEST(said(wrong, view) == Words{"T-01 block"});
    judged["certificate"] = {"T-01@1"};
    BOOST_TEST(said(wrong, view).empty());
}

BOOST_AUTO_TEST_SUITE_END()
