#include "hub/cases/calendar/legal_time.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/hub/cases/calendar/calendar_fixture.h"

using namespace tongban;
using namespace tongban::calendar;
using test::at;
using test::basis;
using test::cn;
using test::last_day;
using test::stop;

BOOST_AUTO_TEST_SUITE(legal_time_test)

namespace {

struct Vector {
    const char* start;
    std::int64_t n;
    const char* last_day;
};

std::string due_at(const Basis& basis, const Calendar& calendar = cn()) {
    const auto found = due(basis, calendar);
    if (!found.ok()) return found.fault().reason;
    return found->at ? shanghai(*found->at).substr(0, 16) : "suspended";
}

Basis pinned(Basis basis, const Editions& editions) {
    basis.editions = editions;
    return basis;
}

std::string reckoned(const Basis& basis) {
    const auto found = reckon(basis, *test::book());
    if (!found.ok()) return found.fault().reason;
    return iso(*found->due.last_day);
}

}  // namespace

BOOST_AUTO_TEST_CASE(n_working_days_end_with_the_nth_following_working_day) {
    for (const Vector& vector : {Vector{"2025-09-26 10:00", 15, "2025-10-23"},
                                 Vector{"2025-01-24 10:00", 15, "2025-02-20"},
                                 Vector{"2025-04-25 10:00", 5, "2025-05-06"},
                                 Vector{"2024-09-13 10:00", 10, "2024-09-29"},
                                 Vector{"2025-12-29 10:00", 10, "2026-01-13"},
                                 Vector{"2026-02-13 10:00", 15, "2026-03-12"},
                                 Vector{"2026-09-18 10:00", 5, "2026-09-24"},
                                 Vector{"2026-04-30 10:00", 3, "2026-05-08"},
                                 Vector{"2025-10-01 10:00", 1, "2025-10-09"},
                                 Vector{"2026-02-11 10:00", 20, "2026-03-17"},
                                 Vector{"2026-09-28 10:00", 5, "2026-10-10"},
                                 Vector{"2025-12-29 10:00", 3, "2026-01-04"},
                                 Vector{"2026-04-30 10:00", 1, "2026-05-06"},
                                 Vector{"2020-01-20 10:00", 10, "2020-02-11"}}) {
        BOOST_TEST(last_day(basis(vector.start, vector.n)) == vector.last_day, vector.start);
    }
}

BOOST_AUTO_TEST_CASE(the_hour_of_the_event_within_its_day_does_not_matter) {
    BOOST_TEST(last_day(basis("2026-02-13 00:00", 15)) == "2026-03-12");
    BOOST_TEST(last_day(basis("2026-02-13 23:59", 15)) == "2026-03-12");
    // 16:30 UTC of the 12th is the 13th in Shanghai.
    Basis late = basis("2026-02-13 00:30", 15);
    BOOST_TEST(iso(late.start).substr(0, 10) == "2026-02-12");
    BOOST_TEST(last_day(late) == "2026-03-12");
}

BOOST_AUTO_TEST_CASE(the_last_day_ends_at_midnight_or_when_the_office_closes) {
    Basis period = basis("2026-03-02 10:00", 5);
    BOOST_TEST(due_at(period) == "2026-03-10T00:00");
    period.hours = {9 * 60, 17 * 60 + 30};
    BOOST_TEST(due_at(period) == "2026-03-09T17:30");
}

BOOST_AUTO_TEST_CASE(leap_days_and_year_borders_are_days_like_others) {
    BOOST_TEST(last_day(basis("2024-02-28 10:00", 1)) == "2024-02-29");
    BOOST_TEST(last_day(basis("2024-02-28 10:00", 2)) == "2024-03-01");
    BOOST_TEST(last_day(basis("2025-02-27 10:00", 2)) == "2025-03-03");
    BOOST_TEST(last_day(basis("2024-12-31 10:00", 1)) == "2025-01-02");
    BOOST_TEST(last_day(basis("2024-02-28 10:00", 1, Unit::days)) == "2024-02-29");
    BOOST_TEST(last_day(basis("2024-12-31 10:00", 2, Unit::days)) == "2025-01-02");
}

