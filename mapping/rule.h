// Rule: one verification rule as its file states it, compiled: what it needs, when it applies, what
// must hold, and what a finding of it says. No rule is compiled into C++; new policy is a new dated
// file. Grammar: docs/formats/rule.md.
//
// Threads: immutable after load.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "mapping/cel/program.h"
#include "mapping/stages.h"
#include "schemas/finding.h"
#include "schemas/value.h"

namespace tongban::mapping {

// Templates. Placeholders: {field} {part} {rule} {valid_from} and the rule's counts; nothing that a
// record says.
struct RuleMessage {
    std::string zh;
    std::string en;
};

// Every value that the patterns reach, one after the other, under a name; `part` names the part it
// stands in.
struct RuleEach {
    std::vector<std::string> in;  // "employment.spells[].holder"; empty: no each
    std::string alias;
    std::optional<cel::Program> once_per;  // text; one finding for each different answer
};

struct RuleCheck {
    RuleEach each;
    std::optional<cel::Program> when;  // does the check apply?
    cel::Program require;              // a finding when false
    schemas::Severity severity = schemas::Severity::review;
    schemas::Mender mender = schemas::Mender::sender;
    std::string at;  // path whose place and shape the finding takes; may begin with the alias or an
                     // input's name
    RuleMessage message;
};

struct RuleInput {
    std::string name;
    std::string path;  // "certificate.account.state", "evidence.consent_given"
};

struct RuleExample {
    std::string name;
    Date as_of;
    schemas::Group record;  // parts by name; `request` is moved into the evidence when it is run
    Evidence evidence;
    std::optional<schemas::Severity> severity;  // of the finding, where the example states it
    std::string field;                          // of the finding, where the example states it
    int line = 0;
};

// What happens when the data that the rule needs is missing.
struct RuleUndecided {
    std::optional<schemas::Severity> severity;  // nothing: silent
    std::string suffix = "undecided";           // of the finding's code: "F-06.undecided"
    RuleMessage message;
};

struct Rule {
    std::string id;       // "C-07"
    std::string version;  // "C-07@1"
    std::string file;
    std::string title_zh;
    std::string title_en;
    std::vector<std::string> jurisdictions;  // division codes; empty: national
    Date valid_from;
    std::optional<Date> valid_to;         // last day
    std::string selected_by;              // "" = as_of, else the path of a date in the record
    std::vector<std::string> applies_to;  // record types
    std::string ground;

    // The frame of every expression: the inputs, as_of, the alias and part of an each, the lets,
    // and the alias and part of a check's own each (a rule has one or the other).
    std::vector<RuleInput> inputs;
    std::vector<std::pair<std::string, cel::Program>> lets;
    RuleEach each;

    std::vector<RuleCheck> checks;  // in order; the first that does not hold is the finding, or
                                    // with `every` each of them
    bool every = false;
    std::vector<std::pair<std::string, cel::Program>> counts;
    RuleUndecided undecided;

    std::vector<RuleExample> fires;
    std::vector<RuleExample> near_misses;
    std::vector<RuleExample> undecided_examples;

    [[nodiscard]] bool valid_on(Date day) const {
        return valid_from <= day && (!valid_to || day <= *valid_to);
    }
};

// Where parts lie with their providers (placement provider), a rule is judged in units: the whole
// rule, or over an each what stands in one part, or of a rule that reports every check each check
// ("C-01@1#4"). A unit that is about one part is that part's.
std::vector<std::string> units_of(const Rule& rule, std::string_view part);

struct RuleView {
    std::string part;  // at a provider: its part, whose units alone run; "": the hub
    const JudgedUnits* judged = nullptr;  // at the hub: what the providers have judged
};

// What one rule says of one record.
struct RuleVerdict {
    std::vector<schemas::Finding> findings;
    std::optional<std::string> undecided_at;  // path where data was missing or a computation
                                              // stopped; stands also where the file is silent
    bool looked = false;  // at least one condition was asked: not every each was empty
    // At a provider: the part's units that nothing withheld was needed for. The others are left to
    // the hub and gave no finding.
    std::vector<std::string> judged;
};
// The core of verify(). `root` holds the parts, `request`, `parts` and `evidence`; the rule must be
// the one that is valid.
RuleVerdict judge_rule(const Rule& rule,
                       const schemas::Group& root,
                       Date as_of,
                       const RuleView& view);
// Its findings alone, of the whole record.
std::vector<schemas::Finding> run_rule(const Rule& rule, const schemas::Group& root, Date as_of);

// The group "evidence" as rules see it, and its fields for the checker.
schemas::Group evidence_group(const Evidence& evidence);
const std::vector<schemas::FieldType>& evidence_fields();
// The canonical `parts` list of a record: which office answered.
schemas::List parts_list(const Evidence& evidence);

}  // namespace tongban::mapping
