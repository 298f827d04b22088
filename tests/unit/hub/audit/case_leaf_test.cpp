#include "hub/audit/case_leaf.h"

#include <functional>

#include <boost/test/unit_test.hpp>

#include "base/json.h"
#include "hub/audit/export.h"
#include "hub/audit/verify.h"
#include "hub/audit/witness.h"
#include "hub/store/case_id.h"
#include "tests/unit/hub/audit/audit_fixture.h"
#include "tests/unit/hub/audit/python_tool.h"

using namespace tongban;
using namespace tongban::audit;
using tongban::audit_tests::Hub;
using tongban::audit_tests::Ran;
using tongban::audit_tests::run;
using tongban::support::need;

namespace {

const std::string digest(64, 'a');

// Cases that move, each transition with its row and its leaf.
struct Moving : Hub {
    std::int64_t id = store::case_id_of(7, 1);

    [[nodiscard]] CaseFacts opened() const {
        return {.case_id = id,
                .rev = 1,
                .item = "housing-fund/remote-loan@1",
                .item_sha256 = digest,
                .cause = "opened",
                .status = "open",
                .state_after = "A_OPENED",
                .actor = "640100.housing-fund",
                .officer_commitment = digest,
                .steps = {{"eligibility", 1, "call", "running"}}};
    }
    [[nodiscard]] CaseFacts next(const CaseFacts& before, const std::string& state) const {
        CaseFacts facts = before;
        ++facts.rev;
        facts.cause = "answer";
        facts.state_before = before.state_after;
        facts.state_after = state;
        facts.follows = "01900000-0000-7000-8000-000000000007";
        return facts;
    }
    [[nodiscard]] store::CaseRow row(std::int64_t rev) const {
        store::CaseRow row;
        row.case_id = id;
        row.item = "housing-fund/remote-loan";
        row.version = 1;
        row.rev = rev;
        return row;
    }
    Result<LeafPlace> move(const CaseFacts& facts) {
        store::Batch batch;
        if (facts.rev == 1)
            batch.add(store::PutCase{row(0), "", ""});
        else
            batch.add(store::UpdateCase{row(facts.rev - 1)});
        return trail->case_step(facts, std::move(batch));
    }
    // A leaf alone, as a hub that errs or lies would write it.
    void lie(const CaseFacts& facts) { (void)need(trail->case_step(facts, {})); }

