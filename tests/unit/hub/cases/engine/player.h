// Player: one case of a test item, moved by hand.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "base/yaml.h"
#include "hub/cases/engine/engine.h"
#include "hub/cases/engine/rows.h"
#include "tests/support/case_items.h"

namespace tongban::tests {

inline schemas::Value text(std::string value) {
    schemas::Value made;
    made.data = std::move(value);
    return made;
}

inline schemas::Group record(std::string name, schemas::Value value) {
    schemas::Group group;
    group.set(name, std::move(value));
    return group;
}

inline schemas::Group yes(std::string name, bool value = true) {
    schemas::Value made;
    made.data = value;
    return record(std::move(name), made);
}

class Player {
public:
    explicit Player(std::shared_ptr<const item::Item> item) : item_(std::move(item)) {
        facts.now = *parse_iso_instant("2026-03-02T09:00:00");  // a Monday
        facts.calendars = calendar::CalendarBook::from_files({calendar_file(2026, 1)});
        state.case_id = 77;
        state.item = item_->id;
        state.item_version = 1;
    }

    cases::Transition move(cases::Cause cause) {
        cases::Transition made = cases::advance(*item_, state, cause, facts);
        if (made.verdict == cases::Verdict::recorded) state = made.state;
        last = made;
        return made;
    }

    void open() {
        cases::Opened how;
        how.number = "N-1";
        how.application = record("number", text("A-1"));
        cases::Cause cause{"open", "1", "640100.centre", "", "exchange-1", how};
        move(cause);
    }

    cases::Transition answer(const std::string& op,
                             cases::AnswerStatus status = cases::AnswerStatus::answered,
                             schemas::Group record = {},
                             std::int32_t attempt = 1) {
        cases::Answered what;
        what.op_key = key(op);
        what.attempt = attempt;
        what.status = status;
        what.record = std::move(record);
        return move({"calls", what.op_key, "", "", "", what});
    }

    cases::Transition decide(const std::string& action, const std::string& officer = "o1") {
        cases::Decided what;
        what.step_no = open_run();
        what.action = action;
        return move({"officer", action + officer, "640100.centre", officer, "", what});
    }

    cases::Transition command(cases::Ordered what, const std::string& officer = "o1") {
        if (what.reason.empty()) what.reason = "because";
        return move({"officer", "c", "640100.centre", officer, "", std::move(what)});
    }

    cases::Transition event(const std::string& name, const std::string& from = "640100.fund") {
        return move({"exchange", name, from, "", "", cases::EventCame{name, from, {}}});
    }

    // The next timer of this kind fires when it is due.
    cases::Transition fire(cases::TimerKind kind) {
        for (const cases::TimerView& timer : cases::timers_of(state)) {
            if (timer.kind != kind) continue;
            facts.now = std::max(facts.now, Instant{timer.due_ms});
            return move({"timer",
                         "",
                         "",
                         "",
                         "",
                         cases::TimerFired{timer.step_no, static_cast<int>(kind), timer.due_ms}});
        }
        return {};
    }

    // The op key that ends so: "do", "tax.reserve"; the latest.
    [[nodiscard]] std::string key(const std::string& op) const {
        std::string found;
        for (const cases::OpenCall& call : state.calls)
            if (call.op == op) found = call.op_key;
        return found.empty() ? "none/" + op : found;
    }
    [[nodiscard]] bool asked(const std::string& op) const { return !key(op).starts_with("none"); }
    [[nodiscard]] int open_run() const {
        for (const cases::StepRun& run : state.runs)
            if (cases::is_open(run.status) && run.kind != cases::StepKind::parallel) return run.no;
        return 0;
    }
    [[nodiscard]] std::string at() const {  // the step that waits
        const cases::StepRun* run = state.run(open_run());
        return run == nullptr ? "" : run->step;
    }
    [[nodiscard]] int incident(const std::string& code) const {
        for (const cases::Incident& one : state.incidents)
            if (one.code == code && one.closed_ms == 0) return one.seq;
        return 0;
    }

    cases::CaseState state;
    cases::Facts facts;
    cases::Transition last;

private:
    std::shared_ptr<const item::Item> item_;
};

inline cases::Ordered ordered(cases::Order order) {
    cases::Ordered what;
    what.order = order;
    return what;
}

}  // namespace tongban::tests
