#include <boost/test/unit_test.hpp>

#include "hub/audit/witness.h"
#include "tests/unit/hub/audit/audit_fixture.h"

using namespace tongban;
using namespace tongban::audit;
using tongban::audit_tests::fixed_key;
using tongban::support::need;

namespace {

NoteVerifier witness_of(const PrivateKey& key, const std::string& name) {
    return need(
        NoteVerifier::of(name, NoteKeyType::ed25519_cosignature, key.public_key().raw_ed25519()));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(witness_policy_test)

BOOST_AUTO_TEST_CASE(a_policy_counts_k_of_n_and_nested_groups) {
    const std::string log =
        need(NoteVerifier::of(
                 "log", NoteKeyType::ed25519, fixed_key('k').public_key().raw_ed25519()))
            .vkey();
    const auto vkey = [](char c) { return witness_of(fixed_key(c), std::string(1, c)).vkey(); };
    const auto policy = need(WitnessPolicy::parse(
        "log " + log + "\nwitness a " + vkey('a') + "\nwitness b " + vkey('b') + "\nwitness c " +
        vkey('c') +
        "\n# two of the departments\ngroup two 2 a b c\ngroup both all two c\nquorum both\n"));
    BOOST_TEST(!policy.satisfied_by({}));
    BOOST_TEST(!policy.satisfied_by({"a", "b"}));
    BOOST_TEST(!policy.satisfied_by({"c"}));
    BOOST_TEST(policy.satisfied_by({"a", "c"}));
    const auto again = need(WitnessPolicy::parse(policy.text()));
    BOOST_TEST(again.satisfied_by({"b", "c"}));
    BOOST_TEST(!again.satisfied_by({"b"}));
}

BOOST_AUTO_TEST_CASE(a_policy_that_cannot_be_met_or_read_is_refused) {
    const std::string log =
        need(NoteVerifier::of(
                 "log", NoteKeyType::ed25519, fixed_key('k').public_key().raw_ed25519()))
            .vkey();
    const std::string a = witness_of(fixed_key('a'), "a").vkey();
    for (const std::string& bad : {std::string("quorum none\n"),
                                   "log " + log + "\nquorum nobody\n",
                                   "log " + log + "\ngroup g 2 a\n",
                                   "log " + log + "\nwitness a " + a + "\ngroup g 2 a\n",
                                   "log " + log + "\nwitness a " + log + "\n",
                                   "log " + a + "\n",
                                   "log " + log + "\nwitness a " + a + "\nwitness a " + a + "\n",
                                   "logg " + log + "\n"})
        BOOST_TEST(!WitnessPolicy::parse(bad).ok(), bad);
}

BOOST_AUTO_TEST_SUITE_END()
