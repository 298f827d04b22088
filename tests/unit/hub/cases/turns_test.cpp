// Whose turn it is: the runtime over the real store, one cause or call a turn, so that the order
// shows.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/unit/hub/cases/line_hub.h"

using namespace tongban;
using namespace tongban::tests;

namespace {

constexpr const char* centre = "640100.centre";

schemas::Value text(std::string held) {
    schemas::Value made;
    made.data = std::move(held);
    return made;
}

struct Hub : LineHub {
    // An open case whose check by the tax office is under way, or was answered.
    std::string a_case(const std::string& application, bool checked) {
        calls.tells = checked;
        const std::string number = open("E-" + application, application).case_number;
        calls.tells = true;
        return number;
    }
    void one_by_one() {
        terms.causes_a_turn = 1;
        start();
    }
    void turn() { cases->turn({clock.at, clock.steady_ms}); }
    [[nodiscard]] std::string state(const std::string& number) const {
        return need(cases->view(id_of(number))).state.domain_state;
    }
    [[nodiscard]] std::int64_t id_of(const std::string& number) const {
        return need(store->cases_of_number(number, 1)).at(0).case_id;
    }
    void decide(const std::string& number, const std::string& member = centre) {
        cases::Decided decision;
        decision.step_no = 2;
        decision.action = "approve";
        cases->post(id_of(number), {"officer", number, member, "o1", "", decision}, nullptr);
    }
    void prioritise(const std::string& number, int priority) {
        cases::Ordered order;
        order.order = cases::Order::prioritise;
        order.count = priority;
        order.reason = "抢险救灾";
        cases->post(id_of(number), {"officer", "p" + number, centre, "o1", "", order}, nullptr);
        rest();
    }
    // The answers that the offices gave while nobody listened, in the order of the cases.
    void tell(const std::vector<std::string>& numbers) {
        for (const std::string& number : numbers)
            for (const auto& [name, answer] : calls.answers)
                if (name.op_key.starts_with(std::to_string(id_of(number)) + "/") &&
                    !heard.contains(name)) {
                    heard.insert(name);
                    calls.told(answer);
                }
    }
    std::set<exchange::CallName> heard;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(turns_test, Hub)

BOOST_AUTO_TEST_CASE(a_case_made_urgent_goes_before_the_others_and_after_a_restart_too) {
    const std::string first = a_case("A-1", true);
    const std::string second = a_case("A-2", true);
    const std::string urgent = a_case("A-3", true);
    prioritise(urgent, 0);
    one_by_one();
    for (const std::string& number : {first, second, urgent})
        decide(number);
    turn();
    turn();  // the next is prepared while the first commits
    BOOST_TEST(state(urgent) == "S_approve");
    BOOST_TEST(state(first) == "S_check");
    rest();
    BOOST_TEST(state(first) == "S_pay");
    BOOST_TEST(state(second) == "S_pay");
}

BOOST_AUTO_TEST_CASE(the_answers_of_an_urgent_case_go_before_the_others) {
    const std::string first = a_case("A-1", false);
    const std::string urgent = a_case("A-2", false);
    prioritise(urgent, 1);
    one_by_one();
    tell({first, urgent});
    turn();
    turn();
    BOOST_TEST(state(urgent) == "S_check");
    BOOST_TEST(state(first) == "");
}

BOOST_AUTO_TEST_CASE(an_office_that_answers_in_bulk_does_not_delay_the_answer_of_another) {
    const std::string waits_for_fund = a_case("F-1", true);
    calls.tells = false;
    decide(waits_for_fund);  // and the fund pays while nobody listens
    rest();
    std::vector<std::string> flood;
    for (int i = 1; i <= 12; ++i)
        flood.push_back(a_case("T-" + std::to_string(i), false));
    for (const auto& [name, answer] : calls.answers)
        if (name.op_key.ends_with("/1/do") &&
            name.op_key.starts_with(std::to_string(id_of(waits_for_fund))))
            heard.insert(name);
    one_by_one();
    tell(flood);
    tell({waits_for_fund});
    for (int i = 0; i < 3; ++i)
        turn();
    BOOST_TEST(state(waits_for_fund) == "S_pay");
    int done = 0;
    for (const std::string& number : flood)
        done += state(number) == "S_check" ? 1 : 0;
    BOOST_TEST(done == 1);
}

BOOST_AUTO_TEST_CASE(an_office_to_which_much_goes_out_does_not_delay_what_goes_to_another) {
    const std::string waits_for_fund = a_case("F-1", true);
    terms.calls_a_turn = 2;
    start();
    calls.sent.clear();
    calls.tells = false;
    for (int i = 1; i <= 30; ++i) {
        exchange::CaseOpening opening;
        opening.item = "test/line";
        opening.submission.exchange_id = "X-" + std::to_string(i);
        opening.submission.member = centre;
        opening.submission.body.set("number", text("T-" + std::to_string(i)));
        cases->post_opening(opening, nullptr);
    }
    turn();  // and the first of thirty go out
    calls.sent.clear();
    decide(waits_for_fund);
    turn();
    BOOST_TEST(calls.sent.size() == 2U);
    BOOST_TEST(std::count(calls.sent.begin(), calls.sent.end(), "fund/pay") == 1);
}

// The keys of those who come are made while what waits goes on.
BOOST_AUTO_TEST_CASE(who_comes_new_does_not_delay_what_has_begun) {
    const std::string begun = a_case("A-1", true);
    exchange::CaseOpening opening;
    opening.item = "test/line";
    opening.submission.exchange_id = "X-1";
    opening.submission.member = centre;
    opening.submission.body.set("number", text("A-2"));
    bool opened = false;
    cases->post_opening(opening, [&](const Result<exchange::CaseReply>& reply) {
        opened = need(reply).reception == exchange::Reception::opened;
    });
    decide(begun);
    turn();
    BOOST_TEST(state(begun) == "S_approve");
    BOOST_TEST(!opened);
    rest();
    BOOST_TEST(opened);
}

BOOST_AUTO_TEST_CASE(an_owner_whose_deadlines_come_in_bulk_does_not_delay_anothers) {
    // Twelve cases of one owner and one of another fall due in the same moment.
    std::vector<std::string> flood;
    for (int i = 1; i <= 12; ++i)
        flood.push_back(a_case("T-" + std::to_string(i), true));
    const std::string others = [&] {
        auto item = std::make_shared<item::Item>(*line_item());
        item->id = "test/other";
        for (item::Party& party : item->parties)
            if (party.id == "centre") party.member = "610100.centre";
        struct Two final : cases::Items {
            std::shared_ptr<const item::Item> line = line_item();
            std::shared_ptr<const item::Item> other;
            [[nodiscard]] std::shared_ptr<const item::Item> newest(std::string_view id,
                                                                   Date /*day*/) const override {
                return id == line->id ? line : other;
            }
            [[nodiscard]] std::shared_ptr<const item::Item> at(
                std::string_view id, std::int32_t /*version*/) const override {
                return newest(id, {});
            }
        };
        auto two = std::make_shared<Two>();
        two->other = item;
        world.items = two;
        start();
        exchange::CaseOpening opening;
        opening.item = "test/other";
        opening.submission.exchange_id = "X-1";
        opening.submission.member = "610100.centre";
        opening.submission.body.set("number", text("O-1"));
        std::string number;
        cases->post_opening(opening, [&](Result<exchange::CaseReply> told) {
            number = need(std::move(told)).case_number;
        });
        rest();
        return number;
    }();
    one_by_one();
    const auto light = [&](const std::string& number) {
        return need(cases->view(id_of(number))).state.light();
    };
    BOOST_TEST((light(others) == cases::Light::green));
    clock.pass(20 * 86'400'000LL);
    cases->confirm_clock();
    int turns = 0;
    while (light(others) == cases::Light::green && turns < 30) {
        turn();
        ++turns;
    }
    int moved = 0;
    for (const std::string& number : flood)
        moved += light(number) == cases::Light::green ? 0 : 1;
    BOOST_TEST(turns <= 3);
    BOOST_TEST(moved <= 2);
}

BOOST_AUTO_TEST_SUITE_END()
