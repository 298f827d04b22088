// The rows of a case's parts, as far as they differ from what they were.
#pragma once

#include "hub/cases/internal/case_batch.h"

namespace tongban::cases::internal {

Result<Done> add_steps(const Written& written, Sealer& sealer, store::Batch& batch);
void add_joints(const Written& written, store::Batch& batch);
Result<Done> add_incidents(const Written& written, Sealer& sealer, store::Batch& batch);

}  // namespace tongban::cases::internal
