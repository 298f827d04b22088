#include "base/time.h"

#include <boost/test/unit_test.hpp>

using namespace tongban;

BOOST_AUTO_TEST_SUITE(time_test)

BOOST_AUTO_TEST_CASE(parses_real_dates_and_refuses_others) {
    BOOST_TEST(iso(*parse_iso_date("2024-02-29")) == "2024-02-29");
    BOOST_TEST(compact(*parse_compact_date("20240315")) == "20240315");
    for (const char* text : {"2023-02-29",
                             "2024-13-01",
                             "2024-00-01",
                             "2024-3-15",
                             "2024-03-15 ",
                             "20240315",
                             "",
                             "2024-03-1x",
                             "0000-01-01"})
        BOOST_TEST(!parse_iso_date(text).ok(), text);
    for (const char* text : {"20241301", "2024031", "202403155", "-0240315", "20240332"})
        BOOST_TEST(!parse_compact_date(text).ok(), text);
}

BOOST_AUTO_TEST_CASE(refuses_a_period_with_month_13) {
    BOOST_TEST(compact(*parse_compact_period("202412")) == "202412");
    BOOST_TEST(iso(*parse_compact_period("202401")) == "2024-01");
    BOOST_TEST(!parse_compact_period("202413").ok());
    BOOST_TEST(!parse_compact_period("202400").ok());
    BOOST_TEST(!parse_compact_period("2024-1").ok());
}

BOOST_AUTO_TEST_CASE(counts_months_over_year_ends) {
    BOOST_TEST(months_between(Period{202401}, Period{202403}) == 2);
    BOOST_TEST(months_between(Period{202311}, Period{202401}) == 2);
    BOOST_TEST(months_between(Period{202401}, Period{202311}) == -2);
    BOOST_TEST(add_months(Period{202311}, 2).yyyymm == 202401);
    BOOST_TEST(add_months(Period{202401}, -1).yyyymm == 202312);
    BOOST_TEST(add_months(Period{202312}, 0).yyyymm == 202312);
}

BOOST_AUTO_TEST_CASE(an_instant_without_zone_is_legal_time) {
    BOOST_TEST(iso(*parse_iso_instant("2024-03-15T08:00:00")) == "2024-03-15T00:00:00.000Z");
    BOOST_TEST(iso(*parse_iso_instant("2024-03-15 08:00:00")) == "2024-03-15T00:00:00.000Z");
    BOOST_TEST(iso(*parse_iso_instant("2024-03-15T08:00:00.5+08:00")) ==
               "2024-03-15T00:00:00.500Z");
    BOOST_TEST(iso(*parse_iso_instant("2024-03-15T08:00:00.123456789Z")) ==
               "2024-03-15T08:00:00.123Z");
    BOOST_TEST(shanghai(*parse_iso_instant("2024-03-15T00:00:00Z")) ==
               "2024-03-15T08:00:00.000+08:00");
    for (const char* text : {"2024-03-15T24:00:00Z",
                             "2024-03-15T08:60:00Z",
                             "2024-03-15",
                             "2024-03-15T08:00:00.Z",
                             "2024-03-15T08:00:00+8",
                             "2024-03-15T08:00:00+15:00",
                             "2024-02-30T08:00:00Z"})
        BOOST_TEST(!parse_iso_instant(text).ok(), text);
}

BOOST_AUTO_TEST_CASE(days_count_from_1970_both_ways) {
    BOOST_TEST(days_since_1970(Date{1970, 1, 1}) == 0);
    BOOST_TEST(days_since_1970(Date{2000, 3, 1}) == 11017);
    for (const std::int64_t day : {-719162, -1, 0, 1, 11016, 20000, 2932896})
        BOOST_TEST(days_since_1970(date_of_days(day)) == day);
    BOOST_TEST(iso(shanghai_date(*parse_iso_instant("2024-03-15T15:59:59Z"))) == "2024-03-15");
    BOOST_TEST(iso(shanghai_date(*parse_iso_instant("2024-03-15T16:00:00Z"))) == "2024-03-16");
    BOOST_TEST(iso(Instant{-1}) == "1969-12-31T23:59:59.999Z");
}

BOOST_AUTO_TEST_CASE(a_deadline_that_has_not_passed_has_time_left) {
    const Deadline far = Deadline::after(std::chrono::hours(1));
    BOOST_TEST(!far.passed());
    BOOST_TEST((far.left() > std::chrono::minutes(59)));
    const Deadline gone = Deadline::after(std::chrono::milliseconds(-5));
    BOOST_TEST(gone.passed());
    BOOST_TEST(gone.left().count() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
