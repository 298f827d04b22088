// Cause: why a case moves: exactly one cause a transition. Each has a name (source and message id)
// under which it is applied once, whoever delivers it how often.
//
// Threads: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "hub/cases/engine/case_state.h"
#include "schemas/finding.h"

namespace tongban::cases {

struct Opened {
    schemas::Group application;
    std::string number;           // the citizen's
    std::string external_number;  // of a case mastered elsewhere
    std::optional<std::int32_t> priority;
};

enum class AnswerStatus {
    answered,
    no_record,
    refused,      // the office says no; nothing was done
    returned,     // the answer or the request breaks a schema or a rule: the findings say which
    denied,       // by the hub: no agreement, consent or opening
    unavailable,  // not in time; nothing was done
    in_doubt      // not in time; it may have been done
};
std::string_view name_of(AnswerStatus status);

struct Answered {  // a call's outcome, of the attempt it names
    std::string op_key;
    std::int32_t attempt = 1;
    AnswerStatus status = AnswerStatus::unavailable;
    std::string reason;  // a code
    schemas::Group record;
    std::vector<schemas::Finding> findings;
    bool late = false;  // first heard of, and nobody asks any more
};

struct EventCame {  // an office's system tells what happened
    std::string name;
    std::string from;  // member
    schemas::Group record;
};

struct Decided {  // by an officer, of a task
    std::int32_t step_no = 0;
    std::string action;
    std::string reason;
    schemas::Group form;
};

struct TimerFired {
    std::int32_t step_no = 0;  // 0: of the case
    std::int32_t kind = 0;     // TimerKind
    std::int64_t due_ms = 0;
};

enum class Order {
    pause,  // reason
    resume,
    cancel,      // reason
    retry,       // incident
    skip,        // incident or step; reason, two officers
    set_result,  // incident or step; record, reason, two officers
    signal,      // name: as an event that an officer enters
    reassign,    // step, member; binding: by the supervisor
    claim,       // step
    release,     // step
    prioritise,  // priority
    extend,      // step or 0; count: once, with approval
    external     // name: the external number; reason: the state over there
};
std::string_view name_of(Order order);

struct Ordered {  // a command of an officer
    Order order = Order::pause;
    std::int32_t step_no = 0;
    std::int32_t incident = 0;
    std::string reason{};
    std::string ground{};    // article or paper
    std::string name{};      // signal: event; external: number; skip, set_result: outcome or step
    std::string member{};    // reassign: to whom; signal: from whom
    std::string approver{};  // the second officer of a repair
    bool binding = false;
    std::int32_t count = 0;
    schemas::Group record{};
};

struct CalendarsChanged {};  // due dates are reckoned anew

struct Cause {
    std::string source;   // "calls" "events/<member>" "officer" "timer" "open"
    std::string id;       // unique under the source
    std::string actor;    // member
    std::string officer;  // the member's pseudonym, or "": sealed with the state, never in a leaf
    std::string exchange_id;  // that the actor signed, or that brought the answer, or ""
    std::variant<Opened, Answered, EventCame, Decided, TimerFired, Ordered, CalendarsChanged> what;
    std::int64_t seen_rev = 0;  // the revision that the officer saw; 0: any
    std::string content{};      // what an officer wrote down with it, as it was signed; "" nothing
};

std::string_view name_of(const Cause& cause);  // "opened" "answer" ... for the leaf

}  // namespace tongban::cases