    // Opens, decides a joint filing, ends.
    CaseFacts whole() {
        CaseFacts facts = opened();
        (void)need(move(facts));
        facts = next(facts, "A_RESERVED");
        facts.joints = {{"window", "confirm"}};
        (void)need(move(facts));
        facts = next(facts, "A_DONE");
        facts.joints = {};
        facts.status = "closed";
        (void)need(move(facts));
        return facts;
    }
    std::vector<std::string> problems() {
        settle();
        VerifyInputs inputs;
        inputs.database = database;
        inputs.log_vkey = log->vkey();
        inputs.high_water_path = mark;
        std::vector<std::string> codes;
        for (const Problem& problem : need(verify_log(inputs)).problems)
            codes.push_back(problem.code);
        return codes;
    }
    Ran independently() {
        settle();
        need(export_log(*store, log->vkey(), folder / "export"));
        return run("verify_log.py", (folder / "export") + " --leaves");
    }
};

bool has(const std::vector<std::string>& codes, const std::string& code) {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(case_leaf_test)

BOOST_FIXTURE_TEST_CASE(a_transition_is_a_leaf_with_a_receipt, Moving) {
    const LeafPlace place = need(move(opened()));
    const Json leaf = need(parse_json(place.leaf));
    BOOST_TEST(place.shard == 7);
    BOOST_TEST(leaf["kind"] == "case");
    BOOST_TEST(leaf["case"] == store::name_of_case(id));
    BOOST_TEST(!leaf.contains("exchange"));
    BOOST_TEST(leaf["rev"] == 1);
    BOOST_TEST(leaf["item"] == "housing-fund/remote-loan@1");
    BOOST_TEST(leaf["steps"][0]["step"] == "eligibility");
    BOOST_TEST(leaf["seq"] == place.seq);
    const Receipt receipt = need(trail->case_receipt(id, 1, soon()));
    BOOST_TEST(receipt.leaf == place.leaf);
    BOOST_TEST(
        receipt_verify(receipt.text, receipt.leaf, need(WitnessPolicy::of_log(log->vkey()))).ok());
    BOOST_TEST((trail->case_receipt(id, 2, soon()).fault().kind == FaultKind::not_found));
}

BOOST_FIXTURE_TEST_CASE(a_case_has_one_leaf_a_rev_and_none_without_its_rows, Moving) {
    (void)need(move(opened()));
    const CaseFacts second = next(opened(), "A_ELIGIBLE");
    (void)need(move(second));
    const auto again = trail->case_step(second, {});
    BOOST_REQUIRE(!again.ok());
    BOOST_TEST((again.fault().kind == FaultKind::conflict));
    BOOST_TEST(again.fault().where == "audit");
    CaseFacts third = next(second, "A_DONE");
    const auto stale = trail->case_step(third, store::Batch{}.add(store::UpdateCase{row(1)}));
    BOOST_TEST(!stale.ok());
    BOOST_TEST(!need(store->case_leaf(id, 3)).has_value());
    BOOST_TEST(need(store->case_leaves(id, 0, 10)).size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(many_transitions_commit_in_one_batch_by_the_builder, Moving) {
    store::Batch batch{7, {}};
    CaseFacts facts = opened();
    batch.add(store::PutCase{row(0), "", ""}).add(need(trail->case_leaf(facts)));
    facts = next(facts, "A_ELIGIBLE");
    batch.add(store::UpdateCase{row(1)}).add(need(trail->case_leaf(facts)));
    need(store->apply(std::move(batch)));
    trail->wake();
    BOOST_TEST(problems().empty());
    BOOST_TEST(log->head().size == 2U);
}

BOOST_FIXTURE_TEST_CASE(a_leaf_of_no_case_or_with_a_persons_number_is_refused, Moving) {
    CaseFacts none = opened();
    none.case_id = 0;
    BOOST_TEST((trail->case_step(none, {}).fault().kind == FaultKind::malformed));
    CaseFacts early = opened();
    early.rev = 0;
    BOOST_TEST((trail->case_step(early, {}).fault().kind == FaultKind::malformed));
    CaseFacts careless = opened();
    careless.action = "11010519491231002X";  // the example of GB 11643
    BOOST_TEST((trail->case_step(careless, {}).fault().kind == FaultKind::refused));
}

BOOST_FIXTURE_TEST_CASE(a_whole_case_has_no_problem_for_either_verifier, Moving) {
    (void)whole();
    id = store::case_id_of(7, 2);
    (void)whole();
    BOOST_TEST(problems().empty());
    const Ran ran = independently();
    BOOST_TEST(ran.code == 0, ran.output);
}

BOOST_FIXTURE_TEST_CASE(a_row_that_says_other_than_the_leaves_is_found, Moving) {
    (void)whole();
    lie([this] {
        CaseFacts facts = opened();
        facts.case_id = store::case_id_of(7, 9);
        return facts;
    }());
    BOOST_TEST(problems() == std::vector<std::string>{"case.row"});
    need(need(Sqlite::open(database, SqliteMode::write))->execute("UPDATE cases SET rev=2"));
    BOOST_TEST(has(problems(), "case.rev"));
}

BOOST_FIXTURE_TEST_CASE(a_joint_row_that_its_leaf_did_not_decide_is_found, Moving) {
    (void)whole();
    store::Batch batch{7, {}};
    batch.add(store::PutJoint{{id, "window", 0, 0, 0}}).add(store::DecideJoint{id, "window", 1, 2});
    need(store->apply(std::move(batch)));
    BOOST_TEST(problems().empty());
    need(need(Sqlite::open(database, SqliteMode::write))->execute("UPDATE joint SET decision=2"));
    BOOST_TEST(problems() == std::vector<std::string>{"case.joint"});
}

// Each wrong way of a case is found by both verifiers.
BOOST_AUTO_TEST_CASE(a_case_that_is_not_whole_is_found) {
    struct Wrong {
        const char* code;
        std::function<void(Moving&)> make;
    };
    const Wrong wrongs[] = {
        {"case.gap",
         [](Moving& hub) {
             CaseFacts facts = hub.opened();
             hub.lie(facts);
             ++facts.rev;
             hub.lie(hub.next(facts, "A_DONE"));
         }},
        {"case.opened",
         [](Moving& hub) {
             hub.lie(hub.opened());
             CaseFacts facts = hub.next(hub.opened(), "A_DONE");
             facts.cause = "opened";
             hub.lie(facts);
         }},
        {"case.order",
         [](Moving& hub) {
             hub.lie(hub.next(hub.opened(), "A_DONE"));
             hub.lie(hub.opened());
         }},
        {"case.item",
         [](Moving& hub) {
             hub.lie(hub.opened());
             CaseFacts facts = hub.next(hub.opened(), "A_DONE");
             facts.item_sha256 = std::string(64, 'b');
             hub.lie(facts);
         }},
        {"case.state",
         [](Moving& hub) {
             hub.lie(hub.opened());
             CaseFacts facts = hub.next(hub.opened(), "A_DONE");
             facts.state_before = "A_OTHER";
             hub.lie(facts);
         }},
        {"case.ended", [](Moving& hub) { hub.lie(hub.next(hub.whole(), "A_AGAIN")); }},
        {"case.joint", [](Moving& hub) {
             CaseFacts facts = hub.opened();
             facts.joints = {{"window", "confirm"}};
             hub.lie(facts);
             facts = hub.next(facts, "A_DONE");
             facts.joints = {{"window", "cancel"}};
             hub.lie(facts);
         }}};
    for (const Wrong& wrong : wrongs) {
        BOOST_TEST_CONTEXT(wrong.code) {
            Moving hub;
            wrong.make(hub);
            BOOST_TEST(has(hub.problems(), wrong.code));
            const Ran ran = hub.independently();
            BOOST_TEST(ran.code == 1);
            BOOST_TEST(ran.output.find("FAILED") != std::string::npos, ran.output);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
