// Every rule of mapping/rules is held against its own examples: what must fire fires, what must not
// does not and is decided, what lacks data says so. And an example that shows nothing is a failure.
#include <algorithm>
#include <string>

#include <boost/test/unit_test.hpp>

#include "base/yaml.h"
#include "mapping/examples.h"
#include "mapping/rule.h"
#include "mapping/rule_file.h"
#include "mapping/rule_set.h"
#include "schemas/catalogue.h"

using namespace tongban;
using namespace tongban::mapping;

namespace {

std::shared_ptr<const RuleLibrary> rules() {
    static const std::shared_ptr<const RuleLibrary> library = [] {
        try {
            const auto catalogue =
                schemas::Catalogue::load(std::string(TONGBAN_SOURCE_DIR "/schemas"));
            return RuleLibrary::load(std::string(TONGBAN_SOURCE_DIR "/mapping"), *catalogue);
        } catch (const ConfigError& error) {
            BOOST_FAIL(error.what());
            throw;
        }
    }();
    return library;
}

// A rule over the smallest record that can show it, as its file would state it.
std::shared_ptr<const Rule> rule_of(const std::string& undecided, const std::string& examples) {
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
inputs: {base: certificate.base}
require: base <= money('10.00')
message: {zh: "{field}错", en: "{field}", do: {zh: 改, en: mend}}
undecided: )" + undecided + "\nexamples:\n" +
                             examples;
    static const auto catalogue =
        schemas::Catalogue::load(std::string(TONGBAN_SOURCE_DIR "/schemas"));
    const YamlFile file = YamlFile::from_text(text, "T-01.v1.yaml");
    auto rule = read_rule(file, *catalogue);
    std::string faults;
    for (const ConfigFault& fault : file.faults())
        faults += std::to_string(fault.line) + ": " + fault.message + "; ";
    BOOST_REQUIRE_MESSAGE(rule, faults);
    return rule;
}

constexpr const char* two_that_fire = R"(  fires:
    - {name: above, record: {certificate: {base: 10.01}}}
    - {name: far above, record: {certificate: {base: 99.00}}}
)";
constexpr const char* two_that_hold = R"(  near_misses:
    - {name: exactly, record: {certificate: {base: 10.00}}}
    - {name: below, record: {certificate: {base: 9.99}}}
)";

// The names of the examples that do not do what they say.
std::vector<std::string> failing(const Rule& rule) {
    std::vector<std::string> names;
    for (const ExampleOutcome& outcome : run_examples(rule)) {
        if (!outcome.passed()) names.push_back(outcome.example);
    }
    return names;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rule_examples_test)

BOOST_AUTO_TEST_CASE(every_rule_passes_its_own_examples) {
    for (const auto& rule : rules()->rules()) {
        BOOST_TEST(rule->fires.size() >= 2U);
        BOOST_TEST(rule->near_misses.size() >= 2U);
        for (const ExampleOutcome& outcome : run_examples(*rule)) {
            for (const std::string& difference : outcome.differences)
                BOOST_ERROR(outcome.file << ":" << outcome.line << ": " << outcome.example << " "
                                         << difference);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_near_miss_that_lacks_data_fails_though_its_rule_is_silent) {
    const auto rule = rule_of("silent", std::string(two_that_fire) + R"(  near_misses:
    - {name: exactly, record: {certificate: {base: 10.00}}}
    - {name: no base at all, record: {certificate: {number: N1}}}
)");
    const auto names = failing(*rule);
    BOOST_REQUIRE_EQUAL(names.size(), 1U);
    BOOST_TEST(names[0] == "near miss \"no base at all\"");
}

BOOST_AUTO_TEST_CASE(an_example_that_does_not_do_what_it_says_fails) {
    const auto rule = rule_of("silent", R"(  fires:
    - {name: above, record: {certificate: {base: 10.01}}}
    - {name: below, record: {certificate: {base: 9.99}}}
  near_misses:
    - {name: exactly, record: {certificate: {base: 10.00}}}
    - {name: far above, record: {certificate: {base: 99.00}}}
  undecided:
    - {name: stated, record: {certificate: {base: 9.99}}}
)");
    const auto names = failing(*rule);
    BOOST_REQUIRE_EQUAL(names.size(), 3U);
    BOOST_TEST(names[0] == "fires \"below\"");
    BOOST_TEST(names[1] == "near miss \"far above\"");
    BOOST_TEST(names[2] == "undecided \"stated\"");
}

BOOST_AUTO_TEST_CASE(an_example_that_fires_at_another_place_or_severity_fails) {
    const auto rule = rule_of("silent",
                              R"(  fires:
    - {name: wrong place, field: certificate.balance, record: {certificate: {base: 10.01}}}
    - {name: wrong severity, severity: block, record: {certificate: {base: 10.01}}}
)" + std::string(two_that_hold));
    BOOST_TEST(failing(*rule).size() == 2U);
}

BOOST_AUTO_TEST_CASE(what_lacks_data_says_so_as_the_file_wants) {
    const std::string examples = std::string(two_that_fire) + two_that_hold + R"(  undecided:
    - {name: no base, record: {certificate: {number: N1}}}
)";
    BOOST_TEST(failing(*rule_of("silent", examples)).empty());
    BOOST_TEST(failing(*rule_of("review", examples)).empty());
}

BOOST_AUTO_TEST_CASE(the_rules_of_the_issue_are_all_there) {
    for (const char* const id :
         {"P-01", "P-02", "P-03", "P-04",        "P-05",        "P-07", "P-09", "P-10", "P-11",
          "P-12", "P-13", "F-01", "F-02",        "F-03",        "F-04", "F-05", "F-06", "F-07",
          "F-09", "C-01", "C-02", "C-02-610100", "C-02-640100", "C-03", "C-05", "C-06", "C-07",
          "C-08", "C-09", "C-12", "C-13",        "C-14",        "R-01", "R-02", "R-03", "R-04",
          "R-05", "R-06", "R-07", "R-08",        "R-09",        "R-10", "R-11", "R-12", "R-13",
          "R-14", "R-15", "R-16", "R-17",        "R-18",        "R-19", "R-20", "R-21", "R-22",
          "R-24", "R-25", "R-26", "R-27",        "R-28",        "L-01", "L-02", "L-03", "L-04",
          "L-05", "L-07", "L-08", "L-11"}) {
        const auto& all = rules()->rules();
        BOOST_TEST(
            std::any_of(all.begin(), all.end(), [&](const auto& rule) { return rule->id == id; }),
            id);
    }
}

BOOST_AUTO_TEST_SUITE_END()
