// One rule over one record: its units, its items, what it finds, and where it could not decide.
#include <algorithm>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/text.h"
#include "mapping/rule.h"
#include "schemas/canonical_type.h"

namespace tongban::mapping {
namespace {

using schemas::Severity;
using schemas::Value;

struct Item {  // of an each; the one empty item of a rule without
    std::string path;
    const Value* value = nullptr;
};

// "homes.homes[].holders[]" -> every such value there is, with its indexed path.
void collect(const schemas::Group& group,
             std::string_view pattern,
             const std::string& before,
             std::vector<Item>& items) {
    const std::size_t dot = pattern.find('.');
    std::string_view stride = pattern.substr(0, dot);
    const bool list = stride.ends_with("[]");
    if (list) stride.remove_suffix(2);
    const Value* value = group.find(stride);
    if (value == nullptr) return;
    const std::string path =
        before.empty() ? std::string(stride) : before + "." + std::string(stride);
    if (value->withheld()) {  // who knows how many there are
        items.push_back({path, value});
        return;
    }
    if (value->absent()) return;
    const auto go_on = [&](const Value& one, const std::string& one_path) {
        if (dot == std::string_view::npos) {
            items.push_back({one_path, &one});
        } else if (const auto* inner = one.get<schemas::Group>()) {
            collect(*inner, pattern.substr(dot + 1), one_path, items);
        }
    };
    if (!list) return go_on(*value, path);
    const auto* held = value->get<schemas::List>();
    if (held == nullptr) return;
    for (std::size_t i = 0; i < held->items.size(); ++i)
        go_on(held->items[i], path + "[" + std::to_string(i) + "]");
}

// A text's make-up; of anything else only what it is, since "5 letters" would tell a false from a
// true.
std::string shape_of_value(const Value* value) {
    if (value != nullptr && value->withheld()) return "withheld";
    if (value == nullptr || value->absent()) return "missing";
    if (const auto* text = value->get<std::string>()) return shape_of(*text);
    if (value->get<schemas::Code>() != nullptr) return "code";
    if (value->get<schemas::Money>() != nullptr) return "money";
    if (value->get<schemas::Decimal>() != nullptr) return "decimal";
    if (value->get<schemas::Share>() != nullptr) return "share";
    if (value->get<Date>() != nullptr) return "date";
    if (value->get<Period>() != nullptr) return "period";
    if (value->get<Instant>() != nullptr) return "timestamp";
    if (value->get<bool>() != nullptr) return "boolean";
    if (const auto* list = value->get<schemas::List>())
        return "list of " + std::to_string(list->items.size());
    return "group";
}

void replace_all(std::string& text, std::string_view placeholder, std::string_view with) {
    for (std::size_t at = text.find(placeholder); at != std::string::npos;
         at = text.find(placeholder, at + with.size()))
        text.replace(at, placeholder.size(), with);
}

struct Noted {
    std::string unit;
    Finding finding;
};

struct Doubt {  // why a unit could not be decided, and where that was seen first
    std::string unit;
    cel::Cause cause;
    std::string at;
};

const RuleMessage uncomputable_message{
    "规则 {rule} 的计算超出允许范围，未能判定。请经办人人工核对，并告知规则维护人。",
    "Rule {rule} could not be computed within its limits. Check by hand and tell the rule's "
    "owner."};
const RuleMessage withheld_message{
    "规则 {rule} 需要 "
    "{field}，该数据留在提供单位，未提供给本平台，无法判定。请经办人向该单位核实后决定。",
    "Rule {rule} cannot be decided here: {field} stays with its provider. Ask that office, then an "
    "officer decides."};

class RuleRun {
public:
    RuleRun(const Rule& rule, const schemas::Group& root, Date as_of, const RuleView& view)
        : rule_(rule), root_(root), as_of_(as_of), view_(view), scene_{as_of} {
        if (!view.part.empty()) {
            add_units(view.part);
        } else if (view.judged != nullptr) {
            for (const auto& [part, judged] : *view.judged)
                add_units(part);
        }
    }

    RuleVerdict run() {
        std::vector<cel::Datum> frame;
        frame.reserve(rule_.inputs.size() + 1);
        for (const RuleInput& input : rule_.inputs)
            frame.push_back(cel::borrow(schemas::at_path(root_, input.path)));
        frame.push_back(as_of_);
        for (const Item& item : items_of(rule_.each)) {
            std::vector<cel::Datum> own = frame;
            enter(rule_.each, item, own);
            add_lets(own);
            judge(item, own);
        }
        RuleVerdict verdict;
        if (!view_.part.empty()) leave_to_the_hub(verdict);
        if (!doubts_.empty()) verdict.undecided_at = doubts_.front().at;
        verdict.looked = looked_;
        report_undecided();
        for (Noted& noted : findings_)
            verdict.findings.push_back(std::move(noted.finding));
        return verdict;
    }

private:
    void add_units(const std::string& part) {
        for (std::string& unit : units_of(rule_, part))
            owned_.emplace(part, std::move(unit));
    }

