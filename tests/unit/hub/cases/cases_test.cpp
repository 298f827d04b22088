// The runtime over the real SQLite store and real sealing: a case to its end, restarts in between.
#include <string>

#include <boost/test/unit_test.hpp>

#include "base/json.h"
#include "base/log.h"
#include "base/sqlite.h"
#include "base/text.h"
#include "hub/audit/commitment.h"
#include "tests/unit/hub/cases/line_hub.h"

using namespace tongban;
using namespace tongban::tests;
using exchange::Reception;

namespace {

using Hub = LineHub;

// Overwrites a column in the file, as a disk that lies does.
void damage(Hub& hub, const std::string& table, const std::string& column) {
    hub.cases.reset();
    hub.sealer.reset();
    hub.sealing.reset();
    hub.store.reset();
    const auto other = need(Sqlite::open(hub.folder / "hub.db", SqliteMode::write));
    need(other->execute("UPDATE " + table + " SET " + column + "=x'00'"));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cases_test)

BOOST_AUTO_TEST_CASE(the_same_application_is_one_case) {
    Hub hub;
    const exchange::CaseReply first = hub.open("E-1");
    BOOST_TEST((first.reception == Reception::opened));
    BOOST_TEST(!first.case_number.empty());
    BOOST_TEST(first.due.has_value());
    BOOST_TEST((hub.open("E-1").reception == Reception::opened));  // the same message again
    const exchange::CaseReply second = hub.open("E-2");
    BOOST_TEST((second.reception == Reception::already_open));
    BOOST_TEST(second.case_number == first.case_number);
}

BOOST_AUTO_TEST_CASE(a_case_goes_on_where_a_restart_found_it) {
    Hub hub;
    hub.calls.tells = false;  // the answer comes while nobody listens
    const std::string number = hub.open("E-1").case_number;
    BOOST_TEST(hub.calls.sent.size() == 1U);
    hub.start();
    hub.rest();
    hub.clock.pass(61'000);  // asked for
    hub.rest();
    BOOST_TEST(need(hub.cases->view(hub.id(number))).state.domain_state == "S_check");
    hub.calls.tells = true;
    hub.start();
    hub.approve(number);
    exchange::CaseEvent event;
    event.event = "loan.issued";
    event.value = number;
    event.submission.exchange_id = "E-9";
    event.submission.member = "640100.fund";
    hub.cases->post_event(event, nullptr);
    hub.rest();
    const cases::CaseView view = need(hub.cases->view(hub.id(number)));
    BOOST_TEST((view.state.status == cases::CaseStatus::closed));
    BOOST_TEST(view.state.ending == "completed");
    const auto row = need(hub.store->find_case(hub.id(number)));
    BOOST_TEST(!row->open);
    BOOST_TEST(need(hub.store->case_leaves(hub.id(number), 0, 100)).size() ==
               static_cast<std::size_t>(row->rev));
    BOOST_TEST(need(hub.store->calls_of(hub.id(number))).empty());
    BOOST_TEST(need(hub.store->timers_of(hub.id(number))).empty());
}

// Else a hub that died would take the answer to an attempt of before for the last word on a later
// one.
BOOST_AUTO_TEST_CASE(
    an_effect_that_may_happen_once_is_not_sent_again_before_the_attempt_is_written) {
    auto once = std::make_shared<item::Item>(*line_item());
    std::get<item::Call>(once->steps.front().what).effect = item::Effect::at_most_once;
    once->steps.front().retry = {20, 1'000, 60'000};
    Hub hub(once);
    hub.calls.says = CallStatus::unavailable;
    const std::string number = hub.open("E-1").case_number;
    for (std::size_t attempt = 1; attempt <= 5; ++attempt) {
        BOOST_TEST(hub.calls.sent.size() == attempt);
        const auto calls = need(hub.store->calls_of(hub.id(number)));
        BOOST_REQUIRE(calls.size() == 1U);
        BOOST_TEST(calls.front().attempt == static_cast<std::int32_t>(attempt) + 1);
        hub.clock.pass(calls.front().next_ms - hub.clock.at.ms);
        hub.rest();
    }
}

BOOST_AUTO_TEST_CASE(an_officer_is_told_why_not) {
    Hub hub;
    const std::string number = hub.open("E-1").case_number;
    cases::Decided decision;
    decision.step_no = 2;
    decision.action = "dance";
    std::string where;
    hub.cases->post(hub.id(number),
                    {"officer", "d1", "640100.centre", "o1", "", decision},
                    [&](Result<exchange::CaseReply> reply) {
                        if (!reply) where = reply.fault().where;
                    });
    hub.rest();
    BOOST_TEST(where == "task.action");
}

BOOST_AUTO_TEST_CASE(a_leaf_commits_to_the_officer_and_the_hub_can_open_it) {
    Hub hub;
    const std::string number = hub.open("E-1").case_number;
    hub.approve(number);
    std::string commitment;
    std::int64_t rev = 0;
    for (const store::AuditRow& row : need(hub.store->case_leaves(hub.id(number), 0, 100))) {
        BOOST_TEST(row.leaf.find("o1") == std::string::npos);
        ++rev;
        const Result<Json> leaf = parse_json(row.leaf);
        BOOST_REQUIRE(leaf.ok());
        if (leaf->value("cause", "") != "decision") {
            BOOST_TEST(!leaf->contains("officer"));
            continue;
        }
        commitment = leaf->at("officer");
        break;
    }
    BOOST_REQUIRE(!commitment.empty());
    const auto inbox =
        need(hub.store->case_inbox(store::shard_of_case(hub.id(number)), "officer", "d1"));
    BOOST_REQUIRE(inbox.has_value());
    BOOST_TEST(inbox->rev == rev);
    const Json opened = *parse_json(
        need(hub.sealer->open(hub.id(number), "officer/" + std::to_string(rev), inbox->body)));
    BOOST_TEST(opened.at("officer") == "o1");
    const std::string salt = need(from_hex(opened.at("salt").get<std::string>()));
    BOOST_TEST(hex(audit::commitment("officer", salt, "o1")) == commitment);
    BOOST_TEST(hex(audit::commitment("officer", salt, "o2")) != commitment);
}

BOOST_AUTO_TEST_CASE(an_answer_that_comes_late_leaves_a_leaf_and_once) {
    Hub hub;
    hub.calls.tells = false;
    const std::string number = hub.open("E-1").case_number;
    const exchange::CaseAnswer answer = hub.calls.answers.begin()->second;
    cases::Ordered known{.order = cases::Order::set_result, .step_no = 1, .reason = "by phone"};
    known.approver = "o2";
    schemas::Value yes;
    yes.data = true;
    known.record.set("ok", yes);
    hub.cases->post(hub.id(number), {"officer", "c1", "640100.centre", "o1", "", known}, nullptr);
    hub.rest();
    const auto leaves = [&] { return need(hub.store->case_leaves(hub.id(number), 0, 100)).size(); };
    const std::size_t before = leaves();
    hub.calls.told(answer);
    hub.rest();
    BOOST_TEST(leaves() == before + 1);
    hub.calls.told(answer);
    hub.rest();
    hub.start();
    hub.calls.told(answer);
    hub.rest();
    BOOST_TEST(leaves() == before + 1);
    BOOST_TEST(need(hub.cases->view(hub.id(number))).state.domain_state == "S_check");
}

BOOST_AUTO_TEST_CASE(a_call_whose_bytes_are_damaged_is_for_a_person) {
    Hub hub;
    hub.calls.tells = false;
    hub.calls.answers.clear();
    const std::string number = hub.open("E-1").case_number;
    hub.calls.answers.clear();
    hub.calls.sent.clear();
    damage(hub, "case_outbox", "body");
    hub.start();
    hub.rest();
    BOOST_TEST(hub.calls.sent.empty());
    const auto incidents = need(hub.store->incidents_of(hub.id(number)));
    BOOST_REQUIRE(incidents.size() == 1U);
    BOOST_TEST(incidents[0].code == "call.denied");
    BOOST_TEST(incidents[0].open);
    cases::Ordered again{.order = cases::Order::retry, .incident = 1, .reason = "once more"};
    hub.cases->post(hub.id(number), {"officer", "c1", "640100.centre", "o1", "", again}, nullptr);
    hub.rest();
    BOOST_TEST(hub.calls.sent.empty());  // nothing can be asked: the person hears it again
    BOOST_TEST(need(hub.store->incidents_of(hub.id(number))).size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_case_that_nobody_can_read_is_not_forgotten) {
    Hub hub;
    hub.calls.tells = false;
    const std::string number = hub.open("E-1").case_number;
    hub.calls.answers.clear();
    const std::int64_t id = hub.id(number);
    damage(hub, "cases", "state");
    for (int start = 0; start < 3; ++start) {
        hub.start();
        hub.rest();
        hub.clock.pass(3'600'000);
        hub.rest();
        const auto incidents = need(hub.store->incidents_of(id));
        BOOST_REQUIRE(incidents.size() == 1U);
        BOOST_TEST(incidents[0].code == "case.unreadable");
        BOOST_TEST(incidents[0].severity == 1);
    }
    const auto row = need(hub.store->find_case(id));
    BOOST_TEST(need(hub.store->case_leaves(id, 0, 100)).size() ==
               static_cast<std::size_t>(row->rev));
}

BOOST_AUTO_TEST_CASE(a_thread_turns_for_those_who_wait) {
    Hub hub;
    hub.cases->start();
    exchange::CaseOpening opening;
    opening.item = "test/line";
    opening.submission.exchange_id = "E-1";
    opening.submission.member = "640100.centre";
    BOOST_TEST((need(hub.cases->open(opening)).reception == Reception::opened));
    opening.item = "test/none";
    opening.submission.exchange_id = "E-2";
    BOOST_TEST(hub.cases->open(opening).fault().where == "item.not_valid");
    hub.cases->stop();
    BOOST_TEST((hub.cases->open(opening).fault().kind == FaultKind::unavailable));
}

BOOST_AUTO_TEST_CASE(whoever_comes_to_a_zombie_is_told_at_once) {
    Hub hub;
    const std::int64_t id = hub.id(hub.open("E-1").case_number);
    {
        const auto other = need(Sqlite::open(hub.folder / "hub.db", SqliteMode::write));
        need(other->execute(
            "UPDATE shard_ctl SET epoch = epoch + 1"));  // as a hub does that takes over
    }
    hub.cases->start();
    cases::Decided decision;
    decision.step_no = 2;
    decision.action = "approve";
    const cases::Cause approval{"officer", "d1", "640100.centre", "o1", "", decision};
    BOOST_TEST((hub.cases->command(id, approval).fault().kind == FaultKind::unavailable));
    BOOST_TEST(hub.cases->fenced());
    BOOST_TEST((hub.cases->command(id, approval).fault().kind == FaultKind::unavailable));
}

BOOST_AUTO_TEST_SUITE_END()
