#include "base/note.h"

#include <boost/test/unit_test.hpp>

#include "base/text.h"
#include "tests/support/need.h"

using namespace tongban;
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

PrivateKey fixed_key(char byte) {
    return need(PrivateKey::ed25519_from_seed(std::string(32, byte)));
}

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

BOOST_AUTO_TEST_CASE(a_logs_key_may_come_from_a_file_and_is_no_witnesses_key) {
    BOOST_TEST(need(NoteVerifier::of_log(std::string(neumann) + "\n")).vkey() == neumann);
    BOOST_TEST(!NoteVerifier::of_log(witness_of(fixed_key('w'), "w").vkey()).ok());
    BOOST_TEST(!NoteVerifier::of_log("hub.test/log").ok());
}

BOOST_AUTO_TEST_CASE(a_cosigners_vkey_is_the_one_its_lines_verify_under) {
    const PrivateKey key = fixed_key('w');
    BOOST_TEST(cosigner_vkey("w", key.public_key()) == witness_of(key, "w").vkey());
    const std::string text = write_checkpoint({"log", 1, sha256("x")});
    const Note note{text, {need(parse_signature_line(cosign_line(key, "w", text, 7)))}};
    BOOST_TEST(
        need(signed_by(note, need(NoteVerifier::parse(cosigner_vkey("w", key.public_key()))))));
}

BOOST_AUTO_TEST_CASE(a_checkpoint_opens_only_under_its_own_logs_good_signature) {
    const PrivateKey key = fixed_key('k');
    const auto log = [](const PrivateKey& of, const std::string& name) {
        return need(NoteVerifier::of(name, NoteKeyType::ed25519, of.public_key().raw_ed25519()));
    };
    const std::string text = write_checkpoint({"log", 3, sha256("x")});
    const std::string good = text + "\n" + sign_line(key, "log", text);
    const auto opened = need(open_checkpoint(good, log(key, "log")));
    BOOST_TEST(opened.checkpoint.size == 3U);
    BOOST_TEST(opened.note.text == text);
    const auto where = [](const Result<OpenedCheckpoint>& result) {
        BOOST_REQUIRE(!result.ok());
        BOOST_TEST((result.fault().kind == FaultKind::refused));
        return result.fault().where;
    };
    BOOST_TEST(where(open_checkpoint(good, log(fixed_key('x'), "log"))) == "checkpoint");
    std::string changed = good;
    changed[changed.find("\n3\n") + 1] = '4';
    BOOST_TEST(where(open_checkpoint(changed, log(key, "log"))) == "checkpoint");
    // Signed by a good key for the name of another log.
    const std::string foreign = text + "\n" + sign_line(key, "other", text);
    BOOST_TEST(where(open_checkpoint(foreign, log(key, "other"))) == "checkpoint");
    BOOST_TEST(!open_checkpoint("log\n3\n", log(key, "log")).ok());
}

BOOST_AUTO_TEST_SUITE_END()
