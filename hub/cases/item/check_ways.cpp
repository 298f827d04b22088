// The graph: every step is reached, every step leads to an end, no circle without a pause, and the
// branches of a parallel stay among themselves.
#include <algorithm>
#include <map>
#include <set>

#include "hub/cases/item/internal/draft.h"
#include "hub/cases/item/internal/ways.h"

namespace tongban::item {
namespace {

struct Region {  // where a step stands: nowhere = outside of every parallel
    std::size_t parallel = nowhere;
    std::size_t branch = 0;
    auto operator<=>(const Region&) const = default;
};

class Walk {
public:
    explicit Walk(Draft& draft)
        : draft_(draft),
          item_(draft.item),
          ways_(ways_from(draft.item)),
          regions_(draft.item.steps.size()) {}

    void run() {
        const std::optional<std::size_t> start = index_of(item_, item_.start);
        if (!start) return;
        visit(*start, Region{});
        check_reached();
        check_branches();
        check_ends();
        check_circles();
    }

private:
    [[nodiscard]] bool is_end(std::size_t step) const {
        return std::holds_alternative<End>(item_.steps[step].what);
    }
    [[nodiscard]] Place place_of_way(const Way& way) const {
        const StepPlace& place = draft_.places[way.from];
        if (way.kind == WayKind::breach) return place.breach;
        return way.kind == WayKind::branch ? place.branches[way.number] : place.next[way.number];
    }

    // Every step that a region's first step leads to, without leaving the region by $join.
    void visit(std::size_t first, const Region& region) {
        std::vector<std::size_t> open{first};
        if (!regions_[first].insert(region).second) return;
        while (!open.empty()) {
            const std::size_t at = open.back();
            open.pop_back();
            for (const Way& way : ways_[at]) {
                const bool inside = way.kind == WayKind::branch || region.parallel != nowhere;
                if (inside && way.to != nowhere && is_end(way.to)) {
                    early_ends_.push_back(way);
                    seen_ends_.insert(way.to);
                    continue;
                }
                if (way.kind == WayKind::branch) {
                    visit(way.to, Region{at, way.number});
                    continue;
                }
                if (way.to == nowhere) {
                    if (region.parallel == nowhere) joins_outside_.insert({at, way.number});
                    continue;
                }
                if (regions_[way.to].insert(region).second) open.push_back(way.to);
            }
        }
    }

    void check_reached() {
        for (std::size_t i = 0; i < item_.steps.size(); ++i) {
            if (!regions_[i].empty() || seen_ends_.contains(i)) continue;
            draft_.note("step.unreachable",
                        draft_.places[i].id,
                        "nothing leads to " + in_ticks(item_.steps[i].id));
        }
    }

    void check_branches() {
        for (const auto& [step, number] : joins_outside_) {
            if (regions_[step].begin()->parallel != nowhere) continue;  // told as entered
            const Place at = number < draft_.places[step].next.size()
                                 ? draft_.places[step].next[number]
                                 : draft_.places[step].breach;
            draft_.note(
                "parallel.join", at, in_ticks(item_.steps[step].id) + " stands in no branch");
        }
        for (const Way& way : early_ends_)
            draft_.note("parallel.left",
                        place_of_way(way),
                        in_ticks(item_.steps[way.from].id) + " ends the case inside a branch");
        for (std::size_t i = 0; i < item_.steps.size(); ++i) {
            if (regions_[i].empty()) continue;
            const Region& home = *regions_[i].begin();  // a branch comes before `nowhere`
            if (home.parallel == nowhere) continue;
            draft_.item.steps[i].parallel = item_.steps[home.parallel].id;
            draft_.item.steps[i].branch =
                std::get<Parallel>(item_.steps[home.parallel].what).branches[home.branch].id;
        }
        for (const std::vector<Way>& ways : ways_) {
            for (const Way& way : ways)
                check_entered(way);
        }
        check_any();
    }

    void check_entered(const Way& way) {
        if (way.to == nowhere || regions_[way.to].size() < 2) return;
        const Region home = *regions_[way.to].begin();
        Region from{};
        if (way.kind == WayKind::branch) {
            from = Region{way.from, way.number};
        } else {
            if (regions_[way.from].size() != 1) return;  // told at the way that led there
            from = *regions_[way.from].begin();
        }
        if (from == home) return;
        draft_.note("parallel.entered",
                    place_of_way(way),
                    in_ticks(item_.steps[way.to].id) + " stands in a branch of " +
                        in_ticks(item_.steps[home.parallel].id));
    }

