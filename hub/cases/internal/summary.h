// Summary: a case as a list shows it, and as an officer's order is answered: codes, words and days,
// nothing personal. The answer is kept with the order's row, so that the same order is told the
// same.
//
// Threads: pure functions.
// Faults:  malformed (bytes that no case wrote).
#pragma once

#include <cstdint>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "hub/cases/engine/case_state.h"
#include "hub/cases/item/item.h"
#include "hub/exchange/case_desk.h"

namespace tongban::cases::internal {

std::string day_of(std::int64_t due_ms);  // the last legal day; "" of none
// running | waiting | paused | incident | done | cancelled
std::string status_of(const CaseState& state);
exchange::CaseSummary summary_of(const CaseState& state, std::int64_t rev, const item::Item& item);

Json summary_json(const exchange::CaseSummary& summary);
Result<exchange::CaseSummary> summary_from(const Json& json);

// Under which name the officer of a revision is sealed, and what the order was answered.
std::string officer_name(std::int64_t rev);

}  // namespace tongban::cases::internal
