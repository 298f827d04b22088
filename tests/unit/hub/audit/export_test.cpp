#include "hub/audit/export.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <boost/test/unit_test.hpp>

#include "base/files.h"
#include "base/text.h"
#include "hub/audit/internal/tiles.h"
#include "tests/unit/hub/audit/audit_fixture.h"
#include "tests/unit/hub/audit/python_tool.h"

using namespace tongban;
using namespace tongban::audit;
using tongban::audit_tests::fixed_key;
using tongban::audit_tests::Hub;
using tongban::audit_tests::Ran;
using tongban::audit_tests::run;
using tongban::audit_tests::SetClock;
using tongban::support::need;

namespace {

void spoil(const std::string& path, std::size_t at) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    BOOST_REQUIRE(file.good());
    file.seekg(static_cast<std::streamoff>(at));
    const char byte = static_cast<char>(file.get() ^ 1);
    file.seekp(static_cast<std::streamoff>(at));
    file.put(byte);
}

void wait_for_all(store::Store& store) {
    while (!need(store.unlogged(1)).empty())
        std::this_thread::yield();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(export_test)

BOOST_AUTO_TEST_CASE(tile_paths_are_as_the_specification_says) {
    BOOST_TEST(tile_path("0", 1'234'067, 256) == "tile/0/x001/x234/067");
    BOOST_TEST(tile_path("entries", 5, 256) == "tile/entries/005");
    BOOST_TEST(tile_path("2", 0, 1) == "tile/2/000.p/1");
    BOOST_TEST(tile_path("0", 273, 112) == "tile/0/273.p/112");
    BOOST_TEST(tile_path("0", 1000, 256) == "tile/0/x001/000");
}

BOOST_AUTO_TEST_CASE(the_example_of_70000_entries_has_the_widths_of_the_specification) {
    constexpr std::uint64_t size = 70'000;
    BOOST_TEST(width_of_tile(size, 0, 272) == 256U);
    BOOST_TEST(width_of_tile(size, 0, 273) == 112U);
    BOOST_TEST(width_of_tile(size, 0, 274) == 0U);
    BOOST_TEST(width_of_tile(size, 1, 0) == 256U);
    BOOST_TEST(width_of_tile(size, 1, 1) == 17U);
    BOOST_TEST(width_of_tile(size, 2, 0) == 1U);
    BOOST_TEST(width_of_tile(size, 2, 1) == 0U);
    BOOST_TEST(width_of_tile(256, 1, 0) == 1U);
    BOOST_TEST(width_of_tile(255, 1, 0) == 0U);
}

BOOST_FIXTURE_TEST_CASE(an_exported_log_is_verified_by_an_independent_program, Hub) {
    for (int i = 0; i < 5; ++i) {
        const std::string id = new_exchange();
        need(trail->intend(facts(id), {}));
        need(trail->outcome({.exchange_id = id, .outcome = "acknowledged"}, {}));
    }
    settle();
    const auto reply = need(log->consistency(0));
    need(log->add_cosignature(
        reply.size,
        cosign_line(witness_key, "640100.tax/witness", need(parse_note(reply.note)).text, 7)));
    const std::string out = folder / "export";
    const ExportReport report = need(export_log(*store, log->vkey(), out));
    BOOST_TEST(report.size == 10U);
    const std::string arguments = out + " --leaves --quorum 1 --witness '" + witness_vkey + "'";
    const Ran good = run("verify_log.py", arguments);
    BOOST_TEST(good.code == 0, good.output);
    BOOST_TEST(run("verify_log.py", out + " --quorum 1").code == 1);
    for (const char* file : {"/tile/0/000.p/10", "/tile/entries/000.p/10", "/checkpoint"})
        for (const std::size_t at : {std::size_t{1}, std::size_t{40}, std::size_t{75}}) {
            spoil(out + file, at);
            BOOST_TEST(run("verify_log.py", arguments).code == 1,
                       std::string(file) + " " + std::to_string(at));
            spoil(out + file, at);
        }
    {
        std::ofstream(out + "/tile/entries/000.p/10", std::ios::app) << "x";
    }
    BOOST_TEST(run("verify_log.py", arguments).code == 1);
}

BOOST_FIXTURE_TEST_CASE(the_independent_program_holds_exchanges_against_withdrawn_consents, Hub) {
    use_and_withdraw("C-1");
    const auto verified = [&](const char* name) {
        settle();
        const std::string out = folder / name;
        need(export_log(*store, log->vkey(), out));
        return run("verify_log.py", out + " --leaves");
    };
    const Ran good = verified("good");
    BOOST_TEST(good.code == 0, good.output);
    clock.ms += 61'000;
    Facts late = facts(new_exchange());
    late.consent = "C-1";
    need(trail->intend(late, {}));
    const Ran bad = verified("bad");
    BOOST_TEST(bad.code == 1);
    BOOST_TEST(bad.output.find("rests on a consent") != std::string::npos, bad.output);
}

BOOST_FIXTURE_TEST_CASE(the_independent_program_holds_an_outcome_against_the_intended_document,
                        Hub) {
    for (const char taken : {'a', 'b'}) {
        const std::string id = new_exchange();
        Facts made = facts(id);
        made.document_sha256 = std::string(64, 'a');
        need(trail->intend(made, {}));
        need(trail->outcome({.exchange_id = id,
                             .outcome = "acknowledged",
                             .document_sha256 = std::string(64, taken)},
                            {}));
        settle();
        const std::string out = folder / std::string(1, taken);
        need(export_log(*store, log->vkey(), out));
        const Ran ran = run("verify_log.py", out + " --leaves");
        BOOST_TEST(ran.code == (taken == 'a' ? 0 : 1), ran.output);
    }
    BOOST_TEST(log->head().size == 4U);
}

BOOST_FIXTURE_TEST_CASE(a_receipt_is_verified_by_an_independent_program, Hub) {
    for (int i = 0; i < 6; ++i)
        need(trail->intend(facts(new_exchange()), {}));
    const std::string id = new_exchange();
    need(trail->intend(facts(id), {}));
    const Receipt receipt = need(trail->receipt(id, LeafKind::intent, soon()));
    need(write_file_durably(folder / "r.tlog-proof", receipt.text));
    need(write_file_durably(folder / "leaf", receipt.leaf));
    need(write_file_durably(folder / "log.vkey", log->vkey() + "\n"));
    const std::string arguments =
        (folder / "r.tlog-proof") + " " + (folder / "leaf") + " " + (folder / "log.vkey");
    const Ran good = run("verify_receipt.py", arguments);
    BOOST_TEST(good.code == 0, good.output);
    spoil(folder / "leaf", 5);
    BOOST_TEST(run("verify_receipt.py", arguments).code == 1);
    spoil(folder / "leaf", 5);
    spoil(folder / "r.tlog-proof", 40);
    BOOST_TEST(run("verify_receipt.py", arguments).code == 1);
}

// 70,000 entries through the real sequencer, the largest layout example of tlog-tiles.
BOOST_AUTO_TEST_CASE(a_log_of_70000_entries_exports_in_the_right_layout_and_verifies) {
    const support::TemporaryFolder folder;
    const SetClock clock;
    const std::string database = folder / "hub.db";
    auto store = need(store::open_sqlite(database, {}));
    need(
        need(Sqlite::open(database, SqliteMode::write))
            ->execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<70000) "
                      "INSERT INTO audit SELECT 0,i,1,0,0,0,2,'t',x'',CAST('leaf '||i AS "
                      "BLOB),'e'||i FROM n;"
                      "INSERT INTO log_pending SELECT shard,seq FROM audit"));
    auto log = need(Log::open(*store,
                              fixed_key('k'),
                              clock,
                              {.origin = "hub.test/log", .high_water_path = folder / "mark"}));
    wait_for_all(*store);
    const std::string out = folder / "export";
    const ExportReport report = need(export_log(*store, log->vkey(), out));
    BOOST_TEST(report.size == 70'000U);
    BOOST_TEST(report.tiles == 277U);
    BOOST_TEST(report.bundles == 274U);
    for (const char* path : {"/tile/0/272",
                             "/tile/0/273.p/112",
                             "/tile/1/000",
                             "/tile/1/001.p/17",
                             "/tile/2/000.p/1",
                             "/tile/entries/273.p/112"})
        BOOST_TEST(std::filesystem::exists(out + path), path);
    const Ran good = run("verify_log.py", out);
    BOOST_TEST(good.code == 0, good.output);
}

BOOST_AUTO_TEST_SUITE_END()
