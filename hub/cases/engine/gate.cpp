// A gate: rules over a record put together from what the case knows. Its outcome is the worst
// finding; the findings stay on the case for the citizen and the next officer.
#include <algorithm>
#include <iterator>
#include <utility>

#include "hub/cases/engine/internal/work.h"
#include "mapping/rule.h"

namespace tongban::cases::internal {
namespace {

constexpr std::size_t most_findings = 50;

using schemas::Finding;
using schemas::Severity;

std::string outcome_of(const std::vector<Finding>& findings) {
    bool returned = false;
    bool review = false;
    for (const Finding& one : findings) {
        if (one.severity == Severity::block) return "blocked";
        returned = returned || one.severity == Severity::return_;
        review = review || one.severity == Severity::review;
    }
    if (returned) return "returned";
    return review ? "review" : "passed";
}

std::vector<Finding> findings_of(Work& work, const item::Gate& gate) {
    std::vector<Finding> findings;
    if (!gate.record || !work.facts.rules) return findings;
    const Party* office = party(work, gate.party);
    std::vector<std::string> jurisdictions;
    if (office != nullptr && !office->division.empty()) jurisdictions = {office->division};
    const Date today = shanghai_date(work.facts.now);
    const mapping::RuleSet rules =
        work.facts.rules->select(gate.record->type, today, jurisdictions);
    const schemas::Group record = record_of(work, *gate.record);
    for (const mapping::RuleSet::Candidate& candidate : rules.candidates()) {
        const mapping::Rule* rule = mapping::version_for(candidate, record);
        if (rule == nullptr) continue;
        std::vector<Finding> found = mapping::run_rule(*rule, record, today);
        std::move(found.begin(), found.end(), std::back_inserter(findings));
    }
    return findings;
}

schemas::Value of(auto data) {
    schemas::Value value;
    value.data = std::move(data);
    return value;
}

schemas::Group result_of(const std::string& outcome, const std::vector<Finding>& findings) {
    schemas::List list;
    for (const Finding& one : findings) {
        if (list.items.size() == most_findings) break;
        schemas::Group item;
        item.set("code", of(one.code));
        item.set("severity", of(std::string(schemas::name_of(one.severity))));
        list.items.push_back(of(std::move(item)));
    }
    schemas::Group result;
    result.set("outcome", of(outcome));
    result.set("findings", of(std::move(list)));
    return result;
}

}  // namespace

void note_findings(Work& work, std::int32_t no, const std::vector<Finding>& findings) {
    std::erase_if(work.state.findings, [&](const NotedFinding& old) {
        const StepRun* then = work.state.run(old.step_no);
        return then == nullptr || then->step == work.state.run(no)->step;  // checked anew
    });
    for (const Finding& one : findings) {
        if (work.state.findings.size() == most_findings) return;
        NotedFinding noted{.code = one.code,
                           .severity = std::string(schemas::name_of(one.severity)),
                           .step_no = no,
                           .zh = one.zh,
                           .en = one.en,
                           .rule = one.version,
                           .jurisdictions = {},
                           .ground = {}};
        const mapping::Rule* rule =
            work.facts.rules ? work.facts.rules->find(one.version) : nullptr;
        if (rule != nullptr) {  // kept, since its file may be gone when somebody reads the case
            noted.jurisdictions = rule->jurisdictions;
            noted.ground = rule->ground;
        }
        work.state.findings.push_back(std::move(noted));
    }
}

void enter_gate(Work& work, std::int32_t no, const item::Step& step) {
    const auto& gate = std::get<item::Gate>(step.what);
    const std::vector<Finding> findings = findings_of(work, gate);
    const std::string outcome = outcome_of(findings);
    note_findings(work, no, findings);
    if (!gate.as.empty())
        work.state.set_result(gate.as, work.state.keep(result_of(outcome, findings)));
    work.note("gate:" + outcome);
    finish(work, no, StepStatus::done, outcome);
}

}  // namespace tongban::cases::internal
