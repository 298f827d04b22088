// The item itself: what it is called, when it is valid, who answers for it, and the words of its
// states.
#include <algorithm>
#include <array>

#include "hub/cases/item/internal/draft.h"

namespace tongban::item {
namespace {

constexpr std::array<Priority, 4> priorities{
    Priority::urgent, Priority::high, Priority::normal, Priority::low};
constexpr std::array<calendar::StopReason, 6> stop_reasons{calendar::StopReason::awaiting_citizen,
                                                           calendar::StopReason::awaiting_province,
                                                           calendar::StopReason::judicial,
                                                           calendar::StopReason::hearing,
                                                           calendar::StopReason::inspection,
                                                           calendar::StopReason::expert_review};

bool is_item_id(std::string_view id) {
    const std::size_t slash = id.find('/');
    if (slash == 0 || slash == std::string_view::npos || slash + 1 == id.size()) return false;
    return std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '/';
    });
}

std::int32_t count_of(Draft& draft,
                      const YamlMap& map,
                      std::string_view key,
                      std::int32_t fallback) {
    constexpr std::int64_t most = 10'000;
    if (!map.has(key)) return fallback;
    const std::int64_t value = map.integer(key);
    if (value >= 0 && value <= most) return static_cast<std::int32_t>(value);
    draft.note("value.wrong", map.find(key), "expected a number from 0 to 10000");
    return fallback;
}

void read_states(Draft& draft, const YamlMap& map) {
    if (!map.has("states")) return;
    for (const auto& [state, value] : map.find("states").open_map().entries()) {
        const YamlMap words = value.map({"zh", "en"});
        draft.item.states.push_back({state, words_of(words)});
    }
}

void read_suspend(Draft& draft, const YamlMap& map) {
    if (!map.has("suspend")) return;
    for (const YamlValue& value : map.find("suspend").list()) {
        const std::string reason = value.text();
        if (calendar::stop_reason_named(reason)) {
            draft.item.suspend.push_back(reason);
            continue;
        }
        std::string expected;
        for (const calendar::StopReason each : stop_reasons)
            expected += (expected.empty() ? "" : ", ") + std::string(name_of(each));
        draft.note(
            "suspend.unknown",
            value,
            in_ticks(reason) + " is no reason that stops the clock, expected one of: " + expected);
    }
}

void read_priority(Draft& draft, const YamlMap& map) {
    if (!map.has("priority")) return;
    const std::string word = map.text("priority");
    const auto* const found = std::find_if(
        priorities.begin(), priorities.end(), [&](Priority each) { return name_of(each) == word; });
    if (found != priorities.end()) {
        draft.item.priority = *found;
    } else {
        draft.note("value.wrong", map.find("priority"), "expected urgent, high, normal or low");
    }
}

void read_master(Draft& draft, const YamlMap& map) {
    Item& item = draft.item;
    item.code = map.text_or("code", "");
    const std::string master = map.text_or("master", "hub");
    if (master == "external") item.master = Master::external;
    if (master != "external" && master != "hub")
        draft.note("value.wrong", map.find("master"), "expected hub or external");
    if (item.master == Master::external && item.code.empty())
        draft.note("code.missing", map.find("master"), "an item mastered elsewhere has no code");
}

void check_application(Draft& draft, const YamlMap& map) {
    const Item& item = draft.item;
    const YamlValue at = map.at("application");
    if (!at.is_text()) return static_cast<void>(at.text());
    if (draft.type(item.application) == nullptr) {
        draft.note("type.unknown", at, in_ticks(item.application) + " is no canonical type");
        return;
    }
    if (!draft.known()) return;
    const auto found = draft.around.known->openings.find(item.id);
    if (found == draft.around.known->openings.end() || found->second == item.application) return;
    draft.note("application.differs",
               at,
               "the resource that opens this item takes in " + in_ticks(found->second));
}

}  // namespace

Words words_of(const YamlMap& map) {
    return {map.text("zh"), map.text("en")};
}

std::string id_of(Draft& draft, const YamlValue& at, const std::string& id) {
    const bool first = !id.empty() && id[0] >= 'a' && id[0] <= 'z';
    const bool rest = std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
    if (first && rest && id.size() <= 60) return id;
    draft.note("id.shape", at, in_ticks(id) + " cannot be a name");
    return "";
}

void read_head(Draft& draft, const YamlMap& map) {
    Item& item = draft.item;
    item.id = map.text("item");
    if (!item.id.empty() && !is_item_id(item.id))
        draft.note("id.shape", map.find("item"), "expected <area>/<name>, in lower-case letters");
    const std::int64_t version = map.integer("version");
    if (map.find("version").is_text() && (version < 1 || version > 1'000'000))
        draft.note("value.wrong", map.find("version"), "expected a version from 1 on");
    item.version = static_cast<std::int32_t>(std::clamp<std::int64_t>(version, 0, 1'000'000));
    item.words = words_of(map);
    item.ground = map.text("ground");
    item.valid_from = map.date("valid_from");
    item.valid_to = map.date_if("valid_to");
    if (item.valid_to && *item.valid_to < item.valid_from)
        draft.note("value.wrong", map.find("valid_to"), "the last day comes before the first");
    read_master(draft, map);
    check_application(draft, map);
    item.purpose = map.text("purpose");
    item.owner = party_of(draft, map, "owner");
    item.calendar = read_calendar(draft, map, "calendar", {item.owner, ""});
    read_priority(draft, map);
    if (map.has("limits")) {
        const YamlMap limits = map.find("limits").map({"transfers", "steps"});
        item.limits.transfers = count_of(draft, limits, "transfers", item.limits.transfers);
        item.limits.steps = count_of(draft, limits, "steps", item.limits.steps);
    }
    read_states(draft, map);
    read_suspend(draft, map);
    item.start = map.text("start");
}

}  // namespace tongban::item
