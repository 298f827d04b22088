#include "connectors/sandbox/sale.h"

#include <algorithm>

#include "connectors/sandbox/names.h"
#include "connectors/sandbox/numbers.h"

namespace tongban::sandbox {

namespace {

constexpr std::int64_t deed_rate = 100;  // ten-thousandths: a first home of 140 m2 and less
constexpr std::int64_t rates = 10'000;

Date days_before(Date day, std::int64_t days) {
    return date_of_days(days_since_1970(day) - days);
}

Person make_person(Random random, Sex sex, int youngest, Date today) {
    Person person;
    person.sex = sex;
    person.birth = days_before(
        today, random.between(std::int64_t{366} * youngest, std::int64_t{365} * (youngest + 25)));
    person.name = person_name(random, sex, person.birth.year);
    person.id_number = identity_number(random, person.birth, sex);
    person.id_valid_until = days_before(today, -2000);
    return person;
}

// A residence permit of Hong Kong: 810000, and the shape of a resident number.
void give_residence_permit(Person& person, Random& random) {
    std::string number = "810000" + compact(person.birth) +
                         padded(random.between(0, 499) * 2 + (person.sex == Sex::male ? 1 : 0), 3);
    number += identity_check_digit(number);
    person.id_kind = IdKind::residence_permit;
    person.id_number = number;
}

void price_it(Sale& sale, Random random) {
    sale.price = random.between(4'000, 20'000) * 20'000;  // whole yuan, and even
    if (sale.story.starts_with("G12")) sale.price = 91'033'000;
    sale.valuation = sale.price / 100 * 95;
    sale.loan = sale.price / 2'000'000 * 1'000'000;
    sale.registry_price = ten_thousand_yuan(sale.price);
    sale.contract_price = sale.tax_price = with_separators(sale.price);
}

void number_it(Sale& sale, Random random) {
    sale.acceptance = "YC-" + compact(sale.today) + "-" + padded(random.between(0, 99999), 5) +
                      padded(static_cast<std::int64_t>(sale.index), 4);
    sale.unit = unit_number(random, "640106");
    sale.unit.replace(
        20,
        8,
        padded(static_cast<std::int64_t>(sale.index) + 1, 4) + padded(random.between(1, 240), 4));
    sale.title = "宁（" + std::to_string(sale.titled.year) + "）银川市不动产权第" +
                 padded(random.between(1, 99999), 7) + "号";
    sale.location = "银川市" + home_address(random);
    sale.right = compact(sale.titled) + "-" + digits(random, 4);
    sale.business = compact(sale.today) + "-" + sale.acceptance.substr(12);
    sale.contract =
        "YCCLF" + compact(sale.signed_on) + padded(static_cast<std::int64_t>(sale.index), 5);
    sale.filing = "BA" + compact(sale.filed_on) + digits(random, 5);
    sale.marriage_number = "J640106-" + std::to_string(sale.married.year) + "-" + digits(random, 6);
    sale.loan_contract = "JK" + compact(sale.signed_on) + digits(random, 5);
    sale.mortgagee = "样本银行银川分行";
    sale.mortgagee_code = "91640100MA760A1B9L";
}

void people_it(Sale& sale, const Random& random) {
    const Person seller = make_person(random.branch("seller"), Sex::male, 30, sale.today);
    Person wife = make_person(random.branch("wife"), Sex::female, 25, sale.today);
    const Person husband = make_person(random.branch("husband"), Sex::male, 25, sale.today);
    Random permit = random.branch("permit");
    if (sale.story == "G15") give_residence_permit(wife, permit);
    sale.child = make_person(random.branch("child"), Sex::female, 2, sale.today);
    sale.child.birth = days_before(sale.today, permit.between(1000, 4000));
    sale.child.id_number = identity_number(permit, sale.child.birth, Sex::female);
    sale.holders = {{seller, ""}};
    sale.parties = {{true, husband, "50.0%"}, {true, wife, "1/2"}, {false, seller, ""}};
    sale.filed = sale.parties;
    sale.filed[0].share = "1/2";
    sale.filed[1].share = "50%";
}

// What the story is about; everything else is as it should be.
void tell(Sale& sale, const Random& random) {
    if (sale.story == "G11") {
        sale.holders[0].share = "1/2";
        sale.holders.push_back(
            {make_person(random.branch("co-owner"), Sex::female, 30, sale.today), "50.0%"});
    }
    if (sale.story.starts_with("G12")) {
        sale.registry_price = sale.story == "G12-cut" ? "91.03" : "91.033";
        sale.contract_price = "910,330";
        sale.tax_price = "910,330.00";
    }
    if (sale.story == "G13") sale.voucher = false;
    if (sale.story == "G14") sale.seized_at_review = true;
    if (sale.story == "G15") sale.residence_code = "16";
}

}  // namespace

const Person& Sale::buyer() const {
    return parties[0].person;
}
const Person& Sale::spouse() const {
    return parties[1].person;
}
const Person& Sale::seller() const {
    return parties.back().person;
}

std::int64_t Sale::base(std::size_t /*buyer*/) const {
    return price / 2;
}
std::int64_t Sale::deed_tax(std::size_t buyer) const {
    return (base(buyer) * deed_rate + rates / 2) / rates;
}
std::int64_t Sale::tax_total() const {
    return deed_tax(0) + deed_tax(1);
}
std::string Sale::declaration() const {
    return "100164" + acceptance.substr(3, 8) + acceptance.substr(12);
}
std::string Sale::certificate() const {
    return "宁（" + std::to_string(today.year) + "）银川市不动产权第" + acceptance.substr(14) +
           "号";
}

Sale make_sale(std::uint64_t seed, std::uint64_t index, Date today, std::string_view story) {
    Random random = Random(seed, index).branch("sale");
    Sale sale;
    sale.index = index;
    sale.today = today;
    sale.story = story;
    sale.signed_on = days_before(today, 6);
    sale.filed_on = days_before(today, 5);
    sale.titled =
        days_before(today, random.between(std::int64_t{5} * 366 + 10, std::int64_t{15} * 365));
    sale.taxed = days_before(sale.titled, 3);
    sale.married = days_before(today, random.between(800, 5000));
    sale.inner = random.between(6'000, 11'000);
    sale.shared = random.between(1'200, 2'900);
    sale.area = sale.inner + sale.shared;
    price_it(sale, random.branch("price"));
    number_it(sale, random.branch("numbers"));
    people_it(sale, random);
    tell(sale, random);
    return sale;
}

Sales::Sales(const PopulationPlan& plan) {
    for (std::uint64_t i = 0; i < plan.people; ++i) {
        sales_.push_back(make_sale(plan.seed, i, plan.today, story_of(plan.story, i)));
        by_unit_.try_emplace(sales_.back().unit, i);
        by_contract_.try_emplace(sales_.back().contract, i);
    }
}

const Sale* Sales::of_unit(std::string_view unit) const {
    const auto at = by_unit_.find(unit);
    return at == by_unit_.end() ? nullptr : &sales_[at->second];
}

const Sale* Sales::of_contract(std::string_view number) const {
    const auto at = by_contract_.find(number);
    return at == by_contract_.end() ? nullptr : &sales_[at->second];
}

std::string with_separators(std::int64_t fen) {
    std::string text = yuan(fen);
    for (std::size_t at = text.find('.'); at > 3; at -= 3)
        text.insert(at - 3, 1, ',');
    return text;
}

}  // namespace tongban::sandbox
