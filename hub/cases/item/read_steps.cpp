// The steps: what each does, how it goes on, by when, and what undoes it.
#include <algorithm>
#include <array>

#include "hub/cases/item/internal/draft.h"

namespace tongban::item {
namespace {

constexpr std::array<std::string_view, 8> step_kinds{
    "call", "gate", "task", "wait", "joint", "parallel", "timer", "end"};
constexpr std::array<Ending, 5> endings{
    Ending::completed, Ending::refused, Ending::not_accepted, Ending::withdrawn, Ending::expired};

class StepReader {
public:
    StepReader(Draft& draft, const std::string& id, const YamlValue& value, std::size_t number)
        : draft_(draft), value_(value), number_(number), id_(id) {}

    void read() {
        const YamlMap map = value_.map({"zh",
                                        "en",
                                        "state",
                                        "call",
                                        "gate",
                                        "task",
                                        "wait",
                                        "joint",
                                        "parallel",
                                        "timer",
                                        "end",
                                        "next",
                                        "deadline",
                                        "retry",
                                        "undo"});
        static_cast<void>(id_of(draft_, value_, id_));
        draft_.places[number_].id = draft_.key_place(id_, value_);
        step().line = draft_.places[number_].id.line;
        step().words = words_of(map);
        step().state = map.text_or("state", "");
        if (!step().state.empty() && draft_.item.state(step().state) == nullptr)
            draft_.note(
                "state.unnamed", map.find("state"), in_ticks(step().state) + " has no words");
        read_kind(map);
        read_deadline(draft_, map, number_, owing_);
        if (map.has("retry")) step().retry = read_retry(draft_, map.find("retry"));
        read_undo(map);
        read_next(map);
        check_keys(map);
    }

private:
    Step& step() { return draft_.item.steps[number_]; }

    void read_kind(const YamlMap& map) {
        std::string kind;
        int kinds = 0;
        for (const std::string_view each : step_kinds) {
            if (!map.has(each)) continue;
            kind = each;
            ++kinds;
        }
        if (kinds != 1) {
            if (kinds > 1 || !misspelt(map))
                draft_.note(
                    "step.kind",
                    draft_.places[number_].id,
                    in_ticks(id_) + (kinds == 0 ? " has no kind" : " has more than one kind"));
            kindless_ = true;
            return;
        }
        const YamlValue value = map.find(kind);
        owing_ = draft_.item.calendar;
        if (kind == "call") step().what = read_one_call(value);
        if (kind == "gate") step().what = read_gate(value);
        if (kind == "task") step().what = read_task(value);
        if (kind == "wait") step().what = read_wait(value);
        if (kind == "joint") step().what = read_joint(draft_, value, number_);
        if (kind == "parallel") step().what = read_parallel(value);
        if (kind == "timer") step().what = read_timer(value);
        if (kind == "end") step().what = read_end(value);
    }

    // A key that no step has: then that is the mistake, and not that the kind is missing.
    static bool misspelt(const YamlMap& map) {
        static constexpr std::array<std::string_view, 7> others{
            "zh", "en", "state", "next", "deadline", "retry", "undo"};
        for (const auto& [key, value] : map.entries()) {
            if (std::find(others.begin(), others.end(), key) == others.end()) return true;
        }
        return false;
    }

    Call read_one_call(const YamlValue& value) {
        Call call = read_call(draft_, value, before());
        if (!call.to.empty()) owing_ = {call.to, ""};
        return call;
    }

    Gate read_gate(const YamlValue& value) {
        const YamlMap map = value.map({"rules", "record", "of", "as"});
        Gate gate;
        gate.as = map.text_or("as", "");
        gate.party = party_or(draft_, map, "of", draft_.item.owner);
        if (!map.has("rules")) {
            if (map.has("record"))
                draft_.note("key.missing", value, "the key \"rules\" is missing beside \"record\"");
            return gate;
        }
        const YamlValue at = map.find("rules");
        const std::string type = at.text();
        if (draft_.type(type) == nullptr) {
            draft_.note("type.unknown", at, in_ticks(type) + " is no canonical type");
        } else if (draft_.known() && !draft_.around.known->checked.contains(type)) {
            draft_.note("rules.none", at, "no rule applies to " + in_ticks(type));
        }
        gate.record = read_record(draft_, map.at("record"), type, before());
        return gate;
    }

    Task read_task(const YamlValue& value) {
        const YamlMap map = value.map({"party", "role", "form", "actions", "as", "four_eyes"});
        Task task;
        task.party = party_of(draft_, map, "party");
        if (!task.party.empty()) owing_ = {task.party, ""};
        task.role = map.text("role");
        task.form = map.text_or("form", "");
        if (!task.form.empty() && draft_.type(task.form) == nullptr)
            draft_.note(
                "type.unknown", map.find("form"), in_ticks(task.form) + " is no canonical type");
        if (map.find("actions").is_map()) {
            for (const auto& [action, words] : map.find("actions").open_map().entries()) {
                task.actions.push_back(id_of(draft_, words, action));
                task.action_words.push_back(item::words_of(words.map({"zh", "en"})));
            }
        } else if (map.has("actions")) {
            static_cast<void>(map.find("actions").open_map());
        }
        if (task.actions.empty() && (!map.has("actions") || map.find("actions").is_map()))
            draft_.note("task.actions", value, "the task has no action");
        task.as = map.text_or("as", "");
        task.four_eyes = map.boolean_or("four_eyes", false);
        return task;
    }

