#include "hub/audit/log.h"

#include <filesystem>
#include <set>
#include <thread>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "hub/audit/export.h"
#include "tests/unit/hub/audit/audit_fixture.h"
#include "tests/unit/hub/audit/python_tool.h"

using namespace tongban;
using namespace tongban::audit;
using tongban::audit_tests::fixed_key;
using tongban::audit_tests::Hub;
using tongban::audit_tests::SetClock;
using tongban::support::need;

namespace {

void wait_for_size(const Log& log, std::uint64_t size) {
    const Deadline deadline = Hub::soon();
    while (log.head().size < size && !deadline.passed())
        std::this_thread::yield();
    BOOST_REQUIRE(log.head().size >= size);
}

void check_all_checkpoints_consistent(store::Store& store, Log& log) {
    const auto all = need(store.checkpoints(0, 1'000'000));
    const TreeHead last = log.head();
    for (const auto& checkpoint : all) {
        BOOST_REQUIRE(checkpoint.size <= last.size);
        const auto reply = need(log.consistency(checkpoint.size));
        BOOST_TEST(verify_consistency({checkpoint.size, checkpoint.root}, last, reply.proof));
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(log_test)

// The test log of transparency-dev/tessera (key and words are published with it): the same
// checkpoints, byte for byte.
BOOST_AUTO_TEST_CASE(grows_the_golden_log_byte_for_byte) {
    const support::TemporaryFolder folder;
    const SetClock clock;
    auto store = need(store::open_sqlite(folder / "hub.db", {}));
    auto rival = need(Sqlite::open(folder / "hub.db", SqliteMode::write));
    const PrivateKey key = need(PrivateKey::ed25519_from_seed(
        need(from_base64("AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg")).substr(1)));
    auto log =
        need(Log::open(*store,
                       key,
                       clock,
                       {.origin = "example.com/log/testdata", .high_water_path = folder / "mark"}));
    BOOST_TEST(log->vkey() ==
               "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx");
    const std::vector<std::string> words{"one",
                                         "two",
                                         "three",
                                         "four",
                                         "five",
                                         "six",
                                         "seven",
                                         "eit",
                                         "nain",
                                         "ten",
                                         "ileven",
                                         "twelf",
                                         "threeten",
                                         "fourten",
                                         "fivten"};
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string place = "0," + std::to_string(i + 1);
        need(rival->execute("BEGIN IMMEDIATE; INSERT INTO audit VALUES(" + place +
                            ",1,0,0,0,2,'t',x'',CAST('" + words[i] + "' AS BLOB),'e" +
                            std::to_string(i) + "'); INSERT INTO log_pending VALUES(" + place +
                            "); COMMIT"));
        log->wake();
        wait_for_size(*log, i + 1);
    }
    const std::string out = folder / "export";
    need(export_log(*store, log->vkey(), out));
    const audit_tests::Ran checked = audit_tests::run("verify_log.py", out);
    BOOST_TEST(checked.code == 0, checked.output);
    const auto note = [&](std::uint64_t size) {
        return need(store->checkpoint(size)).value().note;
    };
    BOOST_TEST(note(0) ==
               "example.com/log/testdata\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n"
               "\u2014 example.com/log/testdata "
               "M9e0lhxJACzE1KoUdqKuPa+9p6R7dSW8BlEvrg/"
               "noo8FkGg6PbJoRNOcdjqjOq89wVvTA60eubCc4oufo5BvIVEgtQc=\n");
    BOOST_TEST(note(1) ==
               "example.com/log/testdata\n1\n0Nc2CrefWKseHj/mStd+LqC8B+NrX0btIiPt2SmN+ek=\n\n"
               "\u2014 example.com/log/testdata "
               "M9e0lhr9kuLxGdAtaUrhm84TQffVsLdcy808sN0a3WyniNlfcr9+"
               "bywoiIke1YYciCNjJGkCgIlQ8b16jhsmg/SChAM=\n");
    BOOST_TEST(note(7) ==
               "example.com/log/testdata\n7\nIrSXADBqJ7EQoUODSDKROySgNveeL6CFhik2w/+fS7U=\n\n"
               "\u2014 example.com/log/testdata "
               "M9e0luA5JhTRUki/"
               "BBQD0QNiH6AEJ2pdtsA5CQjqJErViuuKrN6513RCTL2640wXJv0dCed3neRGI6dMzBq9uANf2Qc=\n");
    BOOST_TEST(note(15) ==
               "example.com/log/testdata\n15\nrKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=\n\n"
               "\u2014 example.com/log/testdata "
               "M9e0luh4jTG+UMBqOUo9/q+yAEvx1ilBEniMvjf1zfcBOhg+CKubMt53MvIt/uEWP6zdkdIQzd/fmwlM/"
               "dlPWF74ewI=\n");
}

BOOST_FIXTURE_TEST_CASE(every_leaf_of_many_threads_is_integrated_once_and_proved, Hub) {
    constexpr int threads = 6;
    constexpr int each = 60;
    std::vector<std::string> ids;
    for (int i = 0; i < threads * each; ++i)
        ids.push_back(new_exchange());
    std::atomic<int> failed{0};
    std::vector<std::thread> workers;
    for (int worker = 0; worker < threads; ++worker)
        workers.emplace_back([&, worker] {
            const WitnessPolicy policy = *WitnessPolicy::of_log(log->vkey());
            for (int i = 0; i < each; ++i) {
                const std::string& id = ids[static_cast<std::size_t>(worker * each + i)];
                if (!trail->intend(facts(id), {})) ++failed;
                const auto receipt = trail->receipt(id, LeafKind::intent, soon());
                if (!receipt || !receipt_verify(receipt->text, receipt->leaf, policy)) ++failed;
            }
        });
    for (auto& worker : workers)
        worker.join();
    BOOST_TEST(failed.load() == 0);
    BOOST_TEST(log->head().size == ids.size());
    std::set<std::uint64_t> places;
    for (const std::string& id : ids)
        places.insert(need(store->leaf(id, 2))->index.value());
    BOOST_TEST(places.size() == ids.size());
    check_all_checkpoints_consistent(*store, *log);
}

BOOST_FIXTURE_TEST_CASE(a_witness_cosigns_and_the_receipt_carries_it, Hub) {
    const std::string id = new_exchange();
    need(trail->intend(facts(id), {}));
    need(trail->receipt(id, LeafKind::intent, soon()));
    const auto before = trail->receipt(
        id, LeafKind::intent, Deadline::after(std::chrono::milliseconds(1)), Proof::witnessed);
    BOOST_TEST((before.fault().kind == FaultKind::expired));
    const auto reply = need(log->consistency(0));
    const Note note = need(parse_note(reply.note));
    const std::string line =
        cosign_line(witness_key, "640100.tax/witness", note.text, 1'790'000'000);
    BOOST_TEST(!log->add_cosignature(
                       reply.size, cosign_line(fixed_key('x'), "640100.tax/witness", note.text, 1))
                    .ok());
    BOOST_TEST(
        !log->add_cosignature(reply.size, cosign_line(witness_key, "nobody", note.text, 1)).ok());
    BOOST_TEST(!log->add_cosignature(reply.size + 1, line).ok());
    need(log->add_cosignature(reply.size, line));
    need(log->add_cosignature(reply.size, line));
    const Receipt receipt = need(trail->receipt(id, LeafKind::intent, soon(), Proof::witnessed));
    const auto facts = need(receipt_verify(receipt.text, receipt.leaf, *log->policy()));
    BOOST_TEST(facts.witnessed);
    BOOST_TEST(facts.witnesses.at(0) == "640100.tax/witness");
    stop();
    start();
    BOOST_TEST(need(receipt_verify(
                        need(trail->receipt(id, LeafKind::intent, soon(), Proof::witnessed)).text,
                        receipt.leaf,
                        *log->policy()))
                   .witnessed);
}

BOOST_FIXTURE_TEST_CASE(a_witness_that_comes_while_the_log_runs_counts_from_then_on, Hub) {
    const std::string name = "610100.tax/witness";
    const PrivateKey newcomer = fixed_key('n');
    const auto vkey_of = [&name](const PrivateKey& key) {
        return need(NoteVerifier::of(
                        name, NoteKeyType::ed25519_cosignature, key.public_key().raw_ed25519()))
            .vkey();
    };
    const std::string id = new_exchange();
    need(trail->intend(facts(id), {}));
    need(trail->receipt(id, LeafKind::intent, soon()));
    const auto reply = need(log->consistency(0));
    const Note note = need(parse_note(reply.note));
    const std::string line = cosign_line(newcomer, name, note.text, 1'790'000'000);
    BOOST_TEST((log->add_cosignature(reply.size, line).fault().kind == FaultKind::refused));

    BOOST_TEST(!log->with_witnesses({witness_vkey, "no verifier key"}).ok());
    BOOST_TEST(log->policy()->witnesses.size() == 1U);  // nothing of it is in force
    log->adopt(need(log->with_witnesses({witness_vkey, vkey_of(newcomer)})));
    need(log->add_cosignature(reply.size, line));
    const Receipt receipt = need(trail->receipt(id, LeafKind::intent, soon(), Proof::witnessed));
    BOOST_TEST(need(receipt_verify(receipt.text, receipt.leaf, *log->policy())).witnesses.at(0) ==
               name);

    // The same name with another key: what the old key has signed proves nothing any more.
    const PrivateKey renewed = fixed_key('r');
    log->adopt(need(log->with_witnesses({witness_vkey, vkey_of(renewed)})));
    const auto unproven = trail->receipt(
        id, LeafKind::intent, Deadline::after(std::chrono::milliseconds(1)), Proof::witnessed);
    BOOST_TEST((unproven.fault().kind == FaultKind::expired));
    need(log->add_cosignature(
        reply.size, cosign_line(witness_key, "640100.tax/witness", note.text, 1'790'000'001)));
    need(trail->receipt(id, LeafKind::intent, soon(), Proof::witnessed));
}

BOOST_FIXTURE_TEST_CASE(a_restored_old_database_freezes_the_signer, Hub) {
    for (int i = 0; i < 3; ++i)
        need(trail->intend(facts(new_exchange()), {}));
    wait_for_size(*log, 3);
    stop();
    std::filesystem::copy_file(database, database + ".old");
    start();
    for (int i = 0; i < 2; ++i)
        need(trail->intend(facts(new_exchange()), {}));
    wait_for_size(*log, 5);
    stop();
    for (const char* suffix : {"", "-wal", "-shm"})
        std::filesystem::remove(database + suffix);
    std::filesystem::rename(database + ".old", database);
    start();
    BOOST_REQUIRE(log->frozen().has_value());
    const auto refused = trail->intend(facts(new_exchange()), {});
    BOOST_REQUIRE(!refused.ok());
    BOOST_TEST((refused.fault().kind == FaultKind::unavailable));
    BOOST_TEST(need(store->last_checkpoint())->size == 3U);
}

BOOST_FIXTURE_TEST_CASE(another_history_of_the_same_size_freezes_the_signer, Hub) {
    stop();
    std::filesystem::copy_file(database, database + ".fork");
    start();
    need(trail->intend(facts(new_exchange()), {}));
    wait_for_size(*log, 1);
    stop();
    // The fork grows beyond the mark with other leaves, under a mark of its own.
    for (const char* suffix : {"", "-wal", "-shm"})
        std::filesystem::remove(database + suffix);
    std::filesystem::rename(database + ".fork", database);
    options.high_water_path = folder / "other-mark";
    std::filesystem::remove(options.high_water_path);
    start();
    for (int i = 0; i < 2; ++i)
        need(trail->intend(facts(new_exchange()), {}));
    wait_for_size(*log, 2);
    stop();
    options.high_water_path = mark;
    start();
    BOOST_TEST(log->frozen().has_value());
}

BOOST_FIXTURE_TEST_CASE(a_missing_mark_needs_an_operator, Hub) {
    need(trail->intend(facts(new_exchange()), {}));
    wait_for_size(*log, 1);
    stop();
    std::filesystem::remove(mark);
    start();
    BOOST_TEST(log->frozen().has_value());
    stop();
    std::filesystem::remove(mark);
    options.adopt_missing_mark = true;
    start();
    BOOST_TEST(!log->frozen().has_value());
    need(trail->intend(facts(new_exchange()), {}));
}

BOOST_FIXTURE_TEST_CASE(a_damaged_tile_is_found_before_anything_is_signed_over_it, Hub) {
    for (int i = 0; i < 3; ++i)
        need(trail->intend(facts(new_exchange()), {}));
    wait_for_size(*log, 3);
    stop();
    need(need(Sqlite::open(database, SqliteMode::write))
             ->execute("UPDATE log_tile SET hashes=zeroblob(length(hashes))"));
    start();
    BOOST_TEST(log->frozen().has_value());
}

namespace {

[[noreturn]] void intend_until_killed(const std::string& folder, int acknowledged) {
    const SetClock clock;
    auto store = store::open_sqlite(folder + "/hub.db", {});
    if (!store) _exit(3);
    auto log = Log::open(**store,
                         fixed_key('k'),
                         clock,
                         {.origin = "hub.test/log", .high_water_path = folder + "/mark"});
    if (!log || (*log)->frozen()) _exit(4);
    Trail trail(**store, **log, clock, "hub.test");
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 3; ++thread)
        threads.emplace_back([&, thread] {
            for (int i = 0;; ++i) {
                Facts facts;
                facts.exchange_id = store::new_exchange_id(Instant{::getpid() * 100'000LL + i},
                                                           (thread * 31 + i) % 256);
                facts.requester = "640100.tax";
                if (!trail.intend(facts, {})) _exit(5);
                const auto receipt =
                    trail.receipt(facts.exchange_id, LeafKind::intent, Hub::soon());
                if (!receipt) _exit(6);
                const std::string report = facts.exchange_id + receipt->text + std::string(1, '\0');
                if (::write(acknowledged, report.data(), report.size()) !=
                    static_cast<ssize_t>(report.size()))
                    _exit(7);
            }
        });
    threads[0].join();
    _exit(8);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_kill_loses_no_acknowledged_leaf_and_every_old_receipt_still_verifies) {
    const support::TemporaryFolder folder;
    std::vector<std::string> reports;
    for (const std::size_t after : {1U, 20U, 45U, 80U}) {
        int ends[2];
        BOOST_REQUIRE(::pipe(ends) == 0);
        const pid_t child = ::fork();
        BOOST_REQUIRE(child >= 0);
        if (child == 0) {
            ::close(ends[0]);
            intend_until_killed(folder.path(), ends[1]);
        }
        ::close(ends[1]);
        std::string bytes;
        char buffer[4096];
        for (ssize_t count = 0; (count = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
            bytes.append(buffer, static_cast<std::size_t>(count));
            if (static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\0')) >= after)
                ::kill(child, SIGKILL);
        }
        ::close(ends[0]);
        int status = 0;
        ::waitpid(child, &status, 0);
        BOOST_REQUIRE(WIFSIGNALED(status));
        for (std::size_t at = 0, end = 0; (end = bytes.find('\0', at)) != std::string::npos;
             at = end + 1)
            reports.push_back(bytes.substr(at, end - at));
    }
    const SetClock clock;
    auto store = need(store::open_sqlite(folder / "hub.db", {}));
    auto log = need(Log::open(*store,
                              fixed_key('k'),
                              clock,
                              {.origin = "hub.test/log", .high_water_path = folder / "mark"}));
    BOOST_REQUIRE(!log->frozen().has_value());
    const Deadline deadline = Hub::soon();
    while (!need(store->unlogged(1)).empty() && !deadline.passed())
        std::this_thread::yield();
    wait_for_size(*log, need(store->log_head()).size);
    const WitnessPolicy policy = need(WitnessPolicy::of_log(log->vkey()));
    for (const std::string& report : reports) {
        const auto row = need(store->leaf(report.substr(0, 36), 2));
        BOOST_REQUIRE(row.has_value());
        const auto facts = need(receipt_verify(report.substr(36), row->leaf, policy));
        const auto proof = need(log->consistency(facts.size)).proof;
        BOOST_TEST(verify_consistency({facts.size, facts.root}, log->head(), proof));
    }
    check_all_checkpoints_consistent(*store, *log);
}

BOOST_AUTO_TEST_SUITE_END()
