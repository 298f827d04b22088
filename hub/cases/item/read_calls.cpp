// Questions to offices, held against the resource that answers them.
#include <algorithm>
#include <array>

#include "hub/cases/item/internal/draft.h"

namespace tongban::item {
namespace {

constexpr std::array<CallKind, 3> kinds{CallKind::fetch, CallKind::verify, CallKind::submit};
constexpr std::array<Effect, 4> effects{
    Effect::read, Effect::idempotent, Effect::queryable, Effect::at_most_once};

void read_kind(Draft& draft, const YamlMap& map, Call& call) {
    const std::string word = map.text("kind");
    const auto* const found = std::find_if(
        kinds.begin(), kinds.end(), [&](CallKind each) { return name_of(each) == word; });
    if (found != kinds.end()) call.kind = *found;
    if (found == kinds.end() && map.find("kind").is_text())
        draft.note("value.wrong", map.find("kind"), "expected fetch, verify or submit");
}

void read_effect(Draft& draft, const YamlValue& place, const YamlMap& map, Call& call) {
    if (!map.has("effect")) {
        draft.note("effect.missing", place, "the call has no effect class");
        return;
    }
    const YamlValue at = map.find("effect");
    const std::optional<Effect> effect = effect_named(at.text());
    if (!effect) {
        draft.note("value.wrong", at, "expected read, idempotent, queryable or at_most_once");
        return;
    }
    call.effect = *effect;
    if (call.kind != CallKind::submit && call.effect != Effect::read)
        draft.note("effect.differs", at, "fetch and verify have effect read");
}

void check_resource(Draft& draft, const YamlMap& map, const Call& call) {
    if (!draft.known() || call.resource.empty()) return;
    const KnownResource* resource = draft.resource(call.resource);
    if (resource == nullptr) {
        draft.note("resource.unknown",
                   map.find("resource"),
                   in_ticks(call.resource) + " is no resource of the catalogue");
        return;
    }
    const std::string kind(name_of(call.kind));
    if (!resource->kinds.contains(kind)) {
        draft.note(
            "resource.kind", map.find("kind"), in_ticks(call.resource) + " does not offer " + kind);
    } else if (call.kind == CallKind::submit && map.has("effect") &&
               name_of(call.effect) != resource->effect) {
        draft.note("effect.differs",
                   map.find("effect"),
                   "the resource file says effect " + resource->effect);
    }
    const Party* party = draft.item.party(call.to);
    if (party != nullptr && draft.answers_otherwise(*resource, *party)) {
        draft.note(
            "resource.office",
            map.find("to"),
            "no office of kind " + in_ticks(party->kind) + " provides " + in_ticks(call.resource));
    }
}

}  // namespace

std::optional<Effect> effect_named(std::string_view name) {
    for (const Effect effect : effects) {
        if (name_of(effect) == name) return effect;
    }
    return std::nullopt;
}

Call read_call(Draft& draft, const YamlValue& value, const Context& context) {
    const YamlMap map = value.map(
        {"to", "by", "resource", "kind", "effect", "purpose", "as", "irrevocable", "request"});
    Call call;
    call.to = party_of(draft, map, "to");
    call.by = party_or(draft, map, "by", draft.item.owner);
    call.resource = map.text("resource");
    read_kind(draft, map, call);
    read_effect(draft, value, map, call);
    call.purpose = map.text_or("purpose", draft.item.purpose);
    call.as = map.text_or("as", "");
    call.irrevocable = map.boolean_or("irrevocable", false);
    if (call.irrevocable && call.effect == Effect::read)
        draft.note(
            "undo.needless", map.find("irrevocable"), "a call that reads does nothing that stays");
    check_resource(draft, map, call);
    const KnownResource* resource = draft.resource(call.resource);
    const std::string type = resource == nullptr ? "" : resource->request;
    if (resource != nullptr && call.kind != CallKind::verify) call.record = resource->record;
    call.request = read_record(draft, map.at("request"), type, context);
    return call;
}

}  // namespace tongban::item
