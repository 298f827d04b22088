#include "mapping/rule_set.h"

#include <algorithm>
#include <utility>

#include "base/crypto.h"
#include "base/files.h"
#include "base/yaml.h"
#include "mapping/cel/functions.h"
#include "mapping/rule.h"
#include "mapping/rule_file.h"

namespace tongban::mapping {
namespace {

using RulePtr = std::shared_ptr<const Rule>;

bool overlap(const Rule& a, const Rule& b) {
    const bool a_first = a.valid_to && *a.valid_to < b.valid_from;
    const bool b_first = b.valid_to && *b.valid_to < a.valid_from;
    return !a_first && !b_first;
}

bool share_one(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    if (a.empty() && b.empty()) return true;  // both national
    return std::any_of(a.begin(), a.end(), [&](const std::string& each) {
        return std::find(b.begin(), b.end(), each) != b.end();
    });
}

void refuse_clash(const Rule& rule,
                  const std::vector<RulePtr>& before,
                  std::vector<ConfigFault>& faults) {
    for (const RulePtr& other : before) {
        if (other->id != rule.id) continue;
        if (other->version == rule.version)
            faults.push_back(
                {rule.file, 1, 1, "rule " + rule.version + " is also in " + other->file});
        else if (other->selected_by != rule.selected_by &&
                 share_one(other->applies_to, rule.applies_to))
            faults.push_back(
                {rule.file,
                 1,
                 1,
                 "rule " + rule.version + " is selected by another date than " + other->version});
        else if (share_one(other->jurisdictions, rule.jurisdictions) &&
                 share_one(other->applies_to, rule.applies_to) && overlap(*other, rule))
            faults.push_back({rule.file,
                              1,
                              1,
                              "rules " + other->version + " and " + rule.version +
                                  " are valid on the same day"});
    }
}

// A division of a rule binds itself and what lies below it: 640000 the province, 640100 the city,
// 640104 the district.
bool within(std::string_view division, std::string_view of_rule) {
    while (of_rule.ends_with("00"))
        of_rule.remove_suffix(2);
    return division.starts_with(of_rule);
}

// How near a rule's jurisdiction is: 0 national, more for an earlier and a narrower division; -1:
// does not apply.
int nearness(const Rule& rule, const std::vector<std::string>& jurisdictions) {
    if (rule.jurisdictions.empty()) return 0;
    int best = -1;
    for (std::size_t i = 0; i < jurisdictions.size(); ++i) {
        for (const std::string& division : rule.jurisdictions) {
            if (!within(jurisdictions[i], division)) continue;
            const int narrow = division.ends_with("0000") ? 1 : (division.ends_with("00") ? 2 : 3);
            best = std::max(best, static_cast<int>(jurisdictions.size() - i) * 10 + narrow);
        }
    }
    return best;
}

}  // namespace

std::vector<std::string> RuleSet::versions() const {
    std::vector<std::string> versions;
    for (const Candidate& candidate : candidates_) {
        for (const RulePtr& rule : candidate.versions)
            versions.push_back(rule->version);
    }
    std::sort(versions.begin(), versions.end());
    return versions;
}

const Rule* version_for(const RuleSet::Candidate& candidate, const schemas::Group& record) {
    const Rule& newest = *candidate.versions.back();
    if (newest.selected_by.empty()) return &newest;
    const schemas::Value* value = schemas::at_path(record, newest.selected_by);
    const Date* day = value != nullptr ? value->get<Date>() : nullptr;
    if (day == nullptr) return &newest;
    for (const RulePtr& rule : candidate.versions)
        if (rule->valid_on(*day)) return rule.get();
    return nullptr;
}

const Rule* RuleLibrary::find(std::string_view version) const {
    const auto found = std::find_if(rules_.begin(), rules_.end(), [&](const RulePtr& rule) {
        return rule->version == version;
    });
    return found == rules_.end() ? nullptr : found->get();
}

std::shared_ptr<const RuleLibrary> RuleLibrary::load(const std::string& mapping_root,
                                                     const schemas::Catalogue& catalogue) {
    auto library = std::make_shared<RuleLibrary>();
    std::vector<ConfigFault> faults;
    for (const std::string& path : files_below(mapping_root + "/rules", ".yaml")) {
        try {
            const YamlFile file(path);
            const RulePtr rule = read_rule(file, catalogue);
            file.check();
            refuse_clash(*rule, library->rules_, faults);
            library->versions_.emplace(rule->version, hex(sha256(file.bytes())));
            library->rules_.push_back(rule);
        } catch (const ConfigError& error) {
            faults.insert(faults.end(), error.faults().begin(), error.faults().end());
        }
    }
    if (!faults.empty()) throw ConfigError(std::move(faults));
    library->versions_.emplace("functions@" + std::to_string(cel::functions_version),
                               cel::functions_digest());
    std::sort(
        library->rules_.begin(), library->rules_.end(), [](const RulePtr& a, const RulePtr& b) {
            return std::pair(a->id, a->valid_from) < std::pair(b->id, b->valid_from);
        });
    return library;
}

RuleSet RuleLibrary::select(std::string_view record_type,
                            Date as_of,
                            const std::vector<std::string>& jurisdictions) const {
    RuleSet set;
    for (const RulePtr& rule : rules_) {
        if (std::find(rule->applies_to.begin(), rule->applies_to.end(), record_type) ==
            rule->applies_to.end())
            continue;
        if (rule->selected_by.empty() && !rule->valid_on(as_of)) continue;
        const int near = nearness(*rule, jurisdictions);
        if (near < 0) continue;
        if (set.candidates_.empty() || set.candidates_.back().id != rule->id)
            set.candidates_.push_back({rule->id, {}});
        auto& versions = set.candidates_.back().versions;
        if (!versions.empty()) {  // the nearer jurisdiction replaces the others
            const int there = nearness(*versions.front(), jurisdictions);
            if (near < there) continue;
            if (near > there) versions.clear();
        }
        versions.push_back(rule);
    }
    return set;
}

}  // namespace tongban::mapping
