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

BOOST_AUTO_TEST_CASE(a_start_soon_after_the_last_commit_believes_the_wall) {
    EngineClock clock(5 * minute);
    clock.begin(Instant{start + 4 * minute}, Instant{start});
    BOOST_TEST(!clock.doubted());
    BOOST_TEST(clock.tick({Instant{start + 4 * minute}, 7}).ms == start + 4 * minute);
}

BOOST_AUTO_TEST_CASE(a_start_without_any_commit_believes_the_wall) {
    EngineClock clock(5 * minute);
    clock.begin(Instant{start}, Instant{});
    BOOST_TEST(clock.tick({Instant{start}, 7}).ms == start);
    BOOST_TEST(!clock.doubted());
}

BOOST_AUTO_TEST_CASE(a_start_far_from_the_last_commit_goes_on_from_it_until_it_is_confirmed) {
    for (const std::int64_t off : {4'320 * minute, -4'320 * minute}) {
        EngineClock clock(5 * minute);
        clock.begin(Instant{start + off}, Instant{start});
        BOOST_TEST(clock.doubted());
        BOOST_TEST(clock.tick({Instant{start + off}, 7}).ms == start);
        BOOST_TEST(clock.tick({Instant{start + off + minute}, 7 + minute}).ms == start + minute);
        BOOST_TEST(clock.doubted());
        clock.confirm();
        BOOST_TEST(!clock.doubted());
        BOOST_TEST(clock.now().ms == std::max(start + off, start) + minute);
    }
}

BOOST_AUTO_TEST_CASE(cases_wait_for_the_clock_to_settle_and_not_for_ever) {
    EngineClock clock(5 * minute, minute);
    clock.begin(Instant{start + 60 * minute}, Instant{start});
    clock.tick({Instant{start + 60 * minute}, 7});
    BOOST_TEST(clock.settling());
    clock.tick({Instant{start + 61 * minute}, 7 + minute});
    BOOST_TEST(!clock.settling());
    BOOST_TEST(clock.doubted());
}

namespace {

// A hub that starts 60 minutes after its last commit, as its wall says.
struct Late {
    EngineClock clock{5 * minute};
    const Instant wall{start + 60 * minute};
    Late() {
        clock.begin(wall, Instant{start});
        clock.tick({wall, 7});
    }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(two_members_that_agree_with_the_wall_settle_it, Late) {
    clock.signed_by("a", wall);
    clock.signed_by("a", wall);  // the same member is no second source
    BOOST_TEST(clock.doubted());
    clock.signed_by("b", Instant{wall.ms - 2 * minute});
    BOOST_TEST(!clock.doubted());
    BOOST_TEST(!clock.settling());
    BOOST_TEST(clock.now().ms == wall.ms);
}

BOOST_FIXTURE_TEST_CASE(members_that_disagree_with_the_wall_leave_it_in_doubt, Late) {
    for (const char* member : {"a", "b", "c"})
        clock.signed_by(member, Instant{start});
    BOOST_TEST(clock.doubted());
    BOOST_TEST(clock.now().ms == start);  // and do not move it either
    for (const char* member : {"d", "e", "f"})
        clock.signed_by(member, wall);
    BOOST_TEST(clock.doubted());  // as many against as for
    clock.signed_by("g", wall);
    BOOST_TEST(!clock.doubted());
}

BOOST_FIXTURE_TEST_CASE(what_a_member_signed_long_ago_does_not_hold_against_what_it_signs_now,
                        Late) {
    clock.signed_by("a", Instant{start});
    clock.signed_by("a", wall);
    clock.signed_by("a", Instant{start});
    clock.signed_by("b", wall);
    BOOST_TEST(!clock.doubted());
}

BOOST_AUTO_TEST_CASE(members_confirm_a_jump_of_a_running_hub_too) {
    EngineClock clock(5 * minute);  // a machine that slept: nobody's clock went on
    clock.tick({Instant{start}, 0});
    const Instant woken{start + 600 * minute};
    clock.signed_by("a", Instant{start});
    clock.signed_by("b", Instant{start});
    clock.tick({woken, 10});
    BOOST_TEST(clock.doubted());
    clock.signed_by("a", woken);
    clock.signed_by("b", woken);
    BOOST_TEST(!clock.doubted());
    BOOST_TEST(clock.now().ms == woken.ms);
}

BOOST_AUTO_TEST_SUITE_END()
