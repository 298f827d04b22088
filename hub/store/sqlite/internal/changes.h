// Changes: what a statement's row count means to a mutation.
//
// Threads: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "hub/store/store.h"

namespace tongban::store::sqlite {

inline Fault conflict(std::string_view table, std::string_view reason) {
    return Fault{FaultKind::conflict, std::string(table), std::string(reason)};
}

// A statement that must change exactly one row; a broken unique key or no row is the table's
// conflict.
inline Result<Done> exactly_one(const Result<std::int64_t>& changed,
                                std::string_view table,
                                std::string_view reason) {
    if (!changed) {
        if (changed.fault().kind == FaultKind::conflict) return conflict(table, reason);
        return changed.fault();
    }
    if (*changed != 1) return conflict(table, reason);
    return Done{};
}

inline Result<Done> any_number(const Result<std::int64_t>& changed) {
    if (!changed) return changed.fault();
    return Done{};
}

inline Result<Done> belongs(std::string_view exchange_id, std::int32_t shard) {
    const auto own = shard_of_exchange(exchange_id);
    if (!own) return own.fault();
    if (*own != shard) return Fault{FaultKind::internal, "batch", "a row of another shard"};
    return Done{};
}

inline Result<Done> belongs(std::int64_t case_id, std::int32_t shard) {
    if (shard_of_case(case_id) != shard)
        return Fault{FaultKind::internal, "batch", "a case of another shard"};
    return Done{};
}

}  // namespace tongban::store::sqlite
