// CaseState: all that a case knows, as one value: what was applied for, which steps stand where,
// what offices answered, which calls, clocks and incidents are open. The interpreter reads it and
// writes it; rows of the store are its projection (rows.h) and are never read back.
//
// It is kept sealed, as JSON of at most 64 KiB with its own version; a hub reads its own version
// and the one before. Of the records in it only their numbers are written there (case_record.h).
// Steps that are over keep only what compensation and the next cause need.
//
// Threads: values.
// Faults:  malformed (bytes that no case wrote, or of a version we do not know), refused (over 64
// KiB).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "hub/cases/calendar/basis.h"
#include "hub/cases/engine/case_record.h"
#include "schemas/value.h"

namespace tongban::cases {

inline constexpr int state_version = 2;
inline constexpr std::size_t max_state_bytes = 65'536;

enum class CaseStatus : std::int32_t { open = 1, paused = 2, cancelling = 3, closed = 4 };
// As the store's work lists know them: task is 2, and below 3 is open.
enum class StepKind : std::int32_t {
    call = 1,
    task = 2,
    gate = 3,
    wait = 4,
    joint = 5,
    parallel = 6,
    timer = 7,
    end = 8
};
enum class StepStatus : std::int32_t {
    ready = 0,    // a task that nobody has taken
    running = 1,  // waits for its cause
    trouble = 2,  // an incident of it is open
    done = 3,
    skipped = 4,
    cancelled = 5,
    undone = 6  // compensated
};
enum class Light : std::int32_t { green = 0, yellow = 1, orange = 2, red = 3 };
enum class Decision : std::int32_t { open = 0, confirm = 1, cancel = 2 };
enum class Phase : std::int32_t {
    reserve_sent = 0,
    reserved = 1,
    refused = 2,
    confirm_sent = 3,
    confirmed = 4,
    cancel_sent = 5,
    cancelled = 6,
    hazard = 7,      // the office could not confirm although it was decided
    confirm_due = 8  // decided; its turn has not come (an irrevocable member waits for the others)
};

// An office holds something for us and has not been told what becomes of it.
inline bool holds(Phase phase) {
    return phase == Phase::reserved || phase == Phase::confirm_due;
}

std::string_view name_of(CaseStatus status);
std::string_view name_of(StepKind kind);
std::string_view name_of(StepStatus status);
std::string_view name_of(Light light);
std::string_view name_of(Phase phase);
inline bool is_open(StepStatus status) {
    return static_cast<std::int32_t>(status) < 3;
}

struct OpenCall {        // ordered and not yet answered for good; its outbox row exists
    std::string op_key;  // "<case id>/<step no>/<op>", constant over retries
    std::string op;      // "do" "undo" "<member>.reserve" ...
    std::int32_t step_no = 0;
    std::string member;      // in whose name it is asked
    std::string effect;      // as the item declares it
    bool forever = false;    // retried until answered: a decision must be carried out
    bool parked = false;     // in doubt or given up: a person mends it, nothing is sent meanwhile
    bool orphan = false;     // its step is over; an effect that it still has is compensated
    std::int32_t spent = 0;  // attempts made when a person last sent it on
    bool operator==(const OpenCall&) const = default;
};

struct Approval {  // of a task that needs four eyes: the first pair
    std::string officer;
    std::string action;
    bool operator==(const Approval&) const = default;
};

struct StepRun {          // one visit of one step
    std::int32_t no = 0;  // 1, 2, ... in the case
    std::string step;     // its id in the item; of an undo: of the step that is undone
    StepKind kind = StepKind::call;
    StepStatus status = StepStatus::running;
    std::int32_t parent = 0;   // the parallel run it belongs to
    std::string branch;        // and its branch there
    std::int32_t undo_of = 0;  // the run that this one compensates
    std::string party;         // of the item
    std::string member;        // who owes it now
    std::string assignee;      // officer, as the member's own pseudonym
    std::int64_t started_ms = 0;
    std::int64_t ended_ms = 0;
    std::string outcome;              // "answered" "approve" "confirmed" ..., once it is over
    std::vector<std::string> joined;  // of a parallel: branches that have come to its end
    std::optional<Approval> first;
    bool operator==(const StepRun&) const = default;
};

struct Pause {
    std::string reason;  // "awaiting-citizen" stops the legal clocks where the item says so
    std::int64_t from_ms = 0;
    std::int64_t to_ms = 0;  // 0: still
    bool stops_clock = false;
    bool operator==(const Pause&) const = default;
};

enum class LimitKind : std::int32_t { due = 1, timer = 2, decide = 3 };

struct Limit {                 // a legal time that runs
    std::int32_t step_no = 0;  // 0: the case's own
    LimitKind kind = LimitKind::due;
    calendar::Basis basis;
    std::int64_t due_ms = 0;  // as the calendar says today; while the clock is stopped: as before
    std::int64_t yellow_ms = 0;  // 0: no such light
    std::int64_t orange_ms = 0;
    bool provisional = false;    // a year without a published calendar is in it
    Light light = Light::green;  // what has been shown
    std::int64_t remind_ms = 0;  // overdue, and seen by a person: when they are told again
    bool operator==(const Limit&) const = default;
    [[nodiscard]] bool stopped() const { return basis.suspended(); }
};

struct Branch {  // one member of a joint filing
    std::string part;
    std::string member;
    Phase phase = Phase::reserve_sent;
    bool irrevocable = false;
    std::int64_t hold_until_ms = 0;
    std::int32_t round = 1;      // 2 and more: reserved again after a hazard
    std::int32_t asked = 0;      // how often by status
    std::int64_t extend_ms = 0;  // when to ask for a longer hold; 0: never, or it is being asked
    std::int32_t extended = 0;   // how often that was asked
    std::string trouble;         // a code, never data
    CaseRecord reserved;
    CaseRecord confirmed;
    bool operator==(const Branch&) const = default;
};

struct Joint {
    std::int32_t step_no = 0;
    Decision decision = Decision::open;
    std::string because;  // of a cancel: "refused:tax" "deadline" "hold" "command"
    std::int64_t deadline_ms = 0;
    std::vector<Branch> branches;
    bool operator==(const Joint&) const = default;
};

struct Incident {
    std::int32_t seq = 0;  // in the case
    std::int32_t step_no = 0;
    std::string op_key;  // the call it is about, if any
    std::string code;    // "call.in_doubt" "call.exhausted" "joint.hazard" ...
    std::int32_t severity = 3;
    std::string owner;  // party or member that must act
    std::int64_t opened_ms = 0;
    std::int64_t closed_ms = 0;
    std::string outcome;  // of the person: "retry" "skip" ...
    bool operator==(const Incident&) const = default;
};

struct Party {
    std::string member;
    std::string division;
    bool operator==(const Party&) const = default;
};

struct EarlyEvent {  // came before any step waited for it
    std::string name;
    std::string from;
    CaseRecord record;
    bool operator==(const EarlyEvent&) const = default;
};

struct Held {  // a step whose turn came while the case was paused
    std::string step;
    std::int32_t parent = 0;
    std::string branch;
    bool operator==(const Held&) const = default;
};

struct NotedFinding {  // of a gate, or of an office's answer
    std::string code;
    std::string severity;
    std::int32_t step_no = 0;
    std::string zh;
    std::string en;
    std::string rule;                        // the version that said so: "C-02@1"; "" none did
    std::vector<std::string> jurisdictions;  // whose policy it is; empty: the nation's
    std::string ground;                      // statute or official ground, as the rule names it
    bool operator==(const NotedFinding&) const = default;
};

struct Report {  // of a state, which the system that masters the case has not taken yet
    std::int32_t no = 0;
    std::string state;
    schemas::Group request;
    bool operator==(const Report&) const = default;
};

struct CaseState {
    std::int64_t case_id = 0;
    std::string number;
    std::string item;
    std::int32_t item_version = 0;
    CaseStatus status = CaseStatus::open;
    std::int32_t priority = 0;  // 0 urgent ... 3 low
    std::string domain_state;   // "A_ELIGIBLE"
    std::string end;            // the end step it reached
    std::string ending;         // completed | refused | not_accepted | withdrawn | expired
    std::string reason;         // why it ended or was refused; a code or a clerk's word
    std::string external_number;
    std::vector<Report> reports;  // the first is under way, the others wait for it
    std::int32_t reports_made = 0;
    std::int64_t opened_ms = 0;
    std::int64_t closed_ms = 0;
    std::int64_t last_ms = 0;         // engine time of the last transition; never goes back
    std::int32_t transfers = 0;       // between members
    bool bound = false;               // the last assignment binds: no return, no transfer
    std::vector<std::string> passed;  // "<party><<member>": who had a task before
    std::int32_t steps_made = 0;
    std::int32_t incidents_made = 0;
    std::int32_t records_made = 0;
    std::string owner;  // member that answers for it
    std::string hall;   // member whose window took the application in
    CaseRecord application;
    std::vector<std::pair<std::string, CaseRecord>> results;  // by `as`, in order
    std::map<std::string, Party> parties;
    std::map<std::string, std::string> signed_by;  // member -> the first exchange that it signed
    std::vector<StepRun> runs;
    std::vector<OpenCall> calls;
    std::vector<Limit> limits;
    std::vector<Joint> joints;
    std::vector<Incident> incidents;
    std::vector<EarlyEvent> early;
    std::vector<Held> held;
    std::vector<Pause> pauses;
    std::vector<NotedFinding> findings;

