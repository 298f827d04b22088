// Work: one transition in the making, and the verbs that every step kind uses on it.
//
// Runs are named by number, never by pointer: entering a step may move them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/cases/engine/cause.h"
#include "hub/cases/engine/facts.h"
#include "hub/cases/engine/retry.h"
#include "hub/cases/engine/transition.h"
#include "hub/cases/item/item.h"
#include "mapping/cel/datum.h"
#include "mapping/cel/program.h"

namespace tongban::cases::internal {

struct Place {  // where a step begins: the parallel run and branch it belongs to, if any
    std::int32_t parent = 0;
    std::string branch;
};

struct Work {
    const item::Item& item;
    const Cause& cause;
    const Facts& facts;
    CaseState state;
    Transition out;
    bool changed = false;            // something that a leaf must tell
    std::vector<std::string> notes;  // of the leaf
    bool beyond_limit = false;       // a person lets the case make more steps than it may
    const Joint* joint = nullptr;    // whose operation's request is being made

    [[nodiscard]] std::int64_t now() const { return facts.now.ms; }
    void note(std::string text) {
        notes.push_back(std::move(text));
        changed = true;
    }
    [[nodiscard]] bool refused() const { return out.refusal.has_value(); }
};

// The way (advance.cpp).
void enter(Work& work, const std::string& step, const Place& place);
void finish(Work& work, std::int32_t no, StepStatus status, const std::string& outcome);
void follow(Work& work, std::int32_t no);  // what comes after a run that is done
const item::Step* step_of(const Work& work, const StepRun& run);
void refuse(Work& work, FaultKind kind, std::string where, std::string reason);

// Expressions (scene.cpp, shaped.cpp). Nothing: undecided, the data it needs is missing.
std::optional<bool> truth(const Work& work, const mapping::cel::Program& program);
std::string text(const Work& work, const mapping::cel::Program& program);
std::optional<std::int64_t> instant(const Work& work, const mapping::cel::Program& program);
schemas::Group record_of(const Work& work, const item::Request& request);
schemas::Value shaped(const mapping::cel::Datum& datum, const schemas::FieldType& shape);
void set_at(schemas::Group& record, std::string_view path, schemas::Value value);
void resolve_parties(Work& work);
const Party* party(const Work& work, const std::string& name);  // "": the owner; null: unknown
std::string calendar_of(const Work& work, const item::CalendarOf& which);

// Calls (call.cpp).
struct Ask {  // one operation of an office
    std::string op;
    std::string resource;
    item::CallKind kind = item::CallKind::fetch;
    item::Effect effect = item::Effect::read;
    std::string purpose;  // "": the item's
    std::string to;       // parties
    std::string by;
    schemas::Group request;
    bool forever = false;
};
std::string op_key_of(const CaseState& state, std::int32_t step_no, std::string_view op);
void order(Work& work, std::int32_t no, Ask ask);
void drop_call(Work& work, const std::string& op_key);
void again(Work& work, const std::string& op_key, std::int64_t next_ms);
void park(Work& work, OpenCall& call, std::int32_t attempt);
void enter_call(Work& work, std::int32_t no, const item::Step& step);
void orphan_over(Work& work, std::int32_t no, bool was_done);  // of a step that was given up
void answered(Work& work, const Answered& answer);             // of any call: routes by its op
RetryTerms terms_of(const Work& work, const OpenCall& call);
void note_findings(Work& work, std::int32_t no, const std::vector<schemas::Finding>& findings);

// The case's state in the item's words, and its master told of it where that is not the hub
// (report.cpp).
void set_state(Work& work, const std::string& state);
void report_answered(Work& work, const std::string& op_key, const Answered& answer);
void leave_report(Work& work, const std::string& op_key);  // a person saw to it otherwise

// Steps.
void enter_gate(Work& work, std::int32_t no, const item::Step& step);
void enter_task(Work& work, std::int32_t no, const item::Step& step);
void decided(Work& work, const Decided& decision);
void enter_wait(Work& work, std::int32_t no, const item::Step& step);
void event_came(Work& work, const EventCame& event);
void enter_parallel(Work& work, std::int32_t no, const item::Step& step);
void branch_ended(Work& work, std::int32_t parallel_no, const std::string& branch);
void enter_timer(Work& work, std::int32_t no, const item::Step& step);
void enter_end(Work& work, std::int32_t no, const item::Step& step);
void close_if_still(Work& work);  // an end was reached, or a cancel, and nothing is under way

// Joint filing (joint.cpp, joint_decision.cpp).
void enter_joint(Work& work, std::int32_t no, const item::Step& step);
void joint_answered(Work& work, const std::string& op_key, const Answered& answer);
void try_decide(Work& work, std::int32_t no);
void decide_cancel(Work& work, std::int32_t no, const std::string& because);
void mend_joint(Work& work, const Incident& incident, const Ordered& command);
void extend_holds(Work& work, const TimerFired& timer);

// Compensation (compensation.cpp).
bool past_pivot(const Work& work);
void cancel_case(Work& work, const std::string& reason);
void cancel_run(Work& work, std::int32_t no);
void unwind(Work& work);  // the next undo, or the end of the cancel
void ask_undo(Work& work, std::int32_t no, const item::Step& step);
void undo_run(Work& work, std::int32_t no);
void undo_answered(Work& work, const std::string& op_key, const Answered& answer);

// Legal time (limits.cpp).
void add_limit(Work& work,
               std::int32_t no,
               LimitKind kind,
               const item::Within& within,
               const std::string& calendar);
void add_deadline(Work& work, std::int32_t no, const item::Deadline& deadline);
void drop_limits(Work& work, std::int32_t no);
void drop_limits_of(Work& work, std::int32_t no, LimitKind kind);
void timer_fired(Work& work, const TimerFired& timer);
void stop_clocks(Work& work, const Ordered& command);
void run_clocks(Work& work);
void extend_limit(Work& work, const Ordered& command);
void remind_again(Work& work, std::int32_t no);  // its breach was seen
void reckon_anew(Work& work);
std::optional<std::int64_t> after_span(const Work& work,
                                       Instant from,
                                       const item::Within& within,
                                       const std::string& calendar);

// Trouble and commands (incidents.cpp, commands.cpp, transfers.cpp).
std::int32_t open_incident(Work& work,
                           std::int32_t no,
                           const std::string& code,
                           std::int32_t severity,
                           const std::string& op_key = "");
void close_incident(Work& work, std::int32_t seq, const std::string& outcome);
void close_incidents_of(Work& work, std::int32_t no, const std::string& outcome);
void ordered(Work& work, const Ordered& command);
void mend(Work& work, const Ordered& command);
void reassign(Work& work, const Ordered& command);

}  // namespace tongban::cases::internal
