// What goes wrong in offices, as rules of this issue find it. Each class changes the copies so that its own rule fires
// and its neighbours stay silent: an office that lies consistently is still consistent.
#include <algorithm>

#include "base/check.h"
#include "connectors/sandbox/faults.h"
#include "connectors/sandbox/names.h"

namespace tongban::sandbox {

namespace {

constexpr std::int64_t kYuan = 100;

bool always(const World& /*world*/) { return true; }

bool single_owner(const World& world) {
    return !world.registry.homes.empty() && world.registry.homes.front().state == "1";
}

Home& home_of(World& world) { return world.registry.homes.front(); }

Person stranger(const World& world, Random& random) {
    Person parent;
    parent.sex = Sex::female;
    parent.birth = {static_cast<std::int16_t>(world.enquiry.subject.birth.year - 26), 5, 12};
    parent.name = person_name(random, parent.sex, parent.birth.year);
    parent.id_number = identity_number(random, parent.birth, parent.sex);
    return parent;
}

// A blank typed into the middle of a name.
std::string with_blank(const std::string& name) {
    std::size_t second = 1;
    while (second < name.size() && (static_cast<unsigned char>(name[second]) & 0xC0U) == 0x80U) ++second;
    return name.substr(0, second) + " " + name.substr(second);
}

const std::vector<FaultClass>& person_classes() {
    static const std::vector<FaultClass> classes = {
        {"P-01", "P-01", "homes", false, {"homes.holders"}, "a co-owner's number was mistyped", single_owner,
         [](World& world, Random& random) {
             Person parent = stranger(world, random);
             parent.id_number = with_wrong_check_digit(parent.id_number);
             home_of(world).ownership = "1";
             for (Holder& holder : home_of(world).holders) holder.share.clear();
             home_of(world).holders.push_back({parent, ""});
         }},
        {"P-02-blank", "P-02", "certificate", false, {"certificate.holder"}, "a blank inside the name", always,
         [](World& world, Random&) { world.certificate.holder.name = with_blank(world.certificate.holder.name); }},
        {"P-02-other", "P-02", "certificate", true, {"certificate.holder"}, "another person's name on the account", always,
         [](World& world, Random& random) { world.certificate.holder.name = stranger(world, random).name; }},
        {"P-03", "P-03", "certificate", false, {"certificate.holder"}, "an identity card registered as a passport", always,
         [](World& world, Random&) { world.certificate.holder.id_kind = IdKind::passport; }},
        {"P-04", "P-04", "homes", false, {"homes.holders"}, "the registry still has the 15-digit number",
         [](const World& world) { return single_owner(world) && world.enquiry.subject.birth.year < 2000; },
         [](World& world, Random&) {
             Person& owner = home_of(world).holders.front().person;
             owner.id_number = old_identity_number(owner.id_number);
         }},
        {"P-05", "P-05", "employment", true, {"employment.holder"}, "two names under one number", always,
         [](World& world, Random& random) { world.spells.back().holder.name = stranger(world, random).name; }},
        {"P-07", "P-07", "certificate", false, {"certificate.holder"}, "a birth date that the number contradicts", always,
         [](World& world, Random&) {
             Date& birth = world.certificate.holder.birth;
             birth.day = static_cast<std::uint8_t>(birth.day == 1 ? 2 : birth.day - 1);
         }},
        {"P-09", "P-09", "employment", true, {"employment.survival"}, "registered as dead", always,
         [](World& world, Random&) { world.spells.front().survival = "2"; }},
        {"P-03-waste-basket", "P-03", "certificate", false, {"certificate.holder"}, "an identity card registered as 99, other", always,
         [](World& world, Random&) { world.certificate.holder.id_kind = IdKind::residence_permit; }},
        {"P-07-sex", "P-07", "certificate", false, {"certificate.holder"}, "a sex that the number contradicts", always,
         [](World& world, Random&) {
             Sex& sex = world.certificate.holder.sex;
             sex = sex == Sex::male ? Sex::female : Sex::male;
         }},
        {"P-09-missing", "P-09", "employment", false, {"employment.survival"}, "registered as missing", always,
         [](World& world, Random&) { world.spells.front().survival = "4"; }},
        {"P-11", "P-11", "request", true, {"request.card"}, "the identity card has run out", always,
         [](World& world, Random&) {
             world.enquiry.subject.id_valid_until = date_of_days(days_since_1970(world.today) - 40);
         }},
    };
    return classes;
}

const std::vector<FaultClass>& family_classes() {
    static const std::vector<FaultClass> classes = {
        {"F-01", "F-01", "tax", false, {"marriage"}, "married for the fund, unmarried for the tax office",
         [](const World& world) { return world.enquiry.spouse.has_value(); },
         [](World& world, Random&) {
             world.tax.married = false;
             world.tax.spouse.reset();
         }},
        {"F-01-other-spouse", "F-01", "tax", false, {"marriage"}, "the tax office knows another spouse",
         [](const World& world) { return world.enquiry.spouse.has_value(); },
         [](World& world, Random& random) { world.tax.spouse = stranger(world, random); }},
        {"F-05-contract", "F-05", "homes", false, {"home.count"}, "another contract filed and not declared", always,
         [](World& world, Random& random) {
             Contract other = world.registry.contracts.front();
             other.unit = unit_number(random, "640122");
             other.number = other.number.substr(0, 12) + digits(random, 5);
             world.registry.contracts.push_back(other);
         }},
        {"F-05", "F-05", "homes", false, {"home.count"}, "one home fewer declared than registered", single_owner,
         [](World& world, Random&) { world.enquiry.homes = 0; }},
        {"F-06", "F-06", "homes", false, {"home.count", "homes.holders", "homes.units"}, "only home declared, the registry silent",
         [](const World& world) { return world.enquiry.only_home; },
         [](World& world, Random&) { world.registry.silent = true; }},
        {"F-09", "F-09", "certificate", false, {"loan.count"}, "an earlier loan not declared", always,
         [](World& world, Random&) {
             world.certificate.loan_count = 1;
             world.certificate.loan_total = 150000 * kYuan;
             world.enquiry.fund_loans = 0;
         }},
        {"F-09-third", "F-09", "certificate", true, {"loan.count"}, "two loans already, declared as they were", always,
         [](World& world, Random&) {
             world.certificate.loan_count = world.enquiry.fund_loans = 2;
             world.certificate.loan_total = 480000 * kYuan;
         }},
    };
    return classes;
}

const std::vector<FaultClass>& contribution_classes() {
    static const std::vector<FaultClass> classes = {
        {"C-01", "C-01", "certificate", true, {"certificate.months"}, "the stretch ends before it begins", always,
         [](World& world, Random&) { std::swap(world.certificate.continuous_from, world.certificate.continuous_to); }},
        {"C-02-gap", "C-02", "certificate", false, {"certificate.months", "certificate.balance"}, "a month is missing from the ledger", always,
         [](World& world, Random&) {
             auto& ledger = world.certificate.ledger;
             const Period month = add_months(world.certificate.continuous_from, 4);
             const auto gone = std::ranges::find_if(ledger, [&](const Posting& p) { return p.month == month && !p.reversed; });
             TONGBAN_CHECK(gone != ledger.end(), "sandbox.ledger.month");
             world.certificate.balance -= gone->amount;
             ledger.erase(gone);
         }},
        {"C-03", "C-03", "certificate", false, {"certificate.flag"}, "the six-month flag says no, the ledger yes", always,
         [](World& world, Random&) { world.certificate.six_months = "2"; }},
        {"C-05", "C-05", "certificate", true, {"certificate.state"}, "the account is frozen", always,
         [](World& world, Random&) {
             world.certificate.state = "06";
             world.certificate.frozen = true;
         }},
        {"C-06", "C-06", "certificate", false, {"certificate.amount"}, "the monthly amount is not base times ratio", always,
         [](World& world, Random&) { world.certificate.personal_amount += 37 * kYuan; }},
        {"C-07", "C-07", "certificate", false, {"certificate.amount"}, "a ratio above twelve per cent", always,
         [](World& world, Random&) {
             Certificate& c = world.certificate;
             c.unit_ratio = c.personal_ratio = 1500;
             c.unit_amount = c.personal_amount = (c.base * 1500 + 5000) / 10000;
         }},
        {"C-08", "C-08", "certificate", false, {"certificate.amount"}, "a base above three times the average wage", always,
         [](World& world, Random&) {
             Certificate& c = world.certificate;
             c.base = 88000 * kYuan;
             c.unit_amount = c.personal_amount = c.base * c.personal_ratio / 10000;
         }},
        {"C-09", "C-09", "certificate", false, {"certificate.balance"}, "the ledger does not sum to the balance", always,
         [](World& world, Random& random) { world.certificate.balance += random.between(1, 900) * kYuan; }},
        {"C-12", "C-12", "certificate", false, {"employer.name"}, "the last postings came from another employer", always,
         [](World& world, Random& random) {
             const std::string other = employer_name(random) + "第二分公司";
             for (Posting& posting : world.certificate.ledger) {
                 if (!posting.employer.empty()) posting.employer = other;
             }
         }},
        {"C-13", "C-13", "employment", false, {"employment.joined"}, "insured three months before the account was opened", always,
         [](World& world, Random&) {
             for (Spell& spell : world.spells) {
                 spell.joined = date_of_days(days_since_1970(spell.joined) - 92);
                 spell.from = Period{spell.joined.year * 100 + spell.joined.month};
                 spell.months += 3;
             }
         }},
        {"C-14", "C-14", "certificate", false, {"employer.state"}, "the employer has deferred payment", always,
         [](World& world, Random&) { world.certificate.employer.fund_state = "03"; }},
    };
    return classes;
}

const std::vector<FaultClass>& estate_and_loan_classes() {
    static const std::vector<FaultClass> classes = {
        {"R-01", "R-01", "homes", true, {"homes.units"}, "a unit number one character short", single_owner,
         [](World& world, Random&) {
             Home& home = home_of(world);
             const std::string old = home.unit;
             home.unit.pop_back();
             for (TaxPayment& payment : world.tax.payments) {
                 if (payment.unit == old) payment.unit = home.unit;
             }
         }},
        {"R-08", "R-08", "homes", true, {"homes.holders"}, "shares that do not make one", single_owner,
         [](World& world, Random& random) {
             Home& home = home_of(world);
             home.ownership = "2";
             home.holders.resize(1);
             home.holders.front().share = "50.0%";
             home.holders.push_back({world.enquiry.spouse ? *world.enquiry.spouse : stranger(world, random), "1/3"});
         }},
        {"R-13", "R-13", "tax", true, {"contract.number"}, "a letter O for a zero in the contract number", always,
         [](World& world, Random&) {
             for (TaxPayment& payment : world.tax.payments) {
                 if (payment.contract != world.enquiry.contract) continue;
                 payment.contract.replace(payment.contract.rfind('0'), 1, "O");
             }
         }},
        {"R-18", "R-18", "tax", true, {"tax.voucher"}, "cleared by flag alone, without a voucher", always,
         [](World& world, Random&) {
             for (TaxPayment& payment : world.tax.payments) {
                 if (payment.contract != world.enquiry.contract) continue;
                 payment.voucher.clear();
             }
         }},
        {"L-01-expired", "L-01", "certificate", true, {"certificate.dates"}, "an old certificate", always,
         [](World& world, Random&) { world.certificate.issued = date_of_days(days_since_1970(world.today) - 75); }},
        {"L-01-other-centre", "L-01", "certificate", true, {"certificate.dates"}, "addressed to another city's centre", always,
         [](World& world, Random&) { world.certificate.addressed_to = "620100000000000"; }},
        {"L-02", "L-02", "certificate", true, {"loan.count"}, "an earlier loan is not settled", always,
         [](World& world, Random&) {
             world.certificate.loan_count = world.enquiry.fund_loans = 1;
             world.certificate.loan_total = 300000 * kYuan;
             world.certificate.loan_outstanding = 112233 * kYuan;
         }},
        {"L-03", "L-03", "request", true, {"loan.amount"}, "less than a fifth paid down", always,
         [](World& world, Random&) { world.enquiry.down_payment = world.enquiry.price / 10 / kYuan * kYuan; }},
        {"L-04", "L-04", "request", false, {"loan.amount"}, "a term beyond thirty years", always,
         [](World& world, Random&) { world.enquiry.instalments = 396; }},
    };
    return classes;
}

}  // namespace

const std::vector<FaultClass>& fault_classes() {
    static const std::vector<FaultClass> all = [] {
        std::vector<FaultClass> joined;
        for (const auto* some : {&person_classes(), &family_classes(), &contribution_classes(), &estate_and_loan_classes()}) {
            joined.insert(joined.end(), some->begin(), some->end());
        }
        return joined;
    }();
    return all;
}

}  // namespace tongban::sandbox
