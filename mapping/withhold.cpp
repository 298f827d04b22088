#include "mapping/withhold.h"

#include <algorithm>
#include <utility>

#include "mapping/stages.h"

namespace tongban::mapping {
namespace {

using schemas::FieldKind;
using schemas::FieldType;
using schemas::Value;

bool covered(const std::vector<std::string>& given, const std::string& path) {
    return std::any_of(given.begin(), given.end(), [&path](const std::string& one) {
        return path == one || path.starts_with(one + ".");
    });
}

bool reached_below(const std::vector<std::string>& given, const std::string& path) {
    return std::any_of(given.begin(), given.end(), [&path](const std::string& one) {
        return one.starts_with(path + ".");
    });
}

// Would the group show in what was given, if there were one?
bool shows(const FieldType& type, const std::string& path, const std::vector<std::string>& given) {
    return std::any_of(type.fields.begin(), type.fields.end(), [&](const FieldType& field) {
        if (!field.required) return false;
        const std::string below = path + "." + field.name;
        return covered(given, below) ||
               (field.kind == FieldKind::group && shows(field, below, given));
    });
}

}  // namespace

void withhold(Group& group,
              const std::vector<FieldType>& types,
              const std::string& prefix,
              const std::vector<std::string>& given) {
    for (const FieldType& type : types) {
        const std::string path = prefix + type.name;
        if (covered(given, path)) continue;
        Value* value = group.find(type.name);
        const bool there = value != nullptr && !value->absent();
        const bool told = reached_below(given, path);
        if (told && there) {
            if (auto* inner = value->get<Group>()) withhold(*inner, type.fields, path + ".", given);
            if (auto* list = value->get<schemas::List>()) {
                for (Value& item : list->items) {
                    if (auto* inner = item.get<Group>())
                        withhold(*inner, type.fields, path + ".", given);
                }
            }
            continue;
        }
        // A list that was told of came with all its items, bare ones too; a group may not show.
        const bool known_absent =
            told && (type.kind == FieldKind::list || shows(type, path, given));
        if (!known_absent) group.set(type.name, Value{schemas::Withheld{}, {}});
    }
}

Group given_of(const Group& group,
               const std::string& prefix,
               const std::vector<std::string>& given) {
    Group told;
    for (const schemas::Field& field : group.fields) {
        const std::string path = prefix + field.name;
        if (covered(given, path)) {
            told.fields.push_back(field);
        } else if (const auto* inner = field.value.get<Group>();
                   inner != nullptr && reached_below(given, path)) {
            told.set(field.name, Value{given_of(*inner, path + ".", given), {}});
        }
    }
    return told;
}

CanonicalRecord withhold(CanonicalRecord record,
                         const schemas::CanonicalType& type,
                         const std::string& part,
                         const std::vector<std::string>& given) {
    if (!covered(given, part)) withhold(record.fields_, type.fields(), part + ".", given);
    return record;
}

}  // namespace tongban::mapping
