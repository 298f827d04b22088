#include "mapping/rule_file.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>

#include "mapping/internal/rule_example.h"
#include "mapping/internal/rule_expression.h"

namespace tongban::mapping {
namespace {

using cel::Kind;
using schemas::CanonicalType;
using schemas::FieldKind;
using schemas::FieldType;
using schemas::Mender;
using schemas::Severity;

constexpr std::array<std::string_view, 23> rule_keys{
    "rule",        "version",    "title",  "jurisdiction", "valid_from", "valid_to",
    "selected_by", "applies_to", "ground", "source",       "mender",     "inputs",
    "tables",      "each",       "let",    "checks",       "counts",     "undecided",
    "examples",    "severity",   "when",   "require",      "report"};

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool usable_name(std::string_view name) {
    return !name.empty() && !(name[0] >= '0' && name[0] <= '9') &&
           std::all_of(name.begin(), name.end(), is_letter_or_digit);
}

class RuleReader {
public:
    RuleReader(const YamlFile& file, const schemas::Catalogue& catalogue)
        : file_(file), catalogue_(catalogue), rule_(std::make_shared<Rule>()) {}

    std::shared_ptr<const Rule> read() {
        std::vector<std::string_view> keys(rule_keys.begin(), rule_keys.end());
        keys.insert(keys.end(), {"at", "message"});
        const YamlMap map = file_.root().map(keys);
        head(map);
        if (type_ == nullptr) return nullptr;
        environment_.codes = &catalogue_.codes();
        inputs(map);
        tables(map);
        rule_->each = each(map);
        lets(map);
        counts(map);  // before the checks: their messages may name them
        checks(map);
        undecided(map);
        examples(map);
        return file_.faults().empty() ? rule_ : nullptr;
    }

private:
    void head(const YamlMap& map) {
        rule_->file = file_.path();
        rule_->id = map.text("rule");
        rule_->version = rule_->id + "@" + std::to_string(map.integer("version"));
        const YamlMap title = map.at("title").map({"zh", "en"});
        rule_->title_zh = title.text("zh");
        rule_->title_en = title.text("en");
        const YamlValue jurisdiction = map.at("jurisdiction");
        if (jurisdiction.exists() &&
            !(jurisdiction.is_text() && jurisdiction.text() == "national")) {
            rule_->jurisdictions = jurisdiction.texts();
            if (rule_->jurisdictions.empty())
                jurisdiction.fault("expected national or a list of division codes");
        }
        rule_->valid_from = map.date("valid_from");
        rule_->valid_to = map.date_if("valid_to");
        rule_->ground = map.text("ground");
        if (map.has("source")) static_cast<void>(map.text("source"));
        for (const YamlValue& value : map.list("applies_to"))
            applies_to(value);
        const std::string selected_by = map.text("selected_by");
        if (selected_by == "as_of") return;
        rule_->selected_by = selected_by;
        const FieldType* field = type_ != nullptr ? type_->at_path(selected_by) : nullptr;
        if (field == nullptr || field->kind != FieldKind::date ||
            selected_by.find('[') != std::string::npos)
            map.at("selected_by").fault("expected as_of or the path of a date outside any list");
    }

    void applies_to(const YamlValue& value) {
        const std::string id = value.text();
        const CanonicalType* type = catalogue_.type(id);
        if (type == nullptr) return value.fault("no canonical type " + id);
        if (type_ == nullptr) type_ = type;
        rule_->applies_to.push_back(id);
        types_.push_back(type);
    }

    // The type of a record's field that outlives nothing but the check; complains when some record
    // type has no such field.
    const FieldType* field_at(std::string_view path, const YamlValue& value) {
        const FieldType* found = nullptr;
        for (const CanonicalType* type : types_) {
            const FieldType* field =
                path.find('[') == std::string_view::npos ? type->at_path(path) : nullptr;
            if (field == nullptr) {
                value.fault(type->id() + " has no field " + std::string(path));
                return nullptr;
            }
            if (found == nullptr) found = field;
            cel::Type both;
            if (!cel::unify(cel::type_of(*found), cel::type_of(*field), both)) {
                value.fault("field " + std::string(path) + " has another type in " + type->id());
                return nullptr;
            }
        }
        return found;
    }

