#include "schemas/json_schema.h"

#include <algorithm>
#include <array>
#include <new>
#include <set>
#include <utility>

// Without it valijson aborts the process on a schema that it cannot read.
// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): valijson's own switch
#define VALIJSON_USE_EXCEPTIONS 1

#include <nlohmann/json.hpp>
#include <re2/re2.h>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/constraint_builder.hpp>
#include <valijson/constraints/concrete_constraints.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "base/files.h"
#include "base/json.h"
#include "base/time.h"
#include "base/yaml.h"

namespace tongban::schemas {
namespace {

using Adapter = valijson::adapters::NlohmannJsonAdapter;
using valijson::constraints::Constraint;
using valijson::constraints::PolyConstraint;
using Results = valijson::ValidationResults;
using Context = std::vector<std::string>;

// The keywords that we check ourselves stand in the compiled schema under these names.
constexpr const char* pattern_key = "tongban:pattern";
constexpr const char* format_key = "tongban:format";

class Pattern final : public PolyConstraint {
public:
    explicit Pattern(std::shared_ptr<const RE2> expression) : expression_(std::move(expression)) {}
    bool validate(const valijson::adapters::Adapter& target,
                  const Context& context,
                  Results* results) const override {
        if (!target.isString()) return true;
        if (RE2::PartialMatch(target.asString(), *expression_)) return true;
        if (results != nullptr) results->pushError(context, "pattern");
        return false;
    }

private:
    Constraint* cloneInto(void* place) const override { return new (place) Pattern(*this); }
    size_t sizeOf() const override { return sizeof(Pattern); }
    std::shared_ptr<const RE2> expression_;
};

class PatternBuilder final : public valijson::ConstraintBuilder {
public:
    Constraint* make(const valijson::adapters::Adapter& value) const override {
        return new Pattern(std::make_shared<const RE2>(value.asString(), RE2::Quiet));
    }
};

class RealTime final : public PolyConstraint {
public:
    explicit RealTime(bool day_only) : day_only_(day_only) {}
    bool validate(const valijson::adapters::Adapter& target,
                  const Context& context,
                  Results* results) const override {
        if (!target.isString()) return true;
        const std::string text = target.asString();
        if (day_only_ ? parse_iso_date(text).ok() : parse_iso_instant(text).ok()) return true;
        if (results != nullptr) results->pushError(context, day_only_ ? "date" : "date-time");
        return false;
    }

private:
    Constraint* cloneInto(void* place) const override { return new (place) RealTime(*this); }
    size_t sizeOf() const override { return sizeof(RealTime); }
    bool day_only_;
};

class FormatBuilder final : public valijson::ConstraintBuilder {
public:
    Constraint* make(const valijson::adapters::Adapter& value) const override {
        return new RealTime(value.asString() == "date");
    }
};

std::string below(const std::string& at, const std::string& name) {
    return std::string(at).append("/").append(name);
}

// Rewrites a schema document for valijson and notes what it may not contain.
class Preparation {
public:
    explicit Preparation(std::string file) : file_(std::move(file)) {}

    void schema(Json& node, const std::string& at) {
        if (node.is_boolean()) return;
        if (!node.is_object()) return note(at, "a schema is an object or a boolean");
        Json out = Json::object();
        for (auto& [key, value] : node.items())
            keyword(out, node, key, value, below(at, key));
        node = std::move(out);
    }

    std::vector<ConfigFault> faults;

private:
    void note(const std::string& at, const std::string& message) {
        faults.push_back({file_, 0, 0, "at " + (at.empty() ? "/" : at) + ": " + message});
    }

