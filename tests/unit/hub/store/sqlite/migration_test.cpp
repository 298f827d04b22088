#include <memory>
#include <string>

#include <boost/test/unit_test.hpp>

#include "base/sqlite.h"
#include "hub/store/migrations.h"
#include "hub/store/sqlite/internal/schema.h"
#include "hub/store/sqlite/sqlite_store.h"
#include "tests/support/case_samples.h"
#include "tests/support/need.h"
#include "tests/support/temporary_folder.h"

using namespace tongban;
using namespace tongban::store;
using tongban::support::need;

namespace {

// A database as the first version left it: one exchange with its leaf in shard 9.
std::string first_version(const std::string& path, const std::string& exchange_id) {
    const auto database = need(Sqlite::open(path, SqliteMode::write));
    need(database->execute(sqlite::in_sqlite(migrations().at(0).sql)));
    need(database->execute(
        "PRAGMA user_version=1;INSERT INTO hub_meta VALUES('schema','1');"
        "INSERT INTO shard_ctl VALUES(9,4,'hub',1,zeroblob(32),6,1700);"
        "INSERT INTO log_head VALUES(0,0,zeroblob(32),x'');"
        "INSERT INTO exchange VALUES(9,'" +
        exchange_id +
        "','640100.tax','R-1',zeroblob(32),1,'r','p',2,0,1,5,6,7,3,x'01',x'02');"
        "INSERT INTO audit VALUES(9,1,4,1700,0,0,2,'640100.tax',x'',CAST('{}' AS BLOB),'" +
        exchange_id + "');INSERT INTO log_pending VALUES(9,1)"));
    return path;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(migration_test)

BOOST_AUTO_TEST_CASE(a_database_of_the_first_version_keeps_what_it_holds) {
    const support::TemporaryFolder folder;
    const std::string id = new_exchange_id(Instant{1'700'000'000'000}, 9);
    const std::string path = first_version(folder / "hub.db", id);
    for (int opening = 0; opening < 2; ++opening) {
        const auto store = need(open_sqlite(path, {}));
        BOOST_TEST(need(store->exchange(id))->detail == "\x02");
        BOOST_TEST(need(store->leaf(id, 2))->leaf == "{}");
        BOOST_TEST(need(store->unlogged(10)).size() == 1U);
        const ShardState shard = need(store->shard(9));
        BOOST_TEST(shard.epoch == 5 + opening);
        BOOST_TEST(shard.head_seq == 1);
        BOOST_TEST(shard.last_ms == 1700);
        BOOST_TEST(need(store->meta("schema")).value() == std::to_string(migrations().size()));
        BOOST_TEST(number_of_case(store->next_case_id(9)) == 1);
    }
    // The leaf is still unique by (exchange, kind), and the shard goes on from its head.
    const auto store = need(open_sqlite(path, {}));
    BOOST_TEST(!store->apply(Batch{9, {PutAudit{id, 2, 1800, "a", "{", "}"}}}).ok());
    BOOST_TEST(
        need(store->apply(Batch{9, {PutAudit{id, 3, 1800, "a", "{", "}"}}})).audit_seqs.at(0) == 2);
    support::SampleCase sample = support::sample_case(*store, "K-1");
    need(store->apply(support::opening(sample)));
    need(store->apply(support::next_step(sample)));
}

BOOST_AUTO_TEST_CASE(migrations_are_numbered_without_gaps) {
    int number = 0;
    for (const Migration& migration : migrations())
        BOOST_TEST(migration.number == ++number);
    BOOST_TEST(number >= 2);
}

BOOST_AUTO_TEST_SUITE_END()
