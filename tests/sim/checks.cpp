// The invariants, looked at when everything has come to rest.
#include <algorithm>
#include <set>

#include "hub/cases/engine/rows.h"
#include "hub/cases/internal/records.h"
#include "tests/sim/node.h"
#include "tests/sim/simulation.h"

namespace tongban::sim {

std::optional<cases::CaseState> Simulation::state_of(const store::CaseRow& row) const {
    const auto held = read_.find(row.case_id);
    if (held != read_.end() && held->second.first == row.rev) return held->second.second;
    const Result<std::string> plain = sealer_->open(row.case_id, "state", row.state);
    if (!plain) return std::nullopt;
    std::vector<store::CaseRecordRow> rows;
    for (const auto& [key, kept] : database_.records)
        if (key.first == row.case_id) rows.push_back(kept);
    const Result<cases::CaseRecords> records = cases::internal::open_records(rows, *sealer_);
    if (!records) return std::nullopt;
    Result<cases::ReadState> read = cases::read_state(*plain, *records);
    if (!read) return std::nullopt;
    read_[row.case_id] = {row.rev, read->state};
    return std::move(read->state);
}

const store::CaseRow* Simulation::row_of(const Application& one) const {
    for (const auto& [id, row] : database_.cases) {
        const auto state = row.item == one.item ? state_of(row) : std::nullopt;
        if (!state) continue;
        for (const char* path : {"number", "filing.number"}) {
            const schemas::Value* number = schemas::at_path(state->application.group(), path);
            const auto* held = number == nullptr ? nullptr : number->get<std::string>();
            if (held != nullptr && *held == one.number) return &row;
        }
    }
    return nullptr;
}

const item::Item& Simulation::item_of(const cases::CaseState& state) const {
    return *world_.items->at(state.item, state.item_version);
}

// I7, I9, I11, of a case as it stands now.
void Simulation::watch(const cases::CaseState& state) {
    const std::string name = state.item + " " + store::name_of_case(state.case_id);
    if (!cases::has_next_cause(state)) broken("I9: no next cause: " + name);
    Seen& seen = watched_[state.case_id];
    for (const cases::Joint& joint : state.joints) {
        cases::Decision& before = seen.decisions[joint.step_no];
        if (before != cases::Decision::open && before != joint.decision)
            broken("I7: a decision that turned: " + name);
        before = joint.decision;
    }
    if (state.transfers > item_of(state).limits.transfers && !state.bound)
        broken("I11: passed on without end: " + name);
    if (seen.bound && state.transfers != seen.transfers)
        broken("I11: a binding assignment was passed on: " + name);
    if (seen.version != 0 && seen.version != state.item_version)
        broken("another version of its item: " + name);
    seen.version = state.item_version;
    seen.transfers = state.transfers;
    seen.bound = state.bound;
    check_calls(state, name);
}

// I10: a hub that has been at work for an hour has fired what was due an hour ago.
void Simulation::watch_timers() {
    constexpr std::int64_t patience = 3'600'000;
    if (agenda_.truth() - node_->resumed_ms < patience || database_.timers.empty()) return;
    const store::TimerKey& first = database_.timers.begin()->first;
    if (first.due_ms + patience < node_->cases->now().ms)
        broken("I10: a timer is late: " + store::name_of_case(first.case_id));
}

// I4: a call that a step waits for is under way, or a person has been told.
void Simulation::check_calls(const cases::CaseState& state, const std::string& name) {
    for (const cases::StepRun& run : state.runs) {
        if (!cases::is_open(run.status) || run.kind != cases::StepKind::call) continue;
        const bool asked =
            std::any_of(state.calls.begin(), state.calls.end(), [&](const cases::OpenCall& call) {
                return call.step_no == run.no && !call.parked;
            });
        const bool told = std::any_of(
            state.incidents.begin(), state.incidents.end(), [&](const cases::Incident& one) {
                return one.step_no == run.no && one.closed_ms == 0 && one.severity < 3;
            });
        if (!asked && !told) broken("I4: a call that nobody makes: " + name);
    }
}

// I1, I2, I12.
void Simulation::check_leaves() {
    std::map<std::int32_t, std::pair<std::int64_t, std::int64_t>> heads;  // seq, epoch
    for (const store::AuditRow& row : database_.audit) {
        auto& [seq, epoch] = heads[row.shard];
        if (row.seq != seq + 1) broken("I1: a gap in the leaves of a shard");
        if (row.epoch < epoch) broken("I12: an old epoch wrote after a new one");
        seq = row.seq;
        epoch = row.epoch;
    }
    std::map<std::int64_t, std::int64_t> revs;
    for (const auto& [key, row] : database_.leaves) {
        if (key.second != revs[key.first] + 1) broken("I2: a revision without its leaf");
        revs[key.first] = key.second;
    }
    for (const auto& [id, row] : database_.cases)
        if (row.rev != revs[id]) broken("I2: the case and its leaves differ");
    std::set<std::pair<std::int64_t, std::int64_t>> caused;
    for (const auto& [key, row] : database_.inbox)
        if (!caused.insert({row.case_id, row.rev}).second)
            broken("I5: two messages, one transition");
}

// I4, I9, I10, I11: the tables say what the state says.
void Simulation::check_rows() {
    for (const auto& [id, row] : database_.cases) {
        const auto state = state_of(row);
        if (!state)
            broken("a state that nobody can read");
        else
            check_case(row, *state);
    }
    if (database_.cases.size() > applications_.size()) broken("more cases than applications");
    if (at_peace_ && !all_closed()) {
        std::string open;
        for (const auto& [id, row] : database_.cases) {
            if (!row.open) continue;
            open += " " + row.item + "@" + row.phase;
            if (const auto state = state_of(row)) {
                open += "[" + std::string(name_of(state->status)) + "]";
                for (const cases::StepRun& run : state->runs)
                    if (cases::is_open(run.status))
                        open += " " + run.step + ":" + std::string(name_of(run.status));
                for (const cases::OpenCall& call : state->calls)
                    open += " " + call.op_key + (call.parked ? "(parked)" : "");
                for (const cases::Incident& one : state->incidents)
                    if (one.closed_ms == 0) open += " !" + one.code;
            }
        }
        broken("I9: asleep after " + std::to_string(report_.days) + " days:" + open);
    }
}

void Simulation::check_case(const store::CaseRow& row, const cases::CaseState& state) {
    const std::string name = row.item + " " + store::name_of_case(row.case_id);
    if (row.open != (state.status != cases::CaseStatus::closed)) broken("row and state: " + name);
    if (!cases::has_next_cause(state)) broken("I9: no next cause: " + name);
    std::set<std::string> in_state;
    for (const cases::OpenCall& call : state.calls)
        in_state.insert(call.op_key);
    std::set<std::string> in_rows;
    for (const auto& [op_key, call] : database_.calls)
        if (call.case_id == row.case_id) in_rows.insert(op_key);
    if (in_state != in_rows) broken("I4: the calls of the state and of the outbox: " + name);
    std::set<store::TimerKey> wanted;
    for (const cases::TimerView& timer : cases::timers_of(state))
        wanted.insert(
            {timer.due_ms, row.case_id, timer.step_no, static_cast<std::int32_t>(timer.kind)});
    std::set<store::TimerKey> held;
    for (const auto& [key, timer] : database_.timers)
        if (key.case_id == row.case_id) held.insert(key);
    if (wanted != held) broken("I10: the timers of the state and of the table: " + name);
    for (const store::TimerKey& key : held)
        if (at_peace_ && key.due_ms + 86'400'000 < agenda_.truth())
            broken("I10: a timer was lost: " + name);
    check_calls(state, name);
    ++report_.seen["case: " + (state.ending.empty() ? "open" : state.ending)];
    ++report_.seen["item: " + row.item];
    for (const cases::StepRun& run : state.runs)
        if (item_of(state).step(run.step) == nullptr)
            broken("a step that its version has not: " + name + " " + run.step);
    if (state.item_version > 1 && state.ending == "completed")
        ++report_.seen["item: a second version to its end"];
    if (state.item_version == 1 && row.item == "test/line" && world_.items->at(row.item, 2) &&
        state.ending == "completed")
        ++report_.seen["item: the first version to its end beside the second"];
    if (!row.item.starts_with("test/")) ++report_.seen["end: " + row.item + " " + state.end];
    report_.closed += row.open ? 0 : 1;
}

// I3, I6, I7, I8.
void Simulation::check_offices() {
    for (const std::string& what : exchanges_.broken)
        broken("I3: " + what);
    for (const std::string& what : offices_.broken)
        broken("I7: " + what);
    for (const auto& [op_key, effect] : offices_.ledger())
        if (effect.times > 1) broken("I6: done twice: " + op_key + " " + effect.resource);
    if (!at_peace_) return;
    for (const Application& one : applications_) {
        const store::CaseRow* row = row_of(one);
        const auto state = row == nullptr ? std::nullopt : state_of(*row);
        if (!state || row->open) continue;
        const auto net = [&](const char* done, const char* undone) {
            return offices_.done(done, one.number) - offices_.done(undone, one.number);
        };
        const bool withdrawn = state->ending == "withdrawn";
        const int money = net("fund/pay", "fund/refund");
        if (money < 0 || money > (withdrawn ? 0 : 1)) broken("I8: money of " + one.number);
        const int declared = net("tax/declare", "tax/withdraw");
        if (declared < 0 || declared > (withdrawn ? 0 : 1)) broken("I8: tax of " + one.number);
        const int filed = net("tax/file", "tax/unfile");
        if (filed < 0 || filed > (withdrawn ? 0 : 1)) broken("I8: filing of " + one.number);
        if (offices_.done("registry/enter", one.number) > 1) broken("I6: entered twice");
        check_joint(one, *state);
        check_shipped(one, *state);
        check_undone(*state);
    }
}

// Tax said that the money is there.
bool Simulation::told_paid(const cases::CaseState& state) {
    const schemas::Group* told = state.result("payment_told");
    const schemas::Value* value =
        told == nullptr ? nullptr : schemas::at_path(*told, "payment.state");
    const auto* code = value == nullptr ? nullptr : value->get<schemas::Code>();
    return code != nullptr && code->code == "PAID";
}

// In tax's own ledger, or two officers of it said that it was seen to by hand.
bool Simulation::refunded(const cases::CaseState& state) const {
    const std::string id = std::to_string(state.case_id);
    if (offices_.done("tax/joint-refund", id) + offices_.done("tax/declaration-withdrawal", id) > 0)
        return true;
    return std::any_of(state.runs.begin(), state.runs.end(), [](const cases::StepRun& run) {
        const bool by_hand = run.status == cases::StepStatus::skipped || run.outcome == "answered";
        return (run.step == "open_refund" && by_hand) ||
               (run.step == "declare" && run.undo_of != 0 && by_hand) ||
               (run.step == "refund_mend" &&
                (run.outcome == "opened" || run.outcome == "nothing_due"));
    });
}

// In the office's own ledger, or an officer entered its answer or wrote to it.
bool Simulation::was_told(const cases::CaseState& state, const std::string& office) const {
    if (offices_.done(office + "/ownership-notice", std::to_string(state.case_id)) > 0) return true;
    const std::string step = "tell_" + office;
    return std::any_of(state.runs.begin(), state.runs.end(), [&](const cases::StepRun& run) {
        return (run.step == step && run.outcome == "answered") ||
               (run.step == step + "_by_hand" && run.outcome == "told");
    });
}

// Entry and use of the cleared declaration: both or neither, and once; what was paid in vain goes
// back.
void Simulation::check_shipped(const Application& one, const cases::CaseState& state) {
    if (one.item != "real-estate/joint-sale") return;
    int entered = 0;
    for (const char* suffix : {"-1", "-2"}) {
        const auto phase = [&](const char* office) {
            const auto found = offices_.branches().find(office + one.number + suffix);
            return found == offices_.branches().end() ? std::string("never") : found->second.phase;
        };
        const bool title = phase("real-estate/") == "confirmed";
        if (title != (phase("tax/") == "confirmed")) broken("I7: title without tax: " + one.number);
        if (phase("real-estate/") == "reserved" || phase("tax/") == "reserved")
            broken("I7: a reservation that nobody let go: " + one.number);
        entered += title ? 1 : 0;
    }
    if (entered > 1) broken("I6: entered twice: " + one.number);
    ++report_.seen[entered == 1 ? "sale: entered" : "sale: not entered"];
    const bool paid = told_paid(state);
    if (paid && entered == 0 && !refunded(state))
        broken("I4: cleared tax, no title and no refund: " + one.number + " " + state.end);
    if (paid) ++report_.seen[entered == 1 ? "sale: paid, entered" : "sale: paid, refunded"];
    if (state.ending != "completed") return;
    if (entered == 0) broken("I7: completed without title");
    for (const char* office : {"tax", "construction"})
        if (!was_told(state, office))
            broken(std::string("d11: nobody told ") + office + ": " + one.number);
}

// A case that was cancelled has undone whatever its item can undo.
void Simulation::check_undone(const cases::CaseState& state) {
    if (state.end != "cancelled") return;
    const std::string prefix = std::to_string(state.case_id) + "/";
    std::map<std::string, int> stands;  // by the resource that undoes it
    std::map<std::string, int> undone;
    for (const auto& [key, effect] : offices_.ledger()) {
        const std::string op_key = key.substr(key.find('|') + 1);
        if (!op_key.starts_with(prefix) || effect.times == 0) continue;
        const cases::StepRun* run = state.run(std::stoi(op_key.substr(prefix.size())));
        const item::Step* step = run == nullptr ? nullptr : item_of(state).step(run->step);
        if (effect.op == "undo") ++undone[effect.resource];
        if (effect.op == "do" && step != nullptr && step->undo) ++stands[step->undo->resource];
    }
    for (const auto& [resource, times] : stands)
        if (undone[resource] != times) broken("I8: not undone: " + state.item + " " + resource);
    ++report_.seen["case: cancelled and undone"];
}

void Simulation::check_joint(const Application& one, const cases::CaseState& state) {
    if (one.item != "test/joint" || state.joints.empty()) return;
    const auto phase = [&](const char* office) {
        const auto found = offices_.branches().find(std::string(office) + "/" + one.number);
        return found == offices_.branches().end() ? std::string("never") : found->second.phase;
    };
    const bool tax = phase("tax") == "confirmed";
    const bool title = phase("registry") == "confirmed";
    const bool confirm = state.joints.front().decision == cases::Decision::confirm;
    // I4 of the design: no title without cleared tax; either both or neither.
    if (tax != title) broken("I7: one side of a joint filing: " + one.number);
    if (confirm != title) broken("I7: decided one way, done another: " + one.number);
    if (!confirm && (phase("tax") == "reserved" || phase("registry") == "reserved"))
        broken("I7: a reservation that nobody let go: " + one.number);
    ++report_
          .seen[confirm ? "joint: confirmed" : "joint: cancelled " + state.joints.front().because];
}

}  // namespace tongban::sim
