// CaseDocument: a case as show_case tells it: steps, tasks, materials, deadlines with what they
// were reckoned from, findings, incidents, and its history with the exchanges behind it
// (docs/formats/case-document.md). Codes, words and days; of the application nothing.
//
// Threads: pure functions.
#pragma once

#include <vector>

#include "base/json.h"
#include "hub/cases/cases.h"
#include "hub/store/rows.h"

namespace tongban::cases::internal {

// `leaves`: of the case, by revision.
Json document_of(const CaseView& view, const std::vector<store::AuditRow>& leaves, Date today);

}  // namespace tongban::cases::internal
