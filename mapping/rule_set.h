// RuleSet: the verification rules that a record is held against, selected by record type,
// jurisdiction and date.
//
// Several versions of one rule may be in the library; exactly one is valid on a date, and a file
// that would make it two does not load. The date is the business date, or the date in the record
// that the rule's `selected_by` names: then the set carries every version and verify() picks. A
// rule of a city replaces the national rule of the same id there.
//
// Threads: immutable; safe from any thread.
// Faults:  ConfigError (exception) from load(), one line a fault, of all files.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace tongban::schemas {
class Catalogue;  // schemas/catalogue.h: the canonical types that give a rule's inputs their types
struct Group;     // schemas/value.h
}  // namespace tongban::schemas

namespace tongban::mapping {

struct Rule;  // mapping/rule.h

class RuleSet {
public:
    struct Candidate {  // one rule id; the versions that may apply, oldest first
        std::string id;
        std::vector<std::shared_ptr<const Rule>> versions;
    };

    RuleSet() = default;  // no rules: verify() lets every record pass
    [[nodiscard]] const std::vector<Candidate>& candidates() const {
        return candidates_;
    }  // sorted by id
    [[nodiscard]] std::vector<std::string> versions()
        const;  // "C-07@1" of every rule that may run, sorted

private:
    friend class RuleLibrary;
    std::vector<Candidate> candidates_;
};

// The version that judges this record: the one valid on the date that `selected_by` names in it;
// null when none is valid then. A record without that date is judged by the newest version, which
// says what is missing. `record` is what rules see, as for run_rule() (mapping/rule.h).
const Rule* version_for(const RuleSet::Candidate& candidate, const schemas::Group& record);

class RuleLibrary {
public:
    // Reads every *.yaml below <mapping_root>/rules.
    static std::shared_ptr<const RuleLibrary> load(const std::string& mapping_root,
                                                   const schemas::Catalogue& catalogue);

    // `jurisdictions`: division codes whose policy binds this exchange, most binding first
    // ("640100"); national rules always apply, and a rule of a province ("640000") applies in its
    // cities.
    [[nodiscard]] RuleSet select(std::string_view record_type,
                                 Date as_of,
                                 const std::vector<std::string>& jurisdictions) const;

    [[nodiscard]] const std::vector<std::shared_ptr<const Rule>>& rules() const { return rules_; }
    // By what a finding names: "C-07@1". Null: no rule.
    [[nodiscard]] const Rule* find(std::string_view version) const;
    // "C-07@1" -> hex SHA-256 of its file, and the function library: "functions@1" -> digest of its
    // signatures.
    [[nodiscard]] const std::map<std::string, std::string>& versions() const { return versions_; }

private:
    std::vector<std::shared_ptr<const Rule>> rules_;
    std::map<std::string, std::string> versions_;
};

}  // namespace tongban::mapping
