#include "hub/cases/clock.h"

#include <boost/test/unit_test.hpp>

using namespace tongban;
using cases::EngineClock;

namespace {

constexpr std::int64_t minute = 60'000;
constexpr std::int64_t start = 1'772'400'000'000;

}  // namespace

BOOST_AUTO_TEST_SUITE(clock_test)

BOOST_AUTO_TEST_CASE(time_goes_with_the_wall) {
    EngineClock clock(5 * minute);
    BOOST_TEST(clock.tick({Instant{start}, 0}).ms == start);
    BOOST_TEST(clock.tick({Instant{start + minute}, minute}).ms == start + minute);
}

BOOST_AUTO_TEST_CASE(a_jump_forward_is_not_believed_until_it_is_confirmed) {
    EngineClock clock(5 * minute);
    clock.tick({Instant{start}, 0});
    BOOST_TEST(clock.tick({Instant{start + 60 * minute}, minute}).ms == start + minute);
    BOOST_TEST(clock.doubted());
    clock.confirm();
    BOOST_TEST(clock.tick({Instant{start + 61 * minute}, 2 * minute}).ms == start + 61 * minute);
    BOOST_TEST(!clock.doubted());
}

BOOST_AUTO_TEST_CASE(a_jump_back_neither_turns_time_back_nor_stops_it) {
    EngineClock clock(5 * minute);
    clock.tick({Instant{start}, 0});
    BOOST_TEST(clock.tick({Instant{start - 600 * minute}, minute}).ms == start + minute);
    BOOST_TEST(clock.tick({Instant{start + 2 * minute}, 2 * minute}).ms == start + 2 * minute);
    BOOST_TEST(!clock.doubted());
}

BOOST_AUTO_TEST_CASE(time_is_never_before_what_was_committed) {
    EngineClock clock(5 * minute);
    clock.at_least(Instant{start + minute});
    BOOST_TEST(clock.tick({Instant{start}, 0}).ms == start + minute);
}

BOOST_AUTO_TEST_SUITE_END()
