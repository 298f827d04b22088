#include "hub/audit/internal/tiles.h"

#include <algorithm>

#include "base/check.h"

namespace tongban::audit {
namespace {

constexpr unsigned tile_height = 8;

Digest root_of(std::string_view hashes) {  // of 2^k hashes
    if (hashes.size() == 32) return *digest_from(hashes);
    const std::size_t half = hashes.size() / 2;
    return merkle_node(root_of(hashes.substr(0, half)), root_of(hashes.substr(half)));
}

}  // namespace

TileEdge::TileEdge(std::uint64_t size, std::vector<std::string> partial)
    : size_(size), partial_(std::move(partial)) {
    for (std::size_t level = 0; level < partial_.size(); ++level)
        TONGBAN_CHECK(partial_[level].size() == ((size >> (tile_height * level)) % tile_width) * 32,
                      "audit.tile_edge_width");
}

void TileEdge::append(const Digest& leaf_hash) {
    append_at(0, leaf_hash);
    ++size_;
}

void TileEdge::append_at(std::size_t level, const Digest& hash) {
    if (partial_.size() <= level) partial_.resize(level + 1);
    std::string& tile = partial_[level];
    tile += bytes_of(hash);
    // size_ still counts the leaves before this one, so this is the index of the tile being filled.
    const std::uint64_t index = size_ >> (tile_height * (level + 1));
    changed_.insert_or_assign({static_cast<std::uint32_t>(level), index}, tile);
    if (tile.size() < tile_width * 32) return;
    const Digest full = root_of(tile);
    tile.clear();
    append_at(level + 1, full);
}

std::vector<store::LogTileRow> TileEdge::take_changed() {
    std::vector<store::LogTileRow> rows;
    rows.reserve(changed_.size());
    for (auto& [place, hashes] : changed_)
        rows.push_back({place.first, place.second, std::move(hashes)});
    changed_.clear();
    return rows;
}

SubtreeHash subtrees_of(TileBytes tiles) {
    return [tiles = std::move(tiles)](unsigned level, std::uint64_t index) {
        const unsigned above = level % tile_height;
        const std::uint64_t first = index << above;
        const std::string bytes = tiles(level / tile_height, first / tile_width);
        const std::size_t at = static_cast<std::size_t>(first % tile_width) * 32;
        const std::size_t count = (std::size_t{1} << above) * 32;
        if (bytes.size() < at + count) return Digest{};
        return root_of(std::string_view(bytes).substr(at, count));
    };
}

std::size_t width_of_tile(std::uint64_t size, std::uint32_t level, std::uint64_t index) {
    if (level >= 8) return 0;
    const std::uint64_t hashes = size >> (tile_height * level);
    const std::uint64_t before = index * tile_width;
    if (hashes <= before) return 0;
    return static_cast<std::size_t>(std::min<std::uint64_t>(hashes - before, tile_width));
}

}  // namespace tongban::audit
