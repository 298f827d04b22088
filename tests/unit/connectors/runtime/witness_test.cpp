#include "connectors/runtime/witness.h"

#include <boost/test/unit_test.hpp>

#include "base/text.h"
#include "tests/support/fake_hub.h"

using namespace tongban;
using namespace tongban::connectors;
using support::FakeLog;
using support::TemporaryFolder;

namespace {

struct Bench {
    TemporaryFolder folder;
    FakeLog log{"hub.yc/log"};
    PrivateKey key = PrivateKey::generate(Suite::ed25519);
    std::unique_ptr<ConnectorStore> store;
    std::unique_ptr<Witness> witness;

    Bench() { restart(); }
    void restart() {
        witness.reset();
        store.reset();
        auto opened = ConnectorStore::open(folder / "connector.db", std::string(32, 'k'));
        BOOST_REQUIRE(opened.ok());
        store = *std::move(opened);
        auto verifier = NoteVerifier::of_log(log.vkey());
        BOOST_REQUIRE(verifier.ok());
        witness = std::make_unique<Witness>(
            *store, *verifier, key, "610100.tax/witness", folder / "fork-evidence.txt");
    }
    Result<Cosignature> offer(const FakeLog& from, std::uint64_t old_size, std::uint64_t size) {
        return witness->observe({from.checkpoint(size), old_size, from.proof(old_size, size)},
                                Instant{1'700'000'000'000});
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(witness_test)

BOOST_AUTO_TEST_CASE(each_consistent_checkpoint_is_stored_and_cosigned) {
    Bench bench;
    std::uint64_t old_size = 0;
    for (const std::uint64_t size : {1U, 2U, 3U, 7U, 8U, 64U, 65U, 65U, 200U}) {
        BOOST_TEST_CONTEXT("from " << old_size << " to " << size) {
            const auto cosignature = bench.offer(bench.log, old_size, size);
            BOOST_REQUIRE(cosignature.ok());
            BOOST_TEST(cosignature->size == size);
            const auto seen = bench.witness->seen_size();
            BOOST_TEST(*seen == size);
        }
        old_size = size;
        bench.restart();
    }
}

BOOST_AUTO_TEST_CASE(a_cosignature_is_what_c2sp_says) {
    Bench bench;
    const auto cosignature = bench.offer(bench.log, 0, 5);
    BOOST_REQUIRE(cosignature.ok());
    const std::string head = "\xE2\x80\x94 610100.tax/witness ";
    BOOST_REQUIRE(cosignature->line.starts_with(head));
    BOOST_TEST(cosignature->line.ends_with("\n"));
    const auto blob = from_base64(trim(cosignature->line.substr(head.size())));
    BOOST_REQUIRE(blob.ok());
    BOOST_REQUIRE(blob->size() == 76U);
    const std::string raw = bench.key.public_key().raw_ed25519();
    BOOST_TEST(blob->substr(0, 4) ==
               bytes_of(sha256(std::string("610100.tax/witness\n\x04") + raw)).substr(0, 4));
    BOOST_TEST(blob->substr(4, 8) == std::string("\x00\x00\x00\x00\x65\x53\xF1\x00", 8));
    const std::string note = bench.log.checkpoint(5);
    const std::string text = note.substr(0, note.rfind("\n\n") + 1);
    BOOST_TEST(bench.key.public_key().verify("cosignature/v1\ntime 1700000000\n" + text,
                                             blob->substr(12)));
    BOOST_TEST(bench.witness->vkey() ==
               "610100.tax/witness+" + hex(blob->substr(0, 4)) + "+" + base64("\x04" + raw));
}

BOOST_AUTO_TEST_CASE(another_history_is_a_fork_that_is_never_forgotten) {
    for (const std::uint64_t size : {5U, 9U}) {
        BOOST_TEST_CONTEXT("offered " << size) {
            Bench bench;
            BOOST_REQUIRE(bench.offer(bench.log, 0, 5).ok());
            const auto refused = bench.offer(bench.log.forked(), 5, size);
            BOOST_REQUIRE(!refused.ok());
            BOOST_TEST(refused.fault().where == "fork");
            BOOST_TEST(*bench.witness->seen_size() == 5U);
            bench.restart();
            BOOST_TEST(bench.witness->saw_fork());
            BOOST_TEST(!bench.offer(bench.log, 5, 6).ok());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_log_that_shrinks_is_a_fork) {
    Bench bench;
    BOOST_REQUIRE(bench.offer(bench.log, 0, 8).ok());
    const auto refused = bench.witness->observe({bench.log.checkpoint(7), 7, {}}, Instant{0});
    BOOST_REQUIRE(!refused.ok());
    BOOST_TEST(refused.fault().where == "fork");
}

BOOST_AUTO_TEST_CASE(a_checkpoint_that_the_log_did_not_sign_is_refused_and_no_fork) {
    Bench bench;
    const FakeLog stranger("hub.yc/log");
    const auto by_stranger = bench.offer(stranger, 0, 3);
    BOOST_REQUIRE(!by_stranger.ok());
    BOOST_TEST(by_stranger.fault().where == "checkpoint");
    std::string tampered = bench.log.checkpoint(3);
    tampered[tampered.find("\n3\n") + 1] = '4';
    BOOST_TEST(!bench.witness->observe({tampered, 0, {}}, Instant{0}).ok());
    for (const char* garbage : {"", "\n\n", "a\nb\n", "hub.yc/log\n3\n\n\xE2\x80\x94 x"}) {
        BOOST_TEST(!bench.witness->observe({garbage, 0, {}}, Instant{0}).ok());
    }
    BOOST_TEST(!bench.witness->saw_fork());
}

BOOST_AUTO_TEST_SUITE_END()
