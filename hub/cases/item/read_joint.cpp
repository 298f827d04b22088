// A joint filing: its members, the four operations of each, and what they see of each other.
#include <algorithm>
#include <set>

#include "hub/cases/item/internal/draft.h"

namespace tongban::item {
namespace {

using Sight = Context::Sight;

std::string resource_of(const YamlMap& member, std::string_view op) {
    const YamlValue value = member.find(op);
    if (value.is_text()) return value.text();
    if (!value.is_map()) return "";
    const YamlValue resource = value.open_map().find("resource");
    return resource.is_text() ? resource.text() : "";
}

// `{<member>: record of its operation}`; nothing when one of them is not known.
std::optional<cel::Type> types_of(Draft& draft, const YamlValue& members, std::string_view op) {
    std::vector<schemas::FieldType> fields;
    if (!members.is_map()) return std::nullopt;
    for (const auto& [id, value] : members.open_map().entries()) {
        if (!value.is_map()) return std::nullopt;
        const KnownResource* resource = draft.resource(resource_of(value.open_map(), op));
        const schemas::CanonicalType* type =
            resource == nullptr ? nullptr : draft.type(resource->record);
        if (type == nullptr) return std::nullopt;
        schemas::FieldType field;
        field.name = id;
        field.kind = schemas::FieldKind::group;
        field.fields = type->fields();
        fields.push_back(std::move(field));
    }
    draft.made.push_back(std::move(fields));
    return cel::Type{cel::Kind::group, nullptr, &draft.made.back(), ""};
}

class MemberReader {
public:
    MemberReader(Draft& draft, const YamlMap& map, const JointMember& member, Context context)
        : draft_(draft), map_(map), member_(member), context_(context) {}

    JointCall read(std::string_view op, Sight sight) {
        JointCall call;
        const bool status = op == "status";
        if (status) call.effect = Effect::read;
        if ((status || op == "extend") && !map_.has(op)) return call;
        const YamlValue value = map_.at(op);
        if (!value.exists()) return call;
        call.resource = resource_of(map_, op);
        YamlValue own = map_.find("request");
        Sharing sharing = Sharing::shared;
        if (!value.is_text()) {
            const YamlMap full = value.map({"resource", "effect", "request"});
            call.resource = full.text("resource");
            if (full.has("effect")) call.effect = read_effect(full, call.effect);
            if (full.has("request")) {
                own = full.find("request");
                sharing = Sharing::own;
            }
        }
        const KnownResource* resource = check(value, call, status);
        Context context = context_;
        context.sight = sight;
        const std::string type = resource == nullptr ? "" : resource->request;
        if (sharing == Sharing::shared) note_shared(type);
        call.request = read_record(draft_, own, type, context, sharing);
        return call;
    }

    // Fields of the member's own request that no operation takes.
    void check_shared() {
        const YamlValue request = map_.find("request");
        if (!request.is_map() || open_types_) return;
        for (const auto& [path, value] : request.open_map().entries()) {
            const bool taken =
                std::any_of(types_.begin(), types_.end(), [&, name = path](const auto& id) {
                    const schemas::CanonicalType* type = draft_.type(id);
                    return type != nullptr && type->at_path(name) != nullptr;
                });
            if (taken) continue;
            draft_.note("field.unknown",
                        draft_.key_place(path, value),
                        in_ticks(path) + " is no field of any request of this member");
        }
    }

private:
    Effect read_effect(const YamlMap& full, Effect fallback) {
        const std::optional<Effect> effect = effect_named(full.text("effect"));
        if (effect) return *effect;
        draft_.note("value.wrong",
                    full.find("effect"),
                    "expected read, idempotent, queryable or at_most_once");
        return fallback;
    }