    void declare(const std::string& name, cel::Type type, const YamlValue& value) {
        if (!usable_name(name))
            value.fault("a name has letters, digits and _ and does not begin with a digit");
        const bool taken = std::any_of(environment_.names.begin(),
                                       environment_.names.end(),
                                       [&](const cel::Name& known) { return known.name == name; });
        if (taken) value.fault("the name " + name + " stands for something else already");
        environment_.names.push_back({name, std::move(type)});
    }

    void inputs(const YamlMap& map) {
        const YamlValue inputs = map.at("inputs");
        if (!inputs.exists()) return;
        for (const auto& [name, value] : inputs.open_map().entries()) {
            const std::string path = value.text();
            cel::Type type;
            if (path == "evidence" || path.starts_with("evidence.")) {
                type = evidence_type(path, value);
            } else if (const FieldType* field = field_at(path, value)) {
                type = cel::type_of(*field);
            }
            declare(name, std::move(type), value);
            rule_->inputs.push_back({name, path});
        }
        declare("as_of", cel::of(Kind::date), inputs);
    }

    static cel::Type evidence_type(const std::string& path, const YamlValue& value) {
        if (path == "evidence") return {Kind::group, nullptr, &evidence_fields(), ""};
        for (const FieldType& field : evidence_fields()) {
            if (path == "evidence." + field.name) return cel::type_of(field);
        }
        value.fault("the evidence has no field " + path.substr(path.find('.') + 1));
        return {};
    }

    void tables(const YamlMap& map) {
        const YamlValue tables = map.find("tables");
        if (!tables.exists()) return;
        for (const auto& [name, value] : tables.open_map().entries())
            environment_.tables.push_back(read_table(name, value));
    }

    // Declares the alias and `part`, which the caller takes back when the each is a check's own.
    RuleEach each(const YamlMap& map) {
        RuleEach each;
        const YamlValue value = map.find("each");
        if (!value.exists()) return each;
        const YamlMap each_map = value.map({"in", "as", "once_per"});
        const YamlValue in = each_map.at("in");
        cel::Type item;
        const std::vector<YamlValue> patterns =
            in.is_text() ? std::vector<YamlValue>{in} : in.list();
        for (const YamlValue& pattern : patterns) {
            const std::string text = pattern.text();
            std::string path = text;
            for (std::size_t at = path.find("[]"); at != std::string::npos; at = path.find("[]"))
                path.erase(at, 2);
            const FieldType* field = field_at(path, pattern);
            if (field == nullptr) continue;
            cel::Type type = cel::type_of(*field);
            if (text.ends_with("[]") != (field->kind == FieldKind::list))
                pattern.fault("write [] behind each list on the way");
            if (type.kind == Kind::list) type = cel::Type(*type.item);
            if (!cel::unify(item, type, item))
                pattern.fault("the items have another type than those before");
            each.in.push_back(text);
        }
        if (each.in.empty()) in.fault("expected at least one path");
        each.alias = each_map.text("as");
        declare(each.alias, item, value);
        declare("part", cel::of(Kind::text), value);
        const YamlValue once_per = each_map.find("once_per");
        if (once_per.exists())
            each.once_per = compile_expression(file_, once_per, environment_, Kind::text).program;
        return each;
    }

    void lets(const YamlMap& map) {
        const YamlValue lets = map.find("let");
        if (!lets.exists()) return;
        for (const auto& [name, value] : lets.open_map().entries()) {
            cel::Compiled compiled = compile_expression(file_, value, environment_, Kind::any);
            declare(name, compiled.type, value);
            if (!compiled.program) continue;
            if (counts_something(value.text())) countable_.insert(name);
            rule_->lets.emplace_back(name, std::move(*compiled.program));
        }
    }

