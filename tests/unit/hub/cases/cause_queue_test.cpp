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
    made.turn = std::move(actor);
    return made;
}

Post ranked(std::int64_t case_id, std::int32_t rank, std::string actor) {
    Post made = post(case_id, std::move(actor));
    made.rank = rank;
    return made;
}

std::string next(CauseQueue& queue) {
    const auto taken = queue.take(nobody);
    return taken ? taken->turn : "";
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

BOOST_AUTO_TEST_CASE(every_class_that_waits_behind_a_full_one_has_its_turn) {
    CauseQueue queue;
    for (int i = 1; i <= 60; ++i)
        queue.put(0, post(i, "high"));
    for (std::size_t kind = 1; kind <= 3; ++kind)
        queue.put(kind, post(100 + static_cast<int>(kind), "class " + std::to_string(kind)));
    std::string order;
    for (int i = 1; i <= 30; ++i)
        if (const std::string one = next(queue); one != "high")
            order += one + " at " + std::to_string(i) + ", ";
    BOOST_TEST(order == "class 3 at 10, class 2 at 20, class 1 at 30, ");
}

BOOST_AUTO_TEST_CASE(an_urgent_case_goes_before_those_of_its_class) {
    CauseQueue queue;
    queue.put(1, ranked(1, 3, "low"));
    queue.put(1, ranked(2, 2, "normal"));
    queue.put(1, ranked(3, 1, "high"));
    queue.put(1, ranked(4, 0, "urgent"));
    queue.put(0, ranked(5, 3, "of a better class"));
    for (const char* expected : {"of a better class", "urgent", "high", "normal", "low"})
        BOOST_TEST(next(queue) == expected);
}

BOOST_AUTO_TEST_CASE(no_priority_starves_behind_a_flood_of_urgent_ones) {
    CauseQueue queue;
    for (int i = 1; i <= 60; ++i)
        queue.put(1, ranked(i, 0, "urgent"));
    for (int rank = 1; rank <= 3; ++rank)
        queue.put(1, ranked(100 + rank, rank, "rank " + std::to_string(rank)));
    std::string order;
    for (int i = 1; i <= 30; ++i)
        if (const std::string one = next(queue); one != "urgent")
            order += one + " at " + std::to_string(i) + ", ";
    BOOST_TEST(order == "rank 3 at 10, rank 2 at 20, rank 1 at 30, ");
}

BOOST_AUTO_TEST_CASE(what_a_member_says_of_a_case_keeps_its_order_when_the_case_becomes_urgent) {
    CauseQueue queue;
    Post first = ranked(7, 2, "a");
    first.cause.id = "first";
    Post second = ranked(7, 0, "a");
    second.cause.id = "second";
    queue.put(0, std::move(first));
    queue.put(0, std::move(second));
    BOOST_TEST(queue.take(nobody)->cause.id == "first");
    BOOST_TEST(queue.take(nobody)->cause.id == "second");
    queue.put(0, ranked(8, 2, "b"));
    queue.put(0, ranked(7, 0, "a"));  // nothing of it waits any more: it goes before
    BOOST_TEST(next(queue) == "a");
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