    bool operator==(const CaseState&) const = default;

    [[nodiscard]] StepRun* run(std::int32_t no);
    [[nodiscard]] const StepRun* run(std::int32_t no) const;
    [[nodiscard]] OpenCall* call(std::string_view op_key);
    [[nodiscard]] const OpenCall* call(std::string_view op_key) const;
    [[nodiscard]] Joint* joint(std::int32_t step_no);
    [[nodiscard]] const Joint* joint(std::int32_t step_no) const;
    [[nodiscard]] Incident* incident(std::int32_t seq);
    [[nodiscard]] const schemas::Group* result(std::string_view name) const;
    [[nodiscard]] CaseRecord keep(schemas::Group group);  // under the next number
    void set_result(const std::string& name, CaseRecord record);
    // Every record that it names.
    [[nodiscard]] std::vector<const CaseRecord*> records() const;
    // The worst light that its limits show.
    [[nodiscard]] Light light() const;
    [[nodiscard]] const Limit* limit(std::int32_t step_no, LimitKind kind) const;
};

// Canonical JSON; refused when it is larger than max_state_bytes.
Result<std::string> write_state(const CaseState& state);
// Malformed also when it names a record that is not among those given. A state of version 1 has its
// records in it: `saved` says up to which number they are kept apart.
struct ReadState {
    CaseState state;
    std::int32_t saved = 0;
};
Result<ReadState> read_state(std::string_view bytes, const CaseRecords& records);

}  // namespace tongban::cases