    Expected read_expected(const YamlMap& map) {
        Expected expected;
        expected.event = map.text("event");
        expected.from = party_or(draft_, map, "from", "");
        expected.as = map.text_or("as", "");
        expected.irrevocable = map.boolean_or("irrevocable", false);
        const KnownNames* known = draft_.around.known;
        if (known != nullptr && !expected.event.empty() && !known->events.contains(expected.event))
            draft_.note("event.unknown",
                        map.find("event"),
                        "no resource takes in the event " + in_ticks(expected.event));
        if (known != nullptr && known->events.contains(expected.event))
            expected.type = known->events.find(expected.event)->second;
        return expected;
    }

    Wait read_wait(const YamlValue& value) {
        const YamlMap map = value.map({"event", "from", "as", "irrevocable", "any"});
        Wait wait;
        if (map.has("any")) {
            for (const YamlValue& each : map.find("any").list())
                wait.any.push_back(read_expected(each.map({"event", "from", "as", "irrevocable"})));
            for (const char* key : {"event", "from", "as", "irrevocable"}) {
                if (map.has(key))
                    draft_.note("value.wrong", map.find(key), "stands in any, or any is left out");
            }
            if (wait.any.empty() && map.find("any").is_list())
                draft_.note("value.wrong", map.find("any"), "expected at least one event");
        } else {
            wait.any.push_back(read_expected(map));
        }
        if (!wait.any.empty() && !wait.any.front().from.empty())
            owing_ = {wait.any.front().from, ""};
        return wait;
    }

    Parallel read_parallel(const YamlValue& value) {
        const YamlMap map = value.map({"branches", "join"});
        Parallel parallel;
        const YamlValue branches = map.at("branches");
        for (const auto& [id, start] : branches.open_map().entries()) {
            parallel.branches.push_back({id_of(draft_, start, id), start.text()});
            draft_.places[number_].branches.push_back(place_of(start));
        }
        if (branches.is_map() && parallel.branches.size() < 2)
            draft_.note("parallel.branches", branches, "a parallel has at least two branches");
        const std::string join = map.text("join");
        if (join == "any") parallel.join = Join::any;
        if (map.find("join").is_text() && join != "any" && join != "all")
            draft_.note("value.wrong", map.find("join"), "expected all or any");
        return parallel;
    }

    Timer read_timer(const YamlValue& value) {
        const YamlMap map = value.map({"within", "unit", "of", "until"});
        Timer timer;
        timer.calendar = read_calendar(draft_, map, "of", draft_.item.calendar);
        if (!map.has("until")) {
            timer.within = read_within(draft_, map);
            return timer;
        }
        for (const char* key : {"within", "unit"}) {
            if (map.has(key))
                draft_.note("value.wrong", map.find(key), "a timer has until or within");
        }
        Draft::Compiled until = draft_.compile(map.find("until"), cel::Kind::any, before());
        const cel::Kind kind = until.type.kind;
        if (until.program && kind != cel::Kind::date && kind != cel::Kind::timestamp &&
            kind != cel::Kind::any)
            draft_.note(
                "cel.type",
                map.find("until"),
                "the expression is " + cel::name_of(until.type) + ", expected date or timestamp");
        timer.until = std::move(until.program);
        return timer;
    }

    End read_end(const YamlValue& value) {
        const std::string word = value.text();
        const auto* const found = std::find_if(
            endings.begin(), endings.end(), [&](Ending each) { return name_of(each) == word; });
        if (found != endings.end()) return {*found};
        if (value.is_text())
            draft_.note("value.wrong",
                        value,
                        "expected completed, refused, not_accepted, withdrawn or expired");
        return {};
    }

    void read_undo(const YamlMap& map) {
        if (!map.has("undo")) return;
        const YamlValue value = map.find("undo");
        const YamlMap undo = value.map({"call", "none", "because"});
        if (undo.has("none")) {
            step().no_undo = undo.text("because");
            if (!undo.boolean_or("none", true) || undo.has("call"))
                draft_.note("value.wrong", value, "expected call, or none: true with because");
            return;
        }
        Context context = before();
        context.moment = Moment::after;
        step().undo = read_call(draft_, undo.at("call"), context);
    }

