#include "hub/cases/internal/call_agenda.h"

#include <string>

#include <boost/test/unit_test.hpp>

using tongban::cases::internal::CallAgenda;
using tongban::cases::internal::CallDue;

namespace {

std::string take(CallAgenda& agenda, std::int64_t now_ms = 100) {
    const std::optional<CallDue> due = agenda.next(now_ms);
    if (!due) return "";
    agenda.drop(*due);
    return due->op_key;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(call_agenda_test)

BOOST_AUTO_TEST_CASE(an_office_with_many_calls_does_not_delay_the_call_of_another) {
    CallAgenda agenda;
    for (int i = 0; i < 1'000; ++i)
        agenda.put({"flooded", i % 7, "flood " + std::to_string(i)});
    agenda.put({"small", 50, "one"});  // due after every one of the flood
    agenda.put({"small", 60, "two"});
    std::string order;
    for (int i = 0; i < 4; ++i)
        order += take(agenda).starts_with("flood") ? "f" : "s";
    BOOST_TEST(order == "fsfs");
    BOOST_TEST(take(agenda).starts_with("flood"));
}

BOOST_AUTO_TEST_CASE(of_one_office_what_is_due_first_goes_first_and_nothing_before_its_time) {
    CallAgenda agenda;
    agenda.put({"tax", 30, "later"});
    agenda.put({"tax", 20, "sooner"});
    BOOST_TEST(agenda.earliest().value() == 20);
    BOOST_TEST(take(agenda, 19) == "");
    BOOST_TEST(take(agenda, 25) == "sooner");
    BOOST_TEST(take(agenda, 25) == "");
    BOOST_TEST(take(agenda, 30) == "later");
    BOOST_TEST(!agenda.earliest());
}

BOOST_AUTO_TEST_CASE(what_was_dropped_is_not_acted_upon) {
    CallAgenda agenda;
    agenda.put({"tax", 20, "one"});
    agenda.drop({"tax", 20, "one"});
    agenda.drop({"nobody", 20, "one"});
    BOOST_TEST(take(agenda) == "");
}

BOOST_AUTO_TEST_SUITE_END()
