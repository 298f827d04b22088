#include <algorithm>
#include <set>

#include <boost/test/unit_test.hpp>

#include "connectors/sandbox/numbers.h"
#include "connectors/sandbox/sale_story.h"

namespace {

using namespace tongban;
using namespace tongban::sandbox;

constexpr Date monday{2026, 3, 16};

std::vector<std::string> kinds_of(const std::string& story) {
    std::vector<std::string> kinds;
    for (const SaleMessage& message : sale_messages(make_sale(7, 0, monday, story)))
        kinds.push_back(message.kind);
    return kinds;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sale_test)

BOOST_AUTO_TEST_CASE(a_sale_is_the_same_for_the_same_seed_and_another_for_another) {
    for (const std::string& story : sale_story_names()) {
        const Json sheet = sale_sheet(make_sale(7, 0, monday, story), 7);
        BOOST_TEST((sheet == sale_sheet(make_sale(7, 0, monday, story), 7)));
        BOOST_TEST((sheet != sale_sheet(make_sale(8, 0, monday, story), 8)));
    }
}

BOOST_AUTO_TEST_CASE(no_two_sales_share_a_unit_a_contract_or_an_acceptance_number) {
    PopulationPlan plan;
    plan.people = 300;
    plan.today = monday;
    const Sales sales(plan);
    std::set<std::string> units;
    std::set<std::string> numbers;
    for (const Sale& sale : sales.all()) {
        units.insert(sale.unit);
        numbers.insert(sale.acceptance);
        BOOST_TEST(sale.unit.size() == 28U);
        BOOST_TEST(sales.of_unit(sale.unit) == &sale);
        BOOST_TEST(sales.of_contract(sale.contract) == &sale);
    }
    BOOST_TEST(units.size() == 300U);
    BOOST_TEST(numbers.size() == 300U);
}

BOOST_AUTO_TEST_CASE(the_price_of_g12_is_written_in_three_ways) {
    const Sale sale = make_sale(3, 0, monday, "G12");
    BOOST_TEST(yuan(sale.price) == "910330.00");
    BOOST_TEST(sale.registry_price == "91.033");
    BOOST_TEST(sale.contract_price == "910,330");
    BOOST_TEST(sale.tax_price == "910,330.00");
}

BOOST_AUTO_TEST_CASE(a_story_sends_what_its_case_comes_to_and_no_more) {
    BOOST_TEST(kinds_of("G11") == std::vector<std::string>({"joint-sale-application"}),
               boost::test_tools::per_element());
    BOOST_TEST(kinds_of("G10") == std::vector<std::string>({"joint-sale-application",
                                                            "declaration-status",
                                                            "joint-sale-declaration",
                                                            "tax-payment",
                                                            "review-result"}),
               boost::test_tools::per_element());
    BOOST_TEST(kinds_of("G14") == std::vector<std::string>({"joint-sale-application",
                                                            "declaration-status",
                                                            "joint-sale-declaration",
                                                            "tax-payment",
                                                            "seizure-notice",
                                                            "refund-result"}),
               boost::test_tools::per_element());
    BOOST_TEST(kinds_of("G13").size() == 4U);
    BOOST_TEST(kinds_of("G12-cut").size() == 2U);
}

BOOST_AUTO_TEST_CASE(separators_stand_between_thousands) {
    BOOST_TEST(with_separators(99900) == "999.00");
    BOOST_TEST(with_separators(91'033'000) == "910,330.00");
    BOOST_TEST(with_separators(452'554'600) == "4,525,546.00");
}

BOOST_AUTO_TEST_SUITE_END()
