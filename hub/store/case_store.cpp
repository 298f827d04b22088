#include "hub/store/case_store.h"

#include <utility>

namespace tongban::store {

std::vector<Result<Committed>> CaseStore::apply_all(std::vector<Batch> batches) {
    std::vector<Result<Committed>> answers;
    answers.reserve(batches.size());
    for (Batch& batch : batches)
        answers.push_back(apply(std::move(batch)));
    return answers;
}

Light light_of(const CaseRow& row, std::int64_t now_ms) {
    if (!row.open || row.due_ms == 0) return Light::green;
    if (row.due_ms <= now_ms) return Light::red;
    if (row.orange_ms != 0 && row.orange_ms <= now_ms) return Light::orange;
    if (row.yellow_ms != 0 && row.yellow_ms <= now_ms) return Light::yellow;
    return Light::green;
}

}  // namespace tongban::store
