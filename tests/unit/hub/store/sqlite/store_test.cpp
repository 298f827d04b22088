#include <array>
#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "base/merkle.h"
#include "base/sqlite.h"
#include "hub/store/sqlite/internal/schema.h"
#include "hub/store/sqlite/sqlite_store.h"
#include "tests/support/need.h"
#include "tests/support/temporary_folder.h"

using namespace tongban;
using namespace tongban::store;
using tongban::support::need;

namespace {

struct Opened {
    support::TemporaryFolder folder;
    std::string path = folder / "hub.db";
    std::unique_ptr<Store> store = open();

    std::unique_ptr<Store> open(const SqliteOptions& options = {}) {
        return need(open_sqlite(path, options));
    }
};

ExchangeRow an_exchange(const std::string& request_id) {
    ExchangeRow row;
    row.requester = "640100.housing-fund";
    row.request_id = request_id;
    row.exchange_id =
        new_exchange_id(Instant{1'700'000'000'000}, shard_of(row.requester, request_id));
    row.content_hash = sha256(request_id);
    row.resource = "housing-fund/loan-eligibility";
    row.purpose = "loan-approval";
    row.request = std::string("sealed\0bytes", 12);
    row.deadline_ms = 42;
    return row;
}

std::int32_t shard_of(const ExchangeRow& row) {
    return need(shard_of_exchange(row.exchange_id));
}

Batch putting(const ExchangeRow& row) {
    Batch batch{shard_of(row), {}};
    batch.add(PutExchange{row});
    return batch;
}

PutAudit a_leaf(const std::string& exchange_id, std::int32_t kind) {
    return PutAudit{exchange_id, kind, 1'700'000'000'000, "640100.housing-fund", R"({"seq":)", "}"};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_test)

BOOST_FIXTURE_TEST_CASE(an_exchange_is_read_back_as_it_was_put, Opened) {
    const ExchangeRow row = an_exchange("R-1");
    need(store->apply(putting(row)));
    const auto by_id = need(store->exchange(row.exchange_id));
    BOOST_REQUIRE(by_id.has_value());
    BOOST_TEST(by_id->request == row.request);
    BOOST_TEST(by_id->deadline_ms == 42);
    BOOST_TEST(by_id->rev == 1);
    BOOST_TEST((by_id->content_hash == row.content_hash));
    const auto by_request = need(store->exchange_of_request(row.requester, "R-1"));
    BOOST_REQUIRE(by_request.has_value());
    BOOST_TEST(by_request->exchange_id == row.exchange_id);
    BOOST_TEST(!need(store->exchange("not an id")).has_value());
}

BOOST_FIXTURE_TEST_CASE(the_same_request_id_is_a_conflict, Opened) {
    need(store->apply(putting(an_exchange("R-1"))));
    const auto again = store->apply(putting(an_exchange("R-1")));
    BOOST_REQUIRE(!again.ok());
    BOOST_TEST((again.fault().kind == FaultKind::conflict));
    BOOST_TEST(again.fault().where == "exchange");
}

BOOST_FIXTURE_TEST_CASE(a_batch_commits_as_a_whole_or_not_at_all, Opened) {
    const ExchangeRow row = an_exchange("R-1");
    Batch batch = putting(row);
    batch.add(PutInbox{{"640100.tax", "m-1", sha256("m-1"), row.exchange_id, 1}});
    batch.add(DropJob{"no such job"});
    const auto refused = store->apply(batch);
    BOOST_REQUIRE(!refused.ok());
    BOOST_TEST(refused.fault().where == "outbox");
    BOOST_TEST(!need(store->exchange(row.exchange_id)).has_value());
    BOOST_TEST(!need(store->inbox(batch.shard, "640100.tax", "m-1")).has_value());
}

BOOST_FIXTURE_TEST_CASE(an_update_under_an_old_revision_is_a_conflict, Opened) {
    const ExchangeRow row = an_exchange("R-1");
    need(store->apply(putting(row)));
    Batch update{shard_of(row), {}};
    update.add(UpdateExchange{row.exchange_id, 1, 5, false, 42, 7, "detail"});
    need(store->apply(update));
    const auto stale = store->apply(update);
    BOOST_REQUIRE(!stale.ok());
    BOOST_TEST((stale.fault().kind == FaultKind::conflict));
    const auto now = need(store->exchange(row.exchange_id));
    BOOST_TEST(now->rev == 2);
    BOOST_TEST(now->state == 5);
    BOOST_TEST(need(store->open_exchanges("", 10)).empty());
}

BOOST_FIXTURE_TEST_CASE(jobs_are_numbered_in_their_shard_and_dropped_once, Opened) {
    const ExchangeRow row = an_exchange("R-1");
    Batch batch = putting(row);
    for (const char* part : {"certificate", "tax"}) {
        JobRow job;
        job.op_key = row.exchange_id + "/" + part;
        job.exchange_id = row.exchange_id;
        job.dest = "610100.housing-fund";
        job.body = "sealed";
        batch.add(PutJob{job});
    }
    const Committed committed = need(store->apply(batch));
    BOOST_REQUIRE(committed.job_seqs.size() == 2U);
    BOOST_TEST(committed.job_seqs[0] < committed.job_seqs[1]);
    BOOST_TEST(need(store->pending_jobs(-1, 0, 10)).size() == 2U);
    BOOST_TEST(need(store->pending_jobs(batch.shard, committed.job_seqs[0], 10)).size() == 1U);
    const std::string first = row.exchange_id + "/certificate";
    Batch update{batch.shard, {}};
    update.add(UpdateJob{first, JobState::in_doubt, 3, 99});
    need(store->apply(update));
    BOOST_TEST(need(store->job(first))->attempt == 3);
    Batch drop{batch.shard, {}};
    drop.add(DropJob{first});
    need(store->apply(drop));
    BOOST_TEST(!store->apply(drop).ok());
    BOOST_TEST(need(store->jobs_of(row.exchange_id)).size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_leaf_gets_the_next_seq_of_its_shard_and_is_unique_by_kind, Opened) {
    const ExchangeRow row = an_exchange("R-1");
    Batch batch = putting(row);
    batch.add(a_leaf(row.exchange_id, 2));
    const Committed committed = need(store->apply(batch));
    BOOST_REQUIRE(committed.audit_seqs.size() == 1U);
    BOOST_TEST(committed.audit_seqs[0] == 1);
    const auto leaf = need(store->leaf(row.exchange_id, 2));
    BOOST_REQUIRE(leaf.has_value());
    BOOST_TEST(leaf->leaf == R"({"seq":1})");
    BOOST_TEST(!leaf->index.has_value());
    Batch again{batch.shard, {}};
    again.add(a_leaf(row.exchange_id, 2));
    const auto twice = store->apply(again);
    BOOST_REQUIRE(!twice.ok());
    BOOST_TEST(twice.fault().where == "audit");
    const ShardState state = need(store->shard(batch.shard));
    BOOST_TEST(state.head_seq == 1);
    std::string chained = std::string(32, '\0');
    chained += bytes_of(merkle_leaf(leaf->leaf));
    BOOST_TEST((state.head_hash == sha256(chained)));
    BOOST_TEST(need(store->unlogged(10)).size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_row_of_another_shard_is_refused, Opened) {
    const ExchangeRow row = an_exchange("R-1");
    Batch batch{(shard_of(row) + 1) % shard_count, {}};
    batch.add(PutExchange{row});
    BOOST_TEST(!store->apply(batch).ok());
}

BOOST_FIXTURE_TEST_CASE(a_consent_is_immutable_and_its_withdrawal_stays, Opened) {
    const ConsentRow consent{"640100.housing-fund",
                             "C-1",
                             "r",
                             "p",
                             "640100.housing-fund",
                             1,
                             100,
                             "counter",
                             "ab",
                             "07ff",
                             0};
    Batch put{0, {}};
    put.add(PutConsent{consent});
    need(store->apply(put));
    need(store->apply(put));  // the same again
    Batch withdraw{0, {}};
    withdraw.add(WithdrawConsent{consent.member, "C-1", 50});
    need(store->apply(withdraw));
    need(store->apply(put));  // seen again after the withdrawal: stays withdrawn
    Batch rests_on_it{0, {}};
    rests_on_it.add(PutConsent{consent, true});
    const auto too_late = store->apply(rests_on_it);
    BOOST_REQUIRE(!too_late.ok());
    BOOST_TEST((too_late.fault().kind == FaultKind::conflict));
    BOOST_TEST(too_late.fault().where == "consent.withdrawn");
    Batch later{0, {}};
    later.add(WithdrawConsent{consent.member, "C-1", 60});
    const auto again = store->apply(later);
    BOOST_REQUIRE(!again.ok());
    BOOST_TEST((again.fault().kind == FaultKind::conflict));
    BOOST_TEST(again.fault().where == "consent");
    BOOST_TEST(need(store->consent(consent.member, "C-1"))->withdrawn_ms == 50);
    ConsentRow other = consent;
    other.purpose = "another";
    Batch changed{0, {}};
    changed.add(PutConsent{other});
    const auto refused = store->apply(changed);
    BOOST_REQUIRE(!refused.ok());
    BOOST_TEST(refused.fault().where == "consent");
    Batch unknown{0, {}};
    unknown.add(WithdrawConsent{"640100.tax", "C-1", 60});
    BOOST_TEST((store->apply(unknown).fault().kind == FaultKind::not_found));
}

BOOST_FIXTURE_TEST_CASE(a_journal_head_only_moves_up_and_shows_a_fork, Opened) {
    const auto put = [&](std::int64_t number, std::string_view hash) {
        Batch batch{0, {}};
        batch.add(PutJournalHead{{"640100.tax", number, sha256(hash), 1}});
        return store->apply(batch);
    };
    need(put(5, "five"));
    need(put(4, "four"));
    BOOST_TEST(need(store->journal_head("640100.tax"))->number == 5);
    need(put(5, "five"));
    const auto fork = put(5, "other five");
    BOOST_REQUIRE(!fork.ok());
    BOOST_TEST(fork.fault().where == "journal");
}

BOOST_FIXTURE_TEST_CASE(a_record_under_a_destroyed_key_is_a_conflict, Opened) {
    const ExchangeRow row = an_exchange("R-1");
    const SubjectKeyRow key{"aa07", "07ff", "wrapped", "kek", 1, 0};
    Batch keys{7, {}};
    keys.add(PutSubjectKey{key});
    need(store->apply(keys));
    BOOST_TEST(need(store->subject_key_of("07ff"))->key_id == "aa07");
    RecordRow record{row.exchange_id,
                     "request",
                     "wrapped",
                     "kek",
                     {sha256("c")},
                     {{{}, "s0"}, {{"aa07"}, "s1"}},
                     1};
    Batch batch = putting(row);
    batch.add(PutRecord{record});
    need(store->apply(batch));
    const auto back = need(store->record(row.exchange_id, "request"));
    BOOST_REQUIRE(back.has_value());
    BOOST_REQUIRE(back->groups.size() == 2U);
    BOOST_TEST(back->groups[0].key_ids.empty());
    BOOST_TEST(back->groups[1].key_ids.at(0) == "aa07");
    BOOST_TEST(need(store->exchanges_of_subject("aa07")).size() == 1U);
    Batch destroy{7, {}};
    destroy.add(DestroySubjectKey{"aa07", 9});
    need(store->apply(destroy));
    BOOST_TEST(need(store->subject_key("aa07"))->wrapped.empty());
    BOOST_TEST(!need(store->subject_key_of("07ff")).has_value());
    record.name = "delivered";
    Batch late{batch.shard, {}};
    late.add(PutRecord{record});
    const auto refused = store->apply(late);
    BOOST_REQUIRE(!refused.ok());
    BOOST_TEST(refused.fault().where == "subject_key");
}

BOOST_FIXTURE_TEST_CASE(the_log_tables_only_grow_in_one_way, Opened) {
    const ExchangeRow row = an_exchange("R-1");
    Batch batch = putting(row);
    batch.add(a_leaf(row.exchange_id, 2));
    need(store->apply(batch));
    const AuditRow leaf = need(store->unlogged(10)).at(0);
    const Digest hash = merkle_leaf(leaf.leaf);
    const Batch integrate = Batch{0, {}}
                                .add(PutLogEntry{{0, leaf.shard, leaf.seq, hash, {}}})
                                .add(PutLogTile{{0, 0, std::string(bytes_of(hash))}})
                                .add(MoveLogHead{0, {1, hash, {hash}}})
                                .add(PutCheckpoint{{1, hash, "note", 1}});
    need(store->apply(integrate));
    BOOST_TEST(need(store->unlogged(10)).empty());
    BOOST_TEST(need(store->log_head()).size == 1U);
    BOOST_TEST(need(store->log_entries(0, 10)).at(0).leaf == leaf.leaf);
    BOOST_TEST(need(store->leaf(row.exchange_id, 2))->index.value() == 0U);
    BOOST_TEST(need(store->last_checkpoint())->note == "note");
    BOOST_TEST(!store->apply(integrate).ok());
    const auto other_tile =
        store->apply(Batch{0, {}}.add(PutLogTile{{0, 0, std::string(64, 'x')}}));
    BOOST_REQUIRE(!other_tile.ok());
    BOOST_TEST(other_tile.fault().where == "log_tile");
    const auto other_root =
        store->apply(Batch{0, {}}.add(PutCheckpoint{{1, sha256("other"), "note", 1}}));
    BOOST_REQUIRE(!other_root.ok());
    BOOST_TEST(other_root.fault().where == "log_checkpoint");
}

BOOST_FIXTURE_TEST_CASE(many_callers_share_commits_and_one_bad_batch_fails_alone, Opened) {
    constexpr int callers = 8;
    constexpr int each = 50;
    std::atomic<int> committed{0};
    std::atomic<int> refused{0};
    std::vector<std::thread> threads;
    for (int caller = 0; caller < callers; ++caller)
        threads.emplace_back([&, caller] {
            for (int i = 0; i < each; ++i) {
                // Every third one asks for a request id that another caller asks for as well.
                const std::string id = i % 3 == 0
                                           ? "shared-" + std::to_string(i)
                                           : std::to_string(caller) + "-" + std::to_string(i);
                const ExchangeRow row = an_exchange(id);
                Batch batch = putting(row);
                batch.add(a_leaf(row.exchange_id, 2));
                const auto done = store->apply(batch);
                if (done)
                    ++committed;
                else if (done.fault().kind == FaultKind::conflict)
                    ++refused;
            }
        });
    for (auto& thread : threads)
        thread.join();
    const int shared = 17;  // 0, 3, ... 48
    BOOST_TEST(committed.load() == callers * (each - shared) + shared);
    BOOST_TEST(refused.load() == (callers - 1) * shared);
    std::int64_t leaves = 0;
    for (std::int32_t shard = 0; shard < shard_count; ++shard) {
        const auto rows = need(store->audit_after(shard, 0, 1000));
        std::int64_t expected = 0;
        for (const AuditRow& row : rows)
            BOOST_TEST(row.seq == ++expected);
        BOOST_TEST(need(store->shard(shard)).head_seq == expected);
        leaves += expected;
    }
    BOOST_TEST(leaves == committed.load());
}

BOOST_FIXTURE_TEST_CASE(opening_again_is_a_take_over, Opened) {
    const auto before = store->epoch(3);
    store.reset();
    store = open();
    BOOST_TEST(store->epoch(3) == before + 1);
    BOOST_TEST(need(store->shard(255)).epoch == before + 1);
}

BOOST_FIXTURE_TEST_CASE(two_processes_cannot_open_one_store, Opened) {
    const auto second = open_sqlite(path, {});
    BOOST_REQUIRE(!second.ok());
    BOOST_TEST((second.fault().kind == FaultKind::unavailable));
}

BOOST_FIXTURE_TEST_CASE(a_lost_fence_stops_that_shard_and_no_other, Opened) {
    const ExchangeRow lost = an_exchange("R-1");
    ExchangeRow kept = an_exchange("R-2");
    BOOST_REQUIRE(shard_of(lost) != shard_of(kept));
    auto rival = need(Sqlite::open(path, SqliteMode::write));
    need(rival->execute("UPDATE shard_ctl SET epoch=epoch+1,owner='rival' WHERE shard=" +
                        std::to_string(shard_of(lost))));
    const auto fenced = store->apply(putting(lost));
    BOOST_REQUIRE(!fenced.ok());
    BOOST_TEST((fenced.fault().kind == FaultKind::conflict));
    BOOST_TEST(fenced.fault().where == "shard_ctl");
    BOOST_TEST(!need(store->exchange(lost.exchange_id)).has_value());
    need(store->apply(putting(kept)));
}

BOOST_FIXTURE_TEST_CASE(a_newer_database_is_refused, Opened) {
    store.reset();
    need(need(Sqlite::open(path, SqliteMode::write))->execute("PRAGMA user_version=9999"));
    const auto opened = open_sqlite(path, {});
    BOOST_REQUIRE(!opened.ok());
    BOOST_TEST((opened.fault().kind == FaultKind::malformed));
}

BOOST_AUTO_TEST_CASE(the_dialect_is_spelt_for_sqlite) {
    BOOST_TEST(
        store::sqlite::in_sqlite("CREATE TABLE t(a I4, DISTANCE I8, b BYTES) NARROW; -- I4\n") ==
        "CREATE TABLE t(a INTEGER, DISTANCE INTEGER, b BLOB) STRICT, WITHOUT ROWID; \n");
}

BOOST_AUTO_TEST_CASE(an_exchange_id_carries_its_shard) {
    for (const std::int32_t shard : {0, 9, 255}) {
        const std::string id = new_exchange_id(Instant{1'700'000'000'000}, shard);
        BOOST_TEST(id.size() == 36U);
        BOOST_TEST(need(shard_of_exchange(id)) == shard);
    }
    BOOST_TEST(!shard_of_exchange("x").ok());
}

BOOST_AUTO_TEST_SUITE_END()