    [[nodiscard]] bool by_check() const { return rule_.every && rule_.each.in.empty(); }

    [[nodiscard]] std::string unit_of(const RuleCheck& check) const {
        if (!by_check()) return rule_.version;
        return rule_.version + "#" + std::to_string(&check - rule_.checks.data());
    }

    // Is this one to be judged here? What no part owns is the hub's.
    [[nodiscard]] bool ours(const RuleCheck& check, const Item& item) const {
        if (view_.part.empty() && view_.judged == nullptr) return true;
        const std::string unit = unit_of(check);
        const bool in_a_part = !item.path.empty() && (!rule_.each.in.empty() || by_check());
        std::string owner = item.path.substr(0, item.path.find('.'));
        if (!in_a_part) {
            const auto found = std::find_if(
                owned_.begin(), owned_.end(), [&](const auto& one) { return one.second == unit; });
            owner = found == owned_.end() ? "" : found->first;
        }
        if (!view_.part.empty()) return owner == view_.part && owned_.contains({owner, unit});
        const auto judged = view_.judged->find(owner);
        return judged == view_.judged->end() || !judged->second.contains(unit);
    }

    // At a provider: a unit that needed what is withheld is the hub's to judge, who may have it.
    void leave_to_the_hub(RuleVerdict& verdict) {
        for (const auto& [part, unit] : owned_) {
            if (!open_.contains(unit)) verdict.judged.push_back(unit);
        }
        std::erase_if(findings_, [this](const Noted& noted) { return open_.contains(noted.unit); });
        std::erase_if(doubts_, [this](const Doubt& doubt) { return open_.contains(doubt.unit); });
    }

    // One empty item where there is no each.
    [[nodiscard]] std::vector<Item> items_of(const RuleEach& each) const {
        std::vector<Item> items;
        for (const std::string& pattern : each.in)
            collect(root_, pattern, "", items);
        if (each.in.empty()) items.push_back({});
        return items;
    }

    static void enter(const RuleEach& each, const Item& item, std::vector<cel::Datum>& frame) {
        if (each.in.empty()) return;
        frame.push_back(cel::borrow(item.value));
        frame.push_back(cel::owned(item.path.substr(0, item.path.find('.'))));
    }

    void add_lets(std::vector<cel::Datum>& frame) {
        for (const auto& [name, program] : rule_.lets) {
            const std::size_t own = frame.size();
            cel::Datum value = program.run(frame, scene_);
            frame.resize(own);  // its macro variables give way to its value
            frame.push_back(std::move(value));
        }
    }

    void judge(const Item& item, const std::vector<cel::Datum>& frame) {
        for (const RuleCheck& check : rule_.checks) {
            const bool own_each = !check.each.in.empty();
            bool found = false;
            for (const Item& inner : items_of(check.each)) {
                std::vector<cel::Datum> own = frame;
                enter(check.each, inner, own);
                const Item& about = own_each ? inner : item;
                if (!ours(check, about)) continue;
                found = hold(check, about, own_each ? check.each : rule_.each, own) || found;
            }
            if (found && !rule_.every) return;
        }
    }

    // True when the check gave a finding.
    bool hold(const RuleCheck& check,
              const Item& item,
              const RuleEach& each,
              std::vector<cel::Datum>& frame) {
        looked_ = true;
        if (check.when) {
            const cel::Datum applies = check.when->run(frame, scene_);
            if (applies.undecided()) note_undecided(applies, check, item);
            if (applies.undecided() || !applies.as<bool>()) return false;
        }
        const cel::Datum holds = check.require.run(frame, scene_);
        if (holds.undecided()) note_undecided(holds, check, item);
        if (holds.undecided() || holds.as<bool>()) return false;
        if (item.value != nullptr && item.value->withheld()) {  // is there one at all?
            note_undecided(cel::Datum(cel::Undecided{cel::Cause::withheld}), check, item);
            return false;
        }
        if (each.once_per) {
            std::vector<cel::Datum> own =
                frame;  // compiled with fewer names: its macro variables would lie on the lets
            const cel::Datum key = each.once_per->run(own, scene_);
            if (!key.undecided() && !reported_.insert(std::string(key.text())).second) return true;
        }
        findings_.push_back({unit_of(check), finding(check, item, frame)});
        return true;
    }

    void note_undecided(const cel::Datum& datum, const RuleCheck& check, const Item& item) {
        const auto cause = datum.as<cel::Undecided>().cause;
        std::string unit = unit_of(check);
        if (cause == cel::Cause::withheld) open_.insert(unit);
        const bool known = std::any_of(doubts_.begin(), doubts_.end(), [&](const Doubt& doubt) {
            return doubt.unit == unit && doubt.cause == cause;
        });
        if (!known) doubts_.push_back({std::move(unit), cause, path_of(check, item)});
    }

