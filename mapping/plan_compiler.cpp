#include "mapping/internal/plan_compiler.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "mapping/internal/codec_file.h"

namespace tongban::mapping {

using schemas::FieldKind;
using schemas::FieldType;
using schemas::Format;
using schemas::NodeKind;

namespace {

struct VariableName {
    std::string_view name;
    Variable variable;
    FieldKind kind;
};
constexpr std::array<VariableName, 7> variables{
    {{"$message_no", Variable::message_no, FieldKind::text},
     {"$exchange", Variable::exchange, FieldKind::text},
     {"$requester", Variable::requester, FieldKind::text},
     {"$provider", Variable::provider, FieldKind::text},
     {"$as_of", Variable::as_of, FieldKind::date},
     {"$today", Variable::today, FieldKind::date},
     {"$now", Variable::now, FieldKind::timestamp}}};

const FieldType* find(const std::vector<FieldType>& fields, std::string_view name) {
    const auto found = std::find_if(fields.begin(), fields.end(), [name](const FieldType& field) {
        return field.name == name;
    });
    return found == fields.end() ? nullptr : &*found;
}

NodeKind leaf_kind(Format format) {
    return format == Format::xml ? NodeKind::element : NodeKind::string;
}

}  // namespace

PlanCompiler::PlanCompiler(const schemas::Catalogue& catalogue,
                           const PlanHead& head,
                           Direction direction)
    : catalogue_(catalogue), head_(head), direction_(direction) {}

Plan PlanCompiler::compile(const std::vector<YamlValue>& steps) {
    Plan plan;
    plan.mapping_ = head_.mapping;
    plan.version_ = head_.version;
    plan.direction_ = direction_;
    plan.native_ = head_.native;
    plan.type_ = head_.type;
    plan.valid_from_ = head_.valid_from;
    plan.valid_to_ = head_.valid_to;
    plan.lossless_ = head_.lossless;
    plan.format_ = head_.schema->format();
    switch (plan.format_) {
        case Format::xml:
            plan.root_.name = head_.schema->root().name;
            plan.root_.ns = head_.schema->root().ns;
            break;
        case Format::json:
            break;
        case Format::rows:
            plan.root_.name = "rows";
            break;
    }
    plan.steps_ = compile_list(steps, {&head_.type->fields(), ""});
    if (direction_ == Direction::in && any_) check_written(steps.front(), head_.type->fields(), "");
    return plan;
}

std::vector<Step> PlanCompiler::compile_list(const std::vector<YamlValue>& values,
                                             const Scope& scope) {
    std::vector<Step> steps;
    constexpr int deepest = 32;
    if (++depth_ > deepest && !values.empty()) {
        values.front().fault("steps are nested too deeply; does a block use itself?");
        --depth_;
        return steps;
    }
    for (const YamlValue& value : values) {
        if (std::optional<Step> step = compile_step(value, scope))
            steps.push_back(*std::move(step));
    }
    --depth_;
    return steps;
}

std::optional<Step> PlanCompiler::compile_step(const YamlValue& value, const Scope& scope) {
    const YamlMap map = value.map({"canonical",
                                   "native",
                                   "group",
                                   "each",
                                   "fields",
                                   "use",
                                   "codec",
                                   "clean",
                                   "required",
                                   "default",
                                   "value",
                                   "empty",
                                   "kind",
                                   "as_of",
                                   "when",
                                   "malformed",
                                   "places",
                                   "only"});
    const std::string only = map.text_or("only", "both");
    if (only != "both" && only != "in" && only != "out")
        map.at("only").fault("only is in, out or both");
    if (only == (direction_ == Direction::in ? "out" : "in")) return std::nullopt;
    any_ = true;
    Step step;
    step.line = value.line();
    step.when = read_condition(map, scope);
    step.required = map.boolean_or("required", false);
    if (map.has("empty")) {
        step.keep_empty = map.text("empty") == "keep";
        if (!step.keep_empty) map.at("empty").fault("empty can only say keep");
    }
    const int heads = int{map.has("each")} + int{map.has("group")} +
                      int{map.has("canonical") || map.has("value")};
    if (heads != 1) {
        value.fault(
            "a step is a field (canonical or value), a group (group, fields) or a list (each, "
            "fields)");
        return std::nullopt;
    }
    if (map.has("each")) {
        step.kind = StepKind::each;
        compile_nested(map, scope, step, "each");
    } else if (map.has("group")) {
        step.kind = StepKind::group;
        compile_nested(map, scope, step, "group");
    } else {
        compile_field(map, scope, step);
    }
    return step;
}

void PlanCompiler::compile_nested(const YamlMap& map,
                                  const Scope& scope,
                                  Step& step,
                                  std::string_view key) {
    for (const std::string_view foreign :
         {"codec", "clean", "default", "places", "as_of", "malformed", "kind"}) {
        if (map.has(foreign)) map.at(foreign).fault(std::string(foreign) + " belongs to a field");
    }
    const YamlValue native = map.find("native");
    step.native = read_native(native.exists() ? native : map.self(), map.text_or("native", "."));
    Scope inner = scope;
    const std::string text = map.text(key);
    if (text != "." || step.kind == StepKind::each) {
        step.type = resolve(map.at(key), text, scope, step);
        if (step.type == nullptr) return;
        const FieldKind expected = step.kind == StepKind::each ? FieldKind::list : FieldKind::group;
        if (step.type->kind != expected)
            map.at(key).fault(text + " is no " + std::string(name_of(expected)));
        inner = {&step.type->fields, step.full_path + "."};
    }
    if (step.kind == StepKind::each && step.native.steps.empty())
        map.self().fault("each needs a native path to the items");
    if (!step.native.steps.empty() && step.native.steps.back().attribute)
        native.fault("an attribute holds no fields");
    if (map.has("use") == map.has("fields")) {
        map.self().fault("a group or list has either fields or use");
    } else if (map.has("fields")) {
        step.fields = compile_list(map.list("fields"), inner);
    } else if (const auto block = head_.blocks.find(map.text("use")); block != head_.blocks.end()) {
        step.fields = compile_list(block->second, inner);
    } else {
        map.at("use").fault("blocks has no " + map.text("use"));
    }
}

void PlanCompiler::compile_field(const YamlMap& map, const Scope& scope, Step& step) {
    const YamlValue native = map.find("native");
    if (native.exists()) {
        step.native = read_native(native, native.text());
    } else if (direction_ == Direction::out || !map.has("value")) {
        map.self().fault("a field needs its native path");
    }
    if (map.has("canonical")) {
        step.type = resolve(map.at("canonical"), map.text("canonical"), scope, step);
        if (step.type == nullptr) return;
        if (step.type->kind == FieldKind::group || step.type->kind == FieldKind::list) {
            map.at("canonical")
                .fault("this is a " + std::string(name_of(step.type->kind)) +
                       ": use group or each");
            return;
        }
    } else if (direction_ == Direction::in) {
        map.self().fault(
            "inward a value needs the canonical field that it is for; outward only: say only: out");
    }
    if (map.has("value")) read_value(map, step);
    if (map.has("default")) step.default_text = map.text("default");
    read_codec(map, step);
    read_options(map, step);
}

void PlanCompiler::read_value(const YamlMap& map, Step& step) {
    const std::string text = map.text("value");
    if (!text.starts_with('$')) {
        step.constant = text;
        return;
    }
    for (const VariableName& known : variables) {
        if (known.name == text) step.variable = known.variable;
    }
    if (step.variable == Variable::none) {
        map.at("value").fault(
            "unknown variable " + text +
            "; one of $message_no $exchange $requester $provider $as_of $today $now");
    }
}

void PlanCompiler::read_codec(const YamlMap& map, Step& step) {
    const YamlValue at = map.has("codec") ? map.at("codec") : map.self();
    const std::string text = map.text_or("codec", "");
    Result<Codec> codec = Fault{FaultKind::malformed, "", ""};
    if (step.type != nullptr) {
        codec = parse_codec(text, *step.type);
    } else {
        // Outward, without a canonical field: a constant is written as it stands, a variable by its
        // own type.
        FieldKind kind = FieldKind::text;
        for (const VariableName& known : variables) {
            if (known.variable == step.variable) kind = known.kind;
        }
        codec = parse_free_codec(text, kind);
    }
    if (!codec.ok()) {
        at.fault(codec.fault().reason);
        return;
    }
    step.codec = *std::move(codec);
    if (map.has("places")) {
        const std::int64_t places = map.integer("places");
        if (places < 0 || places > 12) map.at("places").fault("places is 0 to 12");
        step.codec.places = static_cast<std::int32_t>(std::clamp<std::int64_t>(places, 0, 12));
    }
    if (step.codec.kind == CodecKind::code && step.type != nullptr) {
        step.codec.codes = catalogue_.codes().list(step.type->list);
        step.codec.crosswalk = catalogue_.codes().crosswalk(head_.native, step.type->list);
        if (step.codec.crosswalk == nullptr) {
            at.fault("no crosswalk of " + head_.schema->member() + " for code list " +
                     step.type->list);
        }
    }
}

void PlanCompiler::read_options(const YamlMap& map, Step& step) {
    // Only text keeps its blanks and widths; every other codec has its own form, and an identifier
    // its own ladder.
    if (step.codec.kind == CodecKind::text) step.clean = head_.clean;
    if (step.codec.kind != CodecKind::text)
        step.clean = {Normaliser::strip_invisible, Normaliser::fold_width, Normaliser::trim};
    if (map.has("clean")) {
        step.clean.clear();
        for (const std::string& name : map.at("clean").texts()) {
            const std::optional<Normaliser> normaliser = normaliser_named(name);
            if (!normaliser) {
                map.at("clean").fault(
                    "unknown normaliser " + name +
                    "; one of trim fold_width strip_invisible middle_dot uscc_suffix");
            } else {
                step.clean.push_back(*normaliser);
            }
        }
    }
    if (map.has("as_of")) step.as_of = split(map.text("as_of"), '.');
    if (map.has("malformed")) {
        const std::string text = map.text("malformed");
        if (text == "review") step.malformed = schemas::Severity::review;
        if (text == "warn") step.malformed = schemas::Severity::warn;
        if (!step.malformed)
            map.at("malformed")
                .fault("malformed is review or warn; without it the record goes back");
        if (step.malformed && step.type != nullptr && step.type->required) {
            map.at("malformed").fault("a required field cannot be done without");
        }
    }
    step.node_kind = leaf_kind(head_.schema->format());
    if (!map.has("kind")) return;
    const std::string kind = map.text("kind");
    if (kind == "number") step.node_kind = NodeKind::number;
    if (kind == "boolean") step.node_kind = NodeKind::boolean;
    if (head_.schema->format() == Format::xml ||
        (kind != "number" && kind != "boolean" && kind != "string")) {
        map.at("kind").fault("kind is string, number or boolean, and only of JSON and rows");
    }
}

Condition PlanCompiler::read_condition(const YamlMap& map, const Scope& scope) {
    Condition condition;
    if (!map.has("when")) return condition;
    const std::string text = map.text("when");
    std::string path = text;
    condition.kind = Condition::Kind::exists;
    if (const std::size_t equals = text.rfind('=');
        equals != std::string::npos && text.back() != ']') {
        const bool negated = equals > 0 && text[equals - 1] == '!';
        condition.kind = negated ? Condition::Kind::not_equal : Condition::Kind::equal;
        condition.value = text.substr(equals + 1);
        path = text.substr(0, equals - (negated ? 1 : 0));
    }
    if (direction_ == Direction::in) {
        condition.native = read_native(map.at("when"), path);
    } else {
        Step ignored;
        (void)resolve(map.at("when"), path, scope, ignored);
        condition.canonical = ignored.canonical;
    }
    return condition;
}

NativePath PlanCompiler::read_native(const YamlValue& value, std::string_view text) {
    Result<NativePath> path = parse_native_path(text, head_.namespaces);
    if (!path.ok()) {
        value.fault(path.fault().reason);
        return {};
    }
    for (const NativeStep& step : path->steps) {
        if (!catalogue_.native_knows(head_.native, step.name)) {
            value.fault("native schema " + head_.native + " nowhere has the name " + step.name);
        }
    }
    return *std::move(path);
}

const FieldType* PlanCompiler::resolve(const YamlValue& value,
                                       std::string_view text,
                                       const Scope& scope,
                                       Step& step) {
    const std::vector<FieldType>* fields = scope.fields;
    const FieldType* found = nullptr;
    std::string path = scope.path;
    for (const std::string& name : split(text, '.')) {
        if (found != nullptr && found->kind == FieldKind::list) {
            value.fault("use each for the items of list " + found->name);
            return nullptr;
        }
        found = find(*fields, name);
        if (found == nullptr) {
            value.fault(std::string("canonical type ")
                            .append(head_.type->id())
                            .append(" has no field ")
                            .append(path)
                            .append(name));
            return nullptr;
        }
        path += name;
        written_.insert(path);
        path += '.';
        step.canonical.push_back(name);
        fields = &found->fields;
    }
    if (found != nullptr) step.full_path = path.substr(0, path.size() - 1);
    return found;
}

void PlanCompiler::check_written(const YamlValue& at,
                                 const std::vector<FieldType>& fields,
                                 const std::string& path) {
    for (const FieldType& field : fields) {
        const std::string full = path + field.name;
        const bool written = written_.contains(full);
        if (!written && field.required) {
            at.fault("required field " + full + " of " + head_.type->id() + " is never written");
        }
        if (written && !field.fields.empty()) check_written(at, field.fields, full + ".");
    }
}

}  // namespace tongban::mapping
