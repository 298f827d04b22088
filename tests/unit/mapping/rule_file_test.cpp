#include "mapping/rule_file.h"

#include <algorithm>
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/support/engine_samples.h"

using namespace tongban;
using namespace tongban::mapping;

namespace {

const std::string head = R"(rule: T-01
version: 3
title: {zh: 试, en: test}
jurisdiction: national
valid_from: 2020-01-01
selected_by: as_of
applies_to: [housing-fund/loan-eligibility@1]
ground: none
mender: sender
severity: review
)";

const std::string body = R"(inputs:
  base: certificate.base
  ledger: certificate.ledger
require: base > money('0.00')
message: {zh: 错, en: wrong, do: {zh: 改, en: mend}}
undecided: silent
)";

const std::string examples = R"(examples:
  fires:
    - {name: a, record: {certificate: {base: 0.00}}}
    - {name: b, record: {certificate: {base: -1.00}}}
  near_misses:
    - {name: c, record: {certificate: {base: 0.01}}}
    - {name: d, record: {certificate: {base: 1.00}}}
)";

struct Read {
    std::shared_ptr<const Rule> rule;
    std::vector<ConfigFault> faults;
};

Read read(const std::string& text) {
    const YamlFile file = YamlFile::from_text(text, "T-01.v3.yaml");
    Read result;
    result.rule = read_rule(file, support::the_library()->catalogue());
    result.faults = file.faults();
    return result;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, from);
    return text.replace(at, from.size(), to);
}

// Line, column and a word of the one fault that the text must have.
void refuses(const std::string& text, int line, int column, const std::string& word) {
    const Read result = read(text);
    BOOST_TEST(!result.rule);
    const bool found =
        std::any_of(result.faults.begin(), result.faults.end(), [&](const ConfigFault& fault) {
            return fault.line == line && (column == 0 || fault.column == column) &&
                   fault.message.find(word) != std::string::npos;
        });
    std::string told;
    for (const ConfigFault& fault : result.faults)
        told += std::to_string(fault.line) + ":" + std::to_string(fault.column) + " " +
                fault.message + "; ";
    BOOST_TEST(found, word << " at " << line << ":" << column << " not among: " << told);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rule_file_test)

BOOST_AUTO_TEST_CASE(a_small_rule_is_read_whole) {
    const Read result = read(head + body + examples);
    BOOST_REQUIRE(result.faults.empty());
    BOOST_REQUIRE(result.rule);
    BOOST_TEST(result.rule->version == "T-01@3");
    BOOST_TEST(result.rule->jurisdictions.empty());
    BOOST_TEST(result.rule->checks.size() == 1U);
    BOOST_TEST(result.rule->checks[0].at == "certificate.base");
    BOOST_TEST(result.rule->checks[0].message.en == "wrong mend");
    BOOST_TEST(!result.rule->undecided.severity.has_value());
    BOOST_TEST(result.rule->fires.size() == 2U);
    BOOST_TEST((result.rule->fires[0].evidence.parts.at("certificate") == PartStatus::answered));
}

BOOST_AUTO_TEST_CASE(a_fault_in_an_expression_is_at_its_word_in_the_file) {
    const auto with = [](const std::string& require) {
        return head + replaced(body, "require: base > money('0.00')", require) + examples;
    };
    refuses(with("require: base > 0"), 14, 15, "(money, int)");
    refuses(with("require: 'bass > 0'"), 14, 11, "unknown name bass");
    refuses(with("require: |\n  base > money('0.00')\n    && bose == base"),
            16,
            8,
            "unknown name bose");
    refuses(with("require: |\n\n  base >"), 16, 9, "expected a value");
    refuses(with("require: base"), 14, 10, "expected bool");
    refuses(with("require: >-\n  base >\n  money('0.00')"), 14, 0, "with |");
    refuses(
        with("require: ledger.all(p, p.kind == '1')"), 14, 34, "list fund-posting has no code 1");
    refuses(with("require: ledger.all(p, p.kind in ['01', 'x'])"), 14, 41, "no code x");
}