    [[nodiscard]] const Doubt* first_doubt(std::initializer_list<cel::Cause> causes) const {
        const auto found = std::find_if(doubts_.begin(), doubts_.end(), [&](const Doubt& doubt) {
            return std::find(causes.begin(), causes.end(), doubt.cause) != causes.end();
        });
        return found == doubts_.end() ? nullptr : &*found;
    }

    [[nodiscard]] std::string path_of(const RuleCheck& check, const Item& item) const {
        const std::string head = check.at.substr(0, check.at.find('.'));
        const std::string rest = check.at.substr(head.size());
        const std::string& alias = check.each.alias.empty() ? rule_.each.alias : check.each.alias;
        if (!alias.empty() && head == alias) return item.path + rest;
        for (const RuleInput& input : rule_.inputs) {
            if (input.name == head) return input.path + rest;
        }
        return check.at;
    }

    Finding finding(const RuleCheck& check,
                    const Item& item,
                    const std::vector<cel::Datum>& frame) {
        Finding found = at(path_of(check, item));
        found.code = rule_.id;
        found.severity = check.severity;
        found.mender = check.mender;
        found.zh = check.message.zh;
        found.en = check.message.en;
        fill(found);
        for (const auto& [name, program] : rule_.counts) {
            std::vector<cel::Datum> own = frame;
            const cel::Datum count = program.run(own, scene_);
            const std::string number =
                count.undecided() ? "?" : std::to_string(count.as<std::int64_t>());
            replace_all(found.zh, "{" + name + "}", number);
            replace_all(found.en, "{" + name + "}", number);
        }
        return found;
    }

    Finding at(std::string path) const {
        Finding found;
        const Value* value = schemas::at_path(root_, path);
        found.shape = shape_of_value(value);
        found.field = path;
        if (!path.starts_with("evidence")) found.part = path.substr(0, path.find('.'));
        // A value that is not there has no place; then the nearest one around it that has.
        while (!path.empty()) {
            const Value* near = schemas::at_path(root_, path);
            if (near != nullptr && near->place.line != 0) {
                found.place = near->place;
                break;
            }
            const std::size_t cut = path.find_last_of(".[");
            path = cut == std::string::npos ? "" : path.substr(0, cut);
        }
        found.version = rule_.version;
        return found;
    }

    void fill(Finding& found) const {
        for (std::string* text : {&found.zh, &found.en}) {
            replace_all(*text, "{field}", found.field);
            replace_all(*text, "{part}", found.part);
            replace_all(*text, "{rule}", rule_.version);
            replace_all(*text, "{valid_from}", iso(rule_.valid_from));
        }
    }

    // Once a rule: the first place where data was missing, unless it has found something. What
    // cannot be computed, and what is withheld, is told even by a silent rule.
    void report_undecided() {
        const Doubt* const uncomputable = first_doubt({cel::Cause::arithmetic, cel::Cause::limit});
        const Doubt* const missing = first_doubt({cel::Cause::missing});
        const Doubt* const withheld = first_doubt({cel::Cause::withheld});
        const bool found = !findings_.empty();
        if (uncomputable != nullptr) {
            add_undecided(*uncomputable,
                          "uncomputable",
                          Severity::review,
                          schemas::Mender::mapping_owner,
                          uncomputable_message);
        } else if (missing != nullptr && !found && rule_.undecided.severity) {
            add_undecided(*missing,
                          rule_.undecided.suffix,
                          *rule_.undecided.severity,
                          schemas::Mender::sender,
                          rule_.undecided.message);
        }
        if (withheld != nullptr) {
            add_undecided(*withheld,
                          "withheld",
                          rule_.undecided.severity.value_or(Severity::review),
                          schemas::Mender::receiver,
                          withheld_message);
        }
    }

    void add_undecided(const Doubt& doubt,
                       const std::string& suffix,
                       Severity severity,
                       schemas::Mender mender,
                       const RuleMessage& message) {
        Finding found = at(doubt.at);
        found.code = rule_.id + "." + suffix;
        found.severity = severity;
        found.mender = mender;
        found.zh = message.zh;
        found.en = message.en;
        fill(found);
        findings_.push_back({doubt.unit, std::move(found)});
    }

    const Rule& rule_;
    const schemas::Group& root_;
    Date as_of_;
    const RuleView& view_;
    cel::Scene scene_;
    std::set<std::pair<std::string, std::string>>
        owned_;  // part, its unit; only what the view asks
    std::vector<Noted> findings_;
    std::set<std::string> reported_;  // answers of once_per; never leave the run
    std::vector<Doubt> doubts_;
    std::set<std::string> open_;  // units that needed what is withheld
    bool looked_ = false;
};

}  // namespace

RuleVerdict judge_rule(const Rule& rule,
                       const schemas::Group& root,
                       Date as_of,
                       const RuleView& view) {
    return RuleRun(rule, root, as_of, view).run();
}

std::vector<Finding> run_rule(const Rule& rule, const schemas::Group& root, Date as_of) {
    return judge_rule(rule, root, as_of, {}).findings;
}

}  // namespace tongban::mapping
