#include "hub/cases/calendar/calendar.h"

#include <array>

#include <boost/test/unit_test.hpp>

#include "tests/unit/hub/cases/calendar/calendar_fixture.h"

using namespace tongban;
using namespace tongban::calendar;
using test::cn;
using test::date;

BOOST_AUTO_TEST_SUITE(calendar_test)

BOOST_AUTO_TEST_CASE(every_month_of_three_years_has_its_working_days) {
    struct Year {
        int year;
        int total;
        std::array<int, 12> months;
    };
    const std::array<Year, 3> years{{
        {2024, 251, {22, 18, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22}},
        {2025, 248, {19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23}},
        {2026, 248, {21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23}},
    }};
    for (const Year& year : years) {
        BOOST_TEST(cn().work_days(year.year) == year.total);
        for (int month = 1; month <= 12; ++month) {
            BOOST_TEST(cn().work_days(year.year, month) ==
                           year.months.at(static_cast<std::size_t>(month - 1)),
                       year.year << '-' << month);
        }
    }
}

BOOST_AUTO_TEST_CASE(moved_days_are_worked_and_holidays_are_not) {
    BOOST_TEST(cn().is_work(date("2026-02-14")));   // a Saturday
    BOOST_TEST(cn().is_work(date("2024-09-29")));   // a Sunday
    BOOST_TEST(!cn().is_work(date("2026-02-16")));  // a Monday
    BOOST_TEST(!cn().is_work(date("2026-02-07")));  // a plain Saturday
    BOOST_TEST(cn().is_work(date("2026-02-10")));   // a plain Tuesday
    BOOST_TEST(cn().special(date("2026-02-16"))->zh == "春节");
    BOOST_TEST((cn().special(date("2026-02-14"))->kind == DayKind::work));
    BOOST_TEST(cn().special(date("2026-02-10")) == nullptr);
}

BOOST_AUTO_TEST_CASE(the_next_working_day_lies_behind_the_holiday_and_the_one_before_ahead_of_it) {
    BOOST_TEST(iso(cn().work_day_after(date("2026-02-14"))) == "2026-02-24");
    BOOST_TEST(iso(cn().work_day_before(date("2026-02-24"))) == "2026-02-14");
    BOOST_TEST(iso(cn().work_day_after(date("2025-12-31"))) == "2026-01-04");
    BOOST_TEST(iso(cn().work_day_before(date("2026-01-04"))) == "2025-12-31");
}

BOOST_AUTO_TEST_CASE(a_year_is_a_string_of_365_or_366_days) {
    BOOST_TEST(cn().day_string(2024).size() == 366U);
    BOOST_TEST(cn().day_string(2025).size() == 365U);
    BOOST_TEST(cn().day_string(2100).size() == 365U);
    BOOST_TEST(cn().day_string(2026).substr(0, 5) == "00011");  // 1-3 off, Sunday the 4th worked
    BOOST_TEST(cn().work_days(2024, 2) == 18);                  // has 29 days
}

BOOST_AUTO_TEST_CASE(a_year_that_is_not_published_has_weekends_only_and_says_so) {
    BOOST_TEST(cn().provisional(2027));
    BOOST_TEST(!cn().provisional(2026));
    BOOST_TEST(cn().is_work(date("2027-01-01")));   // a Friday
    BOOST_TEST(!cn().is_work(date("2027-01-02")));  // a Saturday
    BOOST_TEST((cn().editions(2026, 2027) == Editions{{"cn/2026", 1}, {"cn/2027", 0}}));
}

BOOST_AUTO_TEST_CASE(ningxia_rests_on_days_when_the_rest_of_the_country_works) {
    const Calendar* ningxia = test::book()->find("cn-64");
    BOOST_REQUIRE(ningxia != nullptr);
    BOOST_TEST(!ningxia->is_work(date("2026-05-27")));
    BOOST_TEST(cn().is_work(date("2026-05-27")));
    BOOST_TEST(ningxia->work_days(2026) == cn().work_days(2026) - 2);
    BOOST_TEST(ningxia->is_work(date("2026-02-14")));  // the national days hold below
    BOOST_TEST(!ningxia->is_work(date("2026-02-16")));
    BOOST_REQUIRE(ningxia->special(date("2026-05-27")) != nullptr);
    BOOST_TEST(ningxia->special(date("2026-05-27"))->zh == "古尔邦节");
    BOOST_TEST(ningxia->provisional(2026));
    BOOST_TEST((ningxia->editions(2026, 2026) == Editions{{"cn/2026", 1}, {"cn-64/2026", 1}}));
}

BOOST_AUTO_TEST_CASE(an_edition_key_is_a_calendar_and_a_year) {
    BOOST_TEST(year_of("cn-64/2026") == 2026);
    for (const char* key :
         {"", "cn", "/2026", "cn/26", "cn/20x6", "CN/2026", "c/n/2026", "cn/20266"})
        BOOST_TEST(year_of(key) == 0, key);
}

BOOST_AUTO_TEST_SUITE_END()
