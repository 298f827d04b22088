// CaseLeaf: what the log says of one transition of a case, and its text.
//
// Each transition leaves exactly one leaf, unique by (case, rev): what moved the case, which steps
// it touched, where the case stood before and after. Codes, ids, counts and a commitment: no
// personal data and no free text. Trail::case_step() commits it; who commits many transitions at
// once takes the mutation from here and wakes the log afterwards (Trail::wake).
//
// Threads: pure functions.
// Faults:  malformed (not a case id, no rev, not UTF-8), refused (over 65,535 bytes, or what reads
// as a citizen's number).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "hub/store/case_mutations.h"

namespace tongban::audit {

struct StepFact {  // a step that the transition touched
    std::string step{};
    std::int64_t number = 0;  // within the case
    std::string kind{};       // call | gate | task | wait | joint | parallel | timer | end
    std::string status{};     // as it is now
};

struct JointFact {  // a joint filing decided here, for good
    std::string group{};
    std::string decision{};  // confirm | cancel
};

struct IncidentFact {
    std::int64_t number = 0;  // within the case
    std::string code{};
    std::string change{};  // opened | closed
};

struct CaseFacts {
    std::int64_t case_id = 0;
    std::int64_t rev = 0;       // 1 for the opening, then one more each
    std::int64_t case_ms = 0;   // of the cases' own clock, by which deadlines run; 0: not told
    std::string item{};         // id@version; a case keeps the one that it began with
    std::string item_sha256{};  // hex, of the item's file
    std::string cause{};        // opened | answer | event | decision | timer | command ...
    std::string action{};       // which decision or command, or ""
    std::string status{};       // open | paused | cancelling | closed: nothing follows a closed one
    std::string state_before{};  // the item's own states; "" before the opening
    std::string state_after{};
    std::string actor{};               // member; "" for the hub's own timers
    std::string officer_commitment{};  // hex, or ""
    std::string follows{};             // the exchange that brought the cause, or ""
    std::vector<StepFact> steps{};
    std::vector<JointFact> joints{};
    std::vector<IncidentFact> incidents{};
};

// The leaf of the transition, for the batch that holds its rows.
Result<store::PutCaseLeaf> case_leaf(const CaseFacts& facts, std::string_view hub, Instant now);

}  // namespace tongban::audit
