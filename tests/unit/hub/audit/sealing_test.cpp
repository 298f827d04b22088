#include "hub/audit/sealing.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <boost/test/unit_test.hpp>

#include "base/json.h"
#include "base/text.h"
#include "hub/audit/commitment.h"
#include "tests/unit/hub/audit/audit_fixture.h"

using namespace tongban;
using namespace tongban::audit;
using tongban::audit_tests::Hub;
using tongban::support::need;

namespace {

const std::string anna = "110101199003070011";
const std::string bo = "110101198502030022";
const std::string chen = "110101197001010033";

}  // namespace

BOOST_AUTO_TEST_SUITE(sealing_test)

BOOST_FIXTURE_TEST_CASE(what_was_sealed_is_opened_again, Hub) {
    const std::string id = exchange(anna, bo);
    const OpenedRecord record = need(sealing->open_record(id, "delivered"));
    BOOST_TEST(record.items.size() == 4U);
    BOOST_REQUIRE(record.find("spouse.name") != nullptr);
    BOOST_TEST(*record.find("spouse.name") == "name of " + bo);
    BOOST_TEST((sealing->open_record(id, "answer").fault().kind == FaultKind::not_found));
    stop();
    start();
    BOOST_TEST(*need(sealing->open_record(id, "delivered")).find("officer") == "O-7");
}

