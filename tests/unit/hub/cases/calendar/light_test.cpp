#include "hub/cases/calendar/light.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/hub/cases/calendar/calendar_fixture.h"

using namespace tongban;
using namespace tongban::calendar;
using test::at;
using test::basis;
using test::cn;
using test::stop;

BOOST_AUTO_TEST_SUITE(light_test)

namespace {

// "green 2026-03-02 10:00; yellow ..."
std::string told(const Basis& basis) {
    const auto changes = lights(basis, cn());
    if (!changes.ok()) return changes.fault().reason;
    std::string text;
    for (const LightChange& change : *changes) {
        std::string when = shanghai(change.at).substr(5, 11);
        when[5] = ' ';
        text += (text.empty() ? "" : "; ") + std::string(name_of(change.light)) + ' ' + when;
    }
    return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(ten_working_days_go_through_all_four_lights) {
    BOOST_TEST(told(basis("2026-03-02 10:00", 10)) ==
               "green 03-02 10:00; yellow 03-10 00:00; orange 03-14 00:00; red 03-17 00:00");
    // Of fifteen, seven left are less than half.
    BOOST_TEST(told(basis("2026-03-02 10:00", 15)) ==
               "green 03-02 10:00; yellow 03-13 00:00; orange 03-21 00:00; red 03-24 00:00");
}

BOOST_AUTO_TEST_CASE(short_periods_skip_the_lights_that_they_have_no_time_for) {
    BOOST_TEST(told(basis("2026-03-02 10:00", 4)) ==
               "green 03-02 10:00; yellow 03-05 00:00; orange 03-06 00:00; red 03-07 00:00");
    BOOST_TEST(told(basis("2026-03-02 10:00", 3)) ==
               "green 03-02 10:00; orange 03-05 00:00; red 03-06 00:00");
    BOOST_TEST(told(basis("2026-03-02 10:00", 2)) ==
               "green 03-02 10:00; orange 03-04 00:00; red 03-05 00:00");
    BOOST_TEST(told(basis("2026-03-02 10:00", 1)) == "orange 03-02 10:00; red 03-04 00:00");
}

BOOST_AUTO_TEST_CASE(orange_comes_one_working_day_before_the_end_whatever_holiday_lies_between) {
    // Last days are 13 and 14 February and 24 February, behind nine days off.
    BOOST_TEST(told(basis("2026-02-09 10:00", 6)) ==
               "green 02-09 10:00; yellow 02-13 00:00; orange 02-15 00:00; red 02-25 00:00");
    BOOST_TEST(told(basis("2026-02-10 10:00", 8, Unit::days)) ==
               "green 02-10 10:00; orange 02-15 00:00; red 02-25 00:00");
}

BOOST_AUTO_TEST_CASE(hours_turn_yellow_at_half_and_orange_at_an_eighth) {
    BOOST_TEST(told(basis("2026-03-02 08:00", 8, Unit::hours)) ==
               "green 03-02 08:00; yellow 03-02 12:00; orange 03-02 15:00; red 03-02 16:00");
    Basis period = basis("2026-03-02 08:00", 8, Unit::hours);
    period.stops = {stop("2026-03-02 11:00", "2026-03-02 13:00")};
    BOOST_TEST(told(period) ==
               "green 03-02 08:00; suspended 03-02 11:00; green 03-02 13:00; "
               "yellow 03-02 14:00; orange 03-02 17:00; red 03-02 18:00");
}

BOOST_AUTO_TEST_CASE(a_stopped_clock_shows_as_suspended_and_the_rest_moves_on) {
    Basis period = basis("2026-03-02 10:00", 10);
    period.stops = {stop("2026-03-11 10:00")};
    BOOST_TEST(told(period) == "green 03-02 10:00; yellow 03-10 00:00; suspended 03-11 10:00");
    period.stops = {stop("2026-03-11 10:00", "2026-03-13 09:00")};
    BOOST_TEST(told(period) ==
               "green 03-02 10:00; yellow 03-10 00:00; suspended 03-11 10:00; "
               "yellow 03-13 09:00; orange 03-18 00:00; red 03-19 00:00");
    period.stops = {stop("2026-03-02 10:00", "2026-03-03 09:00"),
                    stop("2026-03-03 09:00", "2026-03-04 09:00")};
    BOOST_TEST(told(period) ==
               "suspended 03-02 10:00; green 03-04 09:00; yellow 03-11 00:00; "
               "orange 03-17 00:00; red 03-18 00:00");
}

BOOST_AUTO_TEST_CASE(what_is_overdue_stays_red_though_the_clock_is_stopped) {
    Basis period = basis("2026-03-02 10:00", 2);
    period.stops = {stop("2026-03-05 09:00")};
    BOOST_TEST(told(period) == "green 03-02 10:00; orange 03-04 00:00; red 03-05 00:00");
}

BOOST_AUTO_TEST_CASE(an_extension_turns_the_light_back) {
    Basis period = basis("2026-03-02 10:00", 10);
    const Instant friday = at("2026-03-14 09:00");
    BOOST_TEST((light_at(*lights(period, cn()), friday) == Light::orange));
    period.extension = Extension{10, at("2026-03-13 09:00"), "许可法42"};
    BOOST_TEST((light_at(*lights(period, cn()), friday) == Light::green));
}

BOOST_AUTO_TEST_CASE(the_next_change_is_the_one_after_now_and_none_after_red) {
    const auto changes = *lights(basis("2026-03-02 10:00", 10), cn());
    BOOST_TEST((next_change(changes, at("2026-03-01 10:00"))->light == Light::green));
    BOOST_TEST((next_change(changes, at("2026-03-02 10:00"))->light == Light::yellow));
    BOOST_TEST((next_change(changes, at("2026-03-10 00:00"))->light == Light::orange));
    BOOST_TEST((light_at(changes, at("2026-03-16 23:59")) == Light::orange));
    BOOST_TEST((light_at(changes, at("2026-03-17 00:00")) == Light::red));
    BOOST_TEST(!next_change(changes, at("2026-03-17 00:00")).has_value());
    BOOST_TEST((light_at(changes, at("2026-01-01 00:00")) == Light::green));
    BOOST_TEST(chinese(Light::red) == "红灯");
}

BOOST_AUTO_TEST_SUITE_END()
