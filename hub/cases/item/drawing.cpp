#include "hub/cases/item/internal/drawing.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "hub/cases/item/internal/draft.h"
#include "hub/cases/item/internal/ways.h"

namespace tongban::item {
namespace {

constexpr std::size_t label_length = 22;

std::string_view zh_of(calendar::Unit unit) {
    switch (unit) {
        case calendar::Unit::working_days:
            return "个工作日";
        case calendar::Unit::days:
            return "天";
        case calendar::Unit::hours:
            return "小时";
    }
    return "";
}

std::string zh_of_outcome(const Step& step, const std::string& outcome) {
    if (const auto* task = std::get_if<Task>(&step.what)) {
        for (std::size_t i = 0; i < task->actions.size(); ++i) {
            if (task->actions[i] == outcome) return task->action_words[i].zh;
        }
    }
    static constexpr std::pair<std::string_view, std::string_view> words[] = {
        {"answered", "已答复"},
        {"no_record", "查无记录"},
        {"refused", "对方拒绝"},
        {"returned", "退回"},
        {"unavailable", "未答复"},
        {"passed", "通过"},
        {"review", "需复核"},
        {"blocked", "不通过"},
        {"confirmed", "已确认"},
        {"cancelled", "已取消"}};
    for (const auto& [word, zh] : words) {
        if (word == outcome) return std::string(zh);
    }
    return outcome;
}

std::string label_of(const Step& step, const Transition& way) {
    std::string label;
    for (const std::string& outcome : way.on)
        label += (label.empty() ? "" : "、") + zh_of_outcome(step, outcome);
    if (way.when)
        return label + (label.empty() ? "" : "；") + shortened(way.when_text, label_length);
    if (label.empty() && step.next.size() > 1) return "其他";
    return label;
}

// Where a branch that ends goes on: what follows its parallel, or the parallel around that.
void add_after(const Item& item,
               const std::string& parallel,
               std::vector<std::size_t>& targets,
               int depth = 0) {
    const Step* around = item.step(parallel);
    if (around == nullptr || depth > 50) return;
    for (const Transition& way : around->next) {
        if (way.go == join_target) {
            add_after(item, around->parallel, targets, depth + 1);
        } else if (const auto to = index_of(item, way.go)) {
            if (std::find(targets.begin(), targets.end(), *to) == targets.end())
                targets.push_back(*to);
        }
    }
}

}  // namespace

std::string shortened(std::string_view text, std::size_t most) {
    const std::u32string points = code_points(text);
    if (points.size() <= most) return std::string(text);
    return to_utf8(points.substr(0, most - 1)) + "…";
}

std::string owes(const Item& item, const Step& step) {
    const auto words = [&](const CalendarOf& whose, const Within& within) {
        const Party* party = item.party(whose.party);
        return (party == nullptr ? "" : shortened(party->words.zh, 8) + " · ") +
               std::to_string(within.count) + " " + std::string(zh_of(within.unit));
    };
    if (step.deadline) return words(step.deadline->calendar, step.deadline->within);
    if (const auto* joint = std::get_if<Joint>(&step.what))
        return words(joint->calendar, joint->decide_within);
    const auto* timer = std::get_if<Timer>(&step.what);
    if (timer != nullptr && timer->within) return words(timer->calendar, *timer->within);
    return "";
}

std::string_view colour_of(const Step& step) {
    static constexpr std::string_view colours[] = {
        "#dbeafe", "#fef3c7", "#dcfce7", "#f3e8ff", "#fecdd3", "#e0f2fe", "#f1f5f9", "#e2e8f0"};
    return colours[step.what.index()];
}

std::vector<Arrow> arrows_of(const Item& item) {
    std::vector<Arrow> arrows;
    for (const Way& way : ways_of(item)) {
        const Step& step = item.steps[way.from];
        Arrow arrow{way.from, way.to, "", way.kind == WayKind::breach};
        if (way.kind == WayKind::branch) {
            arrows.push_back(arrow);
            continue;
        }
        if (std::holds_alternative<Parallel>(step.what) && way.kind == WayKind::transition)
            continue;  // its branches lead on
        arrow.label = arrow.breach ? "逾期" : label_of(step, step.next[way.number]);
        if (way.to != nowhere) {
            arrows.push_back(arrow);
            continue;
        }
        std::vector<std::size_t> targets;
        add_after(item, step.parallel, targets);
        for (const std::size_t target : targets) {
            arrow.to = target;
            arrows.push_back(arrow);
        }
    }
    return arrows;
}

}  // namespace tongban::item
