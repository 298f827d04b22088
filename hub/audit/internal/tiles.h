// Tiles: the tree as 256-wide tiles (c2sp.org/tlog-tiles), grown at the right edge and read back as
// subtrees.
//
// A tile at level l holds, for each i, the hash of the complete subtree of height 8l at place i;
// the levels between are computed. Only the widest version of a tile is kept: a partial tile is a
// prefix of the later one.
//
// Threads: values; one owner.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/merkle.h"
#include "hub/store/rows.h"

namespace tongban::audit {

inline constexpr std::size_t tile_width = 256;

// The tiles that a new leaf touches: at each level the one that is not full.
class TileEdge {
public:
    TileEdge() = default;
    // `partial[l]`: hashes of the unfinished tile at level l, as (size >> 8l) mod 256 says how
    // many.
    TileEdge(std::uint64_t size, std::vector<std::string> partial);

    void append(const Digest& leaf_hash);
    [[nodiscard]] std::uint64_t size() const { return size_; }
    // Every tile that changed since the last call, at its present width.
    std::vector<store::LogTileRow> take_changed();

private:
    void append_at(std::size_t level, const Digest& hash);
    std::uint64_t size_ = 0;
    std::vector<std::string> partial_;
    std::map<std::pair<std::uint32_t, std::uint64_t>, std::string> changed_;
};

// Bytes of a tile, at least as wide as the tree needs; empty when it cannot be had.
using TileBytes = std::function<std::string(std::uint32_t level, std::uint64_t index)>;

// Subtree hashes out of tiles. A missing tile gives zeros, which no proof survives.
SubtreeHash subtrees_of(TileBytes tiles);

// How many hashes the tile at (level, index) has in a tree of that size; 0: there is no such tile.
std::size_t width_of_tile(std::uint64_t size, std::uint32_t level, std::uint64_t index);

}  // namespace tongban::audit