BOOST_FIXTURE_TEST_CASE(erasing_one_person_leaves_the_others_open_and_the_log_verifying, Hub) {
    const std::string together = exchange(anna, bo);
    const std::string apart = exchange(chen, bo);
    const Receipt receipt = need(trail->receipt(together, LeafKind::intent, soon()));
    const ErasureReport report =
        need(sealing->erase(anna, "640100.housing-fund", "PIPL-47", *trail));
    BOOST_TEST(report.exchanges.size() == 1U);
    BOOST_TEST(report.leaves.at(0) == receipt.index);

    const OpenedRecord left = need(sealing->open_record(together, "delivered"));
    BOOST_TEST(left.erased_groups == 2U);  // her own fields, and the document about both
    BOOST_TEST(left.find("applicant.name") == nullptr);
    BOOST_TEST(left.find("document") == nullptr);
    BOOST_TEST(*left.find("spouse.name") == "name of " + bo);
    BOOST_TEST(need(sealing->open_record(apart, "delivered")).erased_groups == 0U);
    need(receipt_verify(receipt.text, receipt.leaf, need(WitnessPolicy::of_log(log->vkey()))));

    // The erasure is a leaf, and names the key and the leaves.
    const auto rows = need(store->unlogged(100));
    bool found = false;
    for (std::int32_t shard = 0; shard < store::shard_count; ++shard)
        for (const auto& row : need(store->audit_after(shard, 0, 100)))
            if (row.kind == static_cast<std::int32_t>(LeafKind::erasure)) {
                found = true;
                BOOST_TEST(need(parse_json(row.leaf))["leaves"].at(0) == receipt.index);
            }
    BOOST_TEST(found);
    // A second time there is nothing to erase; seen again, she gets a new key.
    BOOST_TEST((sealing->erase(anna, "640100.housing-fund", "PIPL-47", *trail).fault().kind ==
                FaultKind::not_found));
    const std::string again = exchange(anna, chen);
    BOOST_TEST(need(sealing->open_record(again, "delivered")).erased_groups == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_destroyed_key_leaves_no_trace_in_the_files, Hub) {
    exchange(anna, bo);
    const auto key = need(store->subject_key_of(sealing->subject_hash(anna)));
    BOOST_REQUIRE(key.has_value());
    const auto holds = [&](const std::string& what) {
        for (const char* suffix : {"", "-wal"}) {
            std::ifstream file(database + suffix, std::ios::binary);
            const std::string bytes((std::istreambuf_iterator<char>(file)),
                                    std::istreambuf_iterator<char>());
            if (bytes.find(what) != std::string::npos) return true;
        }
        return false;
    };
    BOOST_TEST(holds(key->wrapped));
    need(sealing->erase(anna, "640100.housing-fund", "PIPL-47", *trail));
    BOOST_TEST(!holds(key->wrapped));
    BOOST_TEST(!holds(key->subject_hash));
}

BOOST_FIXTURE_TEST_CASE(nothing_personal_stands_in_the_database_in_clear, Hub) {
    exchange(anna, bo);
    stop();
    std::ifstream file(database, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)),
                            std::istreambuf_iterator<char>());
    BOOST_TEST(bytes.size() > 10'000U);
    for (const std::string& value : {anna, bo, std::string("name of "), std::string("O-7")})
        BOOST_TEST(bytes.find(value) == std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(equal_values_of_two_exchanges_have_unequal_commitments, Hub) {
    const std::string one = exchange(anna, bo);
    const std::string two = exchange(anna, bo);
    const auto first = need(store->record(one, "delivered"))->commitments;
    const auto second = need(store->record(two, "delivered"))->commitments;
    for (const Digest& a : first)
        for (const Digest& b : second)
            BOOST_TEST((a != b));
}

BOOST_FIXTURE_TEST_CASE(a_sealed_record_moved_to_another_exchange_does_not_open, Hub) {
    const std::string one = exchange(anna, bo);
    const std::string two = exchange(anna, chen);
    stop();
    need(need(Sqlite::open(database, SqliteMode::write))
             ->execute("UPDATE record_group SET sealed=(SELECT g.sealed FROM record_group g WHERE "
                       "g.exchange_id='" +
                       one + "' AND g.n=record_group.n) WHERE exchange_id='" + two + "'"));
    start();
    BOOST_TEST((sealing->open_record(two, "delivered").fault().kind == FaultKind::refused));
    need(sealing->open_record(one, "delivered"));
}

BOOST_FIXTURE_TEST_CASE(another_key_file_opens_nothing, Hub) {
    const std::string id = exchange(anna, bo);
    const std::string other = folder / "other.key";
    need(Sealing::make_key_file(other));
    auto stranger = need(Sealing::open(*store, clock, other));
    BOOST_TEST((stranger->open_record(id, "delivered").fault().kind == FaultKind::refused));
    BOOST_TEST(!stranger->unseal_bytes(sealing->seal_bytes("plain", "context"), "context").ok());
    BOOST_TEST(need(sealing->unseal_bytes(sealing->seal_bytes("plain", "context"), "context")) ==
               "plain");
    BOOST_TEST(!sealing->unseal_bytes(sealing->seal_bytes("plain", "context"), "other").ok());
}

BOOST_FIXTURE_TEST_CASE(bytes_of_a_person_open_in_their_context_until_that_person_is_erased, Hub) {
    exchange(anna, bo);
    const std::string hers = need(sealing->seal_bytes_of(anna, "plain", "context"));
    const std::string his = need(sealing->seal_bytes_of(bo, "plain", "context"));
    BOOST_TEST(need(sealing->unseal_bytes_of(hers, "context")) == "plain");
    BOOST_TEST((sealing->unseal_bytes_of(hers, "other").fault().kind == FaultKind::refused));
    BOOST_TEST((sealing->unseal_bytes_of("", "context").fault().kind == FaultKind::refused));
    BOOST_TEST((sealing->unseal_bytes_of(hers.substr(0, 9), "context").fault().kind ==
                FaultKind::refused));
    need(sealing->erase(anna, "640100.housing-fund", "PIPL-47", *trail));
    BOOST_TEST((sealing->unseal_bytes_of(hers, "context").fault().kind == FaultKind::not_found));
    BOOST_TEST(need(sealing->unseal_bytes_of(his, "context")) == "plain");
}

BOOST_FIXTURE_TEST_CASE(who_was_met_before_has_one_key_and_keeps_it, Hub) {
    const std::string before = need(sealing->seal_bytes_of(anna, "plain", "context"));
    need(sealing->meet({anna, bo, bo}));
    need(sealing->meet({bo, anna}));
    const std::string his = need(sealing->seal_bytes_of(bo, "plain", "context"));
    stop();
    start();
    BOOST_TEST(need(sealing->unseal_bytes_of(before, "context")) == "plain");
    BOOST_TEST(need(sealing->unseal_bytes_of(his, "context")) == "plain");
    const auto file = need(Sqlite::open(database, SqliteMode::read_only));
    auto count = need(file->prepare("SELECT count(*) FROM subject_key"));
    BOOST_TEST(need(count.step()));
    BOOST_TEST(count.integer(0) == 2);
}

BOOST_FIXTURE_TEST_CASE(a_key_file_is_its_owners_alone_and_never_overwritten, Hub) {
    BOOST_TEST((Sealing::make_key_file(seal_key).fault().kind == FaultKind::conflict));
    std::filesystem::permissions(
        seal_key, std::filesystem::perms::group_read, std::filesystem::perm_options::add);
    BOOST_TEST((Sealing::open(*store, clock, seal_key).fault().kind == FaultKind::refused));
}

BOOST_AUTO_TEST_CASE(a_commitment_is_what_the_format_page_says) {
    BOOST_TEST(hex(commitment("officer", std::string(32, '\x01'), "O-7")) ==
               "2209229f13d224a6a10224d10e6a27c821e6d53f182473c86f7984c0461a8032");
}

BOOST_AUTO_TEST_SUITE_END()