    const KnownResource* check(const YamlValue& at, const JointCall& call, bool status) {
        if (!draft_.known() || call.resource.empty()) return nullptr;
        const KnownResource* resource = draft_.resource(call.resource);
        const std::string kind = status ? "fetch" : "submit";
        if (resource == nullptr) {
            draft_.note("resource.unknown",
                        at,
                        in_ticks(call.resource) + " is no resource of the catalogue");
        } else if (!resource->kinds.contains(kind)) {
            draft_.note("resource.kind", at, in_ticks(call.resource) + " does not offer " + kind);
        } else if (!status && name_of(call.effect) != resource->effect) {
            draft_.note("effect.differs", at, "the resource file says effect " + resource->effect);
        }
        const Party* party = draft_.item.party(member_.to);
        if (resource != nullptr && party != nullptr &&
            draft_.answers_otherwise(*resource, *party)) {
            draft_.note("resource.office",
                        at,
                        "no office of kind " + in_ticks(party->kind) + " provides " +
                            in_ticks(call.resource));
        }
        return resource;
    }

    void note_shared(const std::string& type) {
        if (type.empty()) open_types_ = true;
        types_.insert(type);
    }

    Draft& draft_;
    const YamlMap& map_;
    const JointMember& member_;
    Context context_;
    std::set<std::string> types_;
    bool open_types_ = false;
};

JointMember read_member(Draft& draft,
                        const std::string& id,
                        const YamlValue& value,
                        const Context& context) {
    const YamlMap map = value.map({"to",
                                   "by",
                                   "purpose",
                                   "request",
                                   "reserve",
                                   "confirm",
                                   "cancel",
                                   "status",
                                   "extend",
                                   "irrevocable",
                                   "hold"});
    JointMember member;
    member.id = id_of(draft, value, id);
    member.to = party_of(draft, map, "to");
    member.by = party_or(draft, map, "by", draft.item.owner);
    member.purpose = map.text_or("purpose", draft.item.purpose);
    member.irrevocable = map.boolean_or("irrevocable", false);
    if (map.has("hold")) member.hold = read_within(draft, map.find("hold").map({"within", "unit"}));
    MemberReader reader(draft, map, member, context);
    member.reserve = reader.read("reserve", Sight::step);
    member.confirm = reader.read("confirm", Sight::confirm);
    member.cancel = reader.read("cancel", Sight::settle);
    member.status = reader.read("status", Sight::settle);
    member.extend = reader.read("extend", Sight::settle);
    reader.check_shared();
    return member;
}

void check_members(Draft& draft, const YamlValue& members, const Joint& joint) {
    if (joint.members.size() < 2)
        draft.note("joint.members", members, "a joint filing has at least two members");
    const auto entries = members.open_map().entries();
    for (std::size_t i = 0; i + 1 < joint.members.size(); ++i) {
        if (!joint.members[i].irrevocable) continue;
        draft.note("joint.irrevocable",
                   draft.key_place(entries[i].first, entries[i].second),
                   in_ticks(joint.members[i].id) + " is irrevocable and not the last member");
    }
}

}  // namespace

Joint read_joint(Draft& draft, const YamlValue& value, std::size_t step) {
    const YamlMap map = value.map({"members", "decide_within", "margin", "as", "of"});
    Joint joint;
    joint.as = map.text_or("as", "");
    joint.calendar = read_calendar(draft, map, "of", draft.item.calendar);
    joint.decide_within = read_within(draft, map.at("decide_within").map({"within", "unit"}));
    joint.margin = read_within(draft, map.at("margin").map({"within", "unit"}));
    const YamlValue members = map.at("members");
    draft.reserved = types_of(draft, members, "reserve");
    draft.confirmed = types_of(draft, members, "confirm");
    Context context;
    context.step = step;
    for (const auto& [id, member] : members.open_map().entries())
        joint.members.push_back(read_member(draft, id, member, context));
    draft.reserved.reset();
    draft.confirmed.reset();
    if (members.is_map()) check_members(draft, members, joint);
    return joint;
}

}  // namespace tongban::item
