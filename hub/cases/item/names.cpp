// The first walk: which names expressions see, and of which types. Only what is well-formed is
// taken; the second walk says what is wrong with the rest.
#include <algorithm>
#include <array>

#include "hub/cases/item/internal/draft.h"

namespace tongban::item {
namespace {

using schemas::FieldKind;
using schemas::FieldType;

constexpr std::array<std::string_view, 4> first_names{"application", "case", "now", "today"};
constexpr std::array<std::string_view, 2> last_names{"reserved", "confirmed"};

FieldType field(std::string name, FieldKind kind, std::vector<FieldType> fields = {}) {
    FieldType made;
    made.name = std::move(name);
    made.kind = kind;
    made.fields = std::move(fields);
    return made;
}

std::vector<FieldType> texts(std::initializer_list<const char*> names) {
    std::vector<FieldType> fields;
    for (const char* name : names)
        fields.push_back(field(name, FieldKind::text));
    return fields;
}

std::string peek(const YamlMap& map, std::string_view key) {
    const YamlValue value = map.find(key);
    return value.is_text() ? value.text() : "";
}

class NameReader {
public:
    explicit NameReader(Draft& draft) : draft_(draft) {}

    void read() {
        std::vector<FieldType> of_case =
            texts({"number", "item", "state", "owner", "external_number"});
        of_case.push_back(field("opened_on", FieldKind::date));
        draft_.made.push_back(std::move(of_case));
        draft_.made.push_back(texts({"member", "division"}));
        for (const std::string_view name : first_names)
            draft_.item.frame.emplace_back(name);
        if (!draft_.file.root().is_map()) return finish();
        const YamlMap root = draft_.file.root().open_map();
        draft_.item.application = peek(root, "application");
        if (root.find("parties").is_map()) {
            for (const auto& [id, value] : root.find("parties").open_map().entries())
                take_party(id, value);
        }
        if (root.find("steps").is_map()) {
            std::size_t number = 0;
            for (const auto& [id, value] : root.find("steps").open_map().entries()) {
                if (value.is_map()) take_step(value.open_map(), number);
                ++number;
            }
        }
        finish();
    }

private:
    struct Typed {
        cel::Type type;    // any: not known
        std::string made;  // "": not known
    };

    void finish() {
        for (const Named& result : draft_.results)
            draft_.item.frame.push_back(result.name);
        for (const std::string_view name : last_names)
            draft_.item.frame.emplace_back(name);
    }

    bool taken(const std::string& name) const {
        const auto& frame = draft_.item.frame;
        const bool fixed =
            std::find(last_names.begin(), last_names.end(), name) != last_names.end() ||
            std::find(frame.begin(), frame.end(), name) != frame.end();
        return fixed;
    }

    void take_party(const std::string& id, const YamlValue& value) {
        if (taken(id)) {
            draft_.note("id.taken",
                        draft_.key_place(id, value),
                        in_ticks(id) + " is a name that every expression sees");
            return;
        }
        Party party;
        party.id = id;
        if (value.is_map()) party.kind = peek(value.open_map(), "kind");
        draft_.item.parties.push_back(party);  // filled by read_parties
        draft_.item.frame.push_back(id);
    }

    void take_result(const YamlMap& map, std::size_t step, Typed typed) {
        const YamlValue at = map.find("as");
        if (!at.is_text()) return;
        const std::string name = at.text();
        const auto shared = std::find_if(draft_.results.begin(),
                                         draft_.results.end(),
                                         [&](const Named& each) { return each.name == name; });
        if (shared != draft_.results.end()) {
            if (shared->made == typed.made || shared->made.empty() || typed.made.empty()) return;
            draft_.note("id.taken",
                        at,
                        in_ticks(name) + " is the name of a result of another type already");
            return;
        }
        if (taken(name)) {
            draft_.note("id.taken", at, in_ticks(name) + " is the name of something else already");
            return;
        }
        if (id_of(draft_, at, name).empty()) return;
        draft_.results.push_back({name, std::move(typed.type), std::move(typed.made), step});
    }