BOOST_AUTO_TEST_CASE(days_that_end_on_a_day_off_go_on_to_the_next_working_day) {
    for (const Vector& vector : {Vector{"2026-03-02 10:00", 3, "2026-03-05"},
                                 Vector{"2026-03-04 10:00", 3, "2026-03-09"},  // a Saturday
                                 Vector{"2026-02-10 10:00", 5, "2026-02-24"},  // Spring Festival
                                 Vector{"2026-09-28 10:00", 5, "2026-10-08"},  // National Day
                                 Vector{"2024-09-26 10:00", 3, "2024-09-29"},  // a worked Sunday
                                 Vector{"2026-05-06 10:00", 3, "2026-05-09"},  // a worked Saturday
                                 Vector{"2025-12-27 10:00", 5, "2026-01-04"}}) {  // New Year
        BOOST_TEST(last_day(basis(vector.start, vector.n, Unit::days)) == vector.last_day,
                   vector.start);
    }
}

BOOST_AUTO_TEST_CASE(hours_run_day_and_night_holiday_or_not) {
    BOOST_TEST(due_at(basis("2026-02-14 10:00", 48, Unit::hours)) == "2026-02-16T10:00");
    BOOST_TEST(due_at(basis("2026-03-02 22:15", 4, Unit::hours)) == "2026-03-03T02:15");
    const auto found = due(basis("2027-03-02 22:15", 4, Unit::hours), cn());
    BOOST_TEST(!found->provisional);  // no calendar bears on it
}

BOOST_AUTO_TEST_CASE(an_event_after_closing_counts_from_the_next_working_day_only_if_told_so) {
    Basis friday = basis("2026-03-06 17:30", 1);
    friday.hours = {9 * 60, 17 * 60};
    BOOST_TEST(last_day(friday) == "2026-03-09");
    friday.counting = Counting::office_hours;
    BOOST_TEST(last_day(friday) == "2026-03-10");
    friday.start = at("2026-03-06 16:59");
    BOOST_TEST(last_day(friday) == "2026-03-09");
    friday.start = at("2026-03-06 07:00");
    BOOST_TEST(last_day(friday) == "2026-03-09");

    Basis holiday = basis("2025-10-01 10:00", 1);
    holiday.counting = Counting::office_hours;
    BOOST_TEST(last_day(holiday) == "2025-10-10");
    holiday.unit = Unit::hours;
    holiday.hours = {9 * 60, 17 * 60};
    BOOST_TEST(due_at(holiday) == "2025-10-09T10:00");
}

BOOST_AUTO_TEST_CASE(a_deadline_of_ningxia_and_one_of_shaanxi_differ) {
    Basis period = basis("2026-05-25 10:00", 3);
    period.calendar = region_of("610100");
    BOOST_TEST(reckoned(period) == "2026-05-28");
    period.calendar = region_of("640100");
    BOOST_TEST(reckoned(period) == "2026-05-29");
    const auto found = reckon(period, *test::book());
    BOOST_TEST(found->due.provisional);
    BOOST_TEST((found->basis.editions == Editions{{"cn/2026", 1}, {"cn-64/2026", 1}}));
}

BOOST_AUTO_TEST_CASE(a_stopped_clock_keeps_what_was_used_and_skips_a_holiday_like_other_days) {
    Basis period = basis("2026-02-10 10:00", 5);
    BOOST_TEST(last_day(period) == "2026-02-24");
    period.stops = {stop("2026-02-13 09:00")};
    const auto standing = due(period, cn());
    BOOST_TEST(!standing->at.has_value());
    BOOST_TEST(standing->left == 3);  // the 11th and the 12th are used
    period.stops = {stop("2026-02-13 09:00", "2026-02-25 09:00")};
    BOOST_TEST(last_day(period) == "2026-02-27");
    // A stop within the holiday costs nothing: no working day is lost.
    period.stops = {stop("2026-02-16 09:00", "2026-02-20 09:00")};
    BOOST_TEST(last_day(period) == "2026-02-24");
}

BOOST_AUTO_TEST_CASE(a_day_is_counted_when_the_clock_runs_at_its_end) {
    Basis period = basis("2026-03-02 10:00", 3);  // to Thursday the 5th
    period.stops = {stop("2026-03-03 09:00", "2026-03-03 16:00")};
    BOOST_TEST(last_day(period) == "2026-03-05");
    period.stops = {stop("2026-03-03 09:00", "2026-03-04 00:00")};
    BOOST_TEST(last_day(period) == "2026-03-06");
    period.stops = {stop("2026-03-04 00:00", "2026-03-04 08:00")};
    BOOST_TEST(last_day(period) == "2026-03-05");
    // Behind a counter the day ends when it closes.
    period.hours = {9 * 60, 17 * 60};
    period.stops = {stop("2026-03-03 18:00", "2026-03-04 08:00")};
    BOOST_TEST(last_day(period) == "2026-03-05");
    // What happens when the period is over does not stop it.
    period.stops = {stop("2026-03-05 17:00")};
    BOOST_TEST(last_day(period) == "2026-03-05");
}

