// What a case that another system masters tells that system.
#include <boost/test/unit_test.hpp>

#include "tests/unit/hub/cases/engine/kept.h"
#include "tests/unit/hub/cases/engine/player.h"

using namespace tongban;
using namespace tongban::tests;
using cases::AnswerStatus;
using cases::CaseStatus;
using cases::Order;
using cases::Verdict;

namespace {

std::shared_ptr<const item::Item> external_line() {
    item::Item item = *line_item();
    item.master = item::Master::external;
    ItemMaker make("test/line", {"check", "decision", "loan"});
    item.report = make.call("centre", "centre/case-state", item::Effect::idempotent);
    return std::make_shared<const item::Item>(std::move(item));
}

// Checked: the first state was brought, and its report is under way.
Player checked() {
    Player player(external_line());
    player.open();
    player.answer("do", AnswerStatus::answered, yes("ok"));
    return player;
}

int reports_of(const Player& player) {
    int reports = 0;
    for (const cases::CallOut& call : player.last.calls)
        reports += call.resource == "centre/case-state" ? 1 : 0;
    return reports;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(report_test)

BOOST_AUTO_TEST_CASE(each_state_is_told_once_and_one_after_the_other) {
    Player player = checked();
    BOOST_TEST(player.state.domain_state == "S_check");
    BOOST_TEST(player.asked("report.1"));
    BOOST_TEST(player.key("report.1") == "77/0/report.1");
    BOOST_TEST(reports_of(player) == 1);
    player.decide("approve");  // a second state, while the first is still on its way
    BOOST_TEST(player.state.domain_state == "S_approve");
    BOOST_TEST(!player.asked("report.2"));
    BOOST_TEST(player.state.reports.size() == 2U);
    player.answer("report.1");
    BOOST_TEST(player.asked("report.2"));
    BOOST_TEST(!player.asked("report.1"));
    BOOST_TEST(reports_of(player) == 1);
    player.answer("report.2");
    BOOST_TEST(player.state.reports.empty());
    BOOST_TEST((player.answer("report.2").verdict == Verdict::nothing));
}

BOOST_AUTO_TEST_CASE(it_is_asked_until_it_answers_under_the_same_name) {
    Player player = checked();
    for (int attempt = 1; attempt <= 20; ++attempt) {
        const auto made =
            player.answer("report.1",
                          attempt % 2 == 0 ? AnswerStatus::in_doubt : AnswerStatus::unavailable,
                          {},
                          attempt);
        BOOST_TEST((made.verdict == Verdict::quiet));
        BOOST_REQUIRE_EQUAL(made.again.size(), 1U);
        BOOST_TEST(made.again[0].op_key == "77/0/report.1");
        BOOST_TEST(!made.again[0].park);
    }
    player.answer("report.1", AnswerStatus::answered, {}, 21);
    BOOST_TEST(player.state.reports.empty());
    BOOST_TEST(player.at() == "approve");
}

BOOST_AUTO_TEST_CASE(what_the_master_will_not_take_waits_for_a_person_and_the_case_goes_on) {
    for (const Order order : {Order::retry, Order::skip}) {
        Player player = checked();
        player.answer("report.1", AnswerStatus::refused);
        const int incident = player.incident("report.refused");
        BOOST_REQUIRE(incident != 0);
        BOOST_TEST(player.last.again.at(0).park);
        player.decide("approve");
        BOOST_TEST(player.at() == "pay");
        BOOST_TEST(!player.asked("report.2"));
        auto mend = ordered(order);
        mend.incident = incident;
        mend.approver = "o2";
        BOOST_TEST((player.command(mend).verdict == Verdict::recorded));
        BOOST_TEST(player.incident("report.refused") == 0);
        BOOST_TEST(player.asked(order == Order::retry ? "report.1" : "report.2"));
    }
}

BOOST_AUTO_TEST_CASE(the_case_closes_when_its_last_state_was_told) {
    Player player(external_line());
    player.open();
    player.answer("do", AnswerStatus::refused);  // it ends at once
    BOOST_TEST(player.state.ending == "refused");
    BOOST_TEST((player.state.status == CaseStatus::open));
    while (!player.state.reports.empty())
        player.answer("report." + std::to_string(player.state.reports.front().no));
    BOOST_TEST((player.state.status == CaseStatus::closed));
}

BOOST_AUTO_TEST_CASE(reports_that_wait_are_kept_with_the_state) {
    Player player = checked();
    player.decide("approve");
    BOOST_TEST((kept(player.state) == player.state));
}

BOOST_AUTO_TEST_CASE(a_case_that_the_hub_masters_tells_nobody) {
    Player player(line_item());
    player.open();
    player.answer("do", AnswerStatus::answered, yes("ok"));
    BOOST_TEST(player.state.domain_state == "S_check");
    BOOST_TEST(player.state.reports.empty());
    BOOST_TEST(reports_of(player) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
