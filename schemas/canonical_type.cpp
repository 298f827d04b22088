#include "schemas/canonical_type.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include "base/crypto.h"
#include "base/files.h"
#include "base/text.h"
#include "base/yaml.h"
#include "schemas/identifiers.h"

namespace tongban::schemas {
namespace {

constexpr std::array<std::pair<std::string_view, FieldKind>, 12> kind_names{{
    {"text", FieldKind::text},
    {"code", FieldKind::code},
    {"identifier", FieldKind::identifier},
    {"money", FieldKind::money},
    {"decimal", FieldKind::decimal},
    {"share", FieldKind::share},
    {"date", FieldKind::date},
    {"period", FieldKind::period},
    {"timestamp", FieldKind::timestamp},
    {"boolean", FieldKind::boolean},
    {"group", FieldKind::group},
    {"list", FieldKind::list},
}};

// A field as its file states it: the fields of an `include` are copied in once every file has been read.
struct Draft {
    FieldType type;
    std::string include;
    YamlValue at;
    std::vector<Draft> fields;
};

struct DraftType {
    std::string id;
    std::string source;
    std::string zh;
    std::string en;
    std::vector<Draft> fields;
    bool expanding = false;
    std::optional<std::vector<FieldType>> expanded;
};

using Drafts = std::map<std::string, DraftType, std::less<>>;

bool plain_name(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

std::vector<Draft> read_fields(const YamlValue& value);

FieldKind read_kind(const YamlMap& map) {
    const std::string text = map.text("type");
    for (const auto& [name, kind] : kind_names) {
        if (name == text) return kind;
    }
    map.at("type").fault("unknown field type " + text +
                         "; one of text code identifier money decimal share date period timestamp boolean group list");
    return FieldKind::text;
}

Sensitivity read_sensitivity(const YamlMap& map) {
    const std::string text = map.text_or("sensitivity", "public");
    if (text == "personal") return Sensitivity::personal;
    if (text == "sensitive") return Sensitivity::sensitive;
    if (text != "public") map.at("sensitivity").fault("sensitivity is public, personal or sensitive");
    return Sensitivity::public_;
}

void read_kind_options(const YamlMap& map, Draft& draft) {
    FieldType& type = draft.type;
    const auto only_for = [&map](std::string_view key, bool fits, std::string_view whom) {
        if (map.has(key) && !fits) map.at(key).fault(std::string(key) + " belongs to " + std::string(whom) + " only");
    };
    only_for("list", type.kind == FieldKind::code, "a code");
    only_for("kind", type.kind == FieldKind::identifier, "an identifier");
    only_for("scale", type.kind == FieldKind::decimal, "a decimal");
    only_for("max", type.kind == FieldKind::text || type.kind == FieldKind::identifier, "text and identifiers");
    const bool nests = type.kind == FieldKind::group || type.kind == FieldKind::list;
    only_for("fields", nests, "a group or list");
    only_for("include", nests, "a group or list");
    if (type.kind == FieldKind::code) type.list = map.text("list");
    if (type.kind == FieldKind::identifier) {
        type.identifier = map.text("kind");
        if (!known_identifier_kind(type.identifier)) map.at("kind").fault("unknown kind of identifier " + type.identifier);
    }
    if (type.kind == FieldKind::decimal) {
        const std::int64_t scale = map.integer("scale");
        if (scale < 0 || scale > 12) map.at("scale").fault("scale is 0 to 12");
        type.scale = static_cast<std::int32_t>(std::clamp<std::int64_t>(scale, 0, 12));
    }
    const std::int64_t max = map.integer_or("max", 0);
    if (max < 0) map.at("max").fault("max is not negative");
    type.max = static_cast<std::size_t>(std::max<std::int64_t>(max, 0));
    if (!nests) return;
    draft.include = map.text_or("include", "");
    if (map.has("fields") == map.has("include")) map.self().fault("a group or list has either fields or include");
    if (map.has("fields")) draft.fields = read_fields(map.at("fields"));
}

std::vector<Draft> read_fields(const YamlValue& value) {
    std::vector<Draft> drafts;
    for (const auto& [name, field] : value.open_map().entries()) {
        if (!plain_name(name)) field.fault("a field's name is lower-case letters, digits and _: " + name);
        const YamlMap map = field.map(
            {"type", "list", "kind", "scale", "max", "required", "sensitivity", "zh", "en", "fields", "include"});
        Draft draft{{}, "", field, {}};
        draft.type.name = name;
        draft.type.kind = read_kind(map);
        draft.type.required = map.boolean_or("required", false);
        draft.type.sensitivity = read_sensitivity(map);
        draft.type.zh = map.text("zh");
        draft.type.en = map.text("en");
        read_kind_options(map, draft);
        drafts.push_back(std::move(draft));
    }
    if (drafts.empty()) value.fault("at least one field is expected");
    return drafts;
}

DraftType read_type(const YamlFile& file) {
    const YamlMap map = file.root().map({"type", "version", "source", "label", "fields"});
    DraftType type;
    type.id = map.text("type") + "@" + std::to_string(map.integer("version"));
    type.source = map.text("source");
    const YamlMap label = map.at("label").map({"zh", "en"});
    type.zh = label.text("zh");
    type.en = label.text("en");
    type.fields = read_fields(map.at("fields"));
    return type;
}

const std::vector<FieldType>& expand(Drafts& drafts, DraftType& type);

FieldType expand_field(Drafts& drafts, Draft& draft) {
    FieldType type = draft.type;
    for (Draft& inner : draft.fields) type.fields.push_back(expand_field(drafts, inner));
    if (draft.include.empty()) return type;
    const auto found = drafts.find(draft.include);
    if (found == drafts.end()) {
        draft.at.fault("include names no canonical type: " + draft.include);
    } else if (found->second.expanding) {
        draft.at.fault("include leads back to the type that includes it: " + draft.include);
    } else {
        type.fields = expand(drafts, found->second);
    }
    return type;
}

const std::vector<FieldType>& expand(Drafts& drafts, DraftType& type) {
    if (!type.expanded) {
        type.expanding = true;
        std::vector<FieldType> fields;
        for (Draft& draft : type.fields) fields.push_back(expand_field(drafts, draft));
        type.expanded = std::move(fields);
        type.expanding = false;
    }
    return *type.expanded;
}

const FieldType* find_in(const std::vector<FieldType>& fields, std::string_view name) {
    const auto found =
        std::find_if(fields.begin(), fields.end(), [name](const FieldType& field) { return field.name == name; });
    return found == fields.end() ? nullptr : &*found;
}

void add_leaves(const std::vector<FieldType>& fields, const std::string& prefix, std::vector<std::string>& paths) {
    for (const FieldType& field : fields) {
        if (field.fields.empty()) {
            paths.push_back(prefix + field.name);
        } else {
            add_leaves(field.fields, prefix + field.name + ".", paths);
        }
    }
}

bool holds_kind(const Value& value, const FieldType& type) {
    switch (type.kind) {
        case FieldKind::text:
        case FieldKind::identifier: return value.get<std::string>() != nullptr;
        case FieldKind::code: return value.get<Code>() != nullptr;
        case FieldKind::money: return value.get<Money>() != nullptr;
        case FieldKind::decimal: {
            const Decimal* decimal = value.get<Decimal>();
            return decimal != nullptr && decimal->scale == type.scale;
        }
        case FieldKind::share: return value.get<Share>() != nullptr;
        case FieldKind::date: return value.get<Date>() != nullptr;
        case FieldKind::period: return value.get<Period>() != nullptr;
        case FieldKind::timestamp: return value.get<Instant>() != nullptr;
        case FieldKind::boolean: return value.get<bool>() != nullptr;
        case FieldKind::group: return value.get<Group>() != nullptr;
        case FieldKind::list: return value.get<List>() != nullptr;
    }
    return false;
}

class Checker {
public:
    void group(const Group& record, const std::vector<FieldType>& fields, const std::string& prefix, const Place& place) {
        for (const Field& field : record.fields) {
            const FieldType* type = find_in(fields, field.name);
            if (type == nullptr) {
                note("type.field.unknown", prefix + field.name, field.value.place, Mender::mapping_owner,
                     "类型中没有该字段，请修改映射。", "The type has no such field: correct the mapping.");
            } else if (!field.value.absent()) {
                value(field.value, *type, prefix + field.name);
            }
        }
        for (const FieldType& type : fields) {
            const Value* found = record.find(type.name);
            if (type.required && (found == nullptr || found->absent())) {
                note("type.required.missing", prefix + type.name, place, Mender::sender,
                     "必填项“" + type.zh + "”缺失，请补充后重新报送。",
                     "Required field \"" + type.en + "\" is missing: supply it and send again.");
            }
        }
    }

    std::vector<Finding> findings;

private:
    void value(const Value& value, const FieldType& type, const std::string& path) {
        if (!holds_kind(value, type)) {
            note("type.kind", path, value.place, Mender::mapping_owner,
                 "字段“" + type.zh + "”应为 " + std::string(name_of(type.kind)) + "，请修改映射。",
                 "Field \"" + type.en + "\" must be of type " + std::string(name_of(type.kind)) + ": correct the mapping.");
            return;
        }
        if (const std::string* text = value.get<std::string>(); text != nullptr && type.max > 0 && length(*text) > type.max) {
            note("type.text.long", path, value.place, Mender::sender,
                 "字段“" + type.zh + "”超过 " + std::to_string(type.max) + " 个字，请核对。",
                 "Field \"" + type.en + "\" is longer than " + std::to_string(type.max) + " characters: check it.");
            findings.back().shape = shape_of(*text);
        }
        if (const Group* inner = value.get<Group>()) group(*inner, type.fields, path + ".", value.place);
        const List* list = value.get<List>();
        for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
            const std::string item = path + "[" + std::to_string(i) + "]";
            if (const Group* inner = list->items[i].get<Group>()) {
                group(*inner, type.fields, item + ".", list->items[i].place);
            } else {
                note("type.kind", item, list->items[i].place, Mender::mapping_owner, "列表的每一项都应为一组字段，请修改映射。",
                     "Every item of a list must be a group of fields: correct the mapping.");
            }
        }
    }

    void note(std::string code, std::string field, Place place, Mender mender, std::string zh, std::string en) {
        Finding finding;
        finding.code = std::move(code);
        finding.mender = mender;
        finding.field = std::move(field);
        finding.place = std::move(place);
        finding.zh = std::move(zh);
        finding.en = std::move(en);
        findings.push_back(std::move(finding));
    }
};

void order_fields(Group& group, const std::vector<FieldType>& fields) {
    std::vector<Field> ordered;
    ordered.reserve(group.fields.size());
    for (const FieldType& type : fields) {
        for (Field& field : group.fields) {
            if (field.name != type.name) continue;
            if (Group* inner = field.value.get<Group>()) order_fields(*inner, type.fields);
            if (List* list = field.value.get<List>()) {
                for (Value& item : list->items) {
                    if (Group* inner = item.get<Group>()) order_fields(*inner, type.fields);
                }
            }
            ordered.push_back(std::move(field));
            break;
        }
    }
    group.fields = std::move(ordered);
}

}  // namespace

std::string_view name_of(FieldKind kind) {
    for (const auto& [name, candidate] : kind_names) {
        if (candidate == kind) return name;
    }
    return "";
}

std::string_view name_of(Sensitivity sensitivity) {
    switch (sensitivity) {
        case Sensitivity::public_: return "public";
        case Sensitivity::personal: return "personal";
        case Sensitivity::sensitive: return "sensitive";
    }
    return "";
}

const FieldType* FieldType::find(std::string_view field) const { return find_in(fields, field); }

const FieldType* CanonicalType::at_path(std::string_view path) const {
    const std::vector<FieldType>* fields = &fields_;
    const FieldType* found = nullptr;
    while (!path.empty()) {
        const std::size_t dot = path.find('.');
        std::string_view name = path.substr(0, dot);
        name = name.substr(0, name.find('['));
        found = find_in(*fields, name);
        if (found == nullptr) return nullptr;
        fields = &found->fields;
        path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    }
    return found;
}

std::vector<std::string> CanonicalType::leaf_paths() const {
    std::vector<std::string> paths;
    add_leaves(fields_, "", paths);
    return paths;
}

std::vector<Finding> CanonicalType::check(const Group& record) const {
    Checker checker;
    checker.group(record, fields_, "", {});
    return std::move(checker.findings);
}

void CanonicalType::order(Group& record) const { order_fields(record, fields_); }

CanonicalTypes CanonicalTypes::load(const std::string& folder) {
    CanonicalTypes types;
    Drafts drafts;
    std::vector<YamlFile> files;
    std::vector<ConfigFault> faults;
    for (const std::string& path : files_below(folder, ".yaml")) {
        const YamlFile& file = files.emplace_back(path);
        DraftType type = read_type(file);
        const std::string id = type.id;
        types.versions_["type:" + id] = hex(sha256(file.bytes()));
        if (!drafts.emplace(id, std::move(type)).second) file.root().fault("a second file states type " + id);
    }
    for (auto& [id, draft] : drafts) {
        auto type = std::shared_ptr<CanonicalType>(new CanonicalType());
        type->id_ = id;
        type->source_ = draft.source;
        type->zh_ = draft.zh;
        type->en_ = draft.en;
        type->fields_ = expand(drafts, draft);
        types.types_.emplace(id, std::move(type));
    }
    for (const YamlFile& file : files) faults.insert(faults.end(), file.faults().begin(), file.faults().end());
    if (!faults.empty()) throw ConfigError(std::move(faults));
    return types;
}

const CanonicalType* CanonicalTypes::find(std::string_view id) const {
    const auto found = types_.find(id);
    return found == types_.end() ? nullptr : found->second.get();
}

std::vector<std::string> CanonicalTypes::ids() const {
    std::vector<std::string> ids;
    for (const auto& [id, type] : types_) ids.push_back(id);
    return ids;
}

}  // namespace tongban::schemas