    Typed of_type(const std::string& id) const {
        const schemas::CanonicalType* type = draft_.type(id);
        if (type == nullptr) return {};
        return {{cel::Kind::group, nullptr, &type->fields(), ""}, id};
    }

    Typed of_fields(std::vector<FieldType> fields, std::string made) {
        draft_.made.push_back(std::move(fields));
        return {{cel::Kind::group, nullptr, &draft_.made.back(), ""}, std::move(made)};
    }

    void take_step(const YamlMap& step, std::size_t number) {
        const auto kind = [&](std::string_view key) { return step.find(key).is_map(); };
        if (kind("call")) {
            const YamlMap map = step.find("call").open_map();
            take_result(map, number, of_call(map));
        }
        if (kind("gate")) take_result(step.find("gate").open_map(), number, of_gate());
        if (kind("task")) {
            const YamlMap map = step.find("task").open_map();
            take_result(map, number, of_task(map));
        }
        if (kind("wait")) take_wait(step.find("wait").open_map(), number);
        if (kind("joint")) {
            const YamlMap map = step.find("joint").open_map();
            take_result(map, number, of_joint(map));
        }
    }

    Typed of_call(const YamlMap& map) {
        if (peek(map, "kind") == "verify")
            return of_fields({field("outcome", FieldKind::text),
                              field("fields", FieldKind::list, texts({"field", "outcome"}))},
                             "verify");
        const KnownResource* resource = draft_.resource(peek(map, "resource"));
        return resource == nullptr ? Typed{} : of_type(resource->record);
    }

    Typed of_gate() {
        return of_fields({field("outcome", FieldKind::text),
                          field("findings", FieldKind::list, texts({"code", "severity"}))},
                         "gate");
    }

    Typed of_task(const YamlMap& map) {
        std::vector<FieldType> fields = texts({"action", "reason", "member"});
        fields.push_back(field("decided_on", FieldKind::date));
        const std::string form = peek(map, "form");
        if (const schemas::CanonicalType* type = draft_.type(form))
            fields.push_back(field("form", FieldKind::group, type->fields()));
        return of_fields(std::move(fields), "task " + form);
    }

    void take_wait(const YamlMap& map, std::size_t number) {
        take_result(map, number, of_event(peek(map, "event")));
        if (!map.find("any").is_list()) return;
        for (const YamlValue& each : map.find("any").list()) {
            if (!each.is_map()) continue;
            const YamlMap one = each.open_map();
            take_result(one, number, of_event(peek(one, "event")));
        }
    }

    Typed of_event(const std::string& event) const {
        if (!draft_.known()) return {};
        const auto found = draft_.around.known->events.find(event);
        return found == draft_.around.known->events.end() ? Typed{} : of_type(found->second);
    }

    Typed of_joint(const YamlMap& map) {
        std::vector<FieldType> fields = texts({"decision", "because"});
        std::string made = "joint";
        if (!map.find("members").is_map()) return {};
        for (const auto& [id, value] : map.find("members").open_map().entries()) {
            if (!value.is_map()) return {};
            const YamlValue confirm = value.open_map().find("confirm");
            std::string resource = confirm.is_text() ? confirm.text() : "";
            if (confirm.is_map()) resource = peek(confirm.open_map(), "resource");
            const KnownResource* found = draft_.resource(resource);
            const schemas::CanonicalType* type =
                found == nullptr ? nullptr : draft_.type(found->record);
            if (type == nullptr) return {};
            fields.push_back(field(id, FieldKind::group, type->fields()));
            made += " " + id + "=" + type->id();
        }
        return of_fields(std::move(fields), std::move(made));
    }

    Draft& draft_;
};

}  // namespace

void read_names(Draft& draft) {
    NameReader(draft).read();
}

std::string in_ticks(std::string_view text) {
    return "`" + std::string(text) + "`";
}

std::optional<std::size_t> index_of(const Item& item, std::string_view step) {
    for (std::size_t i = 0; i < item.steps.size(); ++i) {
        if (item.steps[i].id == step) return i;
    }
    return std::nullopt;
}

}  // namespace tongban::item
