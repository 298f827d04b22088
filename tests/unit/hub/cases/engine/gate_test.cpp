#include <boost/test/unit_test.hpp>

#include "base/files.h"
#include "hub/cases/engine/case_state.h"
#include "mapping/rule.h"
#include "mapping/rule_set.h"
#include "schemas/catalogue.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/hub/cases/engine/kept.h"
#include "tests/unit/hub/cases/engine/player.h"

using namespace tongban;
using namespace tongban::tests;

namespace {

constexpr const char* record_type = "housing-fund/loan-eligibility@1";

std::shared_ptr<const schemas::Catalogue> the_catalogue() {
    static const auto catalogue =
        schemas::Catalogue::load(std::string(TONGBAN_SOURCE_DIR "/schemas"));
    return catalogue;
}

struct RuleText {
    std::string id = "T-01";
    int version = 1;
    std::string jurisdiction = "national";
    std::string from = "2020-01-01";
    std::string to = {};
    std::string least = "1000.00";  // of the contribution base
};

// A rule of which the date of issue says which version judges.
std::string text_of(const RuleText& rule) {
    const std::string low = "record: {certificate: {base: 1.00, issued_on: " + rule.from + "}}";
    const std::string high = "record: {certificate: {base: 9000.00, issued_on: " + rule.from + "}}";
    return "rule: " + rule.id + "\nversion: " + std::to_string(rule.version) +
           "\ntitle: {zh: 试, en: test}\njurisdiction: " + rule.jurisdiction +
           "\nvalid_from: " + rule.from + "\n" +
           (rule.to.empty() ? "" : "valid_to: " + rule.to + "\n") +
           "selected_by: certificate.issued_on\napplies_to: [" + record_type +
           "]\nground: 试行办法 第" + std::to_string(rule.version) +
           "条\nmender: sender\nseverity: review\ninputs: {base: certificate.base}\nrequire: "
           "base > money('" +
           rule.least +
           "')\nmessage: {zh: 错, en: wrong, do: {zh: 改, en: mend}}\nundecided: silent\n"
           "examples:\n  fires:\n    - {name: a, " +
           low + "}\n    - {name: b, " + low + "}\n  near_misses:\n    - {name: c, " + high +
           "}\n    - {name: d, " + high + "}\n";
}

std::shared_ptr<const mapping::RuleLibrary> library_of(const std::vector<RuleText>& rules) {
    const support::TemporaryFolder folder;
    BOOST_REQUIRE(make_folders(folder.path() + "/rules").ok());
    for (std::size_t i = 0; i < rules.size(); ++i)
        BOOST_REQUIRE(write_file_durably(folder.path() + "/rules/" + std::to_string(i) + ".yaml",
                                         text_of(rules[i]))
                          .ok());
    return mapping::RuleLibrary::load(folder.path(), *the_catalogue());
}

// A certificate over a base of 2,000 yuan, issued on the day, before a gate of the tax party.
std::shared_ptr<const item::Item> gated_item(const std::string& issued_on) {
    ItemMaker make("test/gated", {"check"});
    item::Gate gate;
    gate.party = "tax";
    gate.as = "check";
    gate.record = make.request({{"certificate.base", "money('2000.00')"},
                                {"certificate.issued_on", "date('" + issued_on + "')"}});
    gate.record->type = record_type;
    make.step("examine", gate);
    make.step("issued", item::Wait{{{"loan.issued", "fund", "loan"}}}).deadline = within(5);
    make.end("done");
    make.next("examine", "issued", "", {"passed", "review"});
    make.next("issued", "done");
    return make.done();
}

Player examined(const std::string& issued_on, const std::vector<RuleText>& rules) {
    struct Divisions final : cases::Directory {
        [[nodiscard]] std::string member_of(std::string_view, std::string_view) const override {
            return "";
        }
        [[nodiscard]] bool is_member(std::string_view) const override { return false; }
        [[nodiscard]] std::string division_of(std::string_view member) const override {
            return std::string(member.substr(0, member.find('.')));
        }
    };
    static const Divisions divisions;
    Player player(gated_item(issued_on));
    player.facts.rules = library_of(rules);
    player.facts.directory = &divisions;
    player.open();
    return player;
}

std::string versions_on(const Player& player) {
    std::string all;
    for (const cases::NotedFinding& one : player.state.findings)
        all += (all.empty() ? "" : " ") + one.rule;
    return all;
}

const std::vector<RuleText>& two_versions() {
    static const std::vector<RuleText> rules{
        {.version = 1, .to = "2025-12-31", .least = "1000.00"},
        {.version = 2, .from = "2026-01-01", .least = "3000.00"}};
    return rules;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gate_test)

BOOST_AUTO_TEST_CASE(the_date_that_a_rule_names_chooses_its_version_and_not_today) {
    // Today is in March 2026. What was issued last year is judged as it was judged then.
    BOOST_TEST(versions_on(examined("2025-12-31", two_versions())) == "");
    BOOST_TEST(versions_on(examined("2026-01-01", two_versions())) == "T-01@2");
}

BOOST_AUTO_TEST_CASE(where_no_version_was_valid_on_that_date_none_judges) {
    BOOST_TEST(versions_on(examined("2019-12-31", two_versions())) == "");
}

BOOST_AUTO_TEST_CASE(a_finding_says_by_which_rule_whose_policy_and_on_which_ground) {
    const Player player =
        examined("2026-02-01",
                 {{.id = "T-02", .jurisdiction = "[\"640100\"]", .least = "2500.00"},
                  {.id = "T-03", .version = 2, .least = "2500.00"}});
    BOOST_REQUIRE_EQUAL(player.state.findings.size(), 2U);
    const cases::NotedFinding& citys = player.state.findings.front();
    BOOST_TEST(citys.rule == "T-02@1");
    BOOST_TEST(citys.jurisdictions == std::vector<std::string>{"640100"});
    BOOST_TEST(citys.ground == "试行办法 第1条");
    const cases::NotedFinding& nations = player.state.findings.back();
    BOOST_TEST(nations.rule == "T-03@2");
    BOOST_TEST(nations.jurisdictions.empty());
    BOOST_TEST(nations.ground == "试行办法 第2条");
    BOOST_TEST(player.at() == "issued");
}

BOOST_AUTO_TEST_CASE(a_state_keeps_what_a_finding_says_and_reads_one_of_before_it_did) {
    cases::CaseState state =
        examined("2026-02-01", {{.jurisdiction = "[\"640100\"]", .least = "2500.00"}}).state;
    BOOST_TEST((kept(state) == state));
    std::string older = *cases::write_state(
        state);  // the first editions of the state knew code, words and step alone
    for (const char* member :
         {R"(,"g":"试行办法 第1条")", R"(,"j":["640100"])", R"(,"r":"T-01@1")"}) {
        const std::size_t at = older.find(member);
        BOOST_REQUIRE(at != std::string::npos);
        older.erase(at, std::string_view(member).size());
    }
    const Result<cases::ReadState> read = cases::read_state(older, kept_records(state));
    BOOST_REQUIRE(read.ok());
    BOOST_REQUIRE_EQUAL(read->state.findings.size(), 1U);
    const cases::NotedFinding& finding = read->state.findings.front();
    BOOST_TEST(finding.code == "T-01");
    BOOST_TEST(finding.rule == "");
    BOOST_TEST(finding.jurisdictions.empty());
}

BOOST_AUTO_TEST_SUITE_END()