BOOST_AUTO_TEST_CASE(every_fault_of_a_file_is_told) {
    std::string text = head + body + examples;
    text = replaced(text, "certificate.base", "certificate.bass");
    text = replaced(text, "severity: review", "severity: grave");
    text = replaced(text, "mender: sender", "mender: nobody");
    text = replaced(text, "undecided: silent", "undecided: often");
    const Read result = read(text);
    BOOST_TEST(!result.rule);
    BOOST_TEST(result.faults.size() >= 4U);
    refuses(text, 12, 9, "no field certificate.bass");
    refuses(text, 10, 11, "expected block");
    refuses(text, 9, 9, "expected sender");
    refuses(text, 16, 12, "expected block");
}

BOOST_AUTO_TEST_CASE(what_a_rule_may_say_is_closed) {
    const std::string whole = head + body + examples;
    refuses(whole + "colour: red\n", 24, 0, "colour");
    refuses(replaced(whole, "zh: 错", "zh: '{base} 错'"), 15, 0, "{base}");
    refuses(replaced(whole,
                     "applies_to: [housing-fund/loan-eligibility@1]",
                     "applies_to: [housing-fund/loan@1]"),
            7,
            0,
            "no canonical type");
    refuses(replaced(whole, "selected_by: as_of", "selected_by: certificate.base"),
            6,
            0,
            "path of a date");
    refuses(replaced(whole, "inputs:\n", "inputs:\n  2x: certificate.base\n"), 12, 0, "digit");
    refuses(replaced(whole, "inputs:\n", "inputs:\n  as_of: certificate.base\n"),
            12,
            0,
            "as_of stands for something else");
    refuses(
        replaced(whole, "inputs:\n", "inputs:\n  x: evidence.rumour\n"), 12, 0, "no field rumour");
    refuses(replaced(whole, "    - {name: b, record: {certificate: {base: -1.00}}}\n", ""),
            18,
            0,
            "at least two examples");
    refuses(replaced(whole, "base: 0.01", "base: 0.001"), 22, 0, "yuan");
    refuses(replaced(whole, "base: 0.01", "bass: 0.01"), 22, 0, "bass");
    refuses(
        replaced(whole, "require:", "at: certificate.nothing\nrequire:"), 14, 0, "neither a name");
    refuses(replaced(whole, "require:", "at: ledger.nothing\nrequire:"), 14, 0, "no field nothing");
    refuses(replaced(whole,
                     "require:",
                     "let: {n: 'sum(ledger.map(p, p.amount))'}\ncounts: {n: n}\nrequire:"),
            15,
            0,
            "expected count()");
    refuses(replaced(whole, "require:", "each: {in: 'certificate.ledger', as: p}\nrequire:"),
            14,
            0,
            "[] behind each list");
    refuses(replaced(whole, "require:", "each: {in: 'certificate.ledger[]', as: base}\nrequire:"),
            14,
            0,
            "stands for something else");
    refuses(replaced(whole, "require:", "checks: []\nrequire:"), 14, 0, "not both");
    refuses(replaced(whole, "require:", "report: some\nrequire:"), 14, 0, "first or every");
}

BOOST_AUTO_TEST_CASE(tables_are_checked_when_read) {
    const auto with = [](const std::string& rows) {
        return head +
               replaced(body,
                        "require:",
                        "tables:\n  t:\n    keys: [k]\n    dated: true\n    columns: {v: money}\n  "
                        "  rows:\n" +
                            rows + "require:") +
               examples;
    };
    refuses(with("      - {k: a, from: 2020-01-01, v: 1.00}\n      - {k: a, from: 2021-01-01, v: "
                 "2.00}\n"),
            21,
            0,
            "same keys and day");
    refuses(with("      - {k: a, v: one}\n"), 20, 0, "yuan");
    refuses(with("      - {k: a}\n"), 20, 0, "\"v\" is missing");
    refuses(with("      - {k: a, w: 1.00, v: 1.00}\n"), 20, 0, "w");
    BOOST_TEST(read(with("      - {k: a, from: 2020-01-01, to: 2020-12-31, v: 1.00}\n      - {k: "
                         "a, from: 2021-01-01, v: 2.00}\n"))
                   .faults.empty());
}

BOOST_AUTO_TEST_SUITE_END()
