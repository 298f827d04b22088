#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mapping/examples.h"

namespace tongban::mapping {
namespace {

RuleVerdict judged(const Rule& rule, const RuleExample& example) {
    schemas::Group root = example.record;
    root.set("parts", schemas::Value{parts_list(example.evidence), {}});
    root.set("evidence", schemas::Value{evidence_group(example.evidence), {}});
    return judge_rule(rule, root, example.as_of, {});
}

std::string told(const std::vector<Finding>& findings) {
    std::string text;
    for (const Finding& finding : findings)
        text += (text.empty() ? "" : "; ") + finding.code + " " +
                std::string(schemas::name_of(finding.severity)) + " at " + finding.field;
    return text.empty() ? "no finding" : text;
}

std::vector<std::string> must_fire(const Rule& rule, const RuleExample& example) {
    const auto findings = judged(rule, example).findings;
    std::vector<std::string> differences;
    const bool fires = std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
        return finding.code == rule.id &&
               (!example.severity || finding.severity == *example.severity) &&
               (example.field.empty() || finding.field == example.field);
    });
    if (!fires) differences.push_back("does not fire as it says: " + told(findings));
    for (const Finding& finding : findings) {
        if (finding.version != rule.version)
            differences.push_back("names version " + finding.version);
        for (const std::string& text : {finding.zh, finding.en}) {
            if (text.find('{') != std::string::npos)
                differences.push_back("leaves a placeholder: " + text);
        }
        if (finding.place.line == 0 && !finding.part.empty() && finding.shape != "missing")
            differences.push_back("has no place for " + finding.field);
    }
    return differences;
}

std::vector<std::string> must_hold(const Rule& rule, const RuleExample& example) {
    const RuleVerdict outcome = judged(rule, example);
    std::vector<std::string> differences;
    if (!outcome.findings.empty()) differences.push_back("is found: " + told(outcome.findings));
    if (outcome.undecided_at)
        differences.push_back("is undecided at " + *outcome.undecided_at +
                              ": it shows nothing, since data is missing there");
    if (!outcome.looked)
        differences.emplace_back("shows nothing: the record holds none of what the rule looks at");
    return differences;
}

std::vector<std::string> must_lack_data(const Rule& rule, const RuleExample& example) {
    const RuleVerdict outcome = judged(rule, example);
    std::vector<std::string> differences;
    if (!outcome.undecided_at) differences.emplace_back("is decided");
    const bool fires = std::any_of(outcome.findings.begin(),
                                   outcome.findings.end(),
                                   [&](const Finding& finding) { return finding.code == rule.id; });
    if (fires || outcome.findings.empty() == rule.undecided.severity.has_value())
        differences.push_back("does not say so as the file wants: " + told(outcome.findings));
    return differences;
}

using Runner = std::vector<std::string> (*)(const Rule&, const RuleExample&);

void run_all(const Rule& rule,
             const std::vector<RuleExample>& examples,
             std::string_view kind,
             Runner runner,
             std::vector<ExampleOutcome>& outcomes) {
    for (const RuleExample& example : examples) {
        outcomes.push_back({rule.version,
                            rule.file,
                            example.line,
                            std::string(kind) + " \"" + example.name + "\"",
                            runner(rule, example)});
    }
}

}  // namespace

std::vector<ExampleOutcome> run_examples(const Rule& rule) {
    std::vector<ExampleOutcome> outcomes;
    run_all(rule, rule.fires, "fires", must_fire, outcomes);
    run_all(rule, rule.near_misses, "near miss", must_hold, outcomes);
    run_all(rule, rule.undecided_examples, "undecided", must_lack_data, outcomes);
    return outcomes;
}

}  // namespace tongban::mapping
