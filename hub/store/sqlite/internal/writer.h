// Writer: mutations into rows, on the one writing connection, under the shards' fences.
//
// A group of batches is one transaction. Fences and audit heads are kept in memory between commits
// and written back with `WHERE epoch = mine AND case_seq = as I left it`, so a store that lost its
// shard to another owner changes nothing.
//
// Threads: the committer only.
// Faults:  per batch: conflict, not_found, internal; for the whole group: unavailable, malformed.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/sqlite.h"
#include "hub/store/store.h"

namespace tongban::store::sqlite {

struct Fence {
    std::int64_t epoch = 0;
    std::int64_t head_seq = 0;
    Digest head_hash{};
    std::int64_t case_seq = 0;  // moves with every commit of the shard: settles a commit in doubt
    std::int64_t last_ms = 0;
    std::int64_t case_no = 0;  // highest number of a case
};

class Writer {
public:
    Writer(std::unique_ptr<Sqlite> database, std::string owner);

    // Takes over every shard: epoch + 1. Creates what is missing.
    Result<Done> take_over();
    // One answer a batch, all durable (or not done at all) when it returns.
    std::vector<Result<Committed>> commit(const std::vector<const Batch*>& group);
    [[nodiscard]] const Fence& fence(std::int32_t shard) const;
    // Writes the whole WAL back and empties it: no old page image stays.
    Result<Done> scrub();

private:
    enum class Care { none, savepoints };
    struct Attempt;
    enum class Ending { durable, a_batch_failed, fence_lost, group_failed };
    Ending run_group(Attempt& attempt, Care care);
    Ending write_fences(Attempt& attempt);
    Ending failed(Attempt& attempt, Fault fault);
    bool settled_as_committed(const Attempt& attempt);
    Result<Fence> read_fence(std::int32_t shard);

    std::unique_ptr<Sqlite> database_;
    const std::string owner_;
    std::vector<Fence> fences_;
    std::set<std::int32_t> lost_;  // another owner took them
};

}  // namespace tongban::store::sqlite
