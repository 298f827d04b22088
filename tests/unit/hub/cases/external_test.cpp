// A case that the city's own acceptance system masters: known by its number over there.
#include <set>
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/unit/hub/cases/line_hub.h"

using namespace tongban;
using namespace tongban::tests;
using exchange::Reception;

namespace {

std::shared_ptr<const item::Item> external_line() {
    item::Item item = *line_item();
    item.master = item::Master::external;
    item.states.push_back({"S_there", {"外部办结", "done over there"}});
    const ItemMaker make("test/line", {"check", "decision", "loan"});
    item.report = make.call("centre", "centre/case-state", item::Effect::idempotent);
    return std::make_shared<const item::Item>(std::move(item));
}

struct Hub : LineHub {
    Hub() : LineHub(external_line()) {}

    Result<exchange::CaseReply> apply(const std::string& exchange_id,
                                      const std::string& application,
                                      const std::string& number_there) {
        exchange::CaseOpening opening;
        opening.item = "test/line";
        opening.submission.exchange_id = exchange_id;
        opening.submission.member = "640100.centre";
        opening.submission.case_ref = number_there;
        schemas::Value number;
        number.data = application;
        opening.submission.body.set("number", number);
        Result<exchange::CaseReply> told = Fault{FaultKind::internal, "test", "nobody told"};
        cases->post_opening(opening,
                            [&](Result<exchange::CaseReply> reply) { told = std::move(reply); });
        rest();
        return told;
    }
    Result<exchange::CaseReply> external(const std::string& number,
                                         const std::string& state,
                                         const std::string& other_number = "") {
        cases::Ordered order;
        order.order = cases::Order::external;
        order.name = other_number;
        order.reason = state;
        Result<exchange::CaseReply> told = Fault{FaultKind::internal, "test", "nobody told"};
        cases->post(id(number),
                    {"officer", state + other_number, "640100.centre", "o1", "", order},
                    [&](Result<exchange::CaseReply> reply) { told = std::move(reply); });
        rest();
        return told;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(external_test, Hub)

BOOST_AUTO_TEST_CASE(an_event_finds_the_case_by_its_number_over_there) {
    const std::string number = need(apply("E-1", "A-1", "YZ-2026-1")).case_number;
    approve(number);
    exchange::CaseEvent event;
    event.event = "loan.issued";
    event.value = "YZ-2026-1";
    event.submission.exchange_id = "E-9";
    event.submission.member = "640100.fund";
    cases->post_event(event, nullptr);
    rest();
    const cases::CaseState state = need(cases->view(id(number))).state;
    BOOST_TEST(state.ending == "completed");
    BOOST_TEST(state.external_number == "YZ-2026-1");
    BOOST_TEST(id("YZ-2026-1") == id(number));
}

BOOST_AUTO_TEST_CASE(its_master_hears_each_state_once_across_restarts_and_before_the_case_closes) {
    calls.tells = false;  // whatever is answered is heard of later
    const std::string number = need(apply("E-1", "A-1", "YZ-2026-1")).case_number;
    const auto go_on = [&] {
        start();
        rest();
        clock.pass(61'000);  // what was not told is asked for
        rest();
    };
    go_on();
    approve(number);
    for (int i = 0; i < 4; ++i)
        go_on();
    exchange::CaseEvent event;
    event.event = "loan.issued";
    event.value = "YZ-2026-1";
    event.submission.exchange_id = "E-9";
    event.submission.member = "640100.fund";
    cases->post_event(event, nullptr);
    rest();
    for (int i = 0; i < 6; ++i)
        go_on();
    const cases::CaseState state = need(cases->view(id(number))).state;
    BOOST_TEST((state.status == cases::CaseStatus::closed));
    std::set<std::string> told;
    for (const auto& [name, answer] : calls.answers)
        if (name.op_key.find("/report.") != std::string::npos) told.insert(name.op_key);
    BOOST_TEST(told.size() == 6U);  // checked, approved, paid, issued, told, done
    BOOST_TEST(state.reports_made == 6);
}

BOOST_AUTO_TEST_CASE(one_number_over_there_is_one_case) {
    const std::string number = need(apply("E-1", "A-1", "YZ-2026-1")).case_number;
    start();
    const auto same = need(apply("E-2", "A-1", "YZ-2026-1"));
    BOOST_TEST((same.reception == Reception::already_open));
    BOOST_TEST(same.case_number == number);
    const auto second = apply("E-3", "A-2", "YZ-2026-1");
    BOOST_REQUIRE(!second.ok());
    BOOST_TEST(second.fault().where == "external.taken");
    BOOST_TEST(need(apply("E-4", "A-2", "YZ-2026-2")).case_number != number);
    BOOST_TEST(apply("E-5", "A-3", "").fault().where == "external.missing");
}

BOOST_AUTO_TEST_CASE(two_openings_of_one_number_in_one_turn_are_one_case) {
    int opened = 0;
    int refused = 0;
    for (const char* application : {"A-1", "A-2"}) {
        exchange::CaseOpening opening;
        opening.item = "test/line";
        opening.submission.exchange_id = std::string("E-") + application;
        opening.submission.member = "640100.centre";
        opening.submission.case_ref = "YZ-2026-1";
        schemas::Value number;
        number.data = std::string(application);
        opening.submission.body.set("number", number);
        cases->post_opening(opening, [&](const Result<exchange::CaseReply>& reply) {
            if (reply) ++opened;
            if (!reply && reply.fault().where == "external.taken") ++refused;
        });
    }
    rest();
    BOOST_TEST(opened == 1);
    BOOST_TEST(refused == 1);
}

BOOST_AUTO_TEST_CASE(the_state_over_there_is_told_in_the_items_words_and_the_number_stays) {
    const std::string number = need(apply("E-1", "A-1", "YZ-2026-1")).case_number;
    BOOST_TEST(external(number, "S_nowhere").fault().where == "external.state");
    BOOST_TEST(external(number, "S_there", "YZ-2026-2").fault().where == "external.number");
    BOOST_TEST(external(number, "S_there").ok());
    BOOST_TEST(need(cases->view(id(number))).state.domain_state == "S_there");
}

BOOST_AUTO_TEST_SUITE_END()
