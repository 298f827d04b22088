#include "base/crypto.h"

#include <cstdlib>
#include <filesystem>
#include <set>
#include <thread>

#include <boost/test/unit_test.hpp>

#include "base/files.h"
#include "base/text.h"

using namespace tongban;

namespace {

constexpr Suite suites[] = {Suite::es256, Suite::sm2_sm3, Suite::ed25519};

Instant now() {
    return SystemClock().now();
}
Instant in_days(std::int64_t days) {
    return Instant{now().ms + days * 86'400'000};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(crypto_test)

BOOST_AUTO_TEST_CASE(digests_match_published_vectors) {
    BOOST_TEST(hex(sha256("abc")) ==
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    BOOST_TEST(hex(sm3("abc")) ==
               "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    BOOST_TEST(hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
               "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    BOOST_TEST(hex(hmac_sha256("", "")) ==
               "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    BOOST_TEST((Sha256().add("a").add("").add("bc").finish() == sha256("abc")));
    BOOST_TEST((*digest_from(bytes_of(sha256("abc"))) == sha256("abc")));
    BOOST_TEST(!digest_from("short").ok());
}

BOOST_AUTO_TEST_CASE(ed25519_matches_rfc_8032) {
    const auto key = PrivateKey::ed25519_from_seed(
        *from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
    BOOST_REQUIRE(key.ok());
    BOOST_TEST(hex(key->public_key().raw_ed25519()) ==
               "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    BOOST_TEST(hex(key->sign(std::string_view("\x72", 1))) ==
               "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458"
               "f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    BOOST_TEST(hex(key->ed25519_seed()) ==
               "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    BOOST_TEST(!PrivateKey::ed25519_from_seed("short").ok());
}

BOOST_AUTO_TEST_CASE(each_suite_signs_and_refuses_what_was_changed) {
    for (const Suite suite : suites) {
        BOOST_TEST_CONTEXT(name_of(suite)) {
            const PrivateKey key = PrivateKey::generate(suite);
            const PrivateKey other = PrivateKey::generate(suite);
            for (int round = 0; round < 3; ++round) {
                std::string signature = key.sign("message");
                BOOST_TEST(key.public_key().verify("message", signature));
                BOOST_TEST(!key.public_key().verify("massage", signature));
                BOOST_TEST(!other.public_key().verify("message", signature));
                signature[signature.size() / 2] =
                    static_cast<char>(signature[signature.size() / 2] ^ 1);
                BOOST_TEST(!key.public_key().verify("message", signature));
                BOOST_TEST(!key.public_key().verify("message", ""));
            }
            const auto again = PrivateKey::from_pem(key.pem());
            BOOST_REQUIRE(again.ok());
            BOOST_TEST(again->public_key().key_id() == key.public_key().key_id());
            const auto published = PublicKey::from_pem(key.public_key().pem());
            BOOST_REQUIRE(published.ok());
            BOOST_TEST((published->suite() == suite));
            BOOST_TEST(published->key_id() == hex(sha256(published->der())));
            BOOST_TEST(published->verify("m", again->sign("m")));
            BOOST_TEST((*suite_named(name_of(suite)) == suite));
        }
    }
    BOOST_TEST(!suite_named("rsa").ok());
}

BOOST_AUTO_TEST_CASE(a_key_serves_many_threads) {
    const PrivateKey key = PrivateKey::generate(Suite::es256);
    std::atomic<int> good{0};
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&key, &good, i] {
                for (int n = 0; n < 20; ++n) {
                    const std::string message = std::to_string(i) + ":" + std::to_string(n);
                    if (key.public_key().verify(message, key.sign(message))) ++good;
                }
            });
    }
    BOOST_TEST(good == 80);
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_key) {
    BOOST_TEST((PublicKey::from_pem("nonsense").fault().kind == FaultKind::malformed));
    BOOST_TEST(!PublicKey::from_der("nonsense").ok());
    BOOST_TEST(
        !PrivateKey::from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
             .ok());
    const std::string der = PrivateKey::generate(Suite::es256).public_key().der();
    BOOST_TEST(!PublicKey::from_der(der + "x").ok());
}

BOOST_AUTO_TEST_CASE(a_key_file_that_others_can_read_is_refused) {
    std::string folder =
        (std::filesystem::temp_directory_path() / "tongban-crypto-XXXXXX").string();
    BOOST_REQUIRE(mkdtemp(folder.data()) != nullptr);
    const std::string pem = PrivateKey::generate(Suite::ed25519).pem();
    BOOST_REQUIRE(write_file_durably(folder + "/open.key", pem, Access::shared).ok());
    BOOST_REQUIRE(write_file_durably(folder + "/closed.key", pem, Access::owner_only).ok());
    BOOST_TEST((PrivateKey::from_file(folder + "/open.key").fault().kind == FaultKind::refused));
    BOOST_TEST(PrivateKey::from_file(folder + "/closed.key").ok());
    BOOST_TEST((PrivateKey::from_file(folder + "/none.key").fault().kind == FaultKind::not_found));
    std::filesystem::remove_all(folder);
}

BOOST_AUTO_TEST_CASE(a_seal_opens_with_its_key_and_context_only) {
    const std::string key = random_bytes(32);
    for (const std::string& plain : {std::string(), std::string("x"), std::string(5000, 'y')}) {
        std::string sealed = seal(key, plain, "context");
        BOOST_TEST(sealed.size() == plain.size() + 28);
        BOOST_TEST(*unseal(key, sealed, "context") == plain);
        BOOST_TEST((unseal(key, sealed, "other").fault().kind == FaultKind::refused));
        BOOST_TEST(!unseal(random_bytes(32), sealed, "context").ok());
        sealed.back() = static_cast<char>(sealed.back() ^ 1);
        BOOST_TEST(!unseal(key, sealed, "context").ok());
        BOOST_TEST(seal(key, plain, "c") != seal(key, plain, "c"));
    }
    BOOST_TEST((unseal(key, "short", "context").fault().kind == FaultKind::malformed));
}

BOOST_AUTO_TEST_CASE(random_bytes_and_ids_do_not_repeat) {
    std::set<std::string> seen;
    for (int i = 0; i < 2000; ++i)
        BOOST_TEST(seen.insert(random_bytes(16)).second);
    const std::string id = uuid_v7(Instant{0x0123456789AB});
    BOOST_TEST(id.size() == 36U);
    BOOST_TEST(id.substr(0, 15) == "01234567-89ab-7");
    BOOST_TEST(std::string_view("89ab").find(id[19]) != std::string_view::npos);
    BOOST_TEST(random_bytes(5000).size() == 5000U);
    BOOST_TEST(equal_in_constant_time("abc", "abc"));
    BOOST_TEST(!equal_in_constant_time("abc", "abd"));
    BOOST_TEST(!equal_in_constant_time("abc", "ab"));
}

BOOST_AUTO_TEST_CASE(an_authority_of_any_suite_issues_and_revokes) {
    for (const Suite suite : suites) {
        BOOST_TEST_CONTEXT(name_of(suite)) {
            const PrivateKey authority = PrivateKey::generate(suite);
            const std::string root =
                issue_self_signed(authority, {"Demo authority", "authority", {}, 3650, true});
            const PrivateKey key = PrivateKey::generate(Suite::es256);
            const std::string pem = issue_certificate(
                authority,
                root,
                key.public_key(),
                {"640100.tax", "connector", {"localhost", "127.0.0.1"}, 30, false});
            const auto facts = read_certificate(pem);
            BOOST_REQUIRE(facts.ok());
            BOOST_TEST(facts->common_name == "640100.tax");
            BOOST_TEST(facts->organisational_unit == "connector");
            BOOST_TEST(facts->serial.size() == 32U);
            BOOST_TEST((facts->not_before < now()));
            BOOST_TEST((facts->not_after > in_days(29)));
            BOOST_TEST(PublicKey::from_pem(pem)->key_id() == key.public_key().key_id());

            BOOST_TEST(check_certificate(pem, root, "", now()).ok());
            BOOST_TEST(
                (check_certificate(pem, root, "", in_days(31)).fault().kind == FaultKind::refused));
            BOOST_TEST(
                (check_certificate(pem, root, "", in_days(-2)).fault().kind == FaultKind::refused));
            const PrivateKey stranger = PrivateKey::generate(suite);
            const std::string strange_root =
                issue_self_signed(stranger, {"Demo authority", "authority", {}, 3650, true});
            BOOST_TEST(!check_certificate(pem, strange_root, "", now()).ok());

            const std::string none = issue_revocation_list(authority, root, {});
            const std::string list = issue_revocation_list(authority, root, {facts->serial, "0a"});
            BOOST_TEST(check_certificate(pem, root, none, now()).ok());
            BOOST_TEST(check_certificate(pem, root, list, now()).fault().reason == "is revoked");
            BOOST_TEST(!check_certificate(pem, root, none, in_days(400)).ok());
            BOOST_TEST(read_revocation_list(list, root)->size() == 2U);
            BOOST_TEST(
                (read_revocation_list(list, strange_root).fault().kind == FaultKind::refused));
            BOOST_TEST((read_revocation_list("x", root).fault().kind == FaultKind::malformed));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
