// Words: what clerks read where the engine speaks codes: why an order cannot be, what an incident
// means and what can be done about it. Both languages; nothing personal.
//
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "hub/cases/engine/case_state.h"
#include "hub/cases/item/item.h"
#include "hub/exchange/case_desk.h"
#include "hub/exchange/refusal.h"

namespace tongban::cases::internal {

// Of an order that the case did not take up. `where` is the engine's code.
exchange::Refusal order_refused(const Fault& fault);

const item::Words& incident_words(std::string_view code);
// What mend takes: retry | skip | set_result.
std::vector<std::string> choices_of(const Incident& incident);
// An operator may have to come with a second officer: of a repair that changes what the case
// believes.
bool needs_approver(const Incident& incident, std::string_view choice);

exchange::CaseIncident incident_of(const CaseState& state,
                                   std::int64_t rev,
                                   const Incident& incident);

}  // namespace tongban::cases::internal
