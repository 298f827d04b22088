#include <limits>
#include <numeric>

#include <boost/test/unit_test.hpp>

#include "mapping/codec.h"
#include "mapping/internal/codecs.h"

using namespace tongban;
using namespace tongban::mapping;

BOOST_AUTO_TEST_SUITE(codec_number_test)

namespace {

const Date today{2026, 3, 16};

Codec decimal(RatioForm form, std::int32_t scale, std::int32_t places = -1) {
    Codec codec;
    codec.kind = CodecKind::decimal;
    codec.ratio = form;
    codec.scale = scale;
    codec.places = places;
    return codec;
}

std::string units(const Codec& codec, const std::string& text) {
    const Coded<schemas::Value> coded = read(codec, text, today);
    return coded.value ? std::to_string(coded.value->get<schemas::Decimal>()->units)
                       : coded.fault->code;
}

std::string share(const std::string& text) {
    Codec codec;
    codec.kind = CodecKind::share;
    const Coded<schemas::Value> coded = read(codec, text, today);
    return coded.value ? canonical_text(*coded.value) : coded.fault->code;
}

std::string share_as(ShareForm form, schemas::Share value) {
    Codec codec;
    codec.kind = CodecKind::share;
    codec.share = form;
    const Coded<std::string> coded = write(codec, {value, {}}, today);
    return coded.value ? *coded.value : coded.fault->code;
}

}  // namespace

BOOST_AUTO_TEST_CASE(reads_a_ratio_in_the_declared_unit) {
    BOOST_TEST(units(decimal(RatioForm::fraction, 4), "0.12") == "1200");
    BOOST_TEST(units(decimal(RatioForm::percent, 4), "12") == "1200");
    BOOST_TEST(units(decimal(RatioForm::percent, 4), "12.00") == "1200");
    BOOST_TEST(units(decimal(RatioForm::percent_sign, 4), "12%") == "1200");
    BOOST_TEST(units(decimal(RatioForm::percent_sign, 4), "12.5 %") == "1250");
    BOOST_TEST(units(decimal(RatioForm::percent_sign, 4), "12％") == "1200");
    BOOST_TEST(units(decimal(RatioForm::percent_sign, 4), "12") == "map.decimal.malformed");
}

BOOST_AUTO_TEST_CASE(a_written_sign_says_more_than_the_columns_habit) {
    BOOST_TEST(units(decimal(RatioForm::fraction, 4), "12%") == "1200");
    BOOST_TEST(units(decimal(RatioForm::percent, 4), "12%") == "1200");
    BOOST_TEST(units(decimal(RatioForm::plain, 4), "12%") == "map.decimal.malformed");
}

BOOST_AUTO_TEST_CASE(never_loses_a_digit) {
    BOOST_TEST(units(decimal(RatioForm::plain, 2), "98.505") == "map.decimal.inexact");
    BOOST_TEST(units(decimal(RatioForm::plain, 2), "98.500") == "9850");
    BOOST_TEST(units(decimal(RatioForm::percent, 4), "12.005") == "map.decimal.inexact");
    BOOST_TEST(units(decimal(RatioForm::plain, 2), "999999999999999999") == "map.decimal.range");
    Codec integer;
    integer.kind = CodecKind::integer;
    BOOST_TEST(units(integer, "129") == "129");
    BOOST_TEST(units(integer, "12.9") == "map.integer.malformed");
    BOOST_TEST(units(integer, "十二") == "map.integer.malformed");
}

