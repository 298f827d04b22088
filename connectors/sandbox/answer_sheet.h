// AnswerSheet: what an exchange about a world must bring: the findings, each with its part, and the
// outcome.
//
// Threads: pure functions.
#pragma once

#include "base/json.h"
#include "connectors/sandbox/world.h"

namespace tongban::sandbox {

// {"seed", "index", "expected_findings": [{"code", "part"}], "outcome": "delivered"|"refused",
// "faults": [class ...],
//  "expected_verdicts": [{"field", "verdict"}]}; the verdicts are those of the request with
//  --verify.
Json answer_sheet(const World& world);

}  // namespace tongban::sandbox
