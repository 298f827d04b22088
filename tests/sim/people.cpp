// What people do: apply, decide, pass on, pause, cancel, mend. They see what is committed, and act
// on what the offices' books say.
#include <algorithm>

#include "tests/sim/node.h"
#include "tests/sim/simulation.h"

namespace tongban::sim {
namespace {

constexpr std::int64_t minute = 60'000;
constexpr std::int64_t hour = 60 * minute;

schemas::Value text(std::string value) {
    schemas::Value made;
    made.data = std::move(value);
    return made;
}

const cases::OpenCall* call_of(const cases::CaseState& state, const std::string& op_key) {
    const auto found = std::find_if(state.calls.begin(), state.calls.end(), [&](const auto& one) {
        return one.op_key == op_key;
    });
    return found == state.calls.end() ? nullptr : &*found;
}

}  // namespace

// An office's system sends until it is answered; some send the same citizen twice.
void Simulation::apply_for(std::size_t which) {
    Application& one = applications_[which];
    if (!one.case_number.empty() && !one.duplicate) return;
    agenda_.after(random_.between(minute, 3 * hour), [this, which] { apply_for(which); });
    if (!node_) return;
    exchange::CaseOpening opening;
    opening.item = one.item;
    const bool twice = !one.case_number.empty() && one.duplicate;
    opening.submission.exchange_id = (twice ? "again-" : "open-") + one.number;
    opening.submission.member = "640100.centre";
    opening.submission.body = one.body;
    node_->cases->post_opening(opening, [this, which, twice](Result<exchange::CaseReply> reply) {
        if (!reply || reply->case_number.empty()) return;
        Application& opened = applications_[which];
        if (!opened.case_number.empty() && opened.case_number != reply->case_number)
            broken("one application, two cases: " + opened.number);
        opened.case_number = reply->case_number;
        if (twice) {
            opened.duplicate = false;
            if (reply->reception != exchange::Reception::already_open)
                broken("a second application opened something: " + opened.number);
        }
    });
}

void Simulation::officers() {
    agenda_.after(random_.between(hour / 2, 5 * hour), [this] { officers(); });
    if (!node_ || !node_->resumed) return;
    watch_timers();
    std::vector<cases::CaseState> open;
    for (const auto& [id, row] : database_.cases)
        if (row.open)
            if (const auto state = state_of(row)) open.push_back(*state);
    for (const cases::CaseState& state : open) {
        watch(state);
        look_after(state);
    }
}

void Simulation::look_after(const cases::CaseState& state) {
    for (const cases::Incident& incident : state.incidents)
        if (incident.closed_ms == 0 && random_.chance(50)) mend(state, incident);
    if (state.status == cases::CaseStatus::paused && random_.chance(at_peace_ ? 80 : 30))
        order(state, {.order = cases::Order::resume}, "o1");
    if (state.status == cases::CaseStatus::open && !at_peace_) {
        if (random_.chance(3)) {
            cases::Ordered pause{.order = cases::Order::pause};
            pause.reason = random_.chance(50) ? "awaiting-citizen" : "hearing";
            order(state, pause, "o1");
        }
        if (random_.chance(2))
            order(state, {.order = cases::Order::cancel, .reason = "asked"}, "o1");
    }
    for (const cases::StepRun& run : state.runs)
        if (run.kind == cases::StepKind::task && cases::is_open(run.status) &&
            random_.chance(diligence_))
            do_task(state, run);
}

void Simulation::do_task(const cases::CaseState& state, const cases::StepRun& run) {
    if (random_.chance(20)) {
        cases::Ordered pass{
            .order = cases::Order::reassign, .step_no = run.no, .reason = "not ours"};
        pass.member = random_.chance(50) ? "640100.tax" : "640100.fund";
        ++report_.seen["task: passed on"];
        pass.binding = random_.chance(30);
        return order(state, pass, "o1");
    }
    if (random_.chance(20))
        return order(state, {.order = cases::Order::claim, .step_no = run.no}, "o2");
    cases::Decided decision;
    decision.step_no = run.no;
    decision.action = action_for(state, run);
    cases::Cause cause{"officer",
                       "d" + std::to_string(++orders_),
                       run.member,
                       random_.chance(50) ? "o1" : "o2",
                       "",
                       decision};
    const int copies = random_.chance(20) ? 2 : 1;  // an impatient click
    for (int i = 0; i < copies; ++i)
        node_->cases->post(state.case_id, cause, nullptr);
}

// The first that the item names goes on with the case.
std::string Simulation::action_for(const cases::CaseState& state, const cases::StepRun& run) {
    const item::Step* step = item_of(state).step(run.step);
    const auto& actions = std::get<item::Task>(step->what).actions;
    if (random_.chance(85)) return actions.front();
    const auto last = static_cast<std::int64_t>(actions.size()) - 1;
    return actions.at(static_cast<std::size_t>(random_.between(0, last)));
}

// A step that is over and knows no way on: its answer is entered, or the officer says where to go.
void Simulation::find_way(const cases::CaseState& state,
                          const cases::Incident& incident,
                          cases::Ordered& what) {
    what.order = cases::Order::set_result;
    const cases::StepRun* run = state.run(incident.step_no);
    const item::Step* step = run == nullptr ? nullptr : item_of(state).step(run->step);
    const auto* call = step == nullptr ? nullptr : std::get_if<item::Call>(&step->what);
    const ShippedResource* shipped =
        call == nullptr ? nullptr : Shipped::get().resource(call->resource);
    if (shipped != nullptr && random_.chance(50)) {
        what.record = Shipped::get().record(shipped->record, random_, Instant{agenda_.truth()});
        return;
    }
    if (step != nullptr && shipped != nullptr && step->next.back().go != item::join_target) {
        what.order = cases::Order::skip;
        what.name = step->next.back().go;
        return;
    }
    schemas::Value yes;
    yes.data = true;
    what.record.set("ok", yes);
}

// The office whose system would tell has done nothing for this case: an officer saw to it.
bool Simulation::nobody_will_send(const cases::CaseState& state, std::int32_t step_no) const {
    const cases::StepRun* run = state.run(step_no);
    const schemas::Value* number = state.application.group().find("number");
    if (run == nullptr || run->kind != cases::StepKind::wait || number == nullptr) return false;
    return offices_.done("fund/pay", *number->get<std::string>()) == 0;
}

// With both books on the desk.
void Simulation::mend(const cases::CaseState& state, const cases::Incident& incident) {
    constexpr std::int64_t settled = 20 * minute;  // what is under way has arrived
    if (agenda_.truth() - incident.opened_ms < settled) return;
    ++report_.seen["incident " + incident.code];
    if (incident.code == "deadline.breach") {
        const std::pair overdue(state.case_id, incident.step_no);
        const auto seen = breaches_.emplace(overdue, incident.seq).first;
        if (seen->second != incident.seq) ++report_.seen["incident deadline.breach again"];
    }
    cases::Ordered what{.order = cases::Order::retry, .incident = incident.seq, .reason = "mended"};
    what.approver = "o2";
    const cases::OpenCall* call = call_of(state, incident.op_key);
    const bool effect = call != nullptr && call->effect != "read";
    if (incident.code == "deadline.breach" || incident.code == "call.late")
        what.order = cases::Order::skip;
    if (incident.code == "deadline.breach" && nobody_will_send(state, incident.step_no)) {
        what.incident =
            0;  // what was brought by hand is told by nobody: the step itself is skipped
        what.step_no = incident.step_no;
    }
    if (effect && incident.code == "call.in_doubt") {
        const auto entry = offices_.ledger().find(call->member + "|" + call->op_key);
        const bool done = entry != offices_.ledger().end() && entry->second.times > 0;
        what.order = done ? cases::Order::set_result : cases::Order::retry;
    }
    if (incident.code == "call.refused" || incident.code == "call.no_record") {
        // The office will not: the citizen withdraws, or somebody brings it by hand.
        if (random_.chance(50))
            return order(state, {.order = cases::Order::cancel, .reason = "refused"}, "o1");
        what.order = cases::Order::skip;
    }
    if (incident.code == "next.none") find_way(state, incident, what);
    order(state, what, "o1");
}

void Simulation::order(const cases::CaseState& state,
                       cases::Ordered what,
                       const std::string& officer) {
    cases::Cause cause{
        "officer", "c" + std::to_string(++orders_), state.owner, officer, "", std::move(what)};
    node_->cases->post(state.case_id, std::move(cause), nullptr);
}

// What offices' own systems tell.
void Simulation::events() {
    agenda_.after(random_.between(hour, 12 * hour), [this] { events(); });
    if (!node_ || !node_->resumed) return;
    loan_events();
    shipped_events();
}

// Of a step that waits, sooner or later; sometimes before its time, sometimes again.
void Simulation::shipped_events() {
    std::vector<cases::CaseState> waiting;
    for (const auto& [id, row] : database_.cases) {
        if (!row.open || row.item.starts_with("test/")) continue;
        if (const auto state = state_of(row)) waiting.push_back(*state);
    }
    for (const cases::CaseState& state : waiting) {
        if (told_.contains(state.case_id) && random_.chance(10)) told_[state.case_id]();
        for (const item::Step& step : item_of(state).steps) {
            const auto* wait = std::get_if<item::Wait>(&step.what);
            if (wait == nullptr) continue;
            const bool due =
                std::any_of(state.runs.begin(), state.runs.end(), [&](const cases::StepRun& run) {
                    return run.step == step.id && cases::is_open(run.status);
                });
            if (!random_.permille(due ? 8 * diligence_ : 2)) continue;
            const auto last = static_cast<std::int64_t>(wait->any.size()) - 1;
            const auto which = random_.chance(90) ? 0 : random_.between(0, last);
            send_event(state,
                       wait->any.at(static_cast<std::size_t>(which)),
                       "event-" + std::to_string(++orders_));
        }
    }
}

void Simulation::send_event(const cases::CaseState& state,
                            const item::Expected& expected,
                            const std::string& id) {
    exchange::CaseEvent event;
    event.event = expected.event;
    event.value = state.number;
    event.submission.exchange_id = id;
    const auto sender = state.parties.find(expected.from);
    if (sender != state.parties.end()) event.submission.member = sender->second.member;
    event.submission.body = Shipped::get().record(
        Shipped::get().type_of_event(expected.event), random_, Instant{agenda_.truth()});
    told_[state.case_id] = [this, event] {
        if (node_) node_->cases->post_event(event, nullptr);
    };
    told_[state.case_id]();
}

// The fund's own system tells that a loan was paid out: until it is heard, and sometimes again.
void Simulation::loan_events() {
    for (std::size_t i = 0; i < applications_.size(); ++i) {
        Application& one = applications_[i];
        const bool due = one.item == "test/line" && !one.case_number.empty() &&
                         offices_.done("fund/pay", one.number) > 0;
        if (!due || !random_.chance(diligence_) || (one.event_taken && !random_.chance(10)))
            continue;
        exchange::CaseEvent event;
        event.event = "loan.issued";
        event.value = one.case_number;
        event.submission.exchange_id = "event-" + one.number;
        event.submission.member = "640100.fund";
        event.submission.body.set("number", text(one.number));
        node_->cases->post_event(event, [this, i](Result<exchange::CaseReply> reply) {
            if (reply && reply->reception != exchange::Reception::unknown_case)
                applications_[i].event_taken = true;
        });
    }
}

}  // namespace tongban::sim
