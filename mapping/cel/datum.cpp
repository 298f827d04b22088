#include "mapping/cel/datum.h"

#include <algorithm>
#include <type_traits>

namespace tongban::mapping::cel {

const Datum* Entries::find(std::string_view key) const {
    for (const auto& [name, value] : *pairs) {
        if (name == key) return &value;
    }
    return nullptr;
}

Datum borrow(const schemas::Value* value) {
    if (value == nullptr) return {};
    return std::visit(
        [](const auto& held) -> Datum {
            using Held = std::decay_t<decltype(held)>;
            if constexpr (std::is_same_v<Held, schemas::Absent>) {
                return {};
            } else if constexpr (std::is_same_v<Held, schemas::Withheld>) {
                return Datum(Undecided{Cause::withheld});
            } else if constexpr (std::is_same_v<Held, std::string>) {
                return Datum(Text{held, nullptr});
            } else if constexpr (std::is_same_v<Held, schemas::Code>) {
                return Datum(Text{held.code, nullptr});
            } else if constexpr (std::is_same_v<Held, schemas::Group>) {
                return Datum(&held);
            } else if constexpr (std::is_same_v<Held, schemas::List>) {
                return Datum(Items{&held, nullptr});
            } else {
                return Datum(held);
            }
        },
        value->data);
}

namespace {

bool partly_withheld(const schemas::Value& value) {
    if (value.withheld()) return true;
    if (const auto* group = value.get<schemas::Group>()) {
        return std::any_of(group->fields.begin(), group->fields.end(), [](const auto& field) {
            return partly_withheld(field.value);
        });
    }
    const auto* list = value.get<schemas::List>();
    return list != nullptr && std::any_of(list->items.begin(),
                                          list->items.end(),
                                          [](const auto& item) { return partly_withheld(item); });
}

}  // namespace

bool partly_withheld(const Datum& datum) {
    if (const auto* group = datum.get<const schemas::Group*>()) {
        const auto& fields = (*group)->fields;
        return std::any_of(fields.begin(), fields.end(), [](const auto& field) {
            return partly_withheld(field.value);
        });
    }
    const auto* items = datum.get<Items>();
    if (items == nullptr) return false;
    if (items->borrowed == nullptr) {
        return std::any_of(items->owned->begin(), items->owned->end(), [](const Datum& item) {
            return partly_withheld(item);
        });
    }
    const auto& all = items->borrowed->items;
    return std::any_of(
        all.begin(), all.end(), [](const auto& item) { return partly_withheld(item); });
}

Datum owned(std::string text) {
    auto kept = std::make_shared<const std::string>(std::move(text));
    const std::string_view view = *kept;
    return Datum(Text{view, std::move(kept)});
}

Datum owned(std::vector<Datum> items) {
    return Datum(Items{nullptr, std::make_shared<const std::vector<Datum>>(std::move(items))});
}

}  // namespace tongban::mapping::cel
