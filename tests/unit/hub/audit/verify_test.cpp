#include "hub/audit/verify.h"

#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "base/files.h"
#include "base/json.h"
#include "base/text.h"
#include "tests/unit/hub/audit/audit_fixture.h"

using namespace tongban;
using namespace tongban::audit;
using tongban::audit_tests::fixed_key;
using tongban::audit_tests::Hub;
using tongban::support::need;

namespace {

const std::string anna = "110101199003070011";
const std::string bo = "110101198502030022";

// A log with denials, intents, outcomes, a cosigned checkpoint, sealed records, an erasure and a
// provider's journal.
struct Whole : Hub {
    std::string first;
    std::string second;
    std::string journal = folder / "connector.db";

    Whole() {
        first = exchange(anna, bo);
        second = exchange("110101197001010033", bo);
        (void)need(trail->outcome({.exchange_id = first, .outcome = "acknowledged"}, {}));
        Facts denied = facts(new_exchange());
        denied.decision = "agreement.none";
        deny(denied);
        for (int i = 0; i < 4; ++i)
            answered();
        (void)need(trail->config({{"mapping", "1"}}));
        (void)need(sealing->erase(anna, "640100.housing-fund", "PIPL-47", *trail));
        while (!need(store->unlogged(1)).empty())
            std::this_thread::yield();
        const auto reply = need(log->consistency(0));
        need(log->add_cosignature(reply.size,
                                  cosign_line(witness_key,
                                              "640100.tax/witness",
                                              need(parse_note(reply.note)).text,
                                              1'790'000'000)));
    }

    Digest last{};
    std::int64_t entries = 0;
    // An entry of the provider's journal; its hash.
    Digest note(const std::string& kind,
                const std::string& exchange,
                const std::string& sha256_hex) {
        auto connector = need(Sqlite::open(journal, SqliteMode::write));
        need(
            connector->execute("CREATE TABLE IF NOT EXISTS journal (n INTEGER PRIMARY KEY, prev "
                               "BLOB NOT NULL, kind TEXT "
                               "NOT NULL, exchange TEXT NOT NULL, job TEXT NOT NULL, sha256 TEXT "
                               "NOT NULL, time_ms INTEGER "
                               "NOT NULL, hash BLOB NOT NULL)"));
        const Json entry{{"exchange", exchange},
                         {"job", "j"},
                         {"kind", kind},
                         {"n", ++entries},
                         {"prev", hex(last)},
                         {"sha256", sha256_hex},
                         {"time_ms", 1},
                         {"v", "tongban/journal/v1"}};
        const Digest hash = sha256(canonical_json(entry));
        auto row = need(connector->prepare("INSERT INTO journal VALUES(?,?,?,?,'j',?,1,?)"));
        row.bind(1, entries)
            .bind_blob(2, bytes_of(last))
            .bind_text(3, kind)
            .bind_text(4, exchange)
            .bind_text(5, sha256_hex)
            .bind_blob(6, bytes_of(hash));
        need(row.run());
        last = hash;
        return hash;
    }
    void answered() {
        const std::string id = new_exchange();
        const std::string native = hex(sha256(id));
        const Digest hash = note("answer", id, native);
        Facts answered = facts(id);
        answered.parts[0].native_sha256 = native;
        answered.parts[0].journal = {entries, hash};
        intend(answered);
    }

    VerifyInputs inputs() {
        VerifyInputs all;
        all.database = database;
        all.log_vkey = log ? log->vkey() : vkey;
        all.witness_vkeys = {witness_vkey};
        all.high_water_path = mark;
        all.seal_key_path = seal_key;
        all.journals = {{"610100.housing-fund", journal}};
        return all;
    }
    std::string vkey;
    void stop_and_change(const std::string& sql) {
        vkey = log->vkey();
        stop();
        need(need(Sqlite::open(database, SqliteMode::write))->execute(sql));
    }
    // Codes of what is found after the change, without repeats.
    std::vector<std::string> found_after(const std::string& sql) {
        stop_and_change(sql);
        return codes();
    }
    std::vector<std::string> codes() {
        std::vector<std::string> found;
        for (const Problem& problem : need(verify_log(inputs())).problems)
            found.push_back(problem.code);
        std::sort(found.begin(), found.end());
        found.erase(std::unique(found.begin(), found.end()), found.end());
        return found;
    }
};

bool has(const std::vector<std::string>& codes, const std::string& code) {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(verify_test)

BOOST_FIXTURE_TEST_CASE(a_whole_log_has_no_problem_while_the_hub_runs_and_after, Whole) {
    const VerifyReport report = need(verify_log(inputs()));
    for (const Problem& problem : report.problems)
        BOOST_ERROR(problem.code + " " + problem.where + ": " + problem.what);
    BOOST_TEST(report.leaves == 10U);
    BOOST_TEST(report.records == 2U);
    BOOST_TEST(report.groups_erased == 2U);
    BOOST_TEST(report.groups_opened == 6U);
    BOOST_TEST(report.cosignatures == 1U);
    BOOST_TEST(report.journal_entries == 4U);
    vkey = log->vkey();
    stop();
    BOOST_TEST(need(verify_log(inputs())).ok());
}

// Each change of a row, and the one code that tells of it.
BOOST_FIXTURE_TEST_CASE(a_row_that_does_not_say_what_its_leaves_say_is_found, Whole) {
    vkey = log->vkey();
    stop();
    const auto only = [this](const std::string& change, const std::string& code) {
        auto whole = need(Sqlite::open(database, SqliteMode::write));
        need(whole->execute("CREATE TABLE kept AS SELECT * FROM exchange"));
        need(whole->execute(change));
        const auto found = codes();
        BOOST_TEST((found == std::vector<std::string>{code}), change);
        need(
            whole->execute("DELETE FROM exchange; INSERT INTO exchange SELECT * FROM kept; "
                           "DROP TABLE kept"));
    };
    const std::string at = " WHERE exchange_id='" + first + "'";
    const auto in_detail = [&](const std::string& path, const std::string& value) {
        return "UPDATE exchange SET detail=CAST(json_set(CAST(detail AS TEXT),'$." + path + "'," +
               value + ") AS BLOB)" + at;
    };
    BOOST_TEST(codes().empty());
    only("UPDATE exchange SET requester='640100.tax'" + at, "exchange.requester");
    only("UPDATE exchange SET kind=1" + at, "exchange.kind");
    only("UPDATE exchange SET resource='tax/homes'" + at, "exchange.resource");
    only("UPDATE exchange SET purpose='curiosity'" + at, "exchange.purpose");
    only("UPDATE exchange SET state=5" + at, "exchange.state");
    only("UPDATE exchange SET state=6" + at, "exchange.state");
    only("UPDATE exchange SET is_open=1" + at, "exchange.state");
    only("UPDATE exchange SET created_ms=created_ms+1" + at, "exchange.time");
    only("UPDATE exchange SET updated_ms=updated_ms+90000" + at, "exchange.time");
    only("UPDATE exchange SET detail=x'00'" + at, "exchange.detail");
    only(in_detail("parts.certificate.provider", "'640100.tax'"), "exchange.part");
    only(in_detail("parts.certificate.status", "1"), "exchange.part");
    only(in_detail("parts.certificate.envelope.native_sha256", "'aa'"), "exchange.part");
    only(in_detail("parts.another", "json('{}')"), "exchange.part");
    only(in_detail("document_sha256", "'aa'"), "exchange.document");
    only(in_detail("officer_commitment", "'aa'"), "exchange.officer");
    only(in_detail("findings[0]", "json('{\"code\":\"C-02\",\"severity\":\"review\"}')"),
         "exchange.finding");
    only(
        "UPDATE exchange SET detail=CAST(replace(CAST(detail AS TEXT),'agreement.none','busy') AS "
        "BLOB) WHERE state=7",
        "exchange.refusal");
    only("DELETE FROM exchange" + at, "exchange.row");
}

BOOST_FIXTURE_TEST_CASE(a_row_without_a_leaf_is_an_open_exchange_or_is_found, Whole) {
    store::PutExchange asking = row_of(facts(new_exchange()), false);
    asking.row.state = 1;
    asking.row.open = true;
    const auto shard = need(store::shard_of_exchange(asking.row.exchange_id));
    (void)need(store->apply(store::Batch{shard, {}}.add(asking)));
    BOOST_TEST(codes().empty());
    const std::string at = " WHERE exchange_id='" + asking.row.exchange_id + "'";
    BOOST_TEST(found_after("UPDATE exchange SET is_open=0,state=2" + at) ==
               std::vector<std::string>{"exchange.leaf"});
    const VerifyReport report = need(verify_log(inputs()));
    BOOST_TEST(report.problems.front().where == "exchange " + asking.row.exchange_id);
}

BOOST_FIXTURE_TEST_CASE(who_was_turned_away_at_the_door_has_a_leaf_and_no_row, Whole) {
    Facts at_door = facts(new_exchange());
    at_door.versions = {};
    at_door.decision = "signature.invalid";
    (void)need(trail->denied(at_door, {}));
    BOOST_TEST(codes().empty());
}

// What stands in no leaf stands in the sealed request.
BOOST_FIXTURE_TEST_CASE(a_row_of_another_request_than_was_sealed_is_found, Whole) {
    const std::string id = new_exchange();
    const auto sealed = need(sealing->seal(
        id, "request", {{"request.head", Json{{"request_id", id}, {"delivery", 1}}.dump(), {}}}));
    Facts told = facts(id);
    told.records = {"request"};
    told.commitments = sealed.digests();
    intend(told, store::Batch{}.add(store::PutRecord{sealed.row}));
    BOOST_TEST(codes().empty());
    BOOST_TEST(found_after("UPDATE exchange SET request_id='R-2' WHERE exchange_id='" + id + "'") ==
               std::vector<std::string>{"exchange.request"});
}

BOOST_FIXTURE_TEST_CASE(an_altered_leaf_is_found, Whole) {
    const auto found = found_after(
        "UPDATE audit SET leaf=CAST(replace(leaf,'loan-approval','loan-approvaL') AS BLOB) WHERE "
        "rowid=2");
    BOOST_TEST(has(found, "leaf.altered"));
    BOOST_TEST(has(found, "shard.chain"));
}

BOOST_FIXTURE_TEST_CASE(an_altered_leaf_whose_hashes_were_all_redone_is_found_by_the_signatures,
                        Whole) {
    stop_and_change(
        "UPDATE audit SET leaf=CAST(replace(leaf,'loan-approval','loan-approvaL') AS BLOB) WHERE "
        "rowid=2");
    auto database_ = need(Sqlite::open(database, SqliteMode::write));
    std::vector<std::pair<std::int64_t, Digest>> hashes;
    {
        auto rows =
            need(database_->prepare("SELECT e.idx,a.leaf FROM log_entry e JOIN audit a ON "
                                    "a.shard=e.shard AND a.seq=e.seq ORDER BY e.idx"));
        while (need(rows.step()))
            hashes.emplace_back(rows.integer(0), merkle_leaf(rows.blob(1)));
    }
    std::string tile;
    for (const auto& [index, hash] : hashes) {
        tile += bytes_of(hash);
        auto row = need(database_->prepare("UPDATE log_entry SET leaf_hash=? WHERE idx=?"));
        row.bind_blob(1, bytes_of(hash)).bind(2, index);
        need(row.run());
    }
    {
        auto row = need(database_->prepare("UPDATE log_tile SET hashes=? WHERE level=0"));
        row.bind_blob(1, tile);
        need(row.run());
    }
    database_.reset();
    BOOST_TEST(has(codes(), "checkpoint.root"));
    BOOST_TEST(has(codes(), "mark.root"));
}

BOOST_FIXTURE_TEST_CASE(an_altered_tile_is_found, Whole) {
    BOOST_TEST(
        has(found_after("UPDATE log_tile SET "
                        "hashes=CAST(substr(hashes,1,31)||x'00'||substr(hashes,33) AS BLOB)"),
            "tile.altered"));
}

BOOST_FIXTURE_TEST_CASE(a_missing_tile_and_one_too_many_are_found, Whole) {
    const auto found = found_after("UPDATE log_tile SET idx=7");
    BOOST_TEST(has(found, "tile.missing"));
    BOOST_TEST(has(found, "tile.extra"));
}

BOOST_FIXTURE_TEST_CASE(an_altered_checkpoint_is_found, Whole) {
    BOOST_TEST(has(found_after("UPDATE log_checkpoint SET "
                               "note=replace(note,'hub.test/log','hub.tset/log') WHERE size=10"),
                   "checkpoint.signature"));
}

BOOST_FIXTURE_TEST_CASE(a_checkpoint_with_another_root_is_found, Whole) {
    const auto found = found_after("UPDATE log_checkpoint SET root=zeroblob(32) WHERE size=10");
    BOOST_TEST(has(found, "checkpoint.root"));
    BOOST_TEST(has(found, "checkpoint.row"));
}

BOOST_FIXTURE_TEST_CASE(a_removed_leaf_is_found, Whole) {
    const auto found = found_after("DELETE FROM audit WHERE rowid=2");
    BOOST_TEST(has(found, "entry.leaf"));
    BOOST_TEST((has(found, "shard.gap") || has(found, "shard.head")));
}

BOOST_FIXTURE_TEST_CASE(entries_cut_off_the_end_are_found_by_checkpoint_and_mark, Whole) {
    const auto found =
        found_after("DELETE FROM log_entry WHERE idx>=8; DELETE FROM log_checkpoint WHERE size>8");
    BOOST_TEST(has(found, "leaf.forgotten"));
    BOOST_TEST(has(found, "mark.ahead"));
}

BOOST_FIXTURE_TEST_CASE(an_altered_cosignature_is_found, Whole) {
    BOOST_TEST(has(found_after("UPDATE log_cosig SET line=replace(line,'A','B')"), "cosignature"));
}

BOOST_FIXTURE_TEST_CASE(an_altered_sealed_value_is_found, Whole) {
    BOOST_TEST(has(found_after("UPDATE record_group SET sealed=zeroblob(length(sealed)) WHERE n=0"),
                   "record.group"));
}

BOOST_FIXTURE_TEST_CASE(a_removed_record_is_found, Whole) {
    const auto found = found_after("DELETE FROM record");
    BOOST_TEST(has(found, "record.missing"));
    BOOST_TEST(has(found, "record.root"));
}

BOOST_FIXTURE_TEST_CASE(a_key_destroyed_without_a_leaf_is_found, Whole) {
    BOOST_TEST(has(found_after("UPDATE subject_key SET "
                               "wrapped=zeroblob(length(wrapped)),erased_ms=1 WHERE erased_ms=0"),
                   "erasure.leaf"));
}

BOOST_FIXTURE_TEST_CASE(an_outcome_before_its_intent_is_found, Whole) {
    BOOST_TEST(has(found_after("UPDATE audit SET kind=1 WHERE kind=2"), "order.intent"));
}

BOOST_FIXTURE_TEST_CASE(an_outcome_about_another_document_is_found, Whole) {
    const auto deliver = [this](char intended, char taken) {
        const std::string id = new_exchange();
        Facts made = facts(id);
        made.document_sha256 = std::string(64, intended);
        intend(made);
        (void)need(trail->outcome({.exchange_id = id,
                                   .outcome = "acknowledged",
                                   .document_sha256 = std::string(64, taken)},
                                  {}));
        settle();
    };
    deliver('a', 'a');
    BOOST_TEST(codes().empty());
    deliver('a', 'b');
    BOOST_TEST(codes() == std::vector<std::string>{"order.document"});
}

BOOST_FIXTURE_TEST_CASE(a_withdrawal_that_its_row_or_a_later_exchange_contradicts_is_found, Whole) {
    use_and_withdraw("C-1");
    BOOST_TEST(codes().empty());
    clock.ms += 59'000;  // an exchange may still be on its way
    Facts on_its_way = facts(new_exchange());
    on_its_way.consent = "C-1";
    intend(on_its_way);
    BOOST_TEST(codes().empty());
    clock.ms += 2'000;
    Facts late = facts(new_exchange());
    late.consent = "C-1";
    intend(late);
    settle();
    BOOST_TEST(codes() == std::vector<std::string>{"order.consent"});
    const auto found = found_after("UPDATE consent SET withdrawn_ms=0");
    BOOST_TEST(has(found, "consent.undone"));
}

BOOST_FIXTURE_TEST_CASE(a_consent_marked_without_a_leaf_is_found, Whole) {
    const std::string id = new_exchange();
    intend(facts(id), store::Batch{}.add(store::PutConsent{consent("C-2")}));
    BOOST_TEST(has(found_after("UPDATE consent SET withdrawn_ms=7"), "consent.leaf"));
}

BOOST_FIXTURE_TEST_CASE(a_journal_that_disagrees_is_found, Whole) {
    auto connector = need(Sqlite::open(journal, SqliteMode::write));
    need(connector->execute("UPDATE journal SET sha256='00' WHERE n=2"));
    const auto altered = codes();
    BOOST_TEST(has(altered, "journal.chain"));
    BOOST_TEST(has(altered, "journal.answer"));
    need(connector->execute("DELETE FROM journal WHERE n>=3"));
    BOOST_TEST(has(codes(), "journal.short"));
}

BOOST_FIXTURE_TEST_CASE(a_journal_that_the_hub_was_told_of_may_not_be_missing, Whole) {
    stop_and_change("INSERT INTO journal_head VALUES(0,'640100.tax',7,x'00',1)");
    BOOST_TEST(codes().empty());  // nobody asked for all of them
    VerifyInputs all = inputs();
    all.with_journals = true;
    const VerifyReport report = need(verify_log(all));
    BOOST_REQUIRE(report.problems.size() == 1U);
    BOOST_TEST(report.problems[0].code == "journal.missing");
    BOOST_TEST(report.problems[0].where == "640100.tax");
}

BOOST_FIXTURE_TEST_CASE(an_outcome_in_a_journal_that_the_log_does_not_tell_is_found, Whole) {
    note("outcome", new_exchange(), "aa");
    BOOST_TEST(codes() == std::vector<std::string>{"journal.unknown"});
}

BOOST_FIXTURE_TEST_CASE(a_document_in_a_journal_without_its_intent_leaf_is_found, Whole) {
    note("delivery", new_exchange(), "aa");
    BOOST_TEST(codes() == std::vector<std::string>{"journal.intent"});
}

BOOST_FIXTURE_TEST_CASE(a_document_that_went_to_another_than_its_asker_is_found, Whole) {
    Facts elsewhere = facts(new_exchange());
    elsewhere.document_sha256 = "aa";
    intend(elsewhere);
    note("delivery", elsewhere.exchange_id, "aa");
    BOOST_TEST(codes() == std::vector<std::string>{"journal.intent"});
}

BOOST_FIXTURE_TEST_CASE(another_document_or_acknowledgement_than_the_leaves_name_is_found, Whole) {
    Facts own = facts(new_exchange());
    own.requester = "610100.housing-fund";
    own.document_sha256 = "aa";
    intend(own);
    note("delivery", own.exchange_id, "aa");
    BOOST_TEST(codes().empty());
    note("acknowledgement", own.exchange_id, "bb");
    BOOST_TEST(codes() == std::vector<std::string>{"journal.outcome"});
    OutcomeFacts ended{.exchange_id = own.exchange_id, .outcome = "acknowledged"};
    ended.document_sha256 = "aa";
    ended.acknowledgement_sha256 = "bb";
    (void)need(trail->outcome(ended, {}));
    BOOST_TEST(codes().empty());
    note("delivery", own.exchange_id, "ab");
    BOOST_TEST(codes() == std::vector<std::string>{"journal.document"});
    note("acknowledgement", own.exchange_id, "bc");
    BOOST_TEST(has(codes(), "journal.acknowledgement"));
}

BOOST_FIXTURE_TEST_CASE(an_outcome_leaf_whose_acknowledgement_nobody_gave_is_found, Whole) {
    Facts own = facts(new_exchange());
    own.requester = "610100.housing-fund";
    intend(own);
    OutcomeFacts ended{.exchange_id = own.exchange_id, .outcome = "acknowledged"};
    ended.acknowledgement_sha256 = "bb";
    (void)need(trail->outcome(ended, {}));
    BOOST_TEST(codes() == std::vector<std::string>{"journal.acknowledgement"});
}

BOOST_FIXTURE_TEST_CASE(a_question_that_died_with_its_hub_is_counted_and_named, Whole) {
    const std::string forgotten = new_exchange();
    note("job", forgotten, "aa");
    note("answer", forgotten, "bb");
    const VerifyReport report = need(verify_log(inputs()));
    BOOST_TEST(report.ok());
    BOOST_TEST(report.journal_unlogged == 2U);
    BOOST_REQUIRE(report.unlogged.size() == 2U);
    BOOST_TEST(report.unlogged[1] == "610100.housing-fund 6 answer " + forgotten);
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_read_is_told_and_is_no_finding, Whole) {
    const auto code_of = [](const VerifyInputs& with) {
        const auto report = verify_log(with);
        BOOST_REQUIRE(!report);
        BOOST_TEST((report.fault().kind == FaultKind::malformed));
        return report.fault().where;
    };
    const VerifyInputs good = inputs();
    VerifyInputs bad = good;
    bad.database = folder / "empty.db";
    need(write_file_durably(bad.database, ""));
    BOOST_TEST(code_of(bad) == "input.database");
    need(write_file_durably(bad.database, std::string(4096, 'x')));
    BOOST_TEST(code_of(bad) == "input.database");
    bad.database = folder / "none.db";
    BOOST_TEST(code_of(bad) == "input.database");
    bad = good;
    bad.log_vkey = "hub.test/log+1+x";
    BOOST_TEST(code_of(bad) == "input.vkey");
    bad = good;
    bad.witness_vkeys.emplace_back("");
    BOOST_TEST(code_of(bad) == "input.witness_vkey");
    bad = good;
    bad.seal_key_path = folder / "none.key";
    BOOST_TEST(code_of(bad) == "input.seal_key");
}

BOOST_AUTO_TEST_SUITE_END()
