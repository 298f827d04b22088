// Transition: what one cause does to a case, before anybody has written it down.
//
// `recorded`: the state changed; it commits with its rows, its calls and one leaf. `quiet`: only a
// call's next attempt changed, which is no news of the case: no leaf, no revision. `nothing`: the
// cause was known or concerns nobody any more. `refused`: an officer asked for what cannot be; the
// state stands, `refusal` says why.
//
// Threads: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "hub/cases/engine/case_state.h"
#include "schemas/value.h"

namespace tongban::cases {

enum class Verdict { recorded, quiet, nothing, refused };

struct CallOut {  // ordered now; goes out after the commit
    std::string op_key;
    std::int32_t step_no = 0;
    std::string op;
    std::string member;   // in whose name
    std::string opening;  // the exchange that this member signed
    std::string resource;
    std::string kind;  // fetch | verify | submit
    std::string purpose;
    std::string division;  // whom to ask; "" as the resource says
    std::string to;        // the member that it goes to, as far as the case knows
    std::string effect;
    schemas::Group request;
    std::int64_t expire_ms = 0;  // 0: as the resource says
    bool operator==(const CallOut&) const = default;
};

struct CallAgain {
    std::string op_key;
    std::int64_t next_ms = 0;  // the next attempt, not before
    bool park = false;         // no attempt until a person orders one
    bool operator==(const CallAgain&) const = default;
};

struct Told {          // what the leaf says; codes and ids only
    std::string what;  // name of the cause
    std::string
        detail;  // "decided:approve" "JOINT-CONFIRM" "incident:call.in_doubt" ..., joined by ' '
    std::vector<std::string> steps;  // "certify#3:done"
};

struct Transition {
    Verdict verdict = Verdict::nothing;
    CaseState state;
    std::vector<CallOut> calls;
    std::vector<CallAgain> again;
    std::vector<std::string> answered;  // op keys whose call is over
    Told told;
    std::optional<Fault> refusal;
};

}  // namespace tongban::cases
