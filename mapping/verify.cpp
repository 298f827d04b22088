// verify: every rule of the set runs, every finding is kept; the record goes on unless one of them
// stops it. A rule that lacks data says nothing or says that it is undecided, as its file wants: it
// never says that all is well or ill. A rule whose data is withheld always says so.
#include <algorithm>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/text.h"
#include "mapping/rule.h"
#include "mapping/rule_set.h"
#include "mapping/stages.h"
#include "mapping/withhold.h"
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

schemas::FieldType field(std::string name, schemas::FieldKind kind) {
    schemas::FieldType type;
    type.name = std::move(name);
    type.kind = kind;
    return type;
}

template <typename T>
Value value_of(T held) {
    Value value;
    value.data = std::move(held);
    return value;
}

// At a provider: its own part is answered, and of the others nothing is known.
schemas::List own_answer(const std::string& part) {
    schemas::Group own;
    own.set("part", value_of(part));
    own.set("status", value_of(std::string(name_of(PartStatus::answered))));
    schemas::List list;
    list.items.push_back(value_of(std::move(own)));
    list.items.push_back(value_of(schemas::Withheld{}));
    return list;
}

// The hub takes no answer without a good envelope, so where the answer counts it is signed.
schemas::Group own_evidence(const std::string& part) {
    schemas::List parts = own_answer(part);
    auto* own = parts.items.front().get<schemas::Group>();
    own->set("signed", value_of(true));
    own->set("age_ms", value_of(schemas::Withheld{}));
    schemas::Group evidence;
    for (const schemas::FieldType& field : evidence_fields())
        evidence.set(field.name, value_of(schemas::Withheld{}));
    evidence.set("parts", value_of(std::move(parts)));
    return evidence;
}

}  // namespace

std::string_view name_of(PartStatus status) {
    switch (status) {
        case PartStatus::answered:
            return "answered";
        case PartStatus::no_record:
            return "no_record";
        case PartStatus::not_covered:
            return "not_covered";
        case PartStatus::refused:
            return "refused";
        case PartStatus::unavailable:
            return "unavailable";
        case PartStatus::ambiguous:
            return "ambiguous";
    }
    return "";
}

const std::vector<schemas::FieldType>& evidence_fields() {
    using schemas::FieldKind;
    static const std::vector<schemas::FieldType> fields = [] {
        schemas::FieldType parts = field("parts", FieldKind::list);
        parts.fields = {field("part", FieldKind::text),
                        field("status", FieldKind::text),
                        field("signed", FieldKind::boolean),
                        field("age_ms", FieldKind::decimal)};
        return std::vector<schemas::FieldType>{field("consent_given", FieldKind::boolean),
                                               field("consent_covers", FieldKind::boolean),
                                               field("consent_withdrawn", FieldKind::boolean),
                                               parts};
    }();
    return fields;
}

schemas::Group evidence_group(const Evidence& evidence) {
    schemas::Group group;
    group.set("consent_given", value_of(evidence.consent_given));
    group.set("consent_covers", value_of(evidence.consent_covers));
    group.set("consent_withdrawn", value_of(evidence.consent_withdrawn));
    schemas::List parts;
    for (const auto& [part, status] : evidence.parts) {
        schemas::Group one;
        one.set("part", value_of(part));
        one.set("status", value_of(std::string(name_of(status))));
        const auto sealed = evidence.signed_by_provider.find(part);
        if (sealed != evidence.signed_by_provider.end())
            one.set("signed", value_of(sealed->second));
        const auto age = evidence.source_age_ms.find(part);
        if (age != evidence.source_age_ms.end() && age->second >= 0)
            one.set("age_ms", value_of(schemas::Decimal{age->second, 0}));
        parts.items.push_back(value_of(std::move(one)));
    }
    group.set("parts", value_of(std::move(parts)));
    return group;
}

schemas::List parts_list(const Evidence& evidence) {
    schemas::List list;
    for (const auto& [part, status] : evidence.parts) {
        schemas::Group one;
        one.set("part", value_of(part));
        one.set("status", value_of(std::string(name_of(status))));
        list.items.push_back(value_of(std::move(one)));
    }
    return list;
}

RuleVerdict judge_rule(const Rule& rule,
                       const schemas::Group& root,
                       Date as_of,
                       const RuleView& view) {
    return RuleRun(rule, root, as_of, view).run();
}

std::vector<Finding> run_rule(const Rule& rule, const schemas::Group& root, Date as_of) {
    return judge_rule(rule, root, as_of, {}).findings;
}

Checked<VerifiedRecord> verify(GatheredRecord record,
                               const RuleSet& rules,
                               const Evidence& evidence,
                               const Context& context) {
    schemas::Group root;
    root.set("request", value_of(evidence.request));
    for (schemas::Field& part : record.fields_.fields) {
        if (part.name != "request" && part.name != "parts") root.fields.push_back(std::move(part));
    }
    root.set("parts", value_of(parts_list(evidence)));
    root.set("evidence", value_of(evidence_group(evidence)));

    RuleView view;
    if (!evidence.judged.empty()) view.judged = &evidence.judged;
    Checked<VerifiedRecord> result;
    for (const RuleSet::Candidate& candidate : rules.candidates()) {
        const Rule* rule = version_for(candidate, root);
        if (rule == nullptr) continue;
        RuleVerdict found = judge_rule(*rule, root, context.as_of, view);
        std::move(
            found.findings.begin(), found.findings.end(), std::back_inserter(result.findings));
    }
    if (schemas::any_stops(result.findings)) return result;
    root.fields.pop_back();  // the evidence is not part of the record
    result.value = VerifiedRecord(std::move(record.type_), std::move(root));
    return result;
}

PartVerdict verify_part(CanonicalRecord record,
                        const PartToJudge& part,
                        const RuleSet& rules,
                        const Context& context) {
    schemas::Group root;
    root.set(part.name, value_of(std::move(record.fields_)));
    schemas::Group record_alone = root;
    for (const schemas::FieldType& field : part.whole->fields()) {
        if (field.name == "request") {
            schemas::Group request = part.request;
            withhold(request, field.fields, "request.", part.request_fields);
            root.set(field.name, value_of(std::move(request)));
        } else if (field.name != part.name) {  // with other offices, or the hub's to know
            root.set(field.name, value_of(schemas::Withheld{}));
        }
    }
    root.set("parts", value_of(own_answer(part.name)));
    root.set("evidence", value_of(own_evidence(part.name)));

    PartVerdict verdict{VerifiedRecord(part.whole->id(), std::move(record_alone)), {}, {}};
    const RuleView view{part.name, nullptr};
    for (const RuleSet::Candidate& candidate : rules.candidates()) {
        const Rule* rule = chosen(candidate, root);
        if (rule == nullptr) continue;
        RuleVerdict found = judge_rule(*rule, root, context.as_of, view);
        std::move(
            found.findings.begin(), found.findings.end(), std::back_inserter(verdict.findings));
        std::move(found.judged.begin(), found.judged.end(), std::back_inserter(verdict.judged));
    }
    return verdict;
}

}  // namespace tongban::mapping
