// Periods, deadlines and pauses between attempts.
#include <algorithm>
#include <array>
#include <charconv>

#include "hub/cases/item/internal/draft.h"

namespace tongban::item {
namespace {

constexpr std::int64_t most_units = 100'000;

// "1s", "10m": milliseconds.
std::optional<std::int64_t> parse_span(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> units{
        {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}}};
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || count < 1 || count > 1'000'000) return std::nullopt;
    const std::string_view word = text.substr(static_cast<std::size_t>(end - text.data()));
    for (const auto& [name, ms] : units) {
        if (name == word) return count * ms;
    }
    return std::nullopt;
}

std::int64_t read_span(Draft& draft,
                       const YamlMap& map,
                       std::string_view key,
                       std::int64_t fallback) {
    if (!map.has(key)) return fallback;
    const std::optional<std::int64_t> ms = parse_span(map.text(key));
    if (ms) return *ms;
    draft.note("value.wrong", map.find(key), "expected a span such as 500ms, 1s, 10m or 2h");
    return fallback;
}

// `on_breach: escalate`, or `{go: <step>}`.
std::string read_breach(Draft& draft, const YamlMap& map, Place& place) {
    const YamlValue breach = map.find("on_breach");
    if (!breach.exists()) return "";
    if (breach.is_text()) {
        if (breach.text() != "escalate")
            draft.note("value.wrong", breach, "expected escalate or {go: <step>}");
        return "";
    }
    const YamlMap go = breach.map({"go"});
    place = place_of(go.find("go"));
    return go.text("go");
}

bool read_none(Draft& draft, const YamlMap& map, std::string& because) {
    if (!map.has("none")) return false;
    if (!map.boolean_or("none", true))
        draft.note("value.wrong", map.find("none"), "expected none: true, with because");
    because = map.text("because");
    return true;
}

}  // namespace

Within read_within(Draft& draft, const YamlMap& map) {
    Within within;
    const std::int64_t count = map.integer("within");
    if (map.find("within").is_text() && (count < 1 || count > most_units))
        draft.note("value.wrong", map.find("within"), "expected a number from 1 on");
    within.count = static_cast<std::int32_t>(std::clamp<std::int64_t>(count, 1, most_units));
    const YamlValue at = map.at("unit");
    if (!at.exists()) return within;
    const std::optional<calendar::Unit> unit = calendar::unit_named(at.text());
    if (unit) within.unit = *unit;
    if (!unit && at.is_text()) draft.note("unit.unknown", at, in_ticks(at.text()) + " is no unit");
    return within;
}

CalendarOf read_calendar(Draft& draft,
                         const YamlMap& map,
                         std::string_view key,
                         const CalendarOf& fallback) {
    const YamlValue at = map.find(key);
    if (!at.exists()) return fallback;
    const std::string name = at.text();
    if (name == "$owner") return {draft.item.owner, ""};
    if (draft.item.party(name) != nullptr) return {name, ""};
    const calendar::CalendarBook* calendars = draft.around.calendars;
    if (at.is_text() && calendars != nullptr && calendars->find(name) == nullptr) {
        draft.note("calendar.unknown", at, in_ticks(name) + " is neither a party nor a calendar");
        return fallback;
    }
    return {"", name};
}

Retry read_retry(Draft& draft, const YamlValue& value) {
    const YamlMap map = value.map({"attempts", "first", "ceiling"});
    Retry retry;
    const std::int64_t attempts = map.integer_or("attempts", retry.attempts);
    if (attempts < 1 || attempts > 1'000)
        draft.note("value.wrong", map.at("attempts"), "expected a number from 1 to 1000");
    retry.attempts = static_cast<std::int32_t>(std::clamp<std::int64_t>(attempts, 1, 1'000));
    retry.first_ms = read_span(draft, map, "first", retry.first_ms);
    retry.ceiling_ms = read_span(draft, map, "ceiling", std::max(retry.ceiling_ms, retry.first_ms));
    if (retry.ceiling_ms < retry.first_ms)
        draft.note("value.wrong", map.at("ceiling"), "the ceiling is below the first pause");
    return retry;
}

void read_deadline(Draft& draft, const YamlMap& map, std::size_t step, const CalendarOf& owing) {
    const YamlValue value = map.find("deadline");
    if (!value.exists()) return;
    Step& target = draft.item.steps[step];
    const YamlMap deadline = value.map({"within", "unit", "of", "on_breach", "none", "because"});
    if (read_none(draft, deadline, target.no_deadline)) return;
    Deadline read;
    draft.places[step].deadline = place_of(value);
    read.within = read_within(draft, deadline);
    read.calendar = read_calendar(draft, deadline, "of", owing);
    read.go = read_breach(draft, deadline, draft.places[step].breach);
    target.deadline = std::move(read);
}

void read_case_deadline(Draft& draft, const YamlMap& map) {
    const YamlMap deadline =
        map.at("deadline").map({"within", "unit", "of", "until", "none", "because"});
    std::string because;
    if (!map.has("deadline") || read_none(draft, deadline, because)) return;
    Deadline read;
    read.within = read_within(draft, deadline);
    read.calendar = read_calendar(draft, deadline, "of", draft.item.calendar);
    read.until = deadline.text_or("until", "");
    if (!read.until.empty() && !index_of(draft.item, read.until))
        draft.note("step.unknown", deadline.find("until"), in_ticks(read.until) + " is no step");
    draft.item.deadline = std::move(read);
}

}  // namespace tongban::item
