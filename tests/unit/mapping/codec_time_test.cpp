#include <boost/test/unit_test.hpp>

#include "base/time.h"
#include "mapping/codec.h"

using namespace tongban;
using namespace tongban::mapping;

BOOST_AUTO_TEST_SUITE(codec_time_test)

namespace {

const Date today{2026, 3, 16};

std::string date(std::vector<DateForm> forms, const std::string& text) {
    Codec codec;
    codec.kind = CodecKind::date;
    codec.dates = std::move(forms);
    const Coded<schemas::Value> coded = read(codec, text, today);
    return coded.value ? canonical_text(*coded.value) : coded.fault->code;
}

std::string period(PeriodForm form, const std::string& text) {
    Codec codec;
    codec.kind = CodecKind::period;
    codec.periods = {form};
    const Coded<schemas::Value> coded = read(codec, text, today);
    return coded.value ? canonical_text(*coded.value) : coded.fault->code;
}

std::string timestamp(TimestampForm form, const std::string& text) {
    Codec codec;
    codec.kind = CodecKind::timestamp;
    codec.timestamp = form;
    const Coded<schemas::Value> coded = read(codec, text, today);
    if (!coded.value) return coded.fault->code;
    const Coded<std::string> again = write(codec, *coded.value, today);
    return *again.value;
}

}  // namespace

BOOST_AUTO_TEST_CASE(reads_each_date_form_and_no_other) {
    BOOST_TEST(date({DateForm::yyyymmdd}, "20240315") == "2024-03-15");
    BOOST_TEST(date({DateForm::iso}, "2024-03-15") == "2024-03-15");
    BOOST_TEST(date({DateForm::iso_time}, "2024-03-15T23:59:59") == "2024-03-15");
    BOOST_TEST(date({DateForm::iso_time_blank}, "2024-03-15 08:00:00") == "2024-03-15");
    BOOST_TEST(date({DateForm::slashes}, "2024/3/5") == "2024-03-05");
    BOOST_TEST(date({DateForm::slashes}, "2024/03/15") == "2024-03-15");
    BOOST_TEST(date({DateForm::chinese}, "2019年3月8日") == "2019-03-08");
    BOOST_TEST(date({DateForm::chinese}, "2019 年 12 月 31 日") == "2019-12-31");
    for (const char* text :
         {"2024-3-15", "2024-03-15 ", "20240315", "2024-03", "2024-03-15T00:00:00", ""}) {
        BOOST_TEST(date({DateForm::iso}, text) == "map.date.malformed", text);
    }
    BOOST_TEST(date({DateForm::iso_time}, "2024-03-15T24:00:00") == "map.date.malformed");
    BOOST_TEST(date({DateForm::yyyymmdd, DateForm::iso}, "2024-03-15") == "2024-03-15");
}

BOOST_AUTO_TEST_CASE(refuses_days_that_are_none) {
    for (const char* text : {"20230229",
                             "20240230",
                             "20241301",
                             "20240100",
                             "20240431",
                             "00000000",
                             "2024031",
                             "2024O315"}) {
        BOOST_TEST(date({DateForm::yyyymmdd}, text) == "map.date.malformed", text);
    }
    BOOST_TEST(date({DateForm::yyyymmdd}, "20240229") == "2024-02-29");
}

BOOST_AUTO_TEST_CASE(every_day_survives_every_form) {
    for (std::int64_t day = days_since_1970(Date{1899, 12, 25});
         day < days_since_1970(Date{2101, 1, 5});
         day += 3) {
        const Date real = date_of_days(day);
        for (const DateForm form : {DateForm::yyyymmdd,
                                    DateForm::iso,
                                    DateForm::iso_time,
                                    DateForm::iso_time_blank,
                                    DateForm::slashes,
                                    DateForm::chinese}) {
            Codec codec;
            codec.kind = CodecKind::date;
            codec.dates = {form};
            const Coded<std::string> text = write(codec, {real, {}}, today);
            if (date({form}, *text.value) != iso(real)) BOOST_ERROR("lost " << *text.value);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_month_survives_and_13_and_00_are_none) {
    for (int year = 1949; year <= 2100; ++year) {
        for (int month = 1; month <= 12; ++month) {
            for (const PeriodForm form :
                 {PeriodForm::yyyymm, PeriodForm::iso, PeriodForm::chinese}) {
                Codec codec;
                codec.kind = CodecKind::period;
                codec.periods = {form};
                const Period real{year * 100 + month};
                const Coded<std::string> text = write(codec, {real, {}}, today);
                if (period(form, *text.value) != iso(real)) BOOST_ERROR("lost " << *text.value);
            }
        }
    }
    for (const char* text : {"202613", "202600", "2026-03", "20263", "2026031", ""}) {
        BOOST_TEST(period(PeriodForm::yyyymm, text) == "map.period.malformed", text);
    }
}

BOOST_AUTO_TEST_CASE(times_are_shanghais) {
    BOOST_TEST(timestamp(TimestampForm::iso_local, "2026-03-16T09:00:00") == "2026-03-16T09:00:00");
    BOOST_TEST(timestamp(TimestampForm::iso_zone, "2026-03-16T01:00:00Z") ==
               "2026-03-16T09:00:00.000+08:00");
    BOOST_TEST(timestamp(TimestampForm::compact, "20260316090000") == "20260316090000");
    BOOST_TEST(timestamp(TimestampForm::compact, "20260316250000") == "map.timestamp.malformed");
    BOOST_TEST(timestamp(TimestampForm::iso_local, "yesterday") == "map.timestamp.malformed");
    BOOST_TEST(timestamp(TimestampForm::iso_local, "2026-03-16T09:00:00.2") ==
               "map.timestamp.malformed");
}

BOOST_AUTO_TEST_SUITE_END()
