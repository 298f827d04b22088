#include "mapping/cel/datum.h"

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

Datum owned(std::string text) {
    auto kept = std::make_shared<const std::string>(std::move(text));
    const std::string_view view = *kept;
    return Datum(Text{view, std::move(kept)});
}

Datum owned(std::vector<Datum> items) {
    return Datum(Items{nullptr, std::make_shared<const std::vector<Datum>>(std::move(items))});
}

}  // namespace tongban::mapping::cel
