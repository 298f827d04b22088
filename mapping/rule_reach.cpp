#include "mapping/rule_reach.h"

#include <algorithm>
#include <set>

#include "mapping/rule.h"
#include "mapping/rule_set.h"

namespace tongban::mapping {
namespace {

constexpr std::string_view request = "request";

std::string head_of(std::string_view path) {
    return std::string(path.substr(0, path.find_first_of(".[")));
}

// Facts of the hub, which are no part of anybody's record.
bool is_part(const std::string& head) {
    return head != request && head != "evidence" && head != "parts";
}

// The parts that a rule's inputs lie in, and with `checks` the each of its checks too.
std::set<std::string> parts_of(const Rule& rule, bool checks) {
    std::set<std::string> parts;
    for (const RuleInput& input : rule.inputs)
        parts.insert(head_of(input.path));
    if (checks) {
        for (const RuleCheck& check : rule.checks) {
            for (const std::string& pattern : check.each.in)
                parts.insert(head_of(pattern));
        }
    }
    std::erase_if(parts, [](const std::string& head) { return !is_part(head); });
    return parts;
}

bool names_part(const RuleEach& each, std::string_view part) {
    return std::any_of(each.in.begin(), each.in.end(), [part](const std::string& pattern) {
        return head_of(pattern) == part;
    });
}

class Reach {
public:
    void add(const Rule& rule) {
        if (head_of(rule.selected_by) == request) paths_.insert(rule.selected_by);
        for (const auto& [name, program] : rule.lets)
            add(rule, program);
        for (const auto& [name, program] : rule.counts)
            add(rule, program);
        if (rule.each.once_per) add(rule, *rule.each.once_per);
        for (const RuleCheck& check : rule.checks) {
            if (check.each.once_per) add(rule, *check.each.once_per);
            if (check.when) add(rule, *check.when);
            add(rule, check.require);
        }
    }

    // A group that is only asked for shows itself in whatever else is read of it; and what another
    // path names as a whole need not be named again.
    std::vector<std::string> paths() {
        for (const std::string& group : existence_) {
            if (!reads_below(group)) paths_.insert(group);
        }
        std::vector<std::string> found;
        for (const std::string& path : paths_) {
            const bool within =
                std::any_of(paths_.begin(), paths_.end(), [&path](const std::string& other) {
                    return path.starts_with(other + ".");
                });
            if (!within) found.push_back(path);
        }
        return found;
    }

private:
    void add(const Rule& rule, const cel::Program& program) {
        for (const cel::Program::Read& read : program.reads()) {
            if (read.slot >= rule.inputs.size()) continue;
            const std::string& input = rule.inputs[read.slot].path;
            if (head_of(input) != request) continue;
            if (read.existence) {
                existence_.insert(input);
            } else {
                paths_.insert(read.path.empty() ? input : input + "." + read.path);
            }
        }
    }

    [[nodiscard]] bool reads_below(const std::string& group) const {
        return std::any_of(paths_.begin(), paths_.end(), [&group](const std::string& path) {
            return path.starts_with(group + ".");
        });
    }

    std::set<std::string> paths_;
    std::set<std::string> existence_;
};

}  // namespace

std::vector<std::string> units_of(const Rule& rule, std::string_view part) {
    if (!rule.each.in.empty())
        return names_part(rule.each, part) ? std::vector{rule.version} : std::vector<std::string>();
    const bool every = rule.every;
    const std::set<std::string> parts = parts_of(rule, !every);
    const bool own = parts.size() == 1 && *parts.begin() == part;
    if (!every) return own ? std::vector{rule.version} : std::vector<std::string>();
    std::vector<std::string> units;
    for (std::size_t i = 0; i < rule.checks.size(); ++i) {
        const RuleEach& each = rule.checks[i].each;
        if (each.in.empty() ? own : names_part(each, part))
            units.push_back(rule.version + "#" + std::to_string(i));
    }
    return units;
}

std::vector<std::string> request_fields_read(const RuleSet& rules, std::string_view part) {
    Reach reach;
    for (const RuleSet::Candidate& candidate : rules.candidates()) {
        for (const auto& rule : candidate.versions) {
            if (!units_of(*rule, part).empty()) reach.add(*rule);
        }
    }
    return reach.paths();
}

}  // namespace tongban::mapping
