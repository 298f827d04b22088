// Records: what a case was told, as its rows hold it: sealed one by one, under their numbers.
//
// Threads: pure functions.
// Faults:  of Sealer::open and read_record (hub/cases/engine/case_record.h).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "hub/cases/engine/case_record.h"
#include "hub/cases/ports.h"
#include "hub/store/case_rows.h"

namespace tongban::cases::internal {

// Under which name a record of a case is sealed.
std::string record_name(std::int32_t no);
Result<CaseRecords> open_records(const std::vector<store::CaseRecordRow>& rows, Sealer& sealer);

}  // namespace tongban::cases::internal