    // A count is a number of months, days, rows: never an amount or an age, which would be
    // personal.
    static bool counts_something(const std::string& text) {
        static const std::set<std::string_view> counting{
            "count", "size", "missing_months", "months_between", "days_between"};
        const cel::Parsed parsed = cel::parse(text);
        if (!parsed.expr) return false;
        const bool calls =
            parsed.expr->kind == cel::ExprKind::call || parsed.expr->kind == cel::ExprKind::method;
        return calls && counting.contains(parsed.expr->text);
    }

    void counts(const YamlMap& map) {
        const YamlValue counts = map.find("counts");
        if (!counts.exists()) return;
        for (const auto& [name, value] : counts.open_map().entries()) {
            const std::string text = value.text();
            if (!counts_something(text) && !countable_.contains(text))
                value.fault(
                    "expected count(), size(), missing_months(), months_between() or "
                    "days_between(), or a let of one");
            cel::Compiled compiled = compile_expression(file_, value, environment_, Kind::integer);
            if (compiled.program) rule_->counts.emplace_back(name, std::move(*compiled.program));
        }
    }

    void checks(const YamlMap& map) {
        const std::string report = map.text_or("report", "first");
        if (report != "first" && report != "every")
            map.at("report").fault("expected first or every");
        rule_->every = report == "every";
        const YamlValue checks = map.find("checks");
        if (!checks.exists()) {
            check(map);
            return;
        }
        if (map.has("require") || map.has("when"))
            checks.fault("a rule has either checks or require, not both");
        for (const YamlValue& value : checks.list())
            check_of_several(
                value.map({"each", "when", "require", "severity", "mender", "at", "message"}), map);
        if (rule_->checks.empty() && file_.faults().empty())
            checks.fault("expected at least one check");
    }

    void check_of_several(const YamlMap& map, const YamlMap& rule_map) {
        const std::size_t names = environment_.names.size();
        if (map.has("each") && !rule_->each.in.empty())
            map.at("each").fault("the rule has an each of its own already");
        RuleEach own = each(map);
        alias_ = own.alias.empty() ? rule_->each.alias : own.alias;
        check(map, rule_map);
        if (!own.in.empty() && !rule_->checks.empty()) rule_->checks.back().each = std::move(own);
        environment_.names.resize(names);
    }

    void check(const YamlMap& map) {
        alias_ = rule_->each.alias;
        check(map, map);
    }

    // What a check does not say for itself the rule says for all.
    void check(const YamlMap& map, const YamlMap& rule_map) {
        RuleCheck check;
        const YamlValue when = map.find("when");
        if (when.exists())
            check.when = compile_expression(file_, when, environment_, Kind::boolean).program;
        const YamlValue require = map.at("require");
        std::optional<cel::Program> program;
        if (require.exists())
            program = compile_expression(file_, require, environment_, Kind::boolean).program;
        check.severity =
            severity(map.has("severity") ? map.at("severity") : rule_map.at("severity"));
        check.mender = mender(map.has("mender") ? map.at("mender") : rule_map.at("mender"));
        const YamlValue at = map.has("at") ? map.at("at") : rule_map.find("at");
        check.at =
            at.exists()
                ? at.text()
                : (alias_.empty() && !rule_->inputs.empty() ? rule_->inputs.front().path : alias_);
        if (at.exists()) known_place(at);
        check.message = message(map.has("message") ? map.at("message") : rule_map.at("message"));
        if (!program) return;
        check.require = std::move(*program);
        rule_->checks.push_back(std::move(check));
    }

    void known_place(const YamlValue& at) {
        const std::string path = at.text();
        const std::string head = path.substr(0, path.find('.'));
        const auto name = std::find_if(environment_.names.begin(),
                                       environment_.names.end(),
                                       [&](const cel::Name& known) { return known.name == head; });
        if (name == environment_.names.end()) {
            if (type_->at_path(path) == nullptr)
                at.fault("neither a name of this rule nor a field of the record");
            return;
        }
        const bool input =
            head == alias_ || std::any_of(rule_->inputs.begin(),
                                          rule_->inputs.end(),
                                          [&](const RuleInput& each) { return each.name == head; });
        if (!input) at.fault("only the item or an input has a place");
        if (path == head) return;
        const std::string rest = path.substr(head.size() + 1);
        cel::Compiled compiled = cel::compile(path, environment_);
        if (!compiled.program) at.fault("no field " + rest + " there");
    }