    void read_next(const YamlMap& map) {
        const YamlValue next = map.find("next");
        if (std::holds_alternative<End>(step().what) && !kindless_) {
            if (next.exists()) draft_.note("next.form", next, "an end has no next");
            return;
        }
        if (!next.exists()) {
            if (!kindless_)
                draft_.note(
                    "key.missing", draft_.places[number_].id, "the key \"next\" is missing");
            return;
        }
        if (!next.is_list()) {
            Transition only;
            only.go = next.text();
            add(std::move(only), next);
            return;
        }
        for (const YamlValue& each : next.list())
            read_transition(each);
    }

    void read_transition(const YamlValue& value) {
        const YamlMap map = value.map({"on", "when", "go", "otherwise", "because"});
        if (!value.is_map()) return;
        Transition way;
        if (map.has("on")) {
            const YamlValue on = map.find("on");
            if (on.is_list()) way.on = on.texts();
            if (!on.is_list()) way.on = {on.text()};
        }
        Context context = before();
        context.moment = Moment::leaving;
        context.transition = step().next.size();
        if (map.has("when")) {
            Draft::Compiled when = draft_.compile(map.find("when"), cel::Kind::boolean, context);
            draft_.implied[{number_, context.transition}] = std::move(when.implied);
            way.when_text = map.find("when").is_text() ? map.text("when") : "";
            // A condition with a complaint is still a condition.
            way.when = when.program ? std::move(when.program) : std::optional<Program>(Program());
        }
        context.reason = true;
        if (map.has("because"))
            way.because = draft_.compile(map.find("because"), cel::Kind::text, context).program;
        const bool otherwise = map.has("otherwise");
        if (otherwise == map.has("go") || (otherwise && (map.has("when") || map.has("on")))) {
            draft_.note("next.form",
                        value,
                        otherwise ? "otherwise stands alone, or with because"
                                  : "the transition goes nowhere: it has neither go nor otherwise");
            return;
        }
        const YamlValue target = map.find(otherwise ? "otherwise" : "go");
        way.go = target.text();
        add(std::move(way), target);
    }

    void add(Transition way, const YamlValue& target) {
        way.line = target.line();
        step().next.push_back(std::move(way));
        draft_.places[number_].next.push_back(place_of(target));
    }

    void check_keys(const YamlMap& map) {
        if (kindless_) return;
        const std::string_view kind = kind_of(step());
        const bool asks = kind == "call" || kind == "joint";
        if (map.has("retry") && !asks)
            draft_.note("value.wrong", map.find("retry"), "only a call or a joint is asked again");
        if (map.has("undo") && kind != "call")
            draft_.note("undo.needless", map.find("undo"), "only a call has an effect to undo");
        const bool timed = asks || kind == "task" || kind == "wait" || kind == "parallel";
        if (map.has("deadline") && !timed)
            draft_.note("value.wrong",
                        map.find("deadline"),
                        "a " + std::string(kind) + " takes no time of its own");
        const bool needed = kind == "call" || kind == "task" || kind == "wait";
        if (needed && !map.has("deadline"))
            draft_.note(
                "deadline.missing", draft_.places[number_].id, in_ticks(id_) + " has no deadline");
    }

    [[nodiscard]] Context before() const {
        Context context;
        context.step = number_;
        return context;
    }

    Draft& draft_;
    const YamlValue& value_;
    std::size_t number_;
    std::string id_;
    CalendarOf owing_;
    bool kindless_ = false;
};

}  // namespace

// What the master of a case is told: as much as is known when it opens, and its state.
void read_report(Draft& draft, const YamlMap& map) {
    const bool elsewhere = draft.item.master == Master::external;
    if (!map.has("report")) {
        if (elsewhere)
            draft.note("report.missing",
                       map.find("master"),
                       "the system that masters the case is not told of its states");
        return;
    }
    const YamlValue at = map.find("report");
    if (!elsewhere)
        draft.note("report.needless", at, "the hub masters this item, and nobody else is told");
    Context context;
    context.step = index_of(draft.item, draft.item.start).value_or(0);
    Call call = read_call(draft, at, context);
    if (call.kind != CallKind::submit || call.effect != Effect::idempotent)
        draft.note("report.effect", at, "a report is a submission whose effect is idempotent");
    if (!call.as.empty()) draft.note("value.wrong", at, "nobody reads what a report is answered");
    draft.item.report = std::move(call);
}

void read_steps(Draft& draft, const YamlMap& map) {
    const YamlValue steps = map.at("steps");
    const auto entries = steps.open_map().entries();
    draft.item.steps.resize(entries.size());
    draft.places.resize(entries.size());
    // Ids first: transitions go to steps that stand below.
    for (std::size_t i = 0; i < entries.size(); ++i)
        draft.item.steps[i].id = entries[i].first;
    for (std::size_t i = 0; i < entries.size(); ++i)
        StepReader(draft, entries[i].first, entries[i].second, i).read();
    if (steps.is_map() && map.find("start").is_text() && !index_of(draft.item, draft.item.start))
        draft.note("step.unknown", map.find("start"), in_ticks(draft.item.start) + " is no step");
}

}  // namespace tongban::item
