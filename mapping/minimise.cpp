// A field the grant does not name is not copied, so there is nothing to forget to delete.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "mapping/stages.h"

namespace tongban::mapping {
namespace {

using schemas::Field;
using schemas::List;
using schemas::Value;

// Some granted path lies below `path`.
bool reaches_below(const Grant& grant, const std::string& path) {
    const std::string prefix = path + ".";
    const auto& fields = grant.fields();
    return std::any_of(fields.begin(), fields.end(), [&prefix](const std::string& f) {
        return f.starts_with(prefix);
    });
}

enum class Bare { drop, keep };  // an item of a list in which nothing is granted

Group granted_part(const Group& group, const std::string& prefix, const Grant& grant, Bare bare);

std::optional<Value> granted_part(const Value& value,
                                  const std::string& path,
                                  const Grant& grant,
                                  Bare bare) {
    if (grant.covers(path)) return value;
    if (!reaches_below(grant, path)) return std::nullopt;
    if (const Group* group = value.get<Group>()) {
        Group part = granted_part(*group, path + ".", grant, bare);
        if (part.fields.empty()) return std::nullopt;
        return Value{std::move(part), value.place};
    }
    if (const List* list = value.get<List>()) {
        List part;
        for (const Value& item : list->items) {
            const Group* group = item.get<Group>();
            if (group == nullptr) continue;
            Group kept = granted_part(*group, path + ".", grant, bare);
            if (bare == Bare::keep || !kept.fields.empty())
                part.items.push_back({std::move(kept), item.place});
        }
        return Value{std::move(part), value.place};
    }
    return std::nullopt;
}

Group granted_part(const Group& group, const std::string& prefix, const Grant& grant, Bare bare) {
    Group part;
    for (const Field& field : group.fields) {
        std::optional<Value> value = granted_part(field.value, prefix + field.name, grant, bare);
        if (value) part.fields.push_back({field.name, *std::move(value)});
    }
    return part;
}

}  // namespace

MinimisedRecord minimise(const VerifiedRecord& record, const Grant& grant) {
    return {record.type(), granted_part(record.fields(), "", grant, Bare::drop)};
}

MinimisedRecord minimise_part(const VerifiedRecord& record, const Grant& grant) {
    return {record.type(), granted_part(record.fields(), "", grant, Bare::keep)};
}

}  // namespace tongban::mapping
