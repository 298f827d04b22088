#include <cstdint>
#include <limits>
#include <random>

#include <boost/test/unit_test.hpp>

#include "mapping/codec.h"
#include "mapping/internal/codecs.h"

using namespace tongban;
using namespace tongban::mapping;

BOOST_AUTO_TEST_SUITE(codec_money_test)

namespace {

const Date today{2026, 3, 16};
constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

Codec money(MoneyForm form) {
    Codec codec;
    codec.kind = CodecKind::money;
    codec.money = form;
    return codec;
}

std::string fen_or_fault(MoneyForm form, const std::string& text) {
    const Coded<schemas::Value> coded = read(money(form), text, today);
    return coded.value ? std::to_string(coded.value->get<schemas::Money>()->fen)
                       : coded.fault->code;
}

std::string written(MoneyForm form, std::int64_t fen) {
    const Coded<std::string> coded = write(money(form), {schemas::Money{fen}, {}}, today);
    return coded.value ? *coded.value : coded.fault->code;
}

// Small, round and huge amounts alike.
std::vector<std::int64_t> many_amounts() {
    std::vector<std::int64_t> amounts{0,
                                      1,
                                      9,
                                      10,
                                      11,
                                      99,
                                      100,
                                      101,
                                      110,
                                      1000,
                                      10000,
                                      100000,
                                      100100,
                                      1000000,
                                      10000000,
                                      1000000000,
                                      1000000001,
                                      100000000000,
                                      10000000000000,
                                      1000100010001,
                                      999999999999};
    std::mt19937_64 random(20260316);
    for (int i = 0; i < 5000; ++i)
        amounts.push_back(static_cast<std::int64_t>(random() >> (1 + random() % 62)));
    for (std::int64_t fen = 0; fen < 20'000; ++fen)
        amounts.push_back(fen);
    return amounts;
}

}  // namespace

BOOST_AUTO_TEST_CASE(reads_each_unit_as_declared) {
    BOOST_TEST(fen_or_fault(MoneyForm::yuan, "1234.56") == "123456");
    BOOST_TEST(fen_or_fault(MoneyForm::yuan, "1234.5") == "123450");
    BOOST_TEST(fen_or_fault(MoneyForm::yuan, "-0.07") == "-7");
    BOOST_TEST(fen_or_fault(MoneyForm::yuan, "12.3400") == "1234");
    BOOST_TEST(fen_or_fault(MoneyForm::yuan_thousands, "4,525,546.00") == "452554600");
    BOOST_TEST(fen_or_fault(MoneyForm::yuan_thousands, "546.00") == "54600");
    BOOST_TEST(fen_or_fault(MoneyForm::wan, "234.0000") == "234000000");
    BOOST_TEST(fen_or_fault(MoneyForm::wan, "0.000001") == "1");
    BOOST_TEST(fen_or_fault(MoneyForm::fen, "123456") == "123456");
}

BOOST_AUTO_TEST_CASE(takes_wan_only_when_it_is_whole_fen) {
    BOOST_TEST(fen_or_fault(MoneyForm::wan, "234.0000001") == "map.money.inexact");
    BOOST_TEST(fen_or_fault(MoneyForm::wan, "234.00000010") == "map.money.inexact");
    BOOST_TEST(fen_or_fault(MoneyForm::wan, "234.00000000") == "234000000");
    BOOST_TEST(fen_or_fault(MoneyForm::yuan, "1.234") == "map.money.inexact");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_amount) {
    for (const char* text : {"",
                             ".",
                             "1.",
                             ".5",
                             "1e5",
                             "+5",
                             "1 000",
                             "12元",
                             "0x10",
                             "--1",
                             "1.2.3",
                             "１２",
                             "NaN",
                             "-"}) {
        BOOST_TEST(fen_or_fault(MoneyForm::yuan, text) == "map.money.malformed", text);
    }
    for (const char* text :
         {"1,23.00", "12,3456.00", ",123.00", "1,,234.00", "1234,567.00", "123,", "-,123"}) {
        BOOST_TEST(fen_or_fault(MoneyForm::yuan_thousands, text) == "map.money.malformed", text);
    }
    BOOST_TEST(fen_or_fault(MoneyForm::fen, "1.00") == "1",
               "a point with zeros is no other amount");
}

BOOST_AUTO_TEST_CASE(never_overflows) {
    BOOST_TEST(fen_or_fault(MoneyForm::fen, std::to_string(largest)) == std::to_string(largest));
    BOOST_TEST(fen_or_fault(MoneyForm::fen, "9223372036854775808") == "map.money.range");
    BOOST_TEST(fen_or_fault(MoneyForm::yuan, "92233720368547758.07") == std::to_string(largest));
    BOOST_TEST(fen_or_fault(MoneyForm::yuan, "92233720368547758.08") == "map.money.range");
    BOOST_TEST(fen_or_fault(MoneyForm::wan, "9223372036855") == "map.money.range");
    BOOST_TEST(fen_or_fault(MoneyForm::yuan, std::string(5000, '9')) == "map.money.range");
}

BOOST_AUTO_TEST_CASE(every_amount_survives_every_form) {
    for (const std::int64_t fen : many_amounts()) {
        for (const MoneyForm form :
             {MoneyForm::yuan, MoneyForm::yuan_thousands, MoneyForm::wan, MoneyForm::fen}) {
            for (const std::int64_t amount : {fen, -fen}) {
                if (fen_or_fault(form, written(form, amount)) != std::to_string(amount)) {
                    BOOST_ERROR(written(form, amount) << " is not " << amount);
                }
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(every_amount_below_the_limit_survives_capital_numerals) {
    for (const std::int64_t fen : many_amounts()) {
        for (const std::int64_t amount : {fen, -fen}) {
            const std::optional<std::string> text = capital_of_fen(amount);
            if (!text) {
                BOOST_TEST(fen >= 1'000'000'000'000'000'000);
                continue;
            }
            const std::optional<std::int64_t> back = fen_of_capital(*text);
            if (!back || *back != amount) BOOST_ERROR(*text << " is not " << amount);
        }
    }
}

BOOST_AUTO_TEST_CASE(writes_capital_numerals_as_banks_do) {
    BOOST_TEST(*capital_of_fen(0) == "零元整");
    BOOST_TEST(*capital_of_fen(140'950) == "壹仟肆佰零玖元伍角整");
    BOOST_TEST(*capital_of_fen(600'714) == "陆仟零柒元壹角肆分");
    BOOST_TEST(*capital_of_fen(168'032) == "壹仟陆佰捌拾元叁角贰分");
    BOOST_TEST(*capital_of_fen(1'073'000) == "壹万零柒佰叁拾元整");
    BOOST_TEST(*capital_of_fen(10'000'000'000) == "壹亿元整");
    BOOST_TEST(*capital_of_fen(10'000'000'105) == "壹亿零壹元零伍分");
    BOOST_TEST(*capital_of_fen(5) == "伍分");
    BOOST_TEST(*capital_of_fen(-100) == "负壹元整");
}

BOOST_AUTO_TEST_CASE(reads_capital_numerals_as_counters_print_them) {
    BOOST_TEST(fen_or_fault(MoneyForm::capital, "人民币壹万贰仟元整") == "1200000");
    BOOST_TEST(fen_or_fault(MoneyForm::capital, "壹万贰仟圆正") == "1200000");
    BOOST_TEST(fen_or_fault(MoneyForm::capital, "壹萬零貳仟元") == "1200000");
    BOOST_TEST(fen_or_fault(MoneyForm::capital, "拾元整") == "1000");
    BOOST_TEST(fen_or_fault(MoneyForm::capital, "零元整") == "0");
    for (const char* text : {"",
                             "整",
                             "元",
                             "壹壹元",
                             "万元",
                             "壹元壹元",
                             "伍分壹元",
                             "壹仟壹仟元",
                             "12元",
                             "壹拾佰元",
                             "负",
                             "壹亿亿元"}) {
        BOOST_TEST(fen_or_fault(MoneyForm::capital, text) == "map.money.malformed", text);
    }
}

BOOST_AUTO_TEST_CASE(says_what_to_do_in_two_languages_and_never_the_value) {
    const Coded<schemas::Value> coded = read(money(MoneyForm::wan), "8888.88888888", today);
    BOOST_REQUIRE(coded.fault.has_value());
    BOOST_TEST(coded.fault->zh.find("重新报送") != std::string::npos);
    BOOST_TEST(coded.fault->en.find("send again") != std::string::npos);
    BOOST_TEST(coded.fault->zh.find("8888") == std::string::npos);
    BOOST_TEST(coded.fault->en.find("8888") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
