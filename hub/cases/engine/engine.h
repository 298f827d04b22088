// Engine: the interpreter of cases: a pure function of the service item, the case's state, one
// cause and the facts of the moment. Nothing is ever replayed: the state is all that there is, and
// the same four arguments give the same transition on every machine.
//
// A transition runs until nothing more can be done without a new cause: gates, parallel starts and
// ends follow at once. Reads: advance.cpp (the way), then one file a step kind and a concern.
//
// Threads: pure; safe from any thread.
// Faults:  none; what an officer may not do is a `refused` transition, what an office does wrong is
//          an incident of the case.
#pragma once

#include "hub/cases/engine/cause.h"
#include "hub/cases/engine/facts.h"
#include "hub/cases/engine/transition.h"
#include "hub/cases/item/item.h"

namespace tongban::cases {

// `state` of a case that opens holds case_id, item and version alone.
Transition advance(const item::Item& item,
                   const CaseState& state,
                   const Cause& cause,
                   const Facts& facts);

}  // namespace tongban::cases
