// Every rule of mapping/rules is held against its own examples: what must fire fires, what must not
// does not and is decided, what lacks data says so.
#include <algorithm>
#include <string>

#include <boost/test/unit_test.hpp>

#include "base/yaml.h"
#include "mapping/rule.h"
#include "mapping/rule_set.h"
#include "schemas/catalogue.h"

using namespace tongban;
using namespace tongban::mapping;

namespace {

std::shared_ptr<const RuleLibrary> rules() {
    static const std::shared_ptr<const RuleLibrary> library = [] {
        try {
            const auto catalogue =
                schemas::Catalogue::load(std::string(TONGBAN_SOURCE_DIR) + "/schemas");
            return RuleLibrary::load(std::string(TONGBAN_SOURCE_DIR) + "/mapping", *catalogue);
        } catch (const ConfigError& error) {
            BOOST_FAIL(error.what());
            throw;
        }
    }();
    return library;
}

std::vector<Finding> run(const Rule& rule, const RuleExample& example) {
    schemas::Group root = example.record;
    root.set("parts", schemas::Value{parts_list(example.evidence), {}});
    root.set("evidence", schemas::Value{evidence_group(example.evidence), {}});
    return run_rule(rule, root, example.as_of);
}

std::string told(const std::vector<Finding>& findings) {
    std::string text;
    for (const Finding& finding : findings)
        text += finding.code + " " + std::string(schemas::name_of(finding.severity)) + " at " +
                finding.field + "; ";
    return text.empty() ? "no finding" : text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rule_examples_test)

BOOST_AUTO_TEST_CASE(every_example_that_must_fire_fires_as_it_says) {
    for (const auto& rule : rules()->rules()) {
        BOOST_TEST(rule->fires.size() >= 2U);
        for (const RuleExample& example : rule->fires) {
            BOOST_TEST_CONTEXT(rule->file << ":" << example.line << ": " << example.name) {
                const auto findings = run(*rule, example);
                const bool fires =
                    std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
                        return finding.code == rule->id &&
                               (!example.severity || finding.severity == *example.severity) &&
                               (example.field.empty() || finding.field == example.field);
                    });
                BOOST_TEST(fires, told(findings));
                for (const Finding& finding : findings) {
                    BOOST_TEST(finding.version == rule->version);
                    BOOST_TEST(finding.zh.find('{') == std::string::npos, finding.zh);
                    BOOST_TEST(finding.en.find('{') == std::string::npos, finding.en);
                    BOOST_TEST((finding.place.line > 0 || finding.part.empty() ||
                                finding.shape == "missing"),
                               "no place for " + finding.field);
                }
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(no_near_miss_fires_or_is_undecided) {
    for (const auto& rule : rules()->rules()) {
        BOOST_TEST(rule->near_misses.size() >= 2U);
        for (const RuleExample& example : rule->near_misses) {
            BOOST_TEST_CONTEXT(rule->file << ":" << example.line << ": " << example.name) {
                const auto findings = run(*rule, example);
                BOOST_TEST(findings.empty(), told(findings));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(examples_without_data_are_undecided_and_do_not_fire) {
    for (const auto& rule : rules()->rules()) {
        for (const RuleExample& example : rule->undecided_examples) {
            BOOST_TEST_CONTEXT(rule->file << ":" << example.line << ": " << example.name) {
                const auto findings = run(*rule, example);
                for (const Finding& finding : findings)
                    BOOST_TEST(finding.code != rule->id, told(findings));
                BOOST_TEST(findings.empty() == !rule->undecided.severity.has_value(),
                           told(findings));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(the_rules_of_the_issue_are_all_there) {
    for (const char* const id :
         {"P-01", "P-02",        "P-03",        "P-04", "P-05", "P-07", "P-09", "P-11", "P-12",
          "P-13", "F-01",        "F-02",        "F-03", "F-04", "F-05", "F-06", "F-09", "C-01",
          "C-02", "C-02-610100", "C-02-640100", "C-03", "C-05", "C-06", "C-07", "C-08", "C-09",
          "C-12", "C-13",        "C-14",        "R-01", "R-02", "R-03", "R-04", "R-05", "R-06",
          "R-07", "R-08",        "R-09",        "R-10", "R-11", "R-12", "R-13", "R-14", "R-15",
          "R-16", "R-17",        "R-18",        "R-19", "R-20", "R-21", "R-25", "R-26", "R-27",
          "R-28", "L-01",        "L-02",        "L-03", "L-04", "L-05", "L-07", "L-08"}) {
        const auto& all = rules()->rules();
        BOOST_TEST(
            std::any_of(all.begin(), all.end(), [&](const auto& rule) { return rule->id == id; }),
            id);
    }
}

BOOST_AUTO_TEST_SUITE_END()
