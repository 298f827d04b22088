#include "hub/cases/item/item.h"

#include <algorithm>
#include <array>

namespace tongban::item {
namespace {

constexpr std::array<std::string_view, 8> kinds = {
    "call", "gate", "task", "wait", "joint", "parallel", "timer", "end"};
static_assert(std::variant_size_v<What> == kinds.size());

template <typename List, typename Id>
auto* find_in(const List& list, std::string_view wanted, Id id) {
    const auto found = std::find_if(
        list.begin(), list.end(), [&](const auto& each) { return each.*id == wanted; });
    return found == list.end() ? nullptr : &*found;
}

}  // namespace

std::string_view name_of(CallKind kind) {
    switch (kind) {
        case CallKind::fetch:
            return "fetch";
        case CallKind::verify:
            return "verify";
        case CallKind::submit:
            return "submit";
    }
    return "";
}

std::string_view name_of(Effect effect) {
    switch (effect) {
        case Effect::read:
            return "read";
        case Effect::idempotent:
            return "idempotent";
        case Effect::queryable:
            return "queryable";
        case Effect::at_most_once:
            return "at_most_once";
    }
    return "";
}

std::string_view name_of(Ending ending) {
    switch (ending) {
        case Ending::completed:
            return "completed";
        case Ending::refused:
            return "refused";
        case Ending::not_accepted:
            return "not_accepted";
        case Ending::withdrawn:
            return "withdrawn";
        case Ending::expired:
            return "expired";
    }
    return "";
}

const Words& words_of(Ending ending) {
    static const std::array<Words, 5> words{{{"办结", "completed"},
                                             {"不予办理", "refused"},
                                             {"不予受理", "not accepted"},
                                             {"申请人撤回", "withdrawn by the applicant"},
                                             {"逾期失效", "expired"}}};
    return words.at(static_cast<std::size_t>(ending));
}

std::string_view name_of(Priority priority) {
    switch (priority) {
        case Priority::urgent:
            return "urgent";
        case Priority::high:
            return "high";
        case Priority::normal:
            return "normal";
        case Priority::low:
            return "low";
    }
    return "";
}

const Words& words_of(Priority priority) {
    static const std::array<Words, 4> words{
        {{"特急", "urgent"}, {"加急", "high"}, {"普通", "normal"}, {"缓办", "low"}}};
    return words.at(static_cast<std::size_t>(priority));
}

std::string_view kind_of(const Step& step) {
    return kinds.at(step.what.index());
}

const Words& words_of_kind(std::string_view kind) {
    static const std::array<Words, 8> words{{{"跨部门调用", "call of an office"},
                                             {"核验", "gate"},
                                             {"人工办理", "task of a person"},
                                             {"等待来文", "wait for an event"},
                                             {"联合办理", "joint filing"},
                                             {"并行办理", "parallel branches"},
                                             {"计时", "timer"},
                                             {"结束", "end"}}};
    const auto* const found = std::find(kinds.begin(), kinds.end(), kind);
    static const Words none;
    return found == kinds.end() ? none : words.at(static_cast<std::size_t>(found - kinds.begin()));
}

std::vector<std::string> outcomes(const Step& step) {
    if (std::holds_alternative<Call>(step.what))
        return {"answered", "no_record", "refused", "returned", "unavailable"};
    if (const auto* gate = std::get_if<Gate>(&step.what)) {
        if (gate->record) return {"passed", "review", "returned", "blocked"};
        return {"passed"};
    }
    if (const auto* task = std::get_if<Task>(&step.what)) return task->actions;
    if (const auto* wait = std::get_if<Wait>(&step.what)) {
        std::vector<std::string> events;
        events.reserve(wait->any.size());
        for (const Expected& each : wait->any)
            events.push_back(each.event);
        return events;
    }
    if (std::holds_alternative<Joint>(step.what)) return {"confirmed", "cancelled"};
    if (std::holds_alternative<End>(step.what)) return {};
    return {"done"};
}

std::vector<std::string> plain_outcomes(const Step& step) {
    if (std::holds_alternative<Call>(step.what)) return {"answered"};
    return outcomes(step);
}

const Step* Item::step(std::string_view wanted) const {
    return find_in(steps, wanted, &Step::id);
}

const Party* Item::party(std::string_view wanted) const {
    return find_in(parties, wanted, &Party::id);
}

const Words* Item::state(std::string_view wanted) const {
    const StateWord* found = find_in(states, wanted, &StateWord::state);
    return found == nullptr ? nullptr : &found->words;
}

}  // namespace tongban::item
