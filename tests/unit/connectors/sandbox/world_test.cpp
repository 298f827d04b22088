#include "connectors/sandbox/world.h"

#include <algorithm>
#include <set>

#include <boost/test/unit_test.hpp>

#include "base/text.h"

namespace {

using namespace tongban;
using namespace tongban::sandbox;

constexpr Date business_day{2026, 3, 16};

void check_person(const Person& person) {
    BOOST_TEST(person.id_number.size() == 18U);
    BOOST_TEST(person.id_number[17] ==
               identity_check_digit(std::string_view(person.id_number).substr(0, 17)));
    BOOST_TEST(person.id_number.substr(6, 8) == compact(person.birth));
    BOOST_TEST((person.id_valid_until > business_day));
}

void check_certificate(const Certificate& c) {
    std::int64_t sum = c.opening_balance;
    std::set<Period> months;
    std::set<std::string> serials;
    Date last{};
    for (const Posting& posting : c.ledger) {
        BOOST_TEST((posting.posted >= last));
        last = posting.posted;
        BOOST_TEST(serials.insert(posting.serial).second);
        if (posting.reversed) continue;
        sum += posting.amount + posting.interest;
        if (posting.kind == "01") BOOST_TEST(months.insert(posting.month.value()).second);
        if (!posting.employer.empty()) BOOST_TEST(posting.employer == c.employer.name);
    }
    BOOST_TEST(sum == c.balance);
    BOOST_TEST((last <= business_day));
    BOOST_TEST((*months.begin() == c.continuous_from));
    BOOST_TEST((*months.rbegin() == c.continuous_to));
    BOOST_TEST(months.size() ==
               static_cast<std::size_t>(months_between(c.continuous_from, c.continuous_to) + 1));
    BOOST_TEST(std::abs(c.base * c.personal_ratio / 10000 - c.personal_amount) < 100);
    BOOST_TEST(c.unit_amount == c.personal_amount);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(world_test)

BOOST_AUTO_TEST_CASE(one_seed_makes_one_world_and_another_seed_another) {
    const World a = make_world(42, 3, business_day);
    const World b = make_world(42, 3, business_day);
    BOOST_TEST(a.enquiry.subject.id_number == b.enquiry.subject.id_number);
    BOOST_TEST(a.certificate.balance == b.certificate.balance);
    BOOST_TEST(personal_strings({a}) == personal_strings({b}), boost::test_tools::per_element());
    BOOST_TEST(make_world(42, 4, business_day).enquiry.subject.id_number !=
               a.enquiry.subject.id_number);
    BOOST_TEST(make_world(43, 3, business_day).enquiry.subject.id_number !=
               a.enquiry.subject.id_number);
}

BOOST_AUTO_TEST_CASE(a_clean_world_agrees_with_itself) {
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        const World world = make_world(seed, 0, business_day);
        BOOST_TEST_CONTEXT("seed " << seed) {
            check_person(world.enquiry.subject);
            if (world.enquiry.spouse) check_person(*world.enquiry.spouse);
            check_certificate(world.certificate);
            BOOST_TEST(world.faults.empty());
            for (const Spell& spell : world.spells) {
                BOOST_TEST(spell.holder.name == world.enquiry.subject.name);
                BOOST_TEST(spell.employer.name == world.certificate.employer.name);
                BOOST_TEST((spell.joined <= world.certificate.opened));
            }
            const auto current = std::ranges::count(world.registry.homes, "1", &Home::state);
            BOOST_TEST(current == world.enquiry.homes);
            BOOST_TEST(world.enquiry.only_home == (current == 0));
            BOOST_TEST(world.tax.married == world.enquiry.spouse.has_value());
            BOOST_TEST(world.enquiry.down_payment * 5 >= world.enquiry.price);
            BOOST_TEST(world.enquiry.amount > 0);
            BOOST_TEST(world.enquiry.amount + world.enquiry.down_payment <= world.enquiry.price);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_population_meets_the_characters_that_break_office_systems) {
    int dotted = 0;
    int beyond_gbk = 0;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        const std::string name = make_world(seed, 0, business_day).enquiry.subject.name;
        if (name.find("·") != std::string::npos) ++dotted;
        for (const char* rare : {"䶮", "㛃", "𬭬", "𠅤"}) {
            if (name.find(rare) != std::string::npos) ++beyond_gbk;
        }
        BOOST_TEST(utf8_to_gb18030(name).ok());
    }
    BOOST_TEST(dotted > 5);
    BOOST_TEST(beyond_gbk > 5);
}

BOOST_AUTO_TEST_SUITE_END()