BOOST_AUTO_TEST_CASE(every_ratio_survives_every_form) {
    for (std::int64_t value = -20'000; value <= 20'000; ++value) {
        for (const RatioForm form :
             {RatioForm::plain, RatioForm::fraction, RatioForm::percent, RatioForm::percent_sign}) {
            const Codec codec = decimal(form, 4);
            const Coded<std::string> text = write(codec, {schemas::Decimal{value, 4}, {}}, today);
            if (!text.value || units(codec, *text.value) != std::to_string(value))
                BOOST_ERROR("lost " << value);
        }
    }
    BOOST_TEST(
        *write(decimal(RatioForm::percent, 4), {schemas::Decimal{1200, 4}, {}}, today).value ==
        "12.00");
    BOOST_TEST(
        *write(decimal(RatioForm::percent_sign, 4), {schemas::Decimal{1200, 4}, {}}, today).value ==
        "12%");
    BOOST_TEST(
        *write(decimal(RatioForm::fraction, 4), {schemas::Decimal{150, 4}, {}}, today).value ==
        "0.015");
    BOOST_TEST(*write(decimal(RatioForm::plain, 2), {schemas::Decimal{9850, 2}, {}}, today).value ==
               "98.50");
}

BOOST_AUTO_TEST_CASE(reads_a_share_as_clerks_type_it) {
    for (const char* half : {"1/2",
                             "50.0%",
                             "50%",
                             "0.5",
                             "50",
                             "50.00",
                             "2/4",
                             "二分之一",
                             "贰分之壹",
                             "百分之五十",
                             " 1 / 2 ",
                             "１/２",
                             "50％"}) {
        BOOST_TEST(share(half) == "1/2", half);
    }
    BOOST_TEST(share("1") == "1/1");
    BOOST_TEST(share("100%") == "1/1");
    BOOST_TEST(share("33.33%") == "3333/10000");
    BOOST_TEST(share("十二分之五") == "5/12");
    BOOST_TEST(share("一百二十分之七") == "7/120");
    BOOST_TEST(share("77.82207497") == "7782207497/10000000000");
    BOOST_TEST(share("7782207497/10000000000") == "7782207497/10000000000");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_share) {
    for (const char* text : {"",       "0",        "0%",       "3/2",   "1/0",
                             "0/2",    "-1/2",     "101",      "150%",  "一半",
                             "分之一", "二分之",   "三分之五", "1/2/3", "1/9999999999999",
                             "a/b",    "零分之一", "%",        "/",     "一二分之一"}) {
        BOOST_TEST(share(text) == "map.share.malformed", text);
    }
}

BOOST_AUTO_TEST_CASE(every_small_share_survives_as_a_fraction) {
    for (std::int64_t denominator = 1; denominator <= 200; ++denominator) {
        for (std::int64_t numerator = 1; numerator <= denominator; ++numerator) {
            if (std::gcd(numerator, denominator) != 1) continue;
            const std::string text = share_as(ShareForm::fraction, {numerator, denominator});
            if (share(text) != text) BOOST_ERROR("lost " << text);
            const std::string percent = share_as(ShareForm::percent, {numerator, denominator});
            if (percent != "map.share.inexact" && share(percent) != text)
                BOOST_ERROR(percent << " is not " << text);
        }
    }
    BOOST_TEST(share_as(ShareForm::percent, {1, 2}) == "50.00%");
    BOOST_TEST(share_as(ShareForm::percent, {1, 3}) == "map.share.inexact");
    BOOST_TEST(share_as(ShareForm::ratio, {1, 4}) == "0.25");
    BOOST_TEST(share_as(ShareForm::ratio,
                        {std::numeric_limits<std::int64_t>::max() - 1,
                         std::numeric_limits<std::int64_t>::max()}) == "map.share.inexact");
}

BOOST_AUTO_TEST_CASE(reads_chinese_numerals_to_9999) {
    BOOST_TEST(*chinese_integer(U"十") == 10);
    BOOST_TEST(*chinese_integer(U"二十") == 20);
    BOOST_TEST(*chinese_integer(U"一百零五") == 105);
    BOOST_TEST(*chinese_integer(U"九千九百九十九") == 9999);
    for (const std::u32string_view text : {U"", U"十百", U"一一", U"百千", U"x"})
        BOOST_TEST(!chinese_integer(text).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
