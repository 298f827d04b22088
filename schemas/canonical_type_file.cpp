// The loader of canonical types: read every file, then copy the included fields in, then tell every
// fault.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/crypto.h"
#include "base/files.h"
#include "base/yaml.h"
#include "schemas/canonical_type.h"
#include "schemas/identifiers.h"

namespace tongban::schemas {
namespace {

constexpr std::array<FieldKind, 12> kinds{FieldKind::text,
                                          FieldKind::code,
                                          FieldKind::identifier,
                                          FieldKind::money,
                                          FieldKind::decimal,
                                          FieldKind::share,
                                          FieldKind::date,
                                          FieldKind::period,
                                          FieldKind::timestamp,
                                          FieldKind::boolean,
                                          FieldKind::group,
                                          FieldKind::list};

// A field as its file states it: the fields of an `include` are copied in once every file has been
// read.
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
    for (const FieldKind kind : kinds) {
        if (name_of(kind) == text) return kind;
    }
    map.at("type").fault("unknown field type " + text +
                         "; one of text code identifier money decimal share date period timestamp "
                         "boolean group list");
    return FieldKind::text;
}

Sensitivity read_sensitivity(const YamlMap& map) {
    const std::string text = map.text_or("sensitivity", "public");
    if (text == "personal") return Sensitivity::personal;
    if (text == "sensitive") return Sensitivity::sensitive;
    if (text != "public")
        map.at("sensitivity").fault("sensitivity is public, personal or sensitive");
    return Sensitivity::public_;
}

void read_kind_options(const YamlMap& map, Draft& draft) {
    FieldType& type = draft.type;
    const auto only_for = [&map](std::string_view key, bool fits, std::string_view whom) {
        if (map.has(key) && !fits)
            map.at(key).fault(std::string(key) + " belongs to " + std::string(whom) + " only");
    };
    only_for("list", type.kind == FieldKind::code, "a code");
    only_for("kind", type.kind == FieldKind::identifier, "an identifier");
    only_for("scale", type.kind == FieldKind::decimal, "a decimal");
    only_for("max",
             type.kind == FieldKind::text || type.kind == FieldKind::identifier,
             "text and identifiers");
    const bool nests = type.kind == FieldKind::group || type.kind == FieldKind::list;
    only_for("fields", nests, "a group or list");
    only_for("include", nests, "a group or list");
    if (type.kind == FieldKind::code) type.list = map.text("list");
    if (type.kind == FieldKind::identifier) {
        type.identifier = map.text("kind");
        if (!known_identifier_kind(type.identifier))
            map.at("kind").fault("unknown kind of identifier " + type.identifier);
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
    if (map.has("fields") == map.has("include"))
        map.self().fault("a group or list has either fields or include");
    if (map.has("fields")) draft.fields = read_fields(map.at("fields"));
}

std::vector<Draft> read_fields(const YamlValue& value) {
    std::vector<Draft> drafts;
    for (const auto& [name, field] : value.open_map().entries()) {
        if (!plain_name(name))
            field.fault("a field's name is lower-case letters, digits and _: " + name);
        const YamlMap map = field.map({"type",
                                       "list",
                                       "kind",
                                       "scale",
                                       "max",
                                       "required",
                                       "sensitivity",
                                       "zh",
                                       "en",
                                       "fields",
                                       "include"});
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
    for (Draft& inner : draft.fields)
        type.fields.push_back(expand_field(drafts, inner));
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
        fields.reserve(type.fields.size());
        for (Draft& draft : type.fields)
            fields.push_back(expand_field(drafts, draft));
        type.expanded = std::move(fields);
        type.expanding = false;
    }
    return *type.expanded;
}

}  // namespace

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
        if (!drafts.emplace(id, std::move(type)).second)
            file.root().fault("a second file states type " + id);
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
    for (const YamlFile& file : files)
        faults.insert(faults.end(), file.faults().begin(), file.faults().end());
    if (!faults.empty()) throw ConfigError(std::move(faults));
    return types;
}

const CanonicalType* CanonicalTypes::find(std::string_view id) const {
    const auto found = types_.find(id);
    return found == types_.end() ? nullptr : found->second.get();
}

std::vector<std::string> CanonicalTypes::ids() const {
    std::vector<std::string> ids;
    ids.reserve(types_.size());
    for (const auto& [id, type] : types_)
        ids.push_back(id);
    return ids;
}

}  // namespace tongban::schemas
