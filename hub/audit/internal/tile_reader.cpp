#include "hub/audit/internal/tile_reader.h"

#include <optional>

namespace tongban::audit {
namespace {

constexpr std::size_t most_kept = 512;

}  // namespace

Result<std::string> TileReader::tile(std::uint64_t size, std::uint32_t level, std::uint64_t index) {
    const std::size_t bytes = width_of_tile(size, level, index) * 32;
    {
        auto kept = kept_.lock();
        const auto at = kept->find({level, index});
        if (at != kept->end() && at->second.size() >= bytes) return at->second;
    }
    auto row = store_.log_tile(level, index);
    if (!row) return row.fault();
    if (!*row || (*row)->hashes.size() < bytes)
        return Fault{FaultKind::internal, "log_tile", "a tile is missing or too narrow"};
    keep(**row);
    return std::move((*row)->hashes);
}

void TileReader::keep(const store::LogTileRow& row) {
    auto kept = kept_.lock();
    if (kept->size() >= most_kept) kept->clear();
    std::string& hashes = (*kept)[{row.level, row.index}];
    if (row.hashes.size() > hashes.size()) hashes = row.hashes;
}

void TileReader::forget() {
    kept_.lock()->clear();
}

namespace {

// Runs a computation over tiles; the first tile that cannot be had is the answer's fault.
template <typename Compute>
auto over_tiles(TileReader& reader, std::uint64_t size, Compute&& compute)
    -> Result<decltype(compute(std::declval<const SubtreeHash&>()))> {
    std::optional<Fault> fault;
    auto value = compute(subtrees_of([&](std::uint32_t level, std::uint64_t index) {
        auto tile = reader.tile(size, level, index);
        if (tile) return *std::move(tile);
        if (!fault) fault = tile.fault();
        return std::string();
    }));
    if (fault) return *std::move(fault);
    return value;
}

}  // namespace

Result<Digest> TileReader::root(std::uint64_t size) {
    return over_tiles(
        *this, size, [size](const SubtreeHash& hash_of) { return merkle_root(size, hash_of); });
}

Result<std::vector<Digest>> TileReader::inclusion(std::uint64_t index, std::uint64_t size) {
    if (index >= size) return Fault{FaultKind::not_found, "log", "not in a tree of that size"};
    return over_tiles(*this, size, [&](const SubtreeHash& hash_of) {
        return inclusion_proof(index, size, hash_of);
    });
}

Result<std::vector<Digest>> TileReader::consistency(std::uint64_t old_size,
                                                    std::uint64_t new_size) {
    if (old_size > new_size) return Fault{FaultKind::not_found, "log", "the log is not that large"};
    return over_tiles(*this, new_size, [&](const SubtreeHash& hash_of) {
        return consistency_proof(old_size, new_size, hash_of);
    });
}

}  // namespace tongban::audit
