// CaseDocument: a case as show_case tells it: steps, tasks, materials, deadlines with what they
// were reckoned from, findings, incidents, and its history with the exchanges behind it
// (docs/formats/case-document.md). Codes, words and days; of the application nothing.
//
// Threads: pure functions.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/json.h"
#include "hub/cases/cases.h"
#include "hub/store/rows.h"

namespace tongban::cases::internal {

// `leaves`: of the case, by revision; `officers`: who ordered what, by the revision that it made.
Json document_of(const CaseView& view,
                 const std::vector<store::AuditRow>& leaves,
                 const std::map<std::int64_t, std::string>& officers,
                 Date today);

// Members whose officers moved the case, as its leaves say.
std::set<std::string> orderers_in(const std::vector<store::AuditRow>& leaves);

}  // namespace tongban::cases::internal
