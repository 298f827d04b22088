// Batch: the mutations that commit together under one shard's fence, and what is known once they
// have.
//
// Threads: values and pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "hub/store/mutations.h"

namespace tongban::store {

inline constexpr std::int32_t shard_count = 256;

// Of the idempotency key, so that the key and the exchange share a shard.
std::int32_t shard_of(std::string_view requester, std::string_view request_id);
// UUIDv7 whose last byte is the shard: a message that names the exchange is routed without a
// look-up.
std::string new_exchange_id(Instant now, std::int32_t shard);
// Also of a case's name (hub/store/case_id.h), which stands where leaves name an exchange.
Result<std::int32_t> shard_of_exchange(std::string_view exchange_id);

struct Batch {
    std::int32_t shard = 0;  // whose fence guards it; jobs and audit rows draw their seq from it
    std::vector<Mutation> mutations;

    template <typename M>
    Batch& add(M mutation) {
        mutations.emplace_back(std::move(mutation));
        return *this;
    }
};

struct Committed {
    std::int64_t epoch = 0;
    std::vector<std::int64_t> audit_seqs;  // of the PutAudit and PutCaseLeaf, in order
    std::vector<std::int64_t> job_seqs;    // of the PutJob, in order
    std::vector<std::int64_t> call_seqs;   // of the PutCall, in order
};

struct ShardState {
    std::int32_t shard = 0;
    std::int64_t epoch = 0;
    std::string owner;
    std::int64_t head_seq = 0;
    Digest head_hash{};  // SHA-256(previous head_hash || merkle_leaf(leaf)); zeros at the start
    std::int64_t last_ms = 0;  // the cases' time at its latest commit (PutCase, UpdateCase,
                               // KeepTime): their clock never goes back of it
};

}  // namespace tongban::store
