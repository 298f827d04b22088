// Rows: the store's view of a state. What to write is the difference between two views, so that the
// tables can never say anything else than the state does.
//
// Threads: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hub/cases/engine/case_state.h"

namespace tongban::cases {

// Of the timer table. A deadline has one timer for each light that is still to come.
enum class TimerKind : std::int32_t {
    yellow = 1,
    orange = 2,
    red = 3,
    step = 4,
    decide = 5,
    remind = 6,  // overdue, and a person has seen it: told again
    hold = 7     // an office's reservation has a third of its time left
};

struct TimerView {
    std::int64_t due_ms = 0;
    std::int32_t step_no = 0;
    TimerKind kind = TimerKind::red;
    bool legal = true;             // what it does has legal effect
    const Limit* limit = nullptr;  // null: of a hold, which no calendar moves
    [[nodiscard]] auto key() const { return std::tuple(due_ms, step_no, kind); }
};

// Every timer that the state keeps armed, by key.
std::vector<TimerView> timers_of(const CaseState& state);

// A case that is open waits for something: a timer, a call, a person, an event that is due by a
// time or that the item says has none. False: it would sleep for ever (invariant I9).
bool has_next_cause(const CaseState& state);

}  // namespace tongban::cases
