// ProviderAnswer: placement provider: what comes of a middle that ran at the provider beside the
// record: its judgement, as it was signed, and what the hub makes of it.
//
// Threads: pure functions.
// Faults:  malformed, from read_judgement.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "mapping/rule_set.h"
#include "schemas/finding.h"

namespace tongban::exchange {

struct Judgement {
    std::vector<schemas::Finding> findings;
    std::vector<std::string> judged;
};

// The judgement form of tongban.thrift; "" when some word of it is no text, so that nobody can have
// signed it.
std::string judgement_form(const std::vector<schemas::Finding>& findings,
                           const std::vector<std::string>& judged);
Result<Judgement> read_judgement(const std::string& form);

// Findings that a clerk can be shown: what is too long for a sentence is left out.
std::vector<schemas::Finding> readable(std::vector<schemas::Finding> findings);

// A rule that ran in several places says once that it is undecided, and not when it has found
// something: as if it had run in one.
void tell_undecided_once(std::vector<schemas::Finding>& findings, const mapping::RuleSet& rules);

}  // namespace tongban::exchange
