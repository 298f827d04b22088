#include "connectors/runtime/journal.h"

#include <boost/test/unit_test.hpp>

#include "connectors/runtime/connector_store.h"
#include "tests/support/temporary_folder.h"

using namespace tongban;
using namespace tongban::connectors;
using support::TemporaryFolder;

namespace {

JournalNote note(int i) {
    return {i % 2 == 0 ? JournalKind::job : JournalKind::answer,
            "EX" + std::to_string(i),
            "J" + std::to_string(i),
            hex(sha256(std::to_string(i))),
            Instant{1000 + i}};
}

std::unique_ptr<ConnectorStore> open(const TemporaryFolder& folder) {
    auto store = ConnectorStore::open(folder / "connector.db", std::string(32, 'k'));
    BOOST_REQUIRE(store.ok());
    return *std::move(store);
}

std::vector<JournalEntry> all(ConnectorStore& store) {
    auto entries = store.entries(0, 1000);
    BOOST_REQUIRE(entries.ok());
    return *entries;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_test)

BOOST_AUTO_TEST_CASE(the_hash_of_an_entry_is_of_its_canonical_json) {
    const JournalEntry entry =
        next_entry(ChainHead{}, {JournalKind::job, "E", "J", "00ff", Instant{5}});
    BOOST_TEST(entry.n == 1);
    BOOST_TEST(hex(entry.hash) ==
               hex(sha256(R"({"exchange":"E","job":"J","kind":"job","n":1,"prev":")" +
                          std::string(64, '0') +
                          R"(","sha256":"00ff","time_ms":5,"v":"tongban/journal/v1"})")));
}

BOOST_AUTO_TEST_CASE(entries_follow_from_each_other_across_restarts) {
    const TemporaryFolder folder;
    for (int i = 0; i < 5; ++i) {
        auto store = open(folder);
        BOOST_TEST(store->head().number == i * 2);
        BOOST_REQUIRE(store->note({note(2 * i), note(2 * i + 1)}).ok());
    }
    auto store = open(folder);
    const auto head = follow(ChainHead{}, all(*store));
    BOOST_REQUIRE(head.ok());
    BOOST_TEST(head->number == 10);
    BOOST_TEST((head->hash == store->head().hash));
}

BOOST_AUTO_TEST_CASE(a_changed_dropped_or_invented_entry_does_not_follow) {
    const TemporaryFolder folder;
    auto store = open(folder);
    BOOST_REQUIRE(store->note({note(0), note(1), note(2), note(3)}).ok());
    const auto entries = all(*store);
    auto changed = entries;
    changed[1].exchange = "EX9";
    BOOST_TEST(!follow(ChainHead{}, changed).ok());
    auto dropped = entries;
    dropped.erase(dropped.begin() + 2);
    BOOST_TEST(!follow(ChainHead{}, dropped).ok());
    auto invented = entries;
    invented.push_back(next_entry({entries[2].n, entries[2].hash}, note(9)));
    BOOST_TEST(!follow(ChainHead{}, invented).ok());
}

BOOST_AUTO_TEST_CASE(a_change_that_fails_leaves_no_entry_behind) {
    const TemporaryFolder folder;
    auto store = open(folder);
    StoredRequest request;
    request.id = "R1";
    request.body_sha256 = "aa";
    request.sealed_call = "a body";
    BOOST_REQUIRE(store->add_request(request, note(0)).ok());
    BOOST_TEST(!store->add_request(request, note(1)).ok());
    BOOST_TEST(store->head().number == 1);
    BOOST_TEST(all(*store).size() == 1U);
    BOOST_REQUIRE(store->note({note(2)}).ok());
    BOOST_TEST(follow(ChainHead{}, all(*store)).ok());
}

BOOST_AUTO_TEST_CASE(a_body_opens_only_under_its_key_and_in_its_own_row) {
    const TemporaryFolder folder;
    {
        auto store = open(folder);
        BOOST_REQUIRE(store->add_outgoing({"J1", "E", false, "sealed words"}, note(0)).ok());
        const auto kept = store->outgoing("J1");
        BOOST_REQUIRE((kept.ok() && kept->has_value()));
        BOOST_TEST((*kept)->bytes == "sealed words");
    }
    {
        auto database = Sqlite::open(folder / "connector.db", SqliteMode::write);
        BOOST_REQUIRE(database.ok());
        BOOST_REQUIRE((*database)->execute("UPDATE outgoing SET job = 'J2'").ok());
    }
    BOOST_TEST(!open(folder)->outgoing("J2").ok());
    auto other = ConnectorStore::open(folder / "connector.db", std::string(32, 'x'));
    BOOST_REQUIRE(other.ok());
    BOOST_TEST(!(*other)->all_outgoing(10).ok());
}

// The hub leased the job anew while the answer under the old lease was on its way.
BOOST_AUTO_TEST_CASE(an_answer_that_was_replaced_while_it_was_sent_is_kept) {
    const TemporaryFolder folder;
    auto store = open(folder);
    const StoredOutgoing sent{"J1", "E", false, "under the first lease"};
    const StoredOutgoing replaced{"J1", "E", false, "under the second lease"};
    BOOST_REQUIRE(store->add_outgoing(sent, note(0)).ok());
    BOOST_REQUIRE(store->replace_outgoing(replaced).ok());
    BOOST_REQUIRE(store->forget_outgoing({sent}).ok());
    const auto kept = store->outgoing("J1");
    BOOST_REQUIRE((kept.ok() && kept->has_value()));
    BOOST_TEST((*kept)->bytes == replaced.bytes);
    BOOST_REQUIRE(store->forget_outgoing({replaced}).ok());
    BOOST_TEST(store->all_outgoing(10)->empty());
}

BOOST_AUTO_TEST_SUITE_END()