    static Severity severity(const YamlValue& value) {
        const std::string text = value.exists() ? value.text() : "";
        for (const auto each : {Severity::block,
                                Severity::return_,
                                Severity::review,
                                Severity::warn,
                                Severity::info}) {
            if (schemas::name_of(each) == text) return each;
        }
        if (value.exists()) value.fault("expected block, return, review, warn or info");
        return Severity::review;
    }

    static Mender mender(const YamlValue& value) {
        const std::string text = value.exists() ? value.text() : "";
        for (const auto each :
             {Mender::sender, Mender::mapping_owner, Mender::code_list_owner, Mender::receiver}) {
            if (schemas::name_of(each) == text) return each;
        }
        if (value.exists())
            value.fault("expected sender, mapping_owner, code_list_owner or receiver");
        return Mender::sender;
    }

    // What is wrong and what to do are written apart, so that neither is forgotten, and shown
    // together.
    RuleMessage message(const YamlValue& value) {
        RuleMessage message;
        if (!value.exists()) return message;
        const YamlMap map = value.map({"zh", "en", "do"});
        const YamlMap to_do = map.at("do").map({"zh", "en"});
        message.zh = template_text(map.at("zh")) + template_text(to_do.at("zh"));
        message.en = template_text(map.at("en")) + " " + template_text(to_do.at("en"));
        return message;
    }

    std::string template_text(const YamlValue& value) {
        std::string text = value.text();
        for (std::size_t open = text.find('{'); open != std::string::npos;
             open = text.find('{', open + 1)) {
            const std::size_t close = text.find('}', open);
            const std::string name =
                close == std::string::npos ? "" : text.substr(open + 1, close - open - 1);
            const bool known =
                name == "field" || name == "part" || name == "rule" || name == "valid_from" ||
                std::any_of(rule_->counts.begin(), rule_->counts.end(), [&](const auto& each) {
                    return each.first == name;
                });
            if (!known)
                value.fault("{" + name +
                            "} is neither field, part, rule, valid_from nor one of the counts");
        }
        return text;
    }

    void undecided(const YamlMap& map) {
        const YamlValue value = map.at("undecided");
        RuleUndecided& undecided = rule_->undecided;
        undecided.message = {"规则 {rule} 所需数据缺失，无法判定。请核实 {field} 后由经办人决定。",
                             "Rule {rule} cannot be decided: data it needs is missing. Check "
                             "{field}; an officer decides."};
        if (!value.exists()) return;
        if (value.is_text()) {
            if (value.text() != "silent") undecided.severity = severity(value);
            return;
        }
        const YamlMap undecided_map = value.map({"severity", "suffix", "message"});
        undecided.severity = severity(undecided_map.at("severity"));
        undecided.suffix = undecided_map.text_or("suffix", undecided.suffix);
        if (undecided_map.has("message")) undecided.message = message(undecided_map.at("message"));
    }

    void examples(const YamlMap& map) {
        const YamlValue value = map.at("examples");
        if (!value.exists()) return;
        const YamlMap examples = value.map({"fires", "near_misses", "undecided"});
        rule_->fires = read_examples(examples.list("fires"), *type_);
        rule_->near_misses = read_examples(examples.list("near_misses"), *type_);
        rule_->undecided_examples = read_examples(examples.list_if("undecided"), *type_);
        if (rule_->fires.size() < 2 || rule_->near_misses.size() < 2)
            value.fault("expected at least two examples that fire and two near misses that do not");
    }

    const YamlFile& file_;
    const schemas::Catalogue& catalogue_;
    std::shared_ptr<Rule> rule_;
    const CanonicalType* type_ = nullptr;
    std::vector<const CanonicalType*> types_;
    cel::Environment environment_;
    std::set<std::string> countable_;
    std::string alias_;  // of the check being read
};

}  // namespace

std::shared_ptr<const Rule> read_rule(const YamlFile& file, const schemas::Catalogue& catalogue) {
    return RuleReader(file, catalogue).read();
}

}  // namespace tongban::mapping
