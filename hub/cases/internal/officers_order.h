// OfficersOrder: a signed order of a member as the cause that moves a case, and whether that member
// may give it.
//
// Threads: pure functions.
#pragma once

#include <optional>
#include <string>

#include "hub/cases/engine/case_state.h"
#include "hub/cases/engine/cause.h"
#include "hub/exchange/case_desk.h"

namespace tongban::cases::internal {

// Nothing: the order names no choice that there is, or its detail is no JSON.
std::optional<Cause> cause_of(const exchange::CaseOrder& order, const exchange::Caller& caller);

// Deciding and reporting is for the engine to judge; a claim is the owing member's; the rest is the
// owner's, of an incident also its own owner's. Operators may all but decide.
bool may_order(const CaseState& state, const Cause& cause, const exchange::Caller& caller);

}  // namespace tongban::cases::internal
