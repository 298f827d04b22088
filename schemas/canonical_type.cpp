#include "schemas/canonical_type.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

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

const FieldType* find_in(const std::vector<FieldType>& fields, std::string_view name) {
    const auto found = std::find_if(fields.begin(), fields.end(), [name](const FieldType& field) {
        return field.name == name;
    });
    return found == fields.end() ? nullptr : &*found;
}

void add_leaves(const std::vector<FieldType>& fields,
                const std::string& prefix,
                std::vector<std::string>& paths) {
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
        case FieldKind::identifier:
            return value.get<std::string>() != nullptr;
        case FieldKind::code:
            return value.get<Code>() != nullptr;
        case FieldKind::money:
            return value.get<Money>() != nullptr;
        case FieldKind::decimal: {
            const Decimal* decimal = value.get<Decimal>();
            return decimal != nullptr && decimal->scale == type.scale;
        }
        case FieldKind::share:
            return value.get<Share>() != nullptr;
        case FieldKind::date:
            return value.get<Date>() != nullptr;
        case FieldKind::period:
            return value.get<Period>() != nullptr;
        case FieldKind::timestamp:
            return value.get<Instant>() != nullptr;
        case FieldKind::boolean:
            return value.get<bool>() != nullptr;
        case FieldKind::group:
            return value.get<Group>() != nullptr;
        case FieldKind::list:
            return value.get<List>() != nullptr;
    }
    return false;
}

class Checker {
public:
    void group(const Group& record,
               const std::vector<FieldType>& fields,
               const std::string& prefix,
               const Place& place) {
        for (const Field& field : record.fields) {
            const FieldType* type = find_in(fields, field.name);
            if (type == nullptr) {
                note("type.field.unknown",
                     prefix + field.name,
                     field.value.place,
                     Mender::mapping_owner,
                     {"类型中没有该字段，请修改映射。",
                      "The type has no such field: correct the mapping."});
            } else if (!field.value.absent()) {
                value(field.value, *type, prefix + field.name);
            }
        }
        for (const FieldType& type : fields) {
            const Value* found = record.find(type.name);
            if (type.required && (found == nullptr || found->absent())) {
                note("type.required.missing",
                     prefix + type.name,
                     place,
                     Mender::sender,
                     {"必填项“" + type.zh + "”缺失，请补充后重新报送。",
                      "Required field \"" + type.en + "\" is missing: supply it and send again."});
            }
        }
    }

    std::vector<Finding> findings;

private:
    void value(const Value& value, const FieldType& type, const std::string& path) {
        if (!holds_kind(value, type)) {
            note("type.kind",
                 path,
                 value.place,
                 Mender::mapping_owner,
                 {"字段“" + type.zh + "”应为 " + std::string(name_of(type.kind)) + "，请修改映射。",
                  "Field \"" + type.en + "\" must be of type " + std::string(name_of(type.kind)) +
                      ": correct the mapping."});
            return;
        }
        if (const std::string* text = value.get<std::string>();
            text != nullptr && type.max > 0 && length(*text) > type.max) {
            note("type.text.long",
                 path,
                 value.place,
                 Mender::sender,
                 {"字段“" + type.zh + "”超过 " + std::to_string(type.max) + " 个字，请核对。",
                  "Field \"" + type.en + "\" is longer than " + std::to_string(type.max) +
                      " characters: check it."});
            findings.back().shape = shape_of(*text);
        }
        if (const Group* inner = value.get<Group>())
            group(*inner, type.fields, path + ".", value.place);
        const List* list = value.get<List>();
        for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
            const std::string item = path + "[" + std::to_string(i) + "]";
            if (const Group* inner = list->items[i].get<Group>()) {
                group(*inner, type.fields, item + ".", list->items[i].place);
            } else {
                note("type.kind",
                     item,
                     list->items[i].place,
                     Mender::mapping_owner,
                     {"列表的每一项都应为一组字段，请修改映射。",
                      "Every item of a list must be a group of fields: correct the mapping."});
            }
        }
    }

    struct Wording {
        std::string zh;
        std::string en;
    };

    void note(std::string code, std::string field, Place place, Mender mender, Wording wording) {
        Finding finding;
        finding.code = std::move(code);
        finding.mender = mender;
        finding.field = std::move(field);
        finding.place = std::move(place);
        finding.zh = std::move(wording.zh);
        finding.en = std::move(wording.en);
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
        case Sensitivity::public_:
            return "public";
        case Sensitivity::personal:
            return "personal";
        case Sensitivity::sensitive:
            return "sensitive";
    }
    return "";
}

const FieldType* FieldType::find(std::string_view field) const {
    return find_in(fields, field);
}

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

void CanonicalType::order(Group& record) const {
    order_fields(record, fields_);
}

}  // namespace tongban::schemas
