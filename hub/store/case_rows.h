// Rows of cases, as plain structs.
//
// Clear columns are ids, codes, times and counts. What can hold personal data (`state`, `body`,
// `basis`, `detail`, `assignee`) is sealed by the caller; subjects, officers, start keys
// and search attributes stand as keyed hashes. Kinds, statuses and phases are the case module's own
// numbers. Times are UTC milliseconds, 0 where there is none.
//
// Threads: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"

namespace tongban::store {

struct CaseRow {
    std::int64_t case_id = 0;  // next_case_id(); case_id.h
    std::string number;        // the citizen's number of it
    std::string item;          // service item
    std::int32_t version = 0;  // of the item, pinned
    std::int32_t status = 0;
    std::string phase;  // the domain's state code, as the item names it
    std::int32_t priority = 0;
    std::string subject_hash;     // the person whom it is about; emptied when that person is erased
    std::string owner;            // member that answers for it
    std::string hall;             // member whose window took it in, or ""
    std::string external_number;  // of a case mastered elsewhere, or ""
    std::int32_t hops = 0;        // passed from member to member
    bool no_return = false;       // assigned with binding force
    std::int64_t parent = 0;      // case that opened it
    bool open = true;
    std::int64_t created_ms = 0;
    std::int64_t updated_ms = 0;
    std::int64_t yellow_ms = 0;  // when the light changes, by the calendar of the case's deadline:
    std::int64_t orange_ms = 0;  // yellow <= orange <= due
    std::int64_t due_ms = 0;     // red from here; 0: no deadline, or the clock is stopped
    std::int64_t closed_ms = 0;
    std::int64_t rev = 0;  // set by the store: 1 when put, +1 at each update
    std::string state;     // sealed; lists of cases come without it
};

enum class Light : std::int32_t { green = 0, yellow = 1, orange = 2, red = 3 };
Light light_of(const CaseRow& row, std::int64_t now_ms);

struct LightCounts {
    std::int64_t green = 0;  // with the cases that have no deadline
    std::int64_t yellow = 0;
    std::int64_t orange = 0;
    std::int64_t red = 0;
};

// The attribute that names, as keyed hashes, every member that owns a case, took it in, or owes or
// owed a step of it.
inline constexpr std::string_view member_attribute = "$member";

// Cases in the order of (due, case_id), those without a deadline last. Empty means any.
struct BoardQuery {
    std::string owner;
    std::string hall;
    std::string item;
    std::optional<std::int32_t> status;
    std::optional<Light> light;  // at now_ms
    std::int64_t now_ms = 0;
    bool open = true;
    std::string member;     // keyed hash of a member that takes part (member_attribute)
    std::string attribute;  // a search attribute and the keyed hash of its value
    std::string value;
    std::int64_t after_due_ms = 0;  // of the last row of the page before
    std::int64_t after_case_id = 0;
    std::size_t limit = 50;
};

struct StepRow {
    std::int64_t case_id = 0;
    std::int32_t step_no = 0;  // unique in the case
    std::string step_id;       // as the item names it
    std::int32_t kind = 0;
    std::int32_t status = 0;
    std::int32_t attempt = 0;
    std::string member;         // who owes it
    std::string role;           // of the officers who may do it
    std::string assignee_hash;  // officer who has taken it, or ""
    std::string assignee;       // the same, sealed
    bool work = false;          // a task that waits for a person: stands in work lists
    std::int64_t due_ms = 0;
    std::int64_t sla_used_ms = 0;
    std::int64_t started_ms = 0;
    std::int64_t ended_ms = 0;
    std::int32_t undo_of = 0;  // step that this one compensates
};

struct CaseRecordRow {  // what a case was told; never changes
    std::int64_t case_id = 0;
    std::int32_t n = 0;  // unique in the case
    std::string body;    // sealed
};

// Tasks that wait, in the order of (due, case_id, step_no), those without a deadline last.
struct WorkQuery {
    std::string member;
    std::string role;           // "" any
    std::string assignee_hash;  // "" any
    std::int64_t after_due_ms = 0;
    std::int64_t after_case_id = 0;
    std::int32_t after_step_no = 0;
    std::size_t limit = 50;
};

struct TimerKey {
    std::int64_t due_ms = 0;
    std::int64_t case_id = 0;
    std::int32_t step_no = 0;
    std::int32_t kind = 0;
    auto operator<=>(const TimerKey&) const = default;
};
struct TimerRow {
    TimerKey key;
    std::string calendar;  // with its version: due is computed again when the calendar changes
    std::int32_t calendar_version = 0;
    std::string basis;  // sealed
};

enum class CallState : std::int32_t { pending = 0, sending = 1, in_doubt = 2, dead = 3 };

struct CallRow {           // table case_outbox
    std::int64_t seq = 0;  // set by the store, grows in the shard
    std::string op_key;    // "<case_id>/<step_no>/<op>": unique, constant over retries and owners
    std::string dest;
    std::int64_t case_id = 0;
    std::int32_t step_no = 0;
    CallState state = CallState::pending;
    std::int32_t attempt = 0;
    std::int64_t next_ms = 0;
    std::int64_t expire_ms = 0;
    std::string body;  // sealed
};

struct CaseInboxRow {
    std::string src;
    std::string msg_id;
    Digest digest{};  // the same id with another digest is another message under a used id
    std::int64_t case_id = 0;
    std::int64_t rev = 0;  // of the transition that it caused
    std::int64_t recv_ms = 0;
    std::string body;  // sealed: what the sender was answered
};

struct AttrRow {  // a searchable attribute
    std::int64_t case_id = 0;
    std::string key;
    std::string value;  // keyed hash
};

struct JointRow {
    std::int64_t case_id = 0;
    std::string group;
    std::int32_t decision = 0;     // 0 open; anything else is for ever
    std::int64_t decided_rev = 0;  // of the transition that decided
    std::int64_t deadline_ms = 0;
};

struct BranchRow {
    std::int64_t case_id = 0;
    std::string group;
    std::string part;
    std::int32_t phase = 0;
    std::int64_t hold_until_ms = 0;
    std::string detail;  // sealed
};

struct IncidentRow {
    std::int64_t case_id = 0;
    std::int32_t n = 0;  // unique in the case
    std::string code;
    std::int32_t severity = 0;
    bool open = true;
    std::string owner;
    std::int64_t opened_ms = 0;
    std::int64_t closed_ms = 0;
    std::string detail;  // sealed
};

struct ItemRow {  // a service item's file as published
    std::string item;
    std::int32_t version = 0;
    Digest digest{};
    std::int32_t status = 0;
    std::string yaml;
    std::int64_t created_ms = 0;
};

}  // namespace tongban::store
