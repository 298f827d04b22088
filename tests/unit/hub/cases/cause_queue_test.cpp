#include "hub/cases/internal/cause_queue.h"

#include <string>

#include <boost/test/unit_test.hpp>

#include "hub/cases/internal/numbers.h"

using namespace tongban;
using cases::internal::CauseQueue;
using cases::internal::Post;

namespace {

const auto nobody = [](const Post&) { return false; };

Post post(std::int64_t case_id, std::string actor) {
    Post made;
    made.case_id = case_id;
    made.cause.actor = std::move(actor);
    return made;
}

std::string next(CauseQueue& queue) {
    const auto taken = queue.take(nobody);
    return taken ? taken->cause.actor : "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cause_queue_test)

BOOST_AUTO_TEST_CASE(members_take_turns_within_a_class) {
    CauseQueue queue;
    for (int i = 1; i <= 3; ++i)
        queue.put(1, post(i, "bulk"));
    queue.put(1, post(9, "small"));
    BOOST_TEST(next(queue) == "bulk");
    BOOST_TEST(next(queue) == "small");
    BOOST_TEST(next(queue) == "bulk");
}

BOOST_AUTO_TEST_CASE(the_lowest_class_gets_one_place_in_ten) {
    CauseQueue queue;
    for (int i = 1; i <= 30; ++i)
        queue.put(0, post(i, "high"));
    queue.put(3, post(99, "low"));
    int at = 0;
    for (int i = 1; i <= 30; ++i)
        if (next(queue) == "low") at = i;
    BOOST_TEST(at == 10);
}

BOOST_AUTO_TEST_CASE(a_case_that_is_busy_keeps_its_order) {
    CauseQueue queue;
    queue.put(0, post(7, "a"));
    queue.put(0, post(8, "a"));
    const auto seven = [](const Post& one) { return one.case_id == 7; };
    BOOST_TEST(queue.take(seven)->case_id == 8);
    BOOST_TEST(!queue.take(seven));
    BOOST_TEST(queue.take(nobody)->case_id == 7);
    BOOST_TEST(queue.size() == 0U);
}

BOOST_AUTO_TEST_CASE(a_number_tells_of_a_slip) {
    const std::string number = cases::internal::citizens_number((5LL << 44) | 1234, {2026, 3, 2});
    BOOST_TEST(cases::internal::is_citizens_number(number));
    std::string slip = number;
    slip[10] = slip[10] == '1' ? '2' : '1';
    BOOST_TEST(!cases::internal::is_citizens_number(slip));
}

BOOST_AUTO_TEST_SUITE_END()