    void keyword(
        Json& out, const Json& all, const std::string& key, Json& value, const std::string& at) {
        static const std::set<std::string, std::less<>> notes{
            "$schema", "$id", "$comment", "title", "description", "default", "examples"};
        static const std::set<std::string, std::less<>> maps{"properties", "definitions"};
        static const std::set<std::string, std::less<>> singles{
            "additionalItems", "additionalProperties", "contains", "not", "if", "then", "else"};
        static const std::set<std::string, std::less<>> lists{"allOf", "anyOf", "oneOf"};
        static const std::set<std::string, std::less<>> plain{"type",
                                                              "enum",
                                                              "const",
                                                              "required",
                                                              "minimum",
                                                              "maximum",
                                                              "exclusiveMinimum",
                                                              "exclusiveMaximum",
                                                              "minLength",
                                                              "maxLength",
                                                              "minItems",
                                                              "maxItems",
                                                              "uniqueItems",
                                                              "minProperties",
                                                              "maxProperties"};
        if (key == "$schema" && value != "http://json-schema.org/draft-07/schema#") {
            note(at, "only draft-07 is understood");
        }
        if (notes.contains(key) || key.starts_with("x-")) return;
        if (plain.contains(key)) {
            out[key] = value;
        } else if (maps.contains(key)) {
            if (!value.is_object()) return note(at, "an object of schemas is expected");
            for (auto& [name, child] : value.items())
                schema(child, below(at, name));
            out[key] = value;
        } else if (singles.contains(key) || (key == "items" && !value.is_array())) {
            schema(value, at);
            out[key] = value;
        } else if (lists.contains(key) || key == "items") {
            if (!value.is_array()) return note(at, "an array of schemas is expected");
            for (std::size_t i = 0; i < value.size(); ++i)
                schema(value[i], at + "/" + std::to_string(i));
            out[key] = value;
        } else if (key == "$ref") {
            if (!value.is_string() || !value.get<std::string>().starts_with("#/definitions/")) {
                return note(at, "only #/definitions/... is followed");
            }
            out[key] = value;
        } else {
            ours(out, all, key, value, at);
        }
    }

    void ours(Json& out,
              const Json& all,
              const std::string& key,
              const Json& value,
              const std::string& at) {
        if (key == "pattern") {
            if (!value.is_string()) return note(at, "a text is expected");
            const RE2 expression(value.get<std::string>(), RE2::Quiet);
            if (!expression.ok())
                return note(at, "not a pattern that RE2 knows: " + expression.error());
            out[pattern_key] = value;
        } else if (key == "format") {
            if (value != "date" && value != "date-time") {
                return note(at, "only the formats date and date-time are checked; write a pattern");
            }
            out[format_key] = value;
        } else if (key == "multipleOf") {
            // A remainder of doubles would refuse good money: 1234.56 is no double multiple of
            // 0.01.
            if (!value.is_number_integer() || all.value("type", Json()) != "integer") {
                return note(at,
                            "multipleOf is exact for type integer only; leave fractions to the "
                            "mapping's codec");
            }
            out[key] = value;
        } else if (key == "dependencies") {
            for (const auto& [name, needs] : value.items()) {
                if (!needs.is_array()) note(below(at, name), "a list of member names is expected");
            }
            out[key] = value;
        } else {
            note(at, "this keyword is not checked here, so it may not stand here");
        }
    }