    void check_any() {
        for (std::size_t i = 0; i < item_.steps.size(); ++i) {
            const Step& step = item_.steps[i];
            if (step.parallel.empty() || !effect_stays(step)) continue;
            const Step* parallel = item_.step(step.parallel);
            if (std::get<Parallel>(parallel->what).join != Join::any) continue;
            draft_.note(
                "parallel.any",
                draft_.places[i].id,
                in_ticks(step.id) + " has an effect that stays, in a parallel joined by any");
        }
    }

    // Outside, a step leads to an end; in a branch, to $join.
    void check_ends() {
        std::vector<bool> good(item_.steps.size(), false);
        bool more = true;
        while (more) {
            more = false;
            for (std::size_t i = 0; i < item_.steps.size(); ++i) {
                if (good[i]) continue;
                good[i] =
                    is_end(i) || item_.steps[i].next.empty() ||
                    std::any_of(ways_[i].begin(), ways_[i].end(), [&](const Way& way) {
                        return way.kind != WayKind::branch && (way.to == nowhere || good[way.to]);
                    });
                more = more || good[i];
            }
        }
        std::vector<bool> told(item_.steps.size(), false);  // what a step told of leads to
        for (std::size_t i = 0; i < item_.steps.size(); ++i) {
            if (good[i] || told[i] || regions_[i].empty() || unknown_target(i)) continue;
            const std::vector<bool> below = reached_from(ways_, i);
            for (std::size_t other = 0; other < below.size(); ++other)
                told[other] = told[other] || below[other];
            const bool branch = !item_.steps[i].parallel.empty();
            draft_.note(branch ? "parallel.left" : "step.no_end",
                        draft_.places[i].id,
                        "no way leads from " + in_ticks(item_.steps[i].id) +
                            (branch ? " to $join" : " to an end"));
        }
    }

    // A way to a step that is not there was told; what it would have led to is not known.
    [[nodiscard]] bool unknown_target(std::size_t from) const {
        const std::vector<bool> reached = reached_from(ways_, from);
        for (std::size_t i = 0; i < item_.steps.size(); ++i) {
            if (i != from && !reached[i]) continue;
            for (const Transition& way : item_.steps[i].next) {
                if (way.go != join_target && !index_of(item_, way.go)) return true;
            }
        }
        return false;
    }

    void check_circles() {
        enum class Mark { fresh, open, done };
        std::vector<Mark> marks(item_.steps.size(), Mark::fresh);
        struct Frame {
            std::size_t step;
            std::size_t next = 0;
        };
        for (std::size_t first = 0; first < item_.steps.size(); ++first) {
            if (marks[first] != Mark::fresh || pauses(item_.steps[first])) continue;
            std::vector<Frame> stack{{first, 0}};
            marks[first] = Mark::open;
            while (!stack.empty()) {
                Frame& top = stack.back();
                if (top.next == ways_[top.step].size()) {
                    marks[top.step] = Mark::done;
                    stack.pop_back();
                    continue;
                }
                const Way& way = ways_[top.step][top.next++];
                if (way.to == nowhere || way.kind == WayKind::breach || pauses(item_.steps[way.to]))
                    continue;
                if (marks[way.to] == Mark::open)
                    draft_.note("cycle.busy",
                                place_of_way(way),
                                in_ticks(item_.steps[way.from].id) + " leads back to " +
                                    in_ticks(item_.steps[way.to].id) +
                                    " and nothing waits between");
                if (marks[way.to] != Mark::fresh) continue;
                marks[way.to] = Mark::open;
                stack.push_back({way.to, 0});
            }
        }
    }

    Draft& draft_;
    const Item& item_;
    std::vector<std::vector<Way>> ways_;
    std::vector<std::set<Region>> regions_;
    std::set<std::pair<std::size_t, std::size_t>> joins_outside_;
    std::vector<Way> early_ends_;
    std::set<std::size_t> seen_ends_;
};

}  // namespace

void check_ways(Draft& draft) {
    Walk(draft).run();
    check_irrevocable(draft);
}

}  // namespace tongban::item
