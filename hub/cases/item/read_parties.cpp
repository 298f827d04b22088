// Who takes part, what is needed and who brings it, and the values that name a case.
#include <algorithm>
#include <set>

#include "hub/cases/item/internal/draft.h"

namespace tongban::item {
namespace {

void check_kind(Draft& draft, const YamlMap& map, const Party& party) {
    if (!draft.known() || party.kind.empty() || draft.has_members(party.kind)) return;
    draft.note("party.kind", map.find("kind"), "no member is of kind " + in_ticks(party.kind));
}

void read_party(Draft& draft, const YamlValue& value, Party& party) {
    const YamlMap map = value.map({"zh", "en", "kind", "division", "member"});
    static_cast<void>(id_of(draft, value, party.id));
    party.words = words_of(map);
    party.kind = map.text("kind");
    check_kind(draft, map, party);
    party.member = map.text_or("member", "");
    if (map.has("member") == map.has("division")) {
        draft.note("party.who",
                   draft.key_place(party.id, value),
                   in_ticks(party.id) + (map.has("member") ? " has both division and member"
                                                           : " has neither division nor member"));
    }
    if (draft.known() && !party.member.empty() &&
        (!draft.around.known->members.contains(party.member) ||
         kind_of_member(party.member) != party.kind)) {
        draft.note("party.kind",
                   map.find("member"),
                   in_ticks(party.member) + " is no member of kind " + in_ticks(party.kind));
    }
    if (!map.has("division")) return;
    Context context;
    context.sight = Context::Sight::application;
    party.division = draft.compile(map.find("division"), cel::Kind::text, context).program;
}

std::string source_of(Draft& draft, const YamlValue& value) {
    const std::string source = value.text();
    if (source == "citizen" || index_of(draft.item, source)) return source;
    draft.note("material.source", value, in_ticks(source) + " is neither citizen nor a step");
    return "";
}

ValuePath read_path(Draft& draft, const YamlValue& value, bool results, bool identifier) {
    const std::string text = value.text();
    ValuePath path;
    const std::size_t dot = text.find('.');
    if (!value.is_text()) return path;
    path.root = text.substr(0, dot);
    path.path = dot == std::string::npos ? "" : text.substr(dot + 1);
    const auto wrong = [&](const std::string& what) { draft.note("path.unknown", value, what); };
    if (path.root == "application") {
        const schemas::CanonicalType* type = draft.type(draft.item.application);
        if (type == nullptr) return path;
        const schemas::FieldType* field = type->at_path(path.path);
        const bool scalar = field != nullptr && !path.path.empty() &&
                            field->kind != schemas::FieldKind::group &&
                            field->kind != schemas::FieldKind::list;
        if (!scalar) wrong(in_ticks(text) + " is no value of " + in_ticks(type->id()));
        if (scalar && identifier && field->kind != schemas::FieldKind::identifier)
            wrong(in_ticks(text) + " is no identifier, so nobody can be told by it");
        return path;
    }
    const auto found = std::find_if(draft.results.begin(),
                                    draft.results.end(),
                                    [&](const Named& each) { return each.name == path.root; });
    if (!results || found == draft.results.end()) {
        wrong(in_ticks(text) + (results ? " begins with neither `application` nor a result"
                                        : " does not begin with `application`"));
        return path;
    }
    if (found->type.kind != cel::Kind::group) return path;
    const std::vector<schemas::FieldType>* fields = found->type.fields;
    std::string rest = path.path;
    while (true) {
        const std::size_t next = rest.find('.');
        const std::string name = rest.substr(0, next);
        const auto field = std::find_if(
            fields->begin(), fields->end(), [&](const auto& each) { return each.name == name; });
        const bool group = field != fields->end() && field->kind == schemas::FieldKind::group;
        if (field == fields->end() || group != (next != std::string::npos)) {
            wrong(in_ticks(text) + " is no value of the result");
            return path;
        }
        if (next == std::string::npos) return path;
        fields = &field->fields;
        rest = rest.substr(next + 1);
    }
}

void read_material(Draft& draft, const YamlValue& value, std::set<std::string>& ids) {
    const YamlMap map = value.map({"id", "zh", "en", "from", "or", "when", "saves"});
    Material material;
    material.id = id_of(draft, map.at("id"), map.text("id"));
    if (!ids.insert(material.id).second && !material.id.empty())
        draft.note(
            "id.taken", map.find("id"), in_ticks(material.id) + " is another material already");
    material.words = words_of(map);
    material.from = source_of(draft, map.at("from"));
    if (map.has("or") && map.find("or").is_list()) {
        for (const YamlValue& each : map.find("or").list())
            material.alternatives.push_back(source_of(draft, each));
    } else if (map.has("or")) {
        material.alternatives.push_back(source_of(draft, map.find("or")));
    }
    if (map.has("when")) {
        Context context;
        context.sight = Context::Sight::application;
        material.when = draft.compile(map.find("when"), cel::Kind::boolean, context).program;
    }
    if (map.has("saves")) {
        const YamlMap saves = map.find("saves").map({"trips", "copies"});
        material.trips = static_cast<std::int32_t>(
            std::clamp<std::int64_t>(saves.integer_or("trips", 0), 0, 100));
        material.copies = static_cast<std::int32_t>(
            std::clamp<std::int64_t>(saves.integer_or("copies", 0), 0, 100));
    }
    draft.item.materials.push_back(std::move(material));
}

}  // namespace

void read_parties(Draft& draft, const YamlMap& map) {
    const YamlValue parties = map.at("parties");
    for (const auto& [id, value] : parties.open_map().entries()) {
        const auto party =
            std::find_if(draft.item.parties.begin(),
                         draft.item.parties.end(),
                         [&, name = id](const Party& each) { return each.id == name; });
        if (party != draft.item.parties.end()) read_party(draft, value, *party);
    }
}

std::string party_of(Draft& draft, const YamlMap& map, std::string_view key) {
    const YamlValue at = map.at(key);
    const std::string id = at.text();
    if (id.empty() || draft.item.party(id) != nullptr) return id;
    draft.note("party.unknown", at, in_ticks(id) + " is no party of this item");
    return "";
}

std::string party_or(Draft& draft,
                     const YamlMap& map,
                     std::string_view key,
                     const std::string& fallback) {
    return map.has(key) ? party_of(draft, map, key) : fallback;
}

void read_materials(Draft& draft, const YamlMap& map) {
    if (!map.has("materials")) return;
    std::set<std::string> ids;
    for (const YamlValue& value : map.find("materials").list())
        read_material(draft, value, ids);
}

void read_paths(Draft& draft, const YamlMap& map) {
    Item& item = draft.item;
    if (map.has("subject")) item.subject = read_path(draft, map.find("subject"), false, true);
    for (const YamlValue& value : map.list("key"))
        item.key.push_back(read_path(draft, value, false, false));
    if (!map.has("search")) return;
    for (const auto& [name, value] : map.find("search").open_map().entries())
        item.search.push_back({name, read_path(draft, value, true, false)});
}

}  // namespace tongban::item
