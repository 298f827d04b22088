// CaseBatch: a transition as one batch of the store: the case row, its new records, the rows of its
// steps, timers, joints and incidents as far as they differ from what they were, its calls, the
// cause's name, and the leaf.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "hub/cases/engine/cause.h"
#include "hub/cases/engine/transition.h"
#include "hub/cases/ports.h"
#include "hub/store/batch.h"

namespace tongban::cases::internal {

struct StartKey {  // of a case that opens; both hashed
    std::string scope;
    std::string key;
};

struct Written {
    const item::Item& item;
    const CaseState* before = nullptr;  // null: the case opens
    const CaseState& after;
    const Transition& transition;
    const Cause& cause;
    std::int64_t rev = 0;            // as read
    std::int32_t saved_records = 0;  // those up to this number are in the store
    std::optional<StartKey> start;
    std::string subject;  // whose key seals it; "" nobody's
    std::string subject_hash;
    std::vector<std::pair<std::string, std::string>> search;     // attribute, value
    std::vector<std::pair<std::string, std::int32_t>> attempts;  // of calls sent on by a person
    std::int64_t now_ms = 0;
};

Result<store::Batch> batch_of(const Written& written, Sealer& sealer, LeafWriter& leaves);

// An incident of a case whose state nobody can read: the row stays as it is, but for its rev.
struct BareIncident {
    std::int32_t n = 0;
    std::string code;
    std::string item_digest;  // of the item's file, as in every leaf of the case
};
Result<store::Batch> batch_of_unreadable(const store::CaseRow& row,
                                         const BareIncident& incident,
                                         Instant now,
                                         LeafWriter& leaves);

// The row of a case as this state has it, but for its rev.
Result<store::CaseRow> case_row(const Written& written, Sealer& sealer);
audit::CaseFacts facts_of(const Written& written, const Sealer& sealer);
// 32 bytes that only the hub can know, another for each transition; "": no officer, or nothing that
// keeps the name.
std::string officer_salt(const Written& written, const Sealer& sealer);

std::string write_call(const CallOut& call);
Result<CallOut> read_call(std::string_view bytes);
std::string digest_text(const Cause& cause);  // what the same message is recognised by

}  // namespace tongban::cases::internal
