#include "base/merkle.h"

#include <bit>
#include <utility>

#include "base/check.h"

namespace tongban {
namespace {

constexpr std::string_view leaf_prefix("\x00", 1);
constexpr std::string_view node_prefix("\x01", 1);

struct Range {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    [[nodiscard]] std::uint64_t size() const { return end - begin; }
    // Where MTH splits: the largest power of two below the size. Requires size() > 1.
    [[nodiscard]] std::uint64_t split() const { return begin + std::bit_floor(size() - 1); }
};

Digest range_root(Range range, const SubtreeHash& hash_of) {
    // Every range that MTH reaches begins at a multiple of the power of two it spans, so a full one
    // is one subtree.
    if (std::has_single_bit(range.size())) {
        const auto level = static_cast<unsigned>(std::countr_zero(range.size()));
        return hash_of(level, range.begin >> level);
    }
    const std::uint64_t middle = range.split();
    return merkle_node(range_root({range.begin, middle}, hash_of),
                       range_root({middle, range.end}, hash_of));
}

void add_inclusion(std::uint64_t index,
                   Range range,
                   const SubtreeHash& hash_of,
                   std::vector<Digest>& proof) {
    if (range.size() == 1) return;
    const std::uint64_t middle = range.split();
    const Range left{range.begin, middle};
    const Range right{middle, range.end};
    const bool goes_left = index < middle;
    add_inclusion(index, goes_left ? left : right, hash_of, proof);
    proof.push_back(range_root(goes_left ? right : left, hash_of));
}

// SUBPROOF(m, D[n], b) of RFC 9162: `known` tells that the verifier already has this subtree's
// hash.
void add_consistency(std::uint64_t old_size,
                     Range range,
                     bool known,
                     const SubtreeHash& hash_of,
                     std::vector<Digest>& proof) {
    if (old_size == range.end) {
        if (!known) proof.push_back(range_root(range, hash_of));
        return;
    }
    const std::uint64_t middle = range.split();
    if (old_size <= middle) {
        add_consistency(old_size, {range.begin, middle}, known, hash_of, proof);
        proof.push_back(range_root({middle, range.end}, hash_of));
    } else {
        add_consistency(old_size, {middle, range.end}, false, hash_of, proof);
        proof.push_back(range_root({range.begin, middle}, hash_of));
    }
}

}  // namespace

Digest merkle_leaf(std::string_view entry) {
    return Sha256().add(leaf_prefix).add(entry).finish();
}

Digest merkle_node(const Digest& left, const Digest& right) {
    return Sha256().add(node_prefix).add(bytes_of(left)).add(bytes_of(right)).finish();
}

Digest merkle_empty() {
    return sha256("");
}

MerkleFrontier::MerkleFrontier(std::uint64_t size, std::vector<Digest> subtrees)
    : size_(size), subtrees_(std::move(subtrees)) {
    TONGBAN_CHECK(subtrees_.size() == static_cast<std::size_t>(std::popcount(size_)),
                  "merkle.frontier_fits_size");
}

void MerkleFrontier::append(const Digest& leaf_hash) {
    Digest hash = leaf_hash;
    for (std::uint64_t rest = size_; (rest & 1U) != 0; rest >>= 1U) {
        hash = merkle_node(subtrees_.back(), hash);
        subtrees_.pop_back();
    }
    subtrees_.push_back(hash);
    ++size_;
}

Digest MerkleFrontier::root() const {
    if (subtrees_.empty()) return merkle_empty();
    Digest hash = subtrees_.back();
    for (std::size_t i = subtrees_.size() - 1; i-- > 0;)
        hash = merkle_node(subtrees_[i], hash);
    return hash;
}

std::vector<Digest> inclusion_proof(std::uint64_t index,
                                    std::uint64_t size,
                                    const SubtreeHash& hash_of) {
    TONGBAN_CHECK(index < size, "merkle.leaf_in_tree");
    std::vector<Digest> proof;
    add_inclusion(index, {0, size}, hash_of, proof);
    return proof;
}

std::vector<Digest> consistency_proof(std::uint64_t old_size,
                                      std::uint64_t new_size,
                                      const SubtreeHash& hash_of) {
    TONGBAN_CHECK(old_size <= new_size, "merkle.old_tree_is_smaller");
    std::vector<Digest> proof;
    if (old_size != 0 && old_size != new_size) {
        add_consistency(old_size, {0, new_size}, true, hash_of, proof);
    }
    return proof;
}

Digest merkle_root(std::uint64_t size, const SubtreeHash& hash_of) {
    return size == 0 ? merkle_empty() : range_root({0, size}, hash_of);
}

bool verify_inclusion(std::uint64_t index,
                      std::uint64_t size,
                      const Digest& leaf_hash,
                      const std::vector<Digest>& proof,
                      const Digest& root) {
    if (index >= size) return false;
    std::uint64_t fn = index;
    std::uint64_t sn = size - 1;
    Digest hash = leaf_hash;
    for (const Digest& step : proof) {
        if (sn == 0) return false;
        if ((fn & 1U) != 0 || fn == sn) {
            hash = merkle_node(step, hash);
            while ((fn & 1U) == 0 && fn != 0) {
                fn >>= 1U;
                sn >>= 1U;
            }
        } else {
            hash = merkle_node(hash, step);
        }
        fn >>= 1U;
        sn >>= 1U;
    }
    return sn == 0 && hash == root;
}

bool verify_consistency(const TreeHead& older,
                        const TreeHead& newer,
                        const std::vector<Digest>& proof) {
    if (older.size > newer.size) return false;
    if (older.size == newer.size) return proof.empty() && older.root == newer.root;
    if (older.size == 0) return proof.empty() && older.root == merkle_empty();
    if (proof.empty()) return false;

    std::uint64_t fn = older.size - 1;
    std::uint64_t sn = newer.size - 1;
    while ((fn & 1U) != 0) {
        fn >>= 1U;
        sn >>= 1U;
    }
    // A power of two is a complete subtree: its own root is the proof's unwritten first step.
    const bool complete = std::has_single_bit(older.size);
    Digest old_hash = complete ? older.root : proof.front();
    Digest new_hash = old_hash;
    for (std::size_t i = complete ? 0 : 1; i < proof.size(); ++i) {
        const Digest& step = proof[i];
        if (sn == 0) return false;
        if ((fn & 1U) != 0 || fn == sn) {
            old_hash = merkle_node(step, old_hash);
            new_hash = merkle_node(step, new_hash);
            while ((fn & 1U) == 0 && fn != 0) {
                fn >>= 1U;
                sn >>= 1U;
            }
        } else {
            new_hash = merkle_node(new_hash, step);
        }
        fn >>= 1U;
        sn >>= 1U;
    }
    return sn == 0 && old_hash == older.root && new_hash == newer.root;
}

}  // namespace tongban
