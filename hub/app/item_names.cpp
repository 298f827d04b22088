#include "hub/app/item_names.h"

#include "base/files.h"
#include "base/yaml.h"
#include "mapping/rule.h"

namespace tongban::app {
namespace {

std::string text_at(const YamlMap& map, std::string_view key) {
    const YamlValue value = map.find(key);
    return value.is_text() ? value.text() : "";
}

std::vector<YamlValue> list_at(const YamlMap& map, std::string_view key) {
    const YamlValue value = map.find(key);
    return value.is_list() ? value.list() : std::vector<YamlValue>();
}

void add_offices(const YamlMap& resource, item::KnownResource& known) {
    if (!resource.find("parts").is_map()) return;
    for (const auto& [name, part] : resource.find("parts").open_map().entries()) {
        if (!part.is_map()) continue;
        for (const YamlValue& provider : list_at(part.open_map(), "providers")) {
            if (!provider.is_map()) continue;
            const std::string kind = item::kind_of_member(text_at(provider.open_map(), "member"));
            if (!kind.empty()) known.offices.insert(kind);
        }
    }
}

void add_resource(const YamlMap& map, item::KnownNames& names) {
    item::KnownResource known;
    for (const YamlValue& kind : list_at(map, "kinds")) {
        if (kind.is_text()) known.kinds.insert(kind.text());
    }
    known.request = text_at(map, "request");
    known.record = text_at(map, "record");
    known.effect = text_at(map, "effect");
    add_offices(map, known);
    const YamlValue intake = map.find("intake");
    if (intake.is_map()) {
        const std::string open = text_at(intake.open_map(), "open");
        const std::string event = text_at(intake.open_map(), "event");
        if (!open.empty()) names.openings[open] = known.request;
        if (!event.empty()) names.events[event] = known.request;
        return;  // a case does not ask it
    }
    names.resources[text_at(map, "resource")] = std::move(known);
}

template <typename Take>
void each_file(const std::string& folder, const Take& take) {
    for (const std::string& path : files_below(folder, ".yaml")) {
        const YamlFile file(path);
        if (file.root().is_map()) take(file.root().open_map());
    }
}

}  // namespace

item::KnownNames read_item_names(const std::string& configs, const mapping::RuleLibrary& rules) {
    item::KnownNames names;
    each_file(configs + "/members",
              [&](const YamlMap& map) { names.members.insert(text_at(map, "member")); });
    each_file(configs + "/resources", [&](const YamlMap& map) { add_resource(map, names); });
    for (const auto& rule : rules.rules())
        names.checked.insert(rule->applies_to.begin(), rule->applies_to.end());
    return names;
}

ItemWorld ItemWorld::load(const std::string& root, const std::string& configs) {
    ItemWorld world;
    world.catalogue = schemas::Catalogue::load(root + "/schemas");
    world.calendars = calendar::CalendarBook::load(configs + "/calendars");
    const auto rules = mapping::RuleLibrary::load(root + "/mapping", *world.catalogue);
    world.known = read_item_names(configs, *rules);
    return world;
}

}  // namespace tongban::app
