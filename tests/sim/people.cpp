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
    opening.submission.body.set("number", text(one.number));
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
    std::vector<cases::CaseState> open;
    for (const auto& [id, row] : database_.cases)
        if (row.open)
            if (const auto state = state_of(row)) open.push_back(*state);
    for (const cases::CaseState& state : open)
        look_after(state);
}

void Simulation::look_after(const cases::CaseState& state) {
    for (const cases::Incident& incident : state.incidents)
        if (incident.closed_ms == 0 && random_.chance(50)) mend(state, incident);
    if (state.status == cases::CaseStatus::paused && random_.chance(at_peace_ ? 80 : 30))
        order(state, {.order = cases::Order::resume}, "o1");
    if (state.status == cases::CaseStatus::open && !at_peace_) {
        if (random_.chance(3)) {
            cases::Ordered pause{.order = cases::Order::pause};
            pause.reason = random_.chance(50) ? "awaiting-citizen" : "holiday";
            order(state, pause, "o1");
        }
        if (random_.chance(2))
            order(state, {.order = cases::Order::cancel, .reason = "asked"}, "o1");
    }
    for (const cases::StepRun& run : state.runs)
        if (run.kind == cases::StepKind::task && cases::is_open(run.status) && random_.chance(60))
            do_task(state, run);
}

void Simulation::do_task(const cases::CaseState& state, const cases::StepRun& run) {
    if (random_.chance(20)) {
        cases::Ordered pass{
            .order = cases::Order::reassign, .step_no = run.no, .reason = "not ours"};
        pass.member = random_.chance(50) ? "640100.tax" : "640100.fund";
        pass.binding = random_.chance(30);
        return order(state, pass, "o1");
    }
    if (random_.chance(20))
        return order(state, {.order = cases::Order::claim, .step_no = run.no}, "o2");
    cases::Decided decision;
    decision.step_no = run.no;
    decision.action = random_.chance(85) ? "approve" : "reject";
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

// With both books on the desk.
void Simulation::mend(const cases::CaseState& state, const cases::Incident& incident) {
    constexpr std::int64_t settled = 20 * minute;  // what is under way has arrived
    if (agenda_.truth() - incident.opened_ms < settled) return;
    ++report_.seen["incident " + incident.code];
    cases::Ordered what{.order = cases::Order::retry, .incident = incident.seq, .reason = "mended"};
    what.approver = "o2";
    const cases::OpenCall* call = call_of(state, incident.op_key);
    const bool effect = call != nullptr && call->effect != "read";
    if (incident.code == "deadline.breach" || incident.code == "call.late")
        what.order = cases::Order::skip;
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
    if (incident.code == "next.none") {
        what.order = cases::Order::set_result;
        schemas::Value yes;
        yes.data = true;
        what.record.set("ok", yes);
    }
    order(state, what, "o1");
}

void Simulation::order(const cases::CaseState& state,
                       cases::Ordered what,
                       const std::string& officer) {
    cases::Cause cause{
        "officer", "c" + std::to_string(++orders_), state.owner, officer, "", std::move(what)};
    node_->cases->post(state.case_id, std::move(cause), nullptr);
}

// The fund's own system tells that a loan was paid out: until it is heard, and sometimes again.
void Simulation::events() {
    agenda_.after(random_.between(hour, 12 * hour), [this] { events(); });
    if (!node_ || !node_->resumed) return;
    for (std::size_t i = 0; i < applications_.size(); ++i) {
        Application& one = applications_[i];
        const bool due = one.item == "test/line" && !one.case_number.empty() &&
                         offices_.done("fund/pay", one.number) > 0;
        if (!due || (one.event_taken && !random_.chance(10))) continue;
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
