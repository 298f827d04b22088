#include "connectors/sandbox/numbers.h"

#include <boost/test/unit_test.hpp>

namespace {

using namespace tongban;
using namespace tongban::sandbox;

}  // namespace

BOOST_AUTO_TEST_SUITE(numbers_test)

BOOST_AUTO_TEST_CASE(check_digits_are_those_of_the_printed_specimens) {
    BOOST_TEST(identity_check_digit("11010519491231002") == 'X');
    BOOST_TEST(identity_check_digit("44052418800101001") == '4');
    BOOST_TEST(identity_check_digit("64010619880229341") == '5');
    BOOST_TEST(identity_check_digit("61010319851107052") == '4');
    BOOST_TEST(credit_check_digit("91350100M000100Y4") == '3');
    BOOST_TEST(credit_check_digit("91640100MA760A1B9") == 'L');
    BOOST_TEST(credit_check_digit("91610131MA6TX0Y94") == 'X');
    BOOST_TEST(organisation_check_digit("MA760A1B") == '9');
    BOOST_TEST(organisation_check_digit("45490012") == '6');
}

BOOST_AUTO_TEST_CASE(identity_numbers_hold_birth_sex_and_a_right_check_digit) {
    Random random(7, 0);
    for (int i = 0; i < 500; ++i) {
        const Sex sex = i % 2 == 0 ? Sex::male : Sex::female;
        const std::string number = identity_number(random, {1988, 2, 29}, sex);
        BOOST_TEST_CONTEXT(number) {
            BOOST_REQUIRE(number.size() == 18);
            BOOST_TEST(number.substr(6, 8) == "19880229");
            BOOST_TEST((number[16] - '0') % 2 == (sex == Sex::male ? 1 : 0));
            BOOST_TEST(number[17] == identity_check_digit(number.substr(0, 17)));
        }
    }
}

BOOST_AUTO_TEST_CASE(an_old_number_is_the_new_one_without_century_and_check_digit) {
    BOOST_TEST(old_identity_number("11010519491231002X") == "110105491231002");
}

BOOST_AUTO_TEST_CASE(a_wrong_check_digit_is_wrong_and_still_a_check_digit) {
    for (const char* number : {"11010519491231002X", "440524188001010014", "640106198802293419"}) {
        const std::string wrong = with_wrong_check_digit(number);
        BOOST_TEST(wrong != number);
        BOOST_TEST(wrong.substr(0, 17) == std::string(number).substr(0, 17));
        BOOST_TEST((wrong[17] >= '0' && wrong[17] <= '9'));
    }
}

BOOST_AUTO_TEST_CASE(money_is_written_in_each_offices_unit) {
    BOOST_TEST(yuan(123456) == "1234.56");
    BOOST_TEST(yuan(-5) == "-0.05");
    BOOST_TEST(ten_thousand_yuan(91033000) == "91.0330");
    BOOST_TEST(ten_thousand_yuan(100) == "0.0001");
    BOOST_TEST(hundredths(1200) == "12.00");
}

BOOST_AUTO_TEST_SUITE_END()
