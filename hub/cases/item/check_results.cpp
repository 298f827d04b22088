// Whether a result is there on every way to the place that reads it (definite assignment, as in a
// compiler): the sets that hold for certain, made smaller until nothing changes.
#include <algorithm>
#include <map>

#include "hub/cases/item/internal/draft.h"
#include "hub/cases/item/internal/ways.h"

namespace tongban::item {
namespace {

using Set = std::vector<bool>;  // by result

void meet(Set& into, const Set& other) {
    for (std::size_t i = 0; i < into.size(); ++i)
        into[i] = into[i] && other[i];
}
void join(Set& into, const Set& other) {
    for (std::size_t i = 0; i < into.size(); ++i)
        into[i] = into[i] || other[i];
}

class Flow {
public:
    explicit Flow(Draft& draft)
        : draft_(draft),
          item_(draft.item),
          ways_(ways_from(draft.item)),
          all_(draft.results.size(), true),
          none_(draft.results.size(), false) {}

    void run() {
        const std::optional<std::size_t> start = index_of(item_, item_.start);
        if (!start || draft_.results.empty()) return;
        in_.assign(item_.steps.size(), all_);
        in_[*start] = none_;
        for (bool more = true; more;) {
            more = false;
            for (std::size_t i = 0; i < item_.steps.size(); ++i)
                more = flow(i) || more;
        }
        for (const Use& use : draft_.uses)
            check(use);
    }

private:
    [[nodiscard]] std::optional<std::size_t> number_of(const std::string& name) const {
        for (std::size_t i = 0; i < draft_.results.size(); ++i) {
            if (draft_.results[i].name == name) return i;
        }
        return std::nullopt;
    }
    void add(Set& set, const std::string& name) const {
        if (const auto number = number_of(name)) set[*number] = true;
    }

    // What a step sets when it ends with one of these outcomes; empty: any.
    void add_own(Set& set, const Step& step, const std::vector<std::string>& on) const {
        if (const auto* call = std::get_if<Call>(&step.what)) {
            const bool answered = std::all_of(
                on.begin(), on.end(), [](const std::string& one) { return one == "answered"; });
            if (answered) add(set, call->as);
        }
        if (const auto* gate = std::get_if<Gate>(&step.what)) add(set, gate->as);
        if (const auto* task = std::get_if<Task>(&step.what)) add(set, task->as);
        if (const auto* joint = std::get_if<Joint>(&step.what)) add(set, joint->as);
        if (const auto* wait = std::get_if<Wait>(&step.what)) {
            for (const Expected& one : wait->any) {
                const bool only = wait->any.size() == 1 || (on.size() == 1 && on[0] == one.event);
                if (only) add(set, one.as);
            }
        }
    }

    [[nodiscard]] Set on_transition(std::size_t from, std::size_t number) const {
        Set set = in_[from];
        add_own(set, item_.steps[from], item_.steps[from].next[number].on);
        return set;
    }

    void add_implied(Set& set, std::size_t from, std::size_t number) const {
        const auto found = draft_.implied.find({from, number});
        if (found == draft_.implied.end()) return;
        for (const std::string& name : found->second)
            add(set, name);
    }

    [[nodiscard]] Set after_parallel(std::size_t at) const {
        const auto& parallel = std::get<Parallel>(item_.steps[at].what);
        Set some = none_;
        Set every = all_;
        for (const Parallel::Branch& branch : parallel.branches) {
            Set ends = all_;
            for (std::size_t i = 0; i < item_.steps.size(); ++i) {
                if (item_.steps[i].parallel != item_.steps[at].id ||
                    item_.steps[i].branch != branch.id)
                    continue;
                for (const Way& way : ways_[i]) {
                    if (way.to == nowhere) meet(ends, along(way));
                }
            }
            join(some, ends);
            meet(every, ends);
        }
        Set set = in_[at];
        join(set, parallel.join == Join::all ? some : every);
        return set;
    }

    [[nodiscard]] Set along(const Way& way) const {
        if (way.kind == WayKind::breach || way.kind == WayKind::branch) return in_[way.from];
        Set set = std::holds_alternative<Parallel>(item_.steps[way.from].what)
                      ? after_parallel(way.from)
                      : on_transition(way.from, way.number);
        add_implied(set, way.from, way.number);
        return set;
    }

    bool flow(std::size_t from) {
        bool changed = false;
        for (const Way& way : ways_[from]) {
            if (way.to == nowhere) continue;
            Set made = in_[way.to];
            meet(made, along(way));
            changed = changed || made != in_[way.to];
            in_[way.to] = std::move(made);
        }
        return changed;
    }

    void check(const Use& use) {
        Set there = in_[use.step];
        const Step& step = item_.steps[use.step];
        const bool parallel = std::holds_alternative<Parallel>(step.what);
        if (use.moment == Moment::after) add_own(there, step, {"answered"});
        if (use.moment == Moment::leaving && use.transition >= step.next.size()) {
            add_own(there, step, {});  // of a transition that was not understood
        } else if (use.moment == Moment::leaving) {
            there = parallel ? after_parallel(use.step) : on_transition(use.step, use.transition);
            if (use.reason) add_implied(there, use.step, use.transition);
        }
        const std::optional<std::size_t> number = number_of(use.name);
        if (!number || there[*number]) return;
        draft_.note("cel.unset",
                    use.place,
                    in_ticks(use.name) + " is set by the step " +
                        in_ticks(item_.steps[draft_.results[*number].step].id) +
                        ", which not every way to this place has passed");
    }

    Draft& draft_;
    const Item& item_;
    std::vector<std::vector<Way>> ways_;
    Set all_;
    Set none_;
    std::vector<Set> in_;
};

}  // namespace

void check_results(Draft& draft) {
    Flow(draft).run();
}

}  // namespace tongban::item
