// Whether steps that all keep their deadlines can still break the case's.
#include <algorithm>

#include "hub/cases/item/internal/draft.h"
#include "hub/cases/item/internal/ways.h"

namespace tongban::item {
namespace {

constexpr std::int64_t hour = 60;
constexpr std::int64_t day = 24 * hour;
constexpr std::int64_t working_day = day * 7 / 5;  // five of seven days; holidays aside

std::int64_t minutes(const Within& within) {
    switch (within.unit) {
        case calendar::Unit::working_days:
            return within.count * working_day;
        case calendar::Unit::days:
            return within.count * day;
        case calendar::Unit::hours:
            return within.count * hour;
    }
    return 0;
}

std::int64_t own_time(const Step& step) {
    if (step.deadline) return minutes(step.deadline->within);
    if (const auto* joint = std::get_if<Joint>(&step.what)) return minutes(joint->decide_within);
    if (const auto* timer = std::get_if<Timer>(&step.what))
        return timer->within ? minutes(*timer->within) : 0;
    return 0;
}

std::string text_of(std::int64_t span) {
    const std::int64_t tenths = span * 10 / working_day;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " working days";
}

class Longest {
public:
    explicit Longest(const Item& item)
        : item_(item),
          ways_(ways_from(item)),
          open_(ways_.size(), false),
          known_(ways_.size(), -1) {
        if (item.deadline && !item.deadline->until.empty())
            until_ = index_of(item, item.deadline->until);
    }

    // The longest time from this step's beginning to the end of the case's clock; a circle is
    // walked once.
    std::int64_t from(std::size_t step) {
        if (known_[step] >= 0) return known_[step];
        if (open_[step]) return 0;
        open_[step] = true;
        std::int64_t inside = 0;
        std::int64_t after = 0;
        for (const Way& way : ways_[step]) {
            if (way.to == nowhere) continue;
            std::int64_t& most = way.kind == WayKind::branch ? inside : after;
            if (way.kind == WayKind::branch || until_ != step) most = std::max(most, from(way.to));
        }
        open_[step] = false;
        known_[step] = std::max(own_time(item_.steps[step]), inside) + after;
        return known_[step];
    }

private:
    const Item& item_;
    std::vector<std::vector<Way>> ways_;
    std::vector<bool> open_;
    std::vector<std::int64_t> known_;
    std::optional<std::size_t> until_;
};

}  // namespace

void check_times(Draft& draft) {
    const Item& item = draft.item;
    const std::optional<std::size_t> start = index_of(item, item.start);
    if (!item.deadline || !start) return;
    const std::int64_t whole = minutes(item.deadline->within);
    const std::int64_t sum = Longest(item).from(*start);
    if (sum <= whole) return;
    const YamlValue at = draft.file.root().open_map().find("deadline");
    draft.note(
        "deadline.sum",
        draft.key_place("deadline", at),
        "the steps' deadlines add up to " + text_of(sum) + ", the case has " + text_of(whole));
}

}  // namespace tongban::item
