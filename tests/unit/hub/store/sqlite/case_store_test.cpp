#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "base/sqlite.h"
#include "hub/store/sqlite/internal/writer.h"
#include "hub/store/sqlite/sqlite_store.h"
#include "tests/support/case_samples.h"
#include "tests/support/need.h"
#include "tests/support/temporary_folder.h"

using namespace tongban;
using namespace tongban::store;
using namespace tongban::support;

namespace {

struct Opened {
    TemporaryFolder folder;
    std::string path = folder / "hub.db";
    std::unique_ptr<Store> store = open();

    std::unique_ptr<Store> open() { return need(open_sqlite(path, {})); }
    SampleCase opened_case(const std::string& key) {
        SampleCase sample = sample_case(*store, key);
        need(store->apply(opening(sample)));
        return sample;
    }
    Result<Committed> one(const SampleCase& sample, Mutation mutation) {
        return store->apply(Batch{sample.shard(), {std::move(mutation)}});
    }
    void refused(const Result<Committed>& answer, std::string_view where) {
        BOOST_REQUIRE(!answer.ok());
        BOOST_TEST((answer.fault().kind == FaultKind::conflict));
        BOOST_TEST(answer.fault().where == where);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(case_store_test)

BOOST_FIXTURE_TEST_CASE(a_case_is_read_back_as_it_was_put, Opened) {
    SampleCase sample = sample_case(*store, "K-1");
    sample.row.priority = 2;
    sample.row.hops = 1;
    sample.row.no_return = true;
    sample.row.parent = 77;
    sample.row.external_number = "EXT-9";
    sample.row.state = std::string("sealed\0state", 12);
    need(store->apply(opening(sample)));
    const CaseRow row = *need(store->find_case(sample.row.case_id));
    BOOST_TEST(row.number == "N-K-1");
    BOOST_TEST(row.item == sample.row.item);
    BOOST_TEST(row.phase == "A_SUBMITTED");
    BOOST_TEST(row.priority == 2);
    BOOST_TEST(row.subject_hash == sample.row.subject_hash);
    BOOST_TEST(row.owner == sample.row.owner);
    BOOST_TEST(row.hall == sample.row.hall);
    BOOST_TEST(row.external_number == "EXT-9");
    BOOST_TEST(row.hops == 1);
    BOOST_TEST(row.no_return);
    BOOST_TEST(row.parent == 77);
    BOOST_TEST(row.open);
    BOOST_TEST(row.yellow_ms == sample.row.yellow_ms);
    BOOST_TEST(row.orange_ms == sample.row.orange_ms);
    BOOST_TEST(row.due_ms == sample.row.due_ms);
    BOOST_TEST(row.rev == 1);
    BOOST_TEST(row.state == sample.row.state);
    BOOST_TEST(need(store->case_of_key("loan", "K-1"))->case_id == row.case_id);
    BOOST_TEST(!need(store->case_of_key("loan", "K-2")).has_value());
    BOOST_TEST(!need(store->find_case(-5)).has_value());
}

BOOST_FIXTURE_TEST_CASE(the_same_start_key_tells_the_case_that_has_it, Opened) {
    const SampleCase first = opened_case("K-1");
    const SampleCase second = sample_case(*store, "K-1");
    BOOST_TEST(second.row.case_id != first.row.case_id);
    const auto again = store->apply(opening(second));
    refused(again, "case_key");
    BOOST_TEST(need(case_named(again.fault().reason)) == first.row.case_id);
    BOOST_TEST(!need(store->find_case(second.row.case_id)).has_value());
    // Once the first has let go of it, the key opens a case again.
    refused(one(second, DropCaseKey{"loan", "K-1", second.row.case_id}), "case_key");
    need(one(first, DropCaseKey{"loan", "K-1", first.row.case_id}));
    need(store->apply(opening(second)));
    BOOST_TEST(need(store->case_of_key("loan", "K-1"))->case_id == second.row.case_id);
}

BOOST_FIXTURE_TEST_CASE(two_starts_of_one_key_in_one_commit_make_one_case, Opened) {
    const SampleCase first = sample_case(*store, "K-1");
    const SampleCase second = sample_case(*store, "K-1");
    const auto answers = store->apply_all({opening(first), opening(second), opening(first)});
    BOOST_REQUIRE(answers.size() == 3U);
    BOOST_TEST(answers[0].ok());
    refused(answers[1], "case_key");
    refused(answers[2], "case_key");
}

BOOST_FIXTURE_TEST_CASE(an_id_is_never_given_twice_by_one_owner, Opened) {
    std::set<std::int64_t> ids;
    std::vector<std::vector<std::int64_t>> given(4);
    std::vector<std::thread> threads;
    for (auto& mine : given)
        threads.emplace_back([&] {
            for (int i = 0; i < 500; ++i)
                mine.push_back(store->next_case_id(7));
        });
    for (auto& thread : threads)
        thread.join();
    for (const auto& mine : given)
        for (const std::int64_t id : mine) {
            BOOST_TEST(shard_of_case(id) == 7);
            BOOST_TEST(ids.insert(id).second);
        }
}

BOOST_FIXTURE_TEST_CASE(the_next_owner_counts_on_from_the_highest_case, Opened) {
    const SampleCase first = sample_case(*store, "K-1");
    SampleCase second = sample_case(*store, "K-1");
    second.key = "";
    Batch without_key = opening(second);
    without_key.mutations[0] = PutCase{second.row, "", ""};
    need(store->apply(without_key));
    need(store->apply(opening(first)));  // a lower number commits later
    store.reset();
    store = open();
    BOOST_TEST(store->next_case_id(first.shard()) ==
               case_id_of(first.shard(), number_of_case(second.row.case_id) + 1));
}

BOOST_FIXTURE_TEST_CASE(a_transition_moves_every_row_of_the_case, Opened) {
    SampleCase sample = opened_case("K-1");
    const Committed committed = need(store->apply(next_step(sample)));
    const std::int64_t id = sample.row.case_id;
    BOOST_TEST(committed.audit_seqs.size() == 1U);
    BOOST_TEST(committed.call_seqs.size() == 1U);
    const CaseRow row = *need(store->find_case(id));
    BOOST_TEST(row.rev == 2);
    BOOST_TEST(row.phase == "A_CERTIFIED");
    const auto steps = need(store->steps_of(id));
    BOOST_REQUIRE(steps.size() == 2U);
    BOOST_TEST(steps[0].status == 3);
    BOOST_TEST(steps[1].step_no == 2);
    const auto records = need(store->records_of_case(id));
    BOOST_REQUIRE(records.size() == 1U);
    BOOST_TEST(records[0].n == 1);
    BOOST_TEST(records[0].body.size() == 400U);
    const auto timers = need(store->timers_of(id));
    BOOST_REQUIRE(timers.size() == 1U);
    BOOST_TEST(timers[0].key.step_no == 2);
    BOOST_TEST(timers[0].calendar == "cn-64");
    BOOST_TEST(timers[0].calendar_version == 3);
    const auto calls = need(store->calls_of(id));
    BOOST_REQUIRE(calls.size() == 1U);
    BOOST_TEST(calls[0].op_key == sample.op_key());
    BOOST_TEST(need(store->calls(sample.shard(), 0, 10)).size() == 1U);
    BOOST_TEST(need(store->calls(sample.shard(), calls[0].seq, 10)).empty());
    const auto leaves = need(store->case_leaves(id, 0, 10));
    BOOST_REQUIRE(leaves.size() == 2U);
    BOOST_TEST(leaves[1].rev == 2);
    BOOST_TEST(leaves[1].case_id == id);
    BOOST_TEST(need(store->case_leaf(id, 2))->leaf == leaves[1].leaf);
    BOOST_TEST(need(store->case_leaves(id, 1, 10)).size() == 1U);
    BOOST_TEST(need(store->leaf_at(sample.shard(), leaves[1].seq))->leaf == leaves[1].leaf);
    BOOST_TEST(need(store->leaves_of(name_of_case(id))).size() == 2U);
    BOOST_TEST(need(store->shard(sample.shard())).last_ms == sample.row.updated_ms);
}

BOOST_FIXTURE_TEST_CASE(a_case_updated_under_an_old_revision_is_a_conflict, Opened) {
    SampleCase sample = opened_case("K-1");
    sample.row.rev = 1;
    sample.row.due_ms += 5;  // an indexed column: the second statement
    need(one(sample, UpdateCase{sample.row}));
    refused(one(sample, UpdateCase{sample.row}), "cases");
    sample.row.phase = "A_OTHER";  // none: the first
    refused(one(sample, UpdateCase{sample.row}), "cases");
    sample.row.rev = 2;
    need(one(sample, UpdateCase{sample.row}));
    const CaseRow row = *need(store->find_case(sample.row.case_id));
    BOOST_TEST(row.rev == 3);
    BOOST_TEST(row.due_ms == sample.row.due_ms);
    BOOST_TEST(row.phase == "A_OTHER");
}

BOOST_FIXTURE_TEST_CASE(a_transition_has_one_leaf, Opened) {
    const SampleCase sample = opened_case("K-1");
    refused(one(sample, sample_leaf(sample, 1)), "audit");
    need(one(sample, sample_leaf(sample, 2)));
}

BOOST_FIXTURE_TEST_CASE(a_message_is_taken_once_and_shows_what_it_was, Opened) {
    const SampleCase sample = opened_case("K-1");
    const CaseInboxRow message{
        "610100.tax", "m-1", sha256("one"), sample.row.case_id, 2, 5, "sealed answer"};
    need(one(sample, PutCaseInbox{message}));
    CaseInboxRow other = message;
    other.digest = sha256("another");
    refused(one(sample, PutCaseInbox{message}), "case_inbox");
    refused(one(sample, PutCaseInbox{other}), "case_inbox");
    const CaseInboxRow kept = *need(store->case_inbox(sample.shard(), "610100.tax", "m-1"));
    BOOST_TEST((kept.digest == sha256("one")));
    BOOST_TEST(kept.body == "sealed answer");
    BOOST_TEST(kept.rev == 2);
}

BOOST_FIXTURE_TEST_CASE(messages_of_a_source_are_found_by_how_their_ids_begin, Opened) {
    const SampleCase sample = opened_case("K-1");
    const auto put = [&](const std::string& src, const std::string& id) {
        need(one(sample, PutCaseInbox{{src, id, sha256(id), sample.row.case_id, 2, 5, "sealed"}}));
    };
    for (const char* id : {"N-1/b", "N-1/a", "N-1/\xE4\xB9\x99", "N-11/a", "N-1", "N-0/z"})
        put("orders/640100.tax", id);
    put("orders/640100.tax2", "N-1/c");
    const auto ids = [&](const std::string& begins, std::size_t limit) {
        std::vector<std::string> found;
        for (const CaseInboxRow& row :
             need(store->case_messages(sample.shard(), "orders/640100.tax", begins, limit)))
            found.push_back(row.msg_id);
        return found;
    };
    BOOST_TEST(ids("N-1/", 9) == (std::vector<std::string>{"N-1/a", "N-1/b", "N-1/\xE4\xB9\x99"}));
    BOOST_TEST(ids("N-1/", 1) == std::vector<std::string>{"N-1/a"});
    BOOST_TEST(ids("N-2/", 9).empty());
}

BOOST_FIXTURE_TEST_CASE(timers_come_in_the_order_of_their_time_and_fire_once, Opened) {
    const SampleCase sample = opened_case("K-1");
    const std::int64_t id = sample.row.case_id;
    need(one(sample, DropTimersOf{id, -1}));
    for (const TimerKey& key : {TimerKey{30, id, 1, 1},
                                TimerKey{10, id, 2, 1},
                                TimerKey{20, id, 1, 2},
                                TimerKey{20, id, 1, 1},
                                TimerKey{99, id, 3, 1}})
        need(one(sample, PutTimer{{key, "cn", key.step_no, "b"}}));
    const auto due = need(store->timers_due(sample.shard(), {}, 30, 10));
    BOOST_REQUIRE(due.size() == 4U);
    BOOST_TEST((due[0].key == TimerKey{10, id, 2, 1}));
    BOOST_TEST((due[1].key == TimerKey{20, id, 1, 1}));
    BOOST_TEST((due[2].key == TimerKey{20, id, 1, 2}));
    BOOST_TEST((due[3].key == TimerKey{30, id, 1, 1}));
    BOOST_TEST(need(store->timers_due(sample.shard(), {}, 30, 2)).size() == 2U);
    BOOST_TEST((need(store->timers_due(sample.shard(), due[1].key, 30, 1)).at(0).key ==
                TimerKey{20, id, 1, 2}));
    BOOST_TEST(need(store->timers_due(sample.shard() ^ 1, {}, 1000, 10)).empty());
    need(one(sample, DropTimer{due[0].key}));
    refused(one(sample, DropTimer{due[0].key}), "timer");
    const auto old = need(store->timers_of_calendar(sample.shard(), {}, "cn", 3, 10));
    BOOST_TEST(old.size() == 3U);  // versions are the steps' numbers: 1, 1, 1 are below 3
    need(one(sample, DropTimersOf{id, 1}));
    BOOST_TEST(need(store->timers_of(id)).size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_decision_never_changes, Opened) {
    const SampleCase sample = opened_case("K-1");
    const std::int64_t id = sample.row.case_id;
    refused(one(sample, DecideJoint{id, "window", 1, 3}), "joint");
    need(one(sample, PutJoint{{id, "window", 0, 0, 500}}));
    refused(one(sample, PutJoint{{id, "window", 2, 0, 500}}), "joint");
    BOOST_TEST(!one(sample, DecideJoint{id, "window", 0, 3}).ok());
    need(one(sample, DecideJoint{id, "window", 1, 3}));
    refused(one(sample, DecideJoint{id, "window", 2, 4}), "joint");
    refused(one(sample, DecideJoint{id, "window", 1, 4}), "joint");
    const auto joints = need(store->joints_of(id));
    BOOST_REQUIRE(joints.size() == 1U);
    BOOST_TEST(joints[0].decision == 1);
    BOOST_TEST(joints[0].decided_rev == 3);
    BOOST_TEST(joints[0].deadline_ms == 500);
}

BOOST_FIXTURE_TEST_CASE(two_decisions_in_one_commit_leave_the_first, Opened) {
    const SampleCase sample = opened_case("K-1");
    const std::int64_t id = sample.row.case_id;
    need(one(sample, PutJoint{{id, "window", 0, 0, 500}}));
    const auto answers =
        store->apply_all({Batch{sample.shard(), {DecideJoint{id, "window", 2, 2}}},
                          Batch{sample.shard(), {DecideJoint{id, "window", 1, 2}}}});
    BOOST_TEST(answers.at(0).ok());
    refused(answers.at(1), "joint");
    BOOST_TEST(need(store->joints_of(id)).at(0).decision == 2);
}

BOOST_FIXTURE_TEST_CASE(branches_calls_and_incidents_are_kept_by_case, Opened) {
    const SampleCase sample = opened_case("K-1");
    const std::int64_t id = sample.row.case_id;
    need(one(sample, PutBranch{{id, "window", "tax", 1, 10, "d"}}));
    refused(one(sample, PutBranch{{id, "window", "tax", 1, 10, "d"}}), "branch");
    need(one(sample, UpdateBranch{{id, "window", "tax", 2, 20, "e"}}));
    refused(one(sample, UpdateBranch{{id, "window", "registry", 2, 20, "e"}}), "branch");
    BOOST_TEST(need(store->branches_of(id)).at(0).phase == 2);
    BOOST_TEST(need(store->branches_of(id)).at(0).detail == "e");

    refused(one(sample, PutCall{sample_call(sample, sample.op_key())}), "case_outbox");
    BOOST_TEST(!one(sample, PutCall{sample_call(sample, "1/1/x")}).ok());
    need(one(sample, UpdateCall{sample.op_key(), CallState::in_doubt, 4, 9}));
    BOOST_TEST((need(store->call(sample.op_key()))->state == CallState::in_doubt));
    need(one(sample, DropCall{sample.op_key()}));
    refused(one(sample, DropCall{sample.op_key()}), "case_outbox");
    refused(one(sample, UpdateCall{sample.op_key(), CallState::dead, 4, 9}), "case_outbox");

    IncidentRow incident;
    incident.case_id = id;
    incident.n = 1;
    incident.code = "call.in_doubt";
    incident.owner = "640100.housing-fund";
    incident.opened_ms = 50;
    need(one(sample, PutIncident{incident}));
    refused(one(sample, PutIncident{incident}), "incident");
    BOOST_TEST(need(store->open_incidents("", {}, 10)).size() == 1U);
    BOOST_TEST(need(store->open_incidents("640100.tax", {}, 10)).empty());
    BOOST_TEST(need(store->open_incidents("", incident, 10)).empty());
    need(one(sample, CloseIncident{id, 1, 60, "closed"}));
    refused(one(sample, CloseIncident{id, 1, 70, "again"}), "incident");
    BOOST_TEST(need(store->open_incidents("", {}, 10)).empty());
    const auto incidents = need(store->incidents_of(id));
    BOOST_TEST(incidents.at(0).closed_ms == 60);
    BOOST_TEST(!incidents.at(0).open);
}

BOOST_FIXTURE_TEST_CASE(a_step_is_put_once_and_updated_where_it_is, Opened) {
    const SampleCase sample = opened_case("K-1");
    refused(one(sample, PutStep{sample_step(sample, 1)}), "step");
    refused(one(sample, UpdateStep{sample_step(sample, 9)}), "step");
}

BOOST_FIXTURE_TEST_CASE(rows_of_another_shard_are_refused, Opened) {
    const SampleCase sample = sample_case(*store, "K-1");
    Batch batch = opening(sample);
    batch.shard ^= 1;
    BOOST_TEST(!store->apply(batch).ok());
    SampleCase stray = sample_case(*store, "K-1");
    stray.row.case_id = store->next_case_id(stray.shard() ^ 1);
    BOOST_TEST(!store->apply(opening(stray)).ok());  // not the shard of its key
    BOOST_TEST(!store->apply(Batch{sample.shard(), {PutCase{CaseRow{}, "", ""}}}).ok());
}

BOOST_FIXTURE_TEST_CASE(an_item_version_stands_for_one_text, Opened) {
    const ItemRow item{"housing-fund/remote-loan", 1, sha256("a"), 1, "item: a", 5};
    need(store->apply(Batch{0, {PutItem{item}}}));
    ItemRow retired = item;
    retired.status = 2;
    need(store->apply(Batch{0, {PutItem{retired}}}));
    ItemRow other = item;
    other.digest = sha256("b");
    refused(store->apply(Batch{0, {PutItem{other}}}), "item");
    const ItemRow kept = *need(store->item(item.item, 1));
    BOOST_TEST(kept.status == 2);
    BOOST_TEST((kept.digest == item.digest));
    BOOST_TEST(kept.yaml == "item: a");
    BOOST_TEST(need(store->items()).size() == 1U);
    BOOST_TEST(!need(store->item(item.item, 2)).has_value());
}

BOOST_FIXTURE_TEST_CASE(an_erased_person_is_found_in_no_case, Opened) {
    SampleCase sample = sample_case(*store, "K-1");
    sample.row.subject_hash = "07ff";
    need(store->apply(opening(sample)));
    const SampleCase other = opened_case("K-2");
    need(store->apply(Batch{7, {PutSubjectKey{{"aa07", "07ff", "wrapped", "kek", 1, 0}}}}));
    BOOST_TEST(need(store->cases_of_subject("07ff", 10)).size() == 1U);
    need(store->apply(Batch{7, {DestroySubjectKey{"aa07", 9}}}));
    BOOST_TEST(need(store->cases_of_subject("07ff", 10)).empty());
    BOOST_TEST(need(store->cases_of_subject("", 10)).empty());
    BOOST_TEST(need(store->find_case(sample.row.case_id))->subject_hash.empty());
    BOOST_TEST(need(store->cases_of_attr("contract", hex(sha256("K-1")), 10)).empty());
    BOOST_TEST(need(store->cases_of_attr("contract", hex(sha256("K-2")), 10)).size() == 1U);
    BOOST_TEST(!need(store->find_case(other.row.case_id))->subject_hash.empty());
}

BOOST_FIXTURE_TEST_CASE(a_zombie_owner_commits_nothing, Opened) {
    SampleCase sample = opened_case("K-1");
    store.reset();
    sqlite::Writer zombie(need(Sqlite::open(path, SqliteMode::write)), "zombie");
    need(zombie.take_over());
    const Batch before = next_step(sample);
    BOOST_TEST(zombie.commit({&before}).at(0).ok());
    sqlite::Writer heir(need(Sqlite::open(path, SqliteMode::write)), "heir");
    need(heir.take_over());
    SampleCase as_seen_by_zombie = sample;
    const Batch late = next_step(as_seen_by_zombie);
    for (int again = 0; again < 2; ++again) {
        const auto fenced = zombie.commit({&late});
        refused(fenced.at(0), "shard_ctl");
    }
    const Batch next = next_step(sample);
    BOOST_TEST(heir.commit({&next}).at(0).ok());
    refused(zombie.commit({&late}).at(0), "shard_ctl");
    const auto reading = need(open_sqlite_read_only(path));
    BOOST_TEST(need(reading->find_case(sample.row.case_id))->rev == 3);
    BOOST_TEST(need(reading->case_leaves(sample.row.case_id, 0, 10)).size() == 3U);
    BOOST_TEST(!reading->apply_all({next}).at(0).ok());
}

BOOST_AUTO_TEST_CASE(a_call_names_its_case) {
    const std::int64_t id = case_id_of(200, 7);
    BOOST_TEST(case_of_op_key(std::to_string(id) + "/3/certify") == id);
    for (const std::string wrong : {"", "/3/x", "7x/3", "-7/3/x", "99999999999999999999/1/x"})
        BOOST_TEST(case_of_op_key(wrong) == 0, wrong);
    BOOST_TEST(case_of_op_key(std::to_string(id)) == 0);
}

BOOST_AUTO_TEST_CASE(a_case_has_a_name) {
    const std::int64_t id = case_id_of(255, (std::int64_t{1} << 44) - 1);
    BOOST_TEST(id < (std::int64_t{1} << 52));
    BOOST_TEST(shard_of_case(id) == 255);
    BOOST_TEST(name_of_case(case_id_of(3, 10)) == "case-000030000000000a");
    BOOST_TEST(need(case_named("case-000030000000000a")) == case_id_of(3, 10));
    BOOST_TEST(need(shard_of_exchange("case-000030000000000a")) == 3);
    for (const char* wrong : {"case-000030000000000A",
                              "case-0000300000000000",
                              "case-100030000000000a",
                              "case-30000000000a",
                              "000030000000000a"})
        BOOST_TEST(!case_named(wrong).ok(), wrong);
}

BOOST_AUTO_TEST_SUITE_END()