BOOST_AUTO_TEST_CASE(stops_add_up_and_days_and_hours_stand_still_too) {
    Basis period = basis("2026-03-02 10:00", 5);  // to Monday the 9th
    period.stops = {stop("2026-03-03 09:00", "2026-03-04 09:00"),
                    stop("2026-03-05 09:00", "2026-03-06 09:00")};
    BOOST_TEST(last_day(period) == "2026-03-11");
    Basis days = basis("2026-03-02 10:00", 3, Unit::days);
    days.stops = {stop("2026-03-03 09:00", "2026-03-05 09:00")};
    BOOST_TEST(last_day(days) == "2026-03-09");  // the 5th, 6th, 7th, a Saturday
    // All days are used, the last one moves on, and the clock stops on the way.
    Basis moved = basis("2026-03-04 10:00", 3, Unit::days);
    moved.stops = {stop("2026-03-08 09:00", "2026-03-10 09:00")};
    BOOST_TEST(last_day(moved) == "2026-03-10");
    Basis hours = basis("2026-03-02 08:00", 10, Unit::hours);
    hours.stops = {stop("2026-03-02 10:00", "2026-03-02 13:00")};
    BOOST_TEST(due_at(hours) == "2026-03-02T21:00");
    hours.stops.push_back(stop("2026-03-02 14:30"));
    BOOST_TEST(due_at(hours) == "suspended");
    BOOST_TEST(due(hours, cn())->left == 7);  // 3.5 hours used, 6.5 left
}

BOOST_AUTO_TEST_CASE(an_extension_lengthens_the_period) {
    Basis period = basis("2026-02-11 10:00", 20);
    period.extension = Extension{10, at("2026-03-10 10:00"), "行政许可法第四十二条"};
    BOOST_TEST(last_day(period) == "2026-03-31");
}

BOOST_AUTO_TEST_CASE(a_period_into_an_unpublished_year_is_provisional) {
    const auto found = due(basis("2026-12-28 10:00", 10), cn());
    BOOST_TEST(iso(*found->last_day) == "2027-01-11");
    BOOST_TEST(found->provisional);
    BOOST_TEST(!due(basis("2026-12-28 10:00", 3), cn())->provisional);
    // It need not end there to depend on it.
    BOOST_TEST(due(basis("2022-12-30 10:00", 400), cn())->provisional);
}

BOOST_AUTO_TEST_CASE(a_basis_that_cannot_be_is_refused) {
    BOOST_TEST(!due(basis("2026-03-02 10:00", 0), cn()).ok());
    BOOST_TEST(!due(basis("2026-03-02 10:00", 3661), cn()).ok());
    Basis seconds = basis("2026-03-02 10:00", 3);
    seconds.start.ms /= 1000;
    BOOST_TEST(!due(seconds, cn()).ok());
    Basis nowhere = basis("2026-03-02 10:00", 3);
    nowhere.calendar = "us";
    BOOST_TEST((reckon(nowhere, *test::book()).fault().kind == FaultKind::not_found));
    nowhere.calendar = "cn";
    nowhere.editions["cn/2026"] = 9;
    BOOST_TEST((reckon(nowhere, *test::book()).fault().kind == FaultKind::not_found));
    nowhere.editions = {{"年", 1}};
    BOOST_TEST((reckon(nowhere, *test::book()).fault().kind == FaultKind::malformed));
}

BOOST_AUTO_TEST_CASE(the_amended_calendar_of_2020_moves_a_deadline_that_ran) {
    const Basis before = pinned(basis("2020-01-20 10:00", 10), {{"cn/2020", 1}});
    BOOST_TEST(reckoned(before) == "2020-02-07");
    BOOST_TEST(!up_to_date(before, *test::book()));
    const auto after = recompute(before, *test::book(), Amendment::extend_only);
    BOOST_REQUIRE(after.ok());
    BOOST_TEST((after->outcome == Outcome::moved));
    BOOST_TEST(iso(*after->due.last_day) == "2020-02-11");
    BOOST_TEST((after->basis.editions == Editions{{"cn/2020", 2}}));
    BOOST_TEST(up_to_date(after->basis, *test::book()));
    const auto again = recompute(after->basis, *test::book(), Amendment::extend_only);
    BOOST_TEST((again->outcome == Outcome::unchanged));
}

BOOST_AUTO_TEST_SUITE_END()
