#include "hub/audit/note.h"

#include <boost/test/unit_test.hpp>

#include "base/text.h"
#include "hub/audit/witness.h"
#include "tests/support/need.h"
#include "tests/unit/hub/audit/audit_fixture.h"

using namespace tongban;
using namespace tongban::audit;
using tongban::audit_tests::fixed_key;
using tongban::support::need;

namespace {

// The example of golang.org/x/mod/sumdb/note.
const char* const neumann = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const std::string example =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n"
    "\u2014 PeterNeumann "
    "x08go/ZJkuBS9UG/"
    "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

NoteVerifier witness_of(const PrivateKey& key, const std::string& name) {
    return need(
        NoteVerifier::of(name, NoteKeyType::ed25519_cosignature, key.public_key().raw_ed25519()));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(note_test)

BOOST_AUTO_TEST_CASE(verifies_the_published_example) {
    const NoteVerifier verifier = need(NoteVerifier::parse(neumann));
    BOOST_TEST(verifier.vkey() == neumann);
    BOOST_TEST(need(signed_by(need(parse_note(example)), verifier)));
}

BOOST_AUTO_TEST_CASE(a_changed_text_under_a_known_key_is_refused_and_an_unknown_key_is_ignored) {
    std::string changed = example;
    changed[0] = 'J';
    const auto refused = signed_by(need(parse_note(changed)), need(NoteVerifier::parse(neumann)));
    BOOST_TEST((refused.fault().kind == FaultKind::refused));
    const PrivateKey key = fixed_key('a');
    const NoteVerifier other =
        need(NoteVerifier::of("other", NoteKeyType::ed25519, key.public_key().raw_ed25519()));
    BOOST_TEST(!need(signed_by(need(parse_note(example)), other)));
}

BOOST_AUTO_TEST_CASE(refuses_what_is_not_a_note) {
    for (const std::string& bad : {std::string(),
                                   std::string("text\n"),
                                   std::string("text\n\n"),
                                   example.substr(0, example.size() - 1),
                                   example + "more\n",
                                   "\x01" + example,
                                   example + "\u2014 A B\n",
                                   example + "\u2014 A  AAAAAAAA\n",
                                   std::string("\xff") + example,
                                   example + "- A AAAAAAAA\n"})
        BOOST_TEST(!parse_note(bad).ok(), bad);
}

BOOST_AUTO_TEST_CASE(refuses_vkeys_that_do_not_add_up) {
    for (const char* bad : {"",
                            "a",
                            "a+b",
                            "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                            "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                            "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T"})
        BOOST_TEST(!NoteVerifier::parse(bad).ok(), bad);
}

BOOST_AUTO_TEST_CASE(a_cosignature_binds_its_time) {
    const PrivateKey key = fixed_key('w');
    const NoteVerifier witness = witness_of(key, "w");
    const std::string text = write_checkpoint({"log", 1, sha256("x")});
    const auto signature = need(parse_signature_line(cosign_line(key, "w", text, 1'790'000'000)));
    BOOST_TEST(cosignature_time(signature) == 1'790'000'000);
    BOOST_TEST(witness.verify(text, signature.payload));
    std::string later = signature.payload;
    later[7] = static_cast<char>(later[7] + 1);
    BOOST_TEST(!witness.verify(text, later));
}

BOOST_AUTO_TEST_CASE(a_checkpoint_is_read_back_and_bad_ones_are_not) {
    const Checkpoint checkpoint{"hub.test/log", 70'000, sha256("root")};
    const auto back = need(parse_checkpoint(write_checkpoint(checkpoint)));
    BOOST_TEST(back.origin == checkpoint.origin);
    BOOST_TEST(back.size == 70'000U);
    const std::string root = base64(bytes_of(sha256("root")));
    for (const std::string& bad : {"log\n07\n" + root + "\n",
                                   "log\n-1\n" + root + "\n",
                                   std::string("log\n7\nAAAA\n"),
                                   "\n7\n" + root + "\n",
                                   "log\n7\n" + root,
                                   "log\n7\n" + root + "\n\n",
                                   std::string("log\n7\n")})
        BOOST_TEST(!parse_checkpoint(bad).ok(), bad);
    BOOST_TEST(parse_checkpoint("log\n7\n" + root + "\nextension\n").ok());
}

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
