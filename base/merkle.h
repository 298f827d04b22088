// Merkle: the tree of RFC 6962 and RFC 9162 over SHA-256, as arithmetic: hashes, frontier, proofs
// made and checked.
//
// The hub's log and every witness check each other with this; it stores nothing and knows no files.
// leaf hash = SHA-256(0x00 || entry); node = SHA-256(0x01 || left || right); the empty tree is
// SHA-256("").
//
// Threads: values and pure functions.
// Faults:  none; a check answers false for whatever does not prove its claim.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "base/crypto.h"

namespace tongban {

Digest merkle_leaf(std::string_view entry);
Digest merkle_node(const Digest& left, const Digest& right);
Digest merkle_empty();

// The complete subtrees of an append-only tree, largest first: all that is needed to grow it and to
// know its root.
class MerkleFrontier {
public:
    MerkleFrontier() = default;
    // `subtrees` as subtrees() gave them for that size; a wrong number of them is our own fault and
    // aborts.
    MerkleFrontier(std::uint64_t size, std::vector<Digest> subtrees);

    void append(const Digest& leaf_hash);
    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] const std::vector<Digest>& subtrees() const { return subtrees_; }
    [[nodiscard]] Digest root() const;

private:
    std::uint64_t size_ = 0;
    std::vector<Digest> subtrees_;
};

// Hash of the complete subtree over leaves [index << level, (index + 1) << level).
using SubtreeHash = std::function<Digest(unsigned level, std::uint64_t index)>;

// Leaf's sibling first, root's child last. Requires index < size.
std::vector<Digest> inclusion_proof(std::uint64_t index,
                                    std::uint64_t size,
                                    const SubtreeHash& hash_of);
// RFC 9162 2.1.4.1; empty when the sizes are equal or old_size is 0. Requires old_size <= new_size.
std::vector<Digest> consistency_proof(std::uint64_t old_size,
                                      std::uint64_t new_size,
                                      const SubtreeHash& hash_of);
// Root of the first `size` leaves.
Digest merkle_root(std::uint64_t size, const SubtreeHash& hash_of);

[[nodiscard]] bool verify_inclusion(std::uint64_t index,
                                    std::uint64_t size,
                                    const Digest& leaf_hash,
                                    const std::vector<Digest>& proof,
                                    const Digest& root);

struct TreeHead {
    std::uint64_t size = 0;
    Digest root{};
};
// An old size of 0 demands the empty tree's root and an empty proof (c2sp.org/tlog-witness).
[[nodiscard]] bool verify_consistency(const TreeHead& older,
                                      const TreeHead& newer,
                                      const std::vector<Digest>& proof);

}  // namespace tongban