    std::string file_;
};

struct Wording {
    std::string_view begins;  // of valijson's description
    std::string_view code;    // "" = only repeats a deeper problem
    std::string_view zh;
    std::string_view en;
};

constexpr std::array<Wording, 32> wordings{{
    {"pattern",
     "json_schema.pattern",
     "值不符合约定的格式，请按接口规范填写后重新发送。",
     "The value has not the agreed form; write it as the interface says and send again."},
    {"date-time",
     "json_schema.date",
     "不是真实存在的时间，请更正后重新发送。",
     "Not a real instant; correct it and send again."},
    {"date",
     "json_schema.date",
     "不是真实存在的日期（应为 YYYY-MM-DD），请更正后重新发送。",
     "Not a real date (YYYY-MM-DD); correct it and send again."},
    {"Value type not permitted",
     "json_schema.type",
     "值的类型不对（如应为数字却给了文本），请更正后重新发送。",
     "The value has the wrong JSON type; correct it and send again."},
    {"Missing required property",
     "json_schema.missing",
     "缺少必填项，请补充后重新发送。",
     "A required member is missing; add it and send again."},
    {"Missing dependency",
     "json_schema.missing",
     "缺少与已填项配套的必填项，请补充后重新发送。",
     "A member that another one requires is missing; add it and send again."},
    {"Object contains a property",
     "json_schema.unexpected",
     "出现接口规范中没有的项，请删除后重新发送。",
     "A member that the interface does not know; remove it and send again."},
    {"Failed to match against any enum",
     "json_schema.enum",
     "值不在允许的代码之列，请更正后重新发送。",
     "The value is not one of those allowed; correct it and send again."},
    {"Failed to match expected value set by 'const'",
     "json_schema.enum",
     "值应为固定值，请更正后重新发送。",
     "The value is not the fixed one; correct it and send again."},
    {"Target value and comparison",
     "json_schema.enum",
     "值不在允许之列，请更正后重新发送。",
     "The value is not one of those allowed; correct it and send again."},
    {"Failed to any values against subschema in 'contains'",
     "json_schema.contains",
     "列表中缺少必须出现的一项，请补充后重新发送。",
     "The list has not the item it must have; add it and send again."},
    {"Array contains more items",
     "json_schema.items",
     "列表的项数超过规定，请更正后重新发送。",
     "The list has more items than allowed; correct it and send again."},
    {"Cannot validate item",
     "json_schema.items",
     "列表的项数超过规定，请更正后重新发送。",
     "The list has more items than allowed; correct it and send again."},
    {"Array should contain",
     "json_schema.items",
     "列表的项数不符合规定，请更正后重新发送。",
     "The list has too many or too few items; correct it and send again."},
    {"Elements at indexes",
     "json_schema.unique",
     "列表中有重复的项，请去重后重新发送。",
     "The list repeats an item; remove one and send again."},
    {"Expected number",
     "json_schema.range",
     "数值超出允许范围，请更正后重新发送。",
     "The number is out of its range; correct it and send again."},
    {"Value should be a multiple",
     "json_schema.range",
     "数值不是规定单位的整数倍，请更正后重新发送。",
     "The number is not a multiple of its unit; correct it and send again."},
    {"Value could not be converted",
     "json_schema.range",
     "数值无法按规定单位核对，请更正后重新发送。",
     "The number cannot be compared with its unit; correct it and send again."},
    {"String should be no",
     "json_schema.length",
     "文本长度不符合规定，请更正后重新发送。",
     "The text is too long or too short; correct it and send again."},
    {"Object should have",
     "json_schema.members",
     "项的个数不符合规定，请更正后重新发送。",
     "The object has too many or too few members; correct it and send again."},
    {"Target should not validate",
     "json_schema.forbidden",
     "出现了不允许的取值组合，请更正后重新发送。",
     "A combination that is not allowed; correct it and send again."},
    {"Failed to validate against exactly one",
     "json_schema.choice",
     "同时符合多种互斥的写法，请只保留一种后重新发送。",
     "More than one of several exclusive forms fit; keep one and send again."},
    {"Failed to validate against any",
     "json_schema.choice",
     "不符合任何一种允许的写法，请更正后重新发送。",
     "None of the allowed forms fits; correct it and send again."},
    {"Failed to validate against a conditional", "", "", ""},
    {"Failed to validate item", "", "", ""},
    {"Failed to validate against additional properties", "", "", ""},
    {"Failed to validate against schema associated", "", "", ""},
    {"Failed to validate against dependent", "", "", ""},
    {"Failed to validate against child schema", "", "", ""},
    {"Failed to match regex",
     "json_schema.pattern",
     "值不符合约定的格式，请更正后重新发送。",
     "The value has not the agreed form; correct it and send again."},
    {"String should be a valid",
     "json_schema.date",
     "不是真实存在的日期或时间，请更正后重新发送。",
     "Not a real date or time; correct it and send again."},
    {"",
     "json_schema.other",
     "不符合接口规范，请更正后重新发送。",
     "Not as the interface says; correct it and send again."},
}};

// The text between the last pair of single quotes: valijson names a member there, never a value.
std::string quoted(const std::string& description) {
    const auto last = description.rfind('\'');
    const auto first = description.find(": '") != std::string::npos ? description.find(": '") + 2
                                                                    : description.find('\'');
    if (last == std::string::npos || first == std::string::npos || first >= last) return "";
    return description.substr(first + 1, last - first - 1);
}

}  // namespace

struct JsonSchema::State {
    valijson::Schema schema;
};

JsonSchema::JsonSchema(std::unique_ptr<State> state) : state_(std::move(state)) {}
JsonSchema::~JsonSchema() = default;

std::unique_ptr<const JsonSchema> JsonSchema::load(const std::string& path) {
    const auto text = read_file(path);
    if (!text) throw ConfigError({{path, 0, 0, "cannot be read: " + text.fault().reason}});
    return from_text(*text, path);
}

std::unique_ptr<const JsonSchema> JsonSchema::from_text(std::string_view text,
                                                        const std::string& name) {
    auto document = parse_json(text);
    if (!document) {
        throw ConfigError(
            {{name, 0, 0, "not JSON: " + document.fault().where + ": " + document.fault().reason}});
    }
    Preparation preparation(name);
    preparation.schema(*document, "");
    if (!preparation.faults.empty()) throw ConfigError(std::move(preparation.faults));
    auto state = std::make_unique<State>();
    try {
        valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
        parser.addConstraintBuilder(pattern_key, new PatternBuilder);
        parser.addConstraintBuilder(format_key, new FormatBuilder);
        parser.populateSchema(Adapter(*document), state->schema);
    } catch (const std::exception& error) {
        throw ConfigError({{name, 0, 0, std::string("not a JSON Schema: ") + error.what()}});
    }
    return std::unique_ptr<const JsonSchema>(new JsonSchema(std::move(state)));
}

std::vector<JsonProblem> JsonSchema::check(const nlohmann::json& value, std::size_t limit) const {
    Results results;
    valijson::Validator validator(valijson::Validator::kStrongTypes);
    std::vector<JsonProblem> problems;
    try {
        if (validator.validate(state_->schema, Adapter(value), &results)) return problems;
    } catch (const std::exception&) {
        results.pushError({"<root>"},
                          "");  // a value that valijson cannot compare: said of the whole
    }
    for (const auto& error : results) {
        if (problems.size() == limit) break;
        const auto wording =
            std::find_if(wordings.begin(), wordings.end(), [&error](const Wording& candidate) {
                return error.description.starts_with(candidate.begins);
            });
        if (wording->code.empty()) continue;
        JsonProblem problem{
            std::string(wording->code), {}, "", std::string(wording->zh), std::string(wording->en)};
        for (std::size_t i = 1; i < error.context.size(); ++i) {  // "<root>", "[member]", "[3]"
            problem.tokens.push_back(error.context[i].substr(1, error.context[i].size() - 2));
        }
        if (problem.code == "json_schema.missing" || problem.code == "json_schema.unexpected") {
            problem.member = quoted(error.description);
        }
        const bool known =
            std::any_of(problems.begin(), problems.end(), [&problem](const JsonProblem& other) {
                return other.code == problem.code && other.tokens == problem.tokens &&
                       other.member == problem.member;
            });
        if (!known) problems.push_back(std::move(problem));
    }
    if (problems.empty()) {  // a `false` subschema fails without a word
        const auto& other = wordings.back();
        problems.push_back(
            {std::string(other.code), {}, "", std::string(other.zh), std::string(other.en)});
    }
    return problems;
}

}  // namespace tongban::schemas
