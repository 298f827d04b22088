#include "base/merkle.h"

#include <string>

#include <boost/test/unit_test.hpp>

#include "base/text.h"

using namespace tongban;

namespace {

Digest subtree(unsigned level, std::uint64_t index) {
    if (level == 0) return merkle_leaf("leaf " + std::to_string(index));
    return merkle_node(subtree(level - 1, index * 2), subtree(level - 1, index * 2 + 1));
}

// The recursive definition of RFC 9162 2.1.1, written another way than the code under test.
Digest defined_root(std::uint64_t begin, std::uint64_t end) {
    if (begin == end) return sha256("");
    if (end - begin == 1) return merkle_leaf("leaf " + std::to_string(begin));
    std::uint64_t k = 1;
    while (k * 2 < end - begin)
        k *= 2;
    return merkle_node(defined_root(begin, begin + k), defined_root(begin + k, end));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(merkle_test)

BOOST_AUTO_TEST_CASE(hashes_are_those_of_rfc_6962) {
    BOOST_TEST(hex(merkle_empty()) ==
               "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    BOOST_TEST(hex(merkle_leaf("")) ==
               "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    // The reference tree of the certificate-transparency project, 8 leaves.
    const std::vector<std::string> leaves{"",
                                          "00",
                                          "10",
                                          "2021",
                                          "3031",
                                          "40414243",
                                          "5051525354555657",
                                          "606162636465666768696a6b6c6d6e6f"};
    MerkleFrontier tree;
    for (const std::string& leaf : leaves)
        tree.append(merkle_leaf(*from_hex(leaf)));
    BOOST_TEST(hex(tree.root()) ==
               "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

BOOST_AUTO_TEST_CASE(the_frontier_grows_to_the_defined_root) {
    MerkleFrontier tree;
    for (std::uint64_t size = 0; size <= 70; ++size) {
        BOOST_TEST((tree.root() == defined_root(0, size)));
        BOOST_TEST((merkle_root(size, subtree) == tree.root()));
        const MerkleFrontier restored(tree.size(), tree.subtrees());
        BOOST_TEST((restored.root() == tree.root()));
        tree.append(merkle_leaf("leaf " + std::to_string(size)));
    }
}

BOOST_AUTO_TEST_CASE(every_inclusion_proof_verifies_for_its_leaf_alone) {
    for (std::uint64_t size = 1; size <= 33; ++size) {
        const Digest root = defined_root(0, size);
        for (std::uint64_t index = 0; index < size; ++index) {
            auto proof = inclusion_proof(index, size, subtree);
            const Digest leaf = merkle_leaf("leaf " + std::to_string(index));
            BOOST_TEST(verify_inclusion(index, size, leaf, proof, root));
            BOOST_TEST(!verify_inclusion(index + 1, size, leaf, proof, root));
            BOOST_TEST(!verify_inclusion(index, size, merkle_leaf("other"), proof, root));
            proof.push_back(leaf);
            BOOST_TEST(!verify_inclusion(index, size, leaf, proof, root));
        }
    }
}

BOOST_AUTO_TEST_CASE(every_consistency_proof_verifies_and_no_altered_one_does) {
    for (std::uint64_t old_size = 0; old_size <= 20; ++old_size) {
        for (std::uint64_t new_size = old_size; new_size <= 33; ++new_size) {
            const TreeHead older{old_size, defined_root(0, old_size)};
            const TreeHead newer{new_size, defined_root(0, new_size)};
            auto proof = consistency_proof(old_size, new_size, subtree);
            BOOST_TEST(verify_consistency(older, newer, proof));
            if (old_size > 0) {
                BOOST_TEST(!verify_consistency({old_size, merkle_leaf("other")}, newer, proof));
                BOOST_TEST(!verify_consistency(older, {new_size, merkle_leaf("other")}, proof));
            }
            if (old_size < new_size) BOOST_TEST(!verify_consistency(newer, older, proof));
            proof.push_back(merkle_leaf("more"));
            BOOST_TEST(!verify_consistency(older, newer, proof));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
