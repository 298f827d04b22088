#include "hub/cases/calendar/internal/edition_file.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/crypto.h"
#include "base/text.h"

namespace tongban::calendar {
namespace {

constexpr int first_year = 2000;
constexpr int last_year = 2199;
constexpr int max_version = 1000;

const std::vector<std::string_view>& allowed_keys() {
    static const std::vector<std::string_view> keys{"calendar",
                                                    "base",
                                                    "zh",
                                                    "en",
                                                    "year",
                                                    "version",
                                                    "published",
                                                    "sources",
                                                    "provisional",
                                                    "note",
                                                    "off",
                                                    "work"};
    return keys;
}

bool is_id(std::string_view id) {
    const auto in_id = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    return !id.empty() && id.front() >= 'a' && id.front() <= 'z' && id.back() != '-' &&
           std::all_of(id.begin(), id.end(), in_id);
}

int bounded(const YamlMap& map, const char* key, int least, int most) {
    const std::int64_t value = map.integer(key);
    if (value >= least && value <= most) return static_cast<int>(value);
    if (map.has(key))
        map.at(key).fault("expected " + std::to_string(least) + " to " + std::to_string(most));
    return 0;
}

class DayReader {
public:
    explicit DayReader(Edition& edition) : edition_(edition) {}

    [[nodiscard]] bool sound() const { return sound_; }

    void off(const YamlValue& value) {
        const YamlMap map = value.map({"from", "to", "zh", "en"});
        const Date from = map.date("from");
        const Date to = map.date_if("to").value_or(from);
        const SpecialDay special{DayKind::off, map.text("zh"), map.text("en")};
        sound_ = sound_ && from != Date{} && to != Date{} && from <= to;
        if (from == Date{} || to == Date{}) return;  // noted already
        if (to < from) {
            map.at("to").fault(iso(to) + " is before `from` " + iso(from) + ": exchange them");
            return;
        }
        if (!in_year(map.at("from"), from) || (map.has("to") && !in_year(map.at("to"), to))) return;
        for (Date day = from; day <= to; day = plus_days(day, 1))
            add(map.at("from"), day, special);
    }

    void work(const YamlValue& value) {
        const Date day = value.date();
        if (day == Date{} || !in_year(value, day)) return;
        if (!is_weekend(day)) {
            value.fault(iso(day) +
                        " is no Saturday or Sunday, so it is worked anyway: remove it, "
                        "or correct the date");
        }
        add(value, day, {DayKind::work, "调休上班", "make-up working day"});
    }

private:
    bool in_year(const YamlValue& value, Date day) {
        if (day.year == edition_.year) return true;
        sound_ = false;
        value.fault(iso(day) + " is not in the year " + std::to_string(edition_.year) +
                    ": put it into the file of its own year");
        return false;
    }

    void add(const YamlValue& value, Date day, const SpecialDay& special) {
        const auto [found, added] = edition_.days.emplace(day, special);
        if (added) return;
        value.fault(found->second.kind == special.kind
                        ? iso(day) + " is named twice: keep one"
                        : iso(day) + " is named under `off` and under `work`: keep one");
    }

    Edition& edition_;
    bool sound_ = true;  // every range could be read
};

void read_sources(const YamlMap& map, Edition& edition) {
    for (const YamlValue& value : map.list_if("sources")) {
        const YamlMap source = value.map({"title", "number", "url"});
        edition.sources.push_back(
            {source.text("title"), source.text_or("number", ""), source.text_or("url", "")});
    }
    edition.provisional = map.boolean_or("provisional", false);
    const std::string note = map.text_or("note", "");
    if (edition.provisional && note.empty())
        map.at("provisional").fault("say in `note` what is still to be confirmed, and where");
    if (!edition.provisional && edition.sources.empty()) {
        map.self().fault(
            "names no source: add under `sources` the paper's title and address, or "
            "`provisional: true` with a `note`");
    }
}

// A file cut short, or one of another year, would lack them.
void check_fixed_days(const YamlMap& map, const Edition& edition) {
    static constexpr std::array<std::pair<int, int>, 5> fixed{
        {{1, 1}, {5, 1}, {10, 1}, {10, 2}, {10, 3}}};
    for (const auto& [month, day] : fixed) {
        const Date date{static_cast<std::int16_t>(edition.year),
                        static_cast<std::uint8_t>(month),
                        static_cast<std::uint8_t>(day)};
        const auto found = edition.days.find(date);
        if (found != edition.days.end() && found->second.kind == DayKind::off) continue;
        map.self().fault(iso(date) +
                         " is a holiday of every year (全国年节及纪念日放假办法 第二条) and not "
                         "under `off`: add it");
    }
}

}  // namespace

void EditionFile::fault(const char* key, std::string message) const {
    const YamlMap map = file.root().open_map();
    const YamlValue value = map.find(key);
    (value.exists() ? value : map.self()).fault(std::move(message));
}

EditionFile read_edition(const YamlFile& file) {
    const YamlMap map = file.root().map(allowed_keys());
    Edition edition;
    edition.calendar = map.text("calendar");
    if (map.has("calendar") && !is_id(edition.calendar))
        map.at("calendar").fault("expected small letters, digits and hyphens, as in cn-64");
    edition.base = map.text_or("base", "");
    edition.zh = map.text("zh");
    edition.en = map.text("en");
    edition.year = bounded(map, "year", first_year, last_year);
    edition.version = bounded(map, "version", 1, max_version);
    edition.published = map.date("published");
    const int ahead = edition.year - edition.published.year;
    if (edition.year != 0 && edition.published != Date{} && (ahead < 0 || ahead > 2)) {
        map.at("published")
            .fault(iso(edition.published) + " is no day on which the days of " +
                   std::to_string(edition.year) + " were published: correct it");
    }
    read_sources(map, edition);
    edition.digest = hex(sha256(file.bytes()));
    if (edition.year == 0) return {file, std::move(edition)};
    DayReader days(edition);
    for (const YamlValue& value : map.list("off"))
        days.off(value);
    for (const YamlValue& value : map.list_if("work"))
        days.work(value);
    if (edition.base.empty() && days.sound()) check_fixed_days(map, edition);
    return {file, std::move(edition)};
}

}  // namespace tongban::calendar
