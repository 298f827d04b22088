// The golden cases of a loan on contributions of another city, through the conversion and the rules
// that its service item names, without a case engine: what the offices write is read without a
// word, and the gates find what the story says.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "base/text.h"
#include "connectors/sandbox/remote_loan.h"
#include "connectors/sandbox/story.h"
#include "mapping/rule.h"
#include "mapping/rule_set.h"
#include "mapping/stages.h"
#include "tests/support/engine_samples.h"

using namespace tongban;
using namespace tongban::mapping;
using support::the_library;

BOOST_AUTO_TEST_SUITE(remote_loan_story_test)

namespace {

const Date today{2026, 3, 16};
const std::string xian = "610100.housing-fund/";
const std::string yinchuan = "640100.housing-fund/";

const RuleLibrary& the_rules() {
    static const auto rules =
        RuleLibrary::load(std::string(TONGBAN_SOURCE_DIR "/mapping"), the_library()->catalogue());
    return *rules;
}

std::string first_of(const std::vector<Finding>& findings) {
    return findings.empty() ? "" : findings.front().code + " " + findings.front().field;
}

schemas::Group read(const std::string& schema_id, const std::string& bytes) {
    const schemas::NativeSchema& schema = *the_library()->catalogue().native(schema_id);
    const Context context = support::a_context();
    std::vector<Finding> findings;
    const auto note = [&findings](const std::vector<Finding>& found) {
        findings.insert(findings.end(), found.begin(), found.end());
    };
    BOOST_TEST_CONTEXT(schema_id) {
        auto native = decode({schema_id, bytes}, schema);
        note(native.findings);
        BOOST_REQUIRE(native.value.has_value());
        auto valid = validate(*std::move(native.value));
        note(valid.findings);
        BOOST_REQUIRE_MESSAGE(valid.value.has_value(), first_of(findings));
        auto canonical =
            canonicalise(*valid.value, *the_library()->into_canonical(schema_id, today), context);
        note(canonical.findings);
        BOOST_REQUIRE(canonical.value.has_value());
        BOOST_TEST(findings.empty(), first_of(findings));
        return canonical.value->fields();
    }
    return {};
}

schemas::Value copied(const schemas::Group& from, std::string_view path) {
    const schemas::Value* value = schemas::at_path(from, path);
    return value == nullptr ? schemas::Value{} : *value;
}

schemas::Value group(schemas::Group fields) {
    schemas::Value value;
    value.data = std::move(fields);
    return value;
}

using Codes = std::multiset<std::string>;

// A gate of the service item: its rules by the policy of one city.
Codes gate(const std::string& type,
           const schemas::Group& record,
           const std::string& division,
           Date day = today) {
    Codes codes;
    const RuleSet rules = the_rules().select(type, day, {division});
    for (const RuleSet::Candidate& candidate : rules.candidates()) {
        for (const Finding& finding : run_rule(*candidate.versions.back(), record, day))
            codes.insert(finding.code + " " + std::string(schemas::name_of(finding.severity)));
    }
    return codes;
}

// One story's records as its case would hold them.
struct Told {
    sandbox::World world;
    std::map<std::string, schemas::Group> messages;  // by kind
    std::vector<schemas::Group> months;              // of those the one kind that comes again
    std::map<std::string, Date> on;
    schemas::Group issued;
};

Told tell(const std::string& name, std::uint64_t seed) {
    Told told;
    told.world = sandbox::make_world(seed, 0, today);
    sandbox::tell_in(told.world, name);
    sandbox::StoryPlan plan;
    plan.name = name;
    const auto messages = sandbox::story_messages(told.world, plan, "TB-1");
    for (const auto& message : *messages) {
        told.messages[message.kind] = read(yinchuan + message.kind + "@1", message.body);
        told.on[message.kind] = message.on;
        if (message.kind == "loan-position-report")
            told.months.push_back(told.messages[message.kind]);
    }
    told.issued = read(xian + "certificate-issued@1",
                       *utf8_to_gb18030(sandbox::issue_answer(told.world.certificate, "N-1")));
    return told;
}

schemas::Group papers(const Told& told, bool with_contract_record) {
    const schemas::Group& application = told.messages.at("remote-loan-application");
    schemas::Group record;
    for (const char* name : {"contract_number", "unit_number", "old_title"}) {
        if (application.find(name) != nullptr) record.set(name, copied(application, name));
    }
    if (!with_contract_record) return record;
    schemas::Value number;
    number.data = told.world.enquiry.contract;
    schemas::Value unit;
    unit.data = told.world.enquiry.unit;
    schemas::Group found;
    found.set("contract_number", number);
    found.set("unit_number", unit);
    record.set("found", group(std::move(found)));
    return record;
}

schemas::Group examined(const Told& told) {
    const schemas::Group& application = told.messages.at("remote-loan-application");
    schemas::Group request;
    request.set("subject", copied(application, "applicant"));
    request.set("application", copied(application, "filing"));
    request.set("contribution_division", copied(application, "contribution_division"));
    request.set("contribution_centre", copied(application, "contribution_centre"));
    schemas::Group record;
    record.set("request", group(std::move(request)));
    record.set("certificate", copied(told.issued, "certificate"));
    return record;
}

schemas::Group only(const char* name, schemas::Group fields) {
    schemas::Group record;
    record.set(name, group(std::move(fields)));
    return record;
}

// The gates after the pay-out.
void life_of(const Told& told, std::vector<Codes>& gates) {
    const std::string life = "case/remote-loan-life@1";
    const schemas::Group& loan = told.messages.at("loan-issued");
    gates.push_back(gate(life, only("loan", loan), "640100", told.on.at("loan-issued")));
    gates.push_back(gate(life,
                         only("settlement", told.messages.at("loan-settled")),
                         "640100",
                         told.on.at("loan-settled")));
    // Looked at anew each month: the last counts.
    if (!told.months.empty())
        gates.push_back(gate(life, only("position", told.months.back()), "640100"));
    // The clock of five working days has run out: the case comes by the rule.
    const Date due = sandbox::working_days_from(told.on.at("loan-issued"), 5);
    const Date reported = told.on.at("loan-feedback");
    if (!(due < reported)) return;
    const Date breach = date_of_days(days_since_1970(due) + 1);
    gates.push_back(gate(life, only("loan", loan), "640100", breach));
}

// Every gate on the way, in the order of the item.
Codes findings_of(const Told& told) {
    const schemas::Group certificate =
        only("certificate", *copied(told.issued, "certificate").get<schemas::Group>());
    std::vector<Codes> gates = {gate("case/remote-loan-papers@1", papers(told, false), "640100"),
                                gate("case/remote-loan@1", examined(told), "640100"),
                                gate("case/continuity-reading@1", certificate, "640100"),
                                gate("case/continuity-reading@1", certificate, "610100")};
    if (told.on.contains("loan-issued")) life_of(told, gates);
    Codes all;
    for (const Codes& some : gates)
        all.insert(some.begin(), some.end());
    return all;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_story_brings_the_findings_that_it_announces_and_no_other) {
    for (const std::string& name : sandbox::story_names()) {
        for (std::uint64_t seed = 1; seed <= 10; ++seed) {
            BOOST_TEST_CONTEXT(name << " seed " << seed) {
                const Told told = tell(name, seed);
                sandbox::StoryPlan plan;
                plan.name = name;
                const auto sheet = sandbox::story_sheet(told.world, plan);
                Codes expected;
                for (const Json& finding : (*sheet)["expect"]["findings"]) {
                    const std::string code = finding.value("code", "");
                    // That an office has no record no rule says.
                    if (!code.starts_with("part."))
                        expected.insert(code + " " + finding.value("severity", ""));
                }
                BOOST_TEST(findings_of(told) == expected, boost::test_tools::per_element());
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_contract_record_makes_up_for_the_papers_that_are_missing) {
    const Told told = tell("G2", 3);
    BOOST_TEST(gate("case/remote-loan-papers@1", papers(told, false), "640100").size() == 1U);
    BOOST_TEST(gate("case/remote-loan-papers@1", papers(told, true), "640100").empty());
}

BOOST_AUTO_TEST_CASE(three_months_in_arrears_are_seen_by_both_cities_and_gone_when_they_are_paid) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed) {
            const Told told = tell("G1-arrears", seed);
            BOOST_REQUIRE(told.months.size() == 4U);
            const auto seen = [&told](std::size_t n, const char* division) {
                return gate("case/remote-loan-life@1", only("position", told.months[n]), division);
            };
            for (const char* division : {"640100", "610100"}) {
                BOOST_TEST(seen(0, division).empty());
                BOOST_TEST(seen(1, division).empty());
                BOOST_TEST((seen(2, division) == Codes{"L-11 warn"}));
                BOOST_TEST(seen(3, division).empty());
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(each_city_shows_its_own_reading_and_nobody_elses) {
    const Told told = tell("G2", 3);
    const schemas::Group record =
        only("certificate", *copied(told.issued, "certificate").get<schemas::Group>());
    const std::string type = "case/continuity-reading@1";
    BOOST_TEST((gate(type, record, "610100") == Codes{"C-02-610100 info"}));
    BOOST_TEST((gate(type, record, "640100") == Codes{"C-02-640100 info"}));
    BOOST_TEST(gate(type, record, "650100").empty());
}

BOOST_AUTO_TEST_CASE(what_xian_answers_is_read_without_a_word) {
    const sandbox::World world = sandbox::make_world(5, 0, today);
    const auto gb = [](const std::string& utf8) { return *utf8_to_gb18030(utf8); };
    const auto text = [](const schemas::Group& record, std::string_view path) {
        const schemas::Value* value = schemas::at_path(record, path);
        return value == nullptr ? std::string() : schemas::canonical_text(*value);
    };
    schemas::Group record = read(xian + "certificate-eligibility@1",
                                 gb(sandbox::eligibility_answer("N-1", "", "20260316090000")));
    BOOST_TEST(text(record, "eligible") == "true");
    record = read(xian + "certificate-eligibility@1",
                  gb(sandbox::eligibility_answer("N-1", "03", "20260316090000")));
    BOOST_TEST(text(record, "reason") == "TWO_LOANS");
    record = read(xian + "certificate-issued@1", gb(sandbox::issue_refusal("N-2", "06")));
    BOOST_TEST(text(record, "reason") == "SHORT_CONTRIBUTION");
    record = read(xian + "loan-mark@1", gb(sandbox::mark_answer("N-3", today, true)));
    BOOST_TEST(text(record, "marked_on") == "2026-03-16");
    record = read(xian + "mark-lifted@1", gb(sandbox::lift_answer("N-4", today, false)));
    BOOST_TEST(text(record, "lifted") == "false");
    record = read(xian + "position-noted@1", gb(sandbox::position_answer("N-5", today, true)));
    BOOST_TEST(text(record, "noted") == "true");
    record =
        read(yinchuan + "certificate-receipt@1", sandbox::certificate_receipt("M-1", today, ""));
    BOOST_TEST(text(record, "accepted") == "true");
    const sandbox::RemoteLoan loan = sandbox::make_remote_loan(world, {});
    record = read(xian + "certificate-revoked@1",
                  gb(sandbox::revocation_notice(world, loan, "ZF-1", "04")));
    BOOST_TEST(text(record, "application_number") == world.enquiry.application);
    record = read(yinchuan + "remote-loan-supplement@1",
                  sandbox::supplement_message(world, loan, "YC-9"));
    BOOST_TEST(text(record, "unit_number") == world.enquiry.unit);
}

BOOST_AUTO_TEST_SUITE_END()
