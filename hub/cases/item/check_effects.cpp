// What a case does and cannot take back: each effect has an undo or a reason why not, and no way
// has two that are irrevocable.
#include "hub/cases/item/internal/draft.h"
#include "hub/cases/item/internal/ways.h"

namespace tongban::item {
namespace {

void check_undo(Draft& draft, std::size_t number) {
    const Step& step = draft.item.steps[number];
    const auto* call = std::get_if<Call>(&step.what);
    if (call == nullptr) return;
    const bool effect = call->kind == CallKind::submit && call->effect != Effect::read;
    const bool settled = step.undo || !step.no_undo.empty();
    if (!effect && settled) {
        draft.note("undo.needless", draft.places[number].id, in_ticks(step.id) + " has no effect");
        return;
    }
    const bool told = call->irrevocable || call->effect == Effect::at_most_once;
    if (effect && !settled && !told)
        draft.note("undo.missing",
                   draft.places[number].id,
                   in_ticks(step.id) + " has the effect " + std::string(name_of(call->effect)) +
                       " and no undo");
    if (call->irrevocable && step.undo)
        draft.note("undo.needless",
                   draft.places[number].id,
                   in_ticks(step.id) + " is irrevocable and has an undo");
}

// The branches of parallels that a step stands in, from the outermost.
bool beside(const Item& item, const Step& one, const Step& other) {
    if (one.parallel.empty() || other.parallel.empty()) return false;
    const Step* a = &one;
    for (int depth = 0; a != nullptr && !a->parallel.empty() && depth < 100; ++depth) {
        const Step* b = &other;
        for (int inner = 0; b != nullptr && !b->parallel.empty() && inner < 100; ++inner) {
            if (a->parallel == b->parallel) return a->branch != b->branch;
            b = item.step(b->parallel);
        }
        a = item.step(a->parallel);
    }
    return false;
}

}  // namespace

void check_effects(Draft& draft) {
    const Item& item = draft.item;
    for (std::size_t i = 0; i < item.steps.size(); ++i)
        check_undo(draft, i);
}

void check_irrevocable(Draft& draft) {
    const Item& item = draft.item;
    const auto ways = ways_from(item);
    for (std::size_t from = 0; from < item.steps.size(); ++from) {
        if (!irrevocable(item.steps[from])) continue;
        const std::vector<bool> reached = reached_from(ways, from);
        for (std::size_t to = 0; to < item.steps.size(); ++to) {
            if (!irrevocable(item.steps[to])) continue;
            const bool both =
                reached[to] || (from < to && beside(item, item.steps[from], item.steps[to]));
            if (!both) continue;
            draft.note("irrevocable.twice",
                       draft.places[to].id,
                       to == from
                           ? in_ticks(item.steps[to].id) + " is irrevocable and stands in a circle"
                           : in_ticks(item.steps[to].id) + " is irrevocable, and so is " +
                                 in_ticks(item.steps[from].id) + " on the same way");
        }
    }
}

}  // namespace tongban::item
