// What canonicalise and convert share: the values of $variables, and the finding for a plan that is
// not the record's.
#pragma once

#include "mapping/plan.h"
#include "mapping/stages.h"
#include "schemas/finding.h"
#include "schemas/value.h"

namespace tongban::mapping {

schemas::Value value_of(Variable variable, const Context& context);
schemas::Finding wrong_plan(const Plan& plan, std::string_view given);

}  // namespace tongban::mapping
