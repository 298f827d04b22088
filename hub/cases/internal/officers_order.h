// OfficersOrder: a signed order of a member as the cause that moves a case, and whether that member
// may give it.
//
// Threads: pure functions.
#pragma once

#include <string>

#include "hub/cases/cases.h"
#include "hub/cases/engine/case_state.h"
#include "hub/cases/engine/cause.h"
#include "hub/exchange/case_desk.h"
#include "hub/exchange/refusal.h"

namespace tongban::cases::internal {

// What an order is known by: the same again is the same order.
std::string order_source(const exchange::Caller& caller);
std::string order_id(const exchange::CaseOrder& order);

// Of an order that was answered before the answer is told again: what was entered with it is not
// judged by what the case has become meanwhile.
enum class Entry { fresh, repeated };

// Refused: the order names no choice that there is, its detail is no JSON, or what was entered does
// not obey its type.
exchange::Reply<Cause> cause_of(const exchange::CaseOrder& order,
                                const exchange::Caller& caller,
                                const CaseView& view,
                                Entry entry);

// Deciding and reporting is for the engine to judge; a claim is the owing member's; the rest is the
// owner's, of an incident also its own owner's. Operators may all but decide.
bool may_order(const CaseState& state, const Cause& cause, const exchange::Caller& caller);

}  // namespace tongban::cases::internal
