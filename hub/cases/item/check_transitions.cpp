// Every outcome of a step has a way that always fits, and every way can be taken.
#include <algorithm>

#include "hub/cases/item/internal/draft.h"

namespace tongban::item {
namespace {

bool has(const std::vector<std::string>& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

std::string list_of(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : ", ") + in_ticks(word);
    return text;
}

// The outcomes that a transition fits, its condition aside.
std::vector<std::string> fits(const Step& step, const Transition& way) {
    if (way.on.empty()) return plain_outcomes(step);
    return way.on;
}

void check_targets(Draft& draft, std::size_t number) {
    const Step& step = draft.item.steps[number];
    const StepPlace& place = draft.places[number];
    const auto check = [&](const std::string& target, Place at) {
        if (target.empty() || target == join_target || index_of(draft.item, target)) return;
        draft.note("step.unknown", at, in_ticks(target) + " is no step");
    };
    for (std::size_t i = 0; i < step.next.size(); ++i)
        check(step.next[i].go, place.next[i]);
    if (step.deadline) check(step.deadline->go, place.breach);
    if (const auto* parallel = std::get_if<Parallel>(&step.what)) {
        for (std::size_t i = 0; i < parallel->branches.size(); ++i)
            check(parallel->branches[i].start, place.branches[i]);
    }
}

void check_outcomes(Draft& draft, std::size_t number) {
    const Step& step = draft.item.steps[number];
    const std::vector<std::string> possible = outcomes(step);
    std::vector<std::string> settled;  // by a transition that always fits
    for (std::size_t i = 0; i < step.next.size(); ++i) {
        const Transition& way = step.next[i];
        const Place at = draft.places[number].next[i];
        for (const std::string& on : way.on) {
            if (!has(possible, on))
                draft.note("on.unknown",
                           at,
                           in_ticks(on) + " is no outcome of " + in_ticks(step.id) +
                               ", expected one of: " + list_of(possible));
        }
        const std::vector<std::string> fit = fits(step, way);
        const bool late = !fit.empty() && std::all_of(fit.begin(), fit.end(), [&](const auto& one) {
            return has(settled, one);
        });
        if (late) draft.note("next.after", at, "a transition above always fits " + list_of(fit));
        if (!way.when) settled.insert(settled.end(), fit.begin(), fit.end());
    }
    const bool task = std::holds_alternative<Task>(step.what);
    std::vector<std::string> open;
    for (const std::string& outcome : plain_outcomes(step)) {
        if (outcome.empty() || has(settled, outcome)) continue;
        const bool met = std::any_of(step.next.begin(), step.next.end(), [&](const auto& way) {
            return has(fits(step, way), outcome);
        });
        if (task && !met) {
            draft.note("task.action.unused",
                       draft.places[number].id,
                       "no transition takes up the action " + in_ticks(outcome));
        } else {
            open.push_back(outcome);
        }
    }
    if (!open.empty() && !step.next.empty())
        draft.note("next.otherwise",
                   draft.places[number].id,
                   in_ticks(step.id) + " has no way that always fits " + list_of(open));
}

}  // namespace

void check_transitions(Draft& draft) {
    for (std::size_t i = 0; i < draft.item.steps.size(); ++i) {
        check_targets(draft, i);
        if (!std::holds_alternative<End>(draft.item.steps[i].what)) check_outcomes(draft, i);
    }
}

}  // namespace tongban::item
