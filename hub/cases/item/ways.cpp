#include "hub/cases/item/internal/ways.h"

#include <algorithm>

#include "hub/cases/item/internal/draft.h"

namespace tongban::item {

std::vector<Way> ways_of(const Item& item) {
    std::vector<Way> ways;
    for (std::size_t from = 0; from < item.steps.size(); ++from) {
        const Step& step = item.steps[from];
        if (const auto* parallel = std::get_if<Parallel>(&step.what)) {
            for (std::size_t i = 0; i < parallel->branches.size(); ++i) {
                if (const auto to = index_of(item, parallel->branches[i].start))
                    ways.push_back({from, *to, WayKind::branch, i});
            }
        }
        for (std::size_t i = 0; i < step.next.size(); ++i) {
            if (step.next[i].go == join_target) {
                ways.push_back({from, nowhere, WayKind::transition, i});
            } else if (const auto to = index_of(item, step.next[i].go)) {
                ways.push_back({from, *to, WayKind::transition, i});
            }
        }
        if (!step.deadline || step.deadline->go.empty()) continue;
        if (step.deadline->go == join_target) {
            ways.push_back({from, nowhere, WayKind::breach, 0});
        } else if (const auto to = index_of(item, step.deadline->go)) {
            ways.push_back({from, *to, WayKind::breach, 0});
        }
    }
    return ways;
}

std::vector<std::vector<Way>> ways_from(const Item& item) {
    std::vector<std::vector<Way>> by_step(item.steps.size());
    for (const Way& way : ways_of(item))
        by_step[way.from].push_back(way);
    return by_step;
}

std::vector<bool> reached_from(const std::vector<std::vector<Way>>& ways, std::size_t from) {
    std::vector<bool> reached(ways.size(), false);
    std::vector<std::size_t> open{from};
    while (!open.empty()) {
        const std::size_t at = open.back();
        open.pop_back();
        for (const Way& way : ways[at]) {
            if (way.to == nowhere || reached[way.to]) continue;
            reached[way.to] = true;
            open.push_back(way.to);
        }
    }
    return reached;
}

bool pauses(const Step& step) {
    return std::holds_alternative<Wait>(step.what) || std::holds_alternative<Task>(step.what) ||
           std::holds_alternative<Timer>(step.what);
}

bool irrevocable(const Step& step) {
    const auto* call = std::get_if<Call>(&step.what);
    if (call == nullptr || call->kind != CallKind::submit) return false;
    return call->irrevocable || (call->effect == Effect::at_most_once && !step.undo);
}

bool effect_stays(const Step& step) {
    const auto* call = std::get_if<Call>(&step.what);
    if (call == nullptr) return std::holds_alternative<Joint>(step.what);
    return call->kind == CallKind::submit && call->effect != Effect::read && !step.undo;
}

}  // namespace tongban::item
