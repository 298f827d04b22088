#include "schemas/identifiers.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace tongban;
using namespace tongban::schemas;
namespace data = boost::unit_test::data;

// Specimens: textbook or synthetic, of no person.
BOOST_AUTO_TEST_SUITE(identifiers_test)

namespace {
const Date today{2026, 3, 16};
CitizenFault fault_of(const std::string& number) {
    return read_citizen_number(number, today).fault;
}
}  // namespace

BOOST_DATA_TEST_CASE(accepts_a_citizen_number_with_a_true_check_digit,
                     data::make({"11010519491231002X",
                                 "440524188001010014",
                                 "640106198802293415",
                                 "610103198511070524"}),
                     number) {
    const CitizenNumber read = read_citizen_number(number, Date{1999, 1, 1});
    BOOST_TEST(static_cast<int>(read.fault) == static_cast<int>(CitizenFault::none));
    BOOST_TEST(read.number == number);
}

BOOST_AUTO_TEST_CASE(reads_division_birth_and_sex) {
    const CitizenNumber read = read_citizen_number("640106198802293415", today);
    BOOST_TEST(read.division == "640106");
    BOOST_REQUIRE(read.born.has_value());
    BOOST_TEST((*read.born == Date{1988, 2, 29}));
    BOOST_TEST(read.male);
    BOOST_TEST(!read_citizen_number("610103198511070524", today).male);
}

BOOST_AUTO_TEST_CASE(climbs_the_ladder_in_its_order) {
    BOOST_TEST((fault_of("6101031985110705") == CitizenFault::length));
    BOOST_TEST((fault_of("61010319851107O524") == CitizenFault::characters));
    BOOST_TEST((fault_of("610103X98511070524") == CitizenFault::characters));
    BOOST_TEST((fault_of("610103198513070524") == CitizenFault::date));
    BOOST_TEST((fault_of("640106198902293415") == CitizenFault::date));
    BOOST_TEST((fault_of("610103187911070524") == CitizenFault::age));
    BOOST_TEST((fault_of("610103203011070524") == CitizenFault::age));
    BOOST_TEST((fault_of("610103198511070523") == CitizenFault::check_digit));
}

BOOST_AUTO_TEST_CASE(any_single_wrong_digit_is_found) {
    const std::string good = "610103198511070524";
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (char digit = '0'; digit <= '9'; ++digit) {
            std::string bad = good;
            bad[at] = digit;
            if (bad != good)
                BOOST_TEST((fault_of(bad) != CitizenFault::none),
                           "place " << at << " to " << digit);
        }
    }
}

BOOST_AUTO_TEST_CASE(normalises_what_keyboards_leave) {
    for (const char* dirty : {"11010519491231002x",
                              "１１０１０５１９４９１２３１００２Ｘ",
                              "11010519491231002×",
                              "11010519491231002*",
                              " 110105 19491231 002X ",
                              "110105\xC2\xA0"
                              "19491231002X",
                              "11010519491231002X\xE2\x80\x8B"}) {
        BOOST_TEST(normalise_identity(dirty) == "11010519491231002X");
        BOOST_TEST(normalise_identity(normalise_identity(dirty)) == normalise_identity(dirty));
    }
    BOOST_TEST(normalise_identity("*1010519491231002X") == "*1010519491231002X");
}

BOOST_AUTO_TEST_CASE(upgrades_fifteen_digits) {
    BOOST_TEST(upgrade_citizen_number("110105491231002") == "11010519491231002X");
    BOOST_TEST(upgrade_citizen_number("110105991231997").substr(6, 4) == "1899");
    BOOST_TEST(upgrade_citizen_number("11010549123100") == "");
    const CitizenNumber read = read_citizen_number("110105491231002", today);
    BOOST_TEST(read.upgraded);
    BOOST_TEST((read.fault == CitizenFault::none));
}

BOOST_AUTO_TEST_CASE(knows_residence_permits_by_their_number) {
    BOOST_TEST(is_residence_permit("810000199408230021"));
    BOOST_TEST(is_residence_permit("830000199201300022"));
    BOOST_TEST(!is_residence_permit("830000199201300023"));
    BOOST_TEST(!is_residence_permit("610103198511070524"));
    BOOST_TEST(is_foreign_permit("911124198108030024"));
    BOOST_TEST(is_foreign_permit("USA110000000001"));
}

BOOST_DATA_TEST_CASE(accepts_a_credit_code_with_a_true_check_character,
                     data::make({"91350100M000100Y43",
                                 "91640100MA760A1B9L",
                                 "12640000454900126K",
                                 "91610131MA6TX0Y94X"}),
                     code) {
    const std::string text = code;
    BOOST_TEST(valid_uscc(text));
    std::string wrong = text;
    wrong[17] = wrong[17] == '3' ? '4' : '3';
    BOOST_TEST(!valid_uscc(wrong));
    BOOST_TEST(!valid_uscc(text.substr(1)));
}

BOOST_AUTO_TEST_CASE(checks_organisation_codes) {
    BOOST_TEST(valid_organisation_code("MA760A1B9"));
    BOOST_TEST(valid_organisation_code("454900126"));
    BOOST_TEST(!valid_organisation_code("454900125"));
}

BOOST_AUTO_TEST_CASE(strips_the_suffix_of_a_licence_copy) {
    BOOST_TEST(normalise_uscc("91640100MA760A1B9L(1-1)") == "91640100MA760A1B9L");
    BOOST_TEST(normalise_uscc("91640100ma760a1b9l（1-1）") == "91640100MA760A1B9L");
    BOOST_TEST(normalise_uscc("91640100MA760A1B9L(1)") == "91640100MA760A1B9L(1)");
    BOOST_TEST(normalise_uscc("(") == "(");
    BOOST_TEST(normalise_uscc(")") == ")");
}

BOOST_AUTO_TEST_CASE(reads_unit_numbers) {
    const auto land = read_unit_number("640106400203GG00005W00000000");
    BOOST_REQUIRE(land.has_value());
    BOOST_TEST(land->parcel == "640106400203GG00005");
    BOOST_TEST(land->fixture == 'W');
    BOOST_TEST(read_unit_number("610113012003GB00001F00020063").has_value());
    BOOST_TEST(
        read_unit_number(normalise_unit_number("640104 014005 GB00065 F00060095")).has_value());
    BOOST_TEST(!read_unit_number("640106400203GG00005W00000001").has_value());
    BOOST_TEST(!read_unit_number("640106400203XG00005F00000001").has_value());
    BOOST_TEST(!read_unit_number("640106400203GG00005F0000001").has_value());
}

BOOST_AUTO_TEST_CASE(applies_luhn_to_cards_only) {
    BOOST_TEST(valid_bank_card("6222026401001234560"));
    BOOST_TEST(valid_bank_card("6228480560109876543"));
    BOOST_TEST(!valid_bank_card("6222026401001234561"));
    BOOST_TEST(valid_fund_account("610100012345"));
    BOOST_TEST(!valid_fund_account("12"));
}

BOOST_AUTO_TEST_SUITE_END()
