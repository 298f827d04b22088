// TileReader: tiles out of the store, a few hundred of them kept in memory, and proofs made of
// them.
//
// Threads: safe from any thread.
// Faults:  those of the store; internal (a tile is missing or too narrow).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/guarded.h"
#include "base/merkle.h"
#include "base/result.h"
#include "hub/audit/internal/tiles.h"
#include "hub/store/store.h"

namespace tongban::audit {

class TileReader {
public:
    explicit TileReader(store::Store& store) : store_(store) {}

    // The tile as it stands in a tree of `size`, or wider.
    Result<std::string> tile(std::uint64_t size, std::uint32_t level, std::uint64_t index);
    void keep(const store::LogTileRow& row);  // just committed
    void forget();                            // after a doubt

    Result<Digest> root(std::uint64_t size);
    Result<std::vector<Digest>> inclusion(std::uint64_t index, std::uint64_t size);
    Result<std::vector<Digest>> consistency(std::uint64_t old_size, std::uint64_t new_size);

private:
    store::Store& store_;
    Guarded<std::map<std::pair<std::uint32_t, std::uint64_t>, std::string>> kept_;
};

}  // namespace tongban::audit
