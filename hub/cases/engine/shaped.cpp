// An expression's answer as the field of a record that it was written for: an int becomes a
// decimal, a text a code, an office's own group is copied.
#include <string_view>

#include "hub/cases/engine/internal/work.h"

namespace tongban::cases::internal {
namespace {

using mapping::cel::Datum;
using schemas::FieldKind;
using schemas::FieldType;
using schemas::Group;
using schemas::Value;

Value of(auto data) {
    Value value;
    value.data = std::move(data);
    return value;
}

Value from_text(std::string_view text, FieldKind kind) {
    if (kind == FieldKind::code) return of(schemas::Code{std::string(text)});
    return of(std::string(text));
}

Value from_entries(const mapping::cel::Entries& entries, const std::vector<FieldType>& fields) {
    Group group;
    for (const FieldType& field : fields) {
        const Datum* held = entries.find(field.name);
        if (held == nullptr) continue;
        Value value = shaped(*held, field);
        if (!value.absent()) group.set(field.name, std::move(value));
    }
    return of(std::move(group));
}

Value from_items(const mapping::cel::Items& items, const FieldType& shape) {
    schemas::List list;
    FieldType one = shape;
    one.kind = FieldKind::group;
    for (std::size_t i = 0; i < items.size(); ++i)
        list.items.push_back(shaped(items.at(i), one));
    return of(std::move(list));
}

}  // namespace

Value shaped(const Datum& datum, const FieldType& shape) {
    if (datum.undecided() || datum.get<std::nullptr_t>() != nullptr) return {};
    if (const auto* text = datum.get<mapping::cel::Text>())
        return from_text(text->view, shape.kind);
    if (const auto* yes = datum.get<bool>()) return of(*yes);
    if (const auto* number = datum.get<std::int64_t>())
        return shape.kind == FieldKind::text ? of(std::to_string(*number))
                                             : of(schemas::Decimal{*number, 0});
    if (const auto* decimal = datum.get<schemas::Decimal>()) return of(*decimal);
    if (const auto* money = datum.get<schemas::Money>()) return of(*money);
    if (const auto* date = datum.get<Date>()) return of(*date);
    if (const auto* period = datum.get<Period>()) return of(*period);
    if (const auto* instant = datum.get<Instant>()) return of(*instant);
    if (const auto* share = datum.get<schemas::Share>()) return of(*share);
    if (const auto* group = datum.get<const Group*>()) return of(Group(**group));
    if (const auto* items = datum.get<mapping::cel::Items>()) return from_items(*items, shape);
    if (const auto* entries = datum.get<mapping::cel::Entries>())
        return from_entries(*entries, shape.fields);
    return {};
}

void set_at(Group& record, std::string_view path, Value value) {
    const std::size_t dot = path.find('.');
    const std::string_view name = path.substr(0, dot);
    if (dot == std::string_view::npos) {
        record.set(name, std::move(value));
        return;
    }
    Value* inner = record.find(name);
    if (inner == nullptr || inner->get<Group>() == nullptr) inner = &record.set(name, of(Group{}));
    set_at(*inner->get<Group>(), path.substr(dot + 1), std::move(value));
}

}  // namespace tongban::cases::internal
