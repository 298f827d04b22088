// What is paid, owned and lent: contributions, homes, tax, the loan.
#include <algorithm>

#include "base/check.h"
#include "connectors/sandbox/fault_list.h"
#include "connectors/sandbox/names.h"

namespace tongban::sandbox {

// NOLINTNEXTLINE(readability-function-size): a table
const std::vector<FaultClass>& contribution_faults() {
    static const std::vector<FaultClass> classes = {
        {"C-01",
         "C-01",
         "certificate",
         true,
         {"certificate.months"},
         "the stretch ends before it begins",
         always,
         [](World& world, Random&) {
             std::swap(world.certificate.continuous_from, world.certificate.continuous_to);
         }},
        {"C-02-gap",
         "C-02",
         "certificate",
         false,
         {"certificate.months", "certificate.balance"},
         "a month is missing from the ledger",
         always,
         [](World& world, Random&) {
             auto& ledger = world.certificate.ledger;
             const Period month = add_months(world.certificate.continuous_from, 4);
             const auto gone = std::ranges::find_if(
                 ledger, [&](const Posting& p) { return p.month == month && !p.reversed; });
             TONGBAN_CHECK(gone != ledger.end(), "sandbox.ledger.month");
             world.certificate.balance -= gone->amount;
             ledger.erase(gone);
         }},
        {"C-03",
         "C-03",
         "certificate",
         false,
         {"certificate.flag"},
         "the six-month flag says no, the ledger yes",
         always,
         [](World& world, Random&) { world.certificate.six_months = "2"; }},
        {"C-05",
         "C-05",
         "certificate",
         true,
         {"certificate.state"},
         "the account is frozen",
         always,
         [](World& world, Random&) {
             world.certificate.state = "06";
             world.certificate.frozen = true;
         }},
        {"C-06",
         "C-06",
         "certificate",
         false,
         {"certificate.amount"},
         "the monthly amount is not base times ratio",
         always,
         [](World& world, Random&) { world.certificate.personal_amount += 37 * fen_of_yuan; }},
        {"C-07",
         "C-07",
         "certificate",
         false,
         {"certificate.amount"},
         "a ratio above twelve per cent",
         always,
         [](World& world, Random&) {
             Certificate& c = world.certificate;
             c.unit_ratio = c.personal_ratio = 1500;
             c.unit_amount = c.personal_amount = (c.base * 1500 + 5000) / 10000;
         }},
        {"C-08",
         "C-08",
         "certificate",
         false,
         {"certificate.amount"},
         "a base above three times the average wage",
         always,
         [](World& world, Random&) {
             Certificate& c = world.certificate;
             c.base = 88000 * fen_of_yuan;
             c.unit_amount = c.personal_amount = c.base * c.personal_ratio / 10000;
         }},
        {"C-09",
         "C-09",
         "certificate",
         false,
         {"certificate.balance"},
         "the ledger does not sum to the balance",
         always,
         [](World& world, Random& random) {
             world.certificate.balance += random.between(1, 900) * fen_of_yuan;
         }},
        {"C-12",
         "C-12",
         "certificate",
         false,
         {"employer.name"},
         "the last postings came from another employer",
         always,
         [](World& world, Random& random) {
             const std::string other = employer_name(random) + "第二分公司";
             for (Posting& posting : world.certificate.ledger) {
                 if (!posting.employer.empty()) posting.employer = other;
             }
         }},
        {"C-13",
         "C-13",
         "employment",
         false,
         {"employment.joined"},
         "insured three months before the account was opened",
         always,
         [](World& world, Random&) {
             for (Spell& spell : world.spells) {
                 spell.joined = date_of_days(days_since_1970(spell.joined) - 92);
                 spell.from = Period{spell.joined.year * 100 + spell.joined.month};
                 spell.months += 3;
             }
         }},
        {"C-14",
         "C-14",
         "certificate",
         false,
         {"employer.state"},
         "the employer has deferred payment",
         always,
         [](World& world, Random&) { world.certificate.employer.fund_state = "03"; }},
    };
    return classes;
}

// NOLINTNEXTLINE(readability-function-size): a table
const std::vector<FaultClass>& estate_and_loan_faults() {
    static const std::vector<FaultClass> classes = {
        {"R-01",
         "R-01",
         "homes",
         true,
         {"homes.units"},
         "a unit number one character short",
         owns_a_home,
         [](World& world, Random&) {
             Home& home = home_of(world);
             const std::string old = home.unit;
             home.unit.pop_back();
             for (TaxPayment& payment : world.tax.payments) {
                 if (payment.unit == old) payment.unit = home.unit;
             }
         }},
        {"R-08",
         "R-08",
         "homes",
         true,
         {"homes.holders"},
         "shares that do not make one",
         owns_a_home,
         [](World& world, Random& random) {
             Home& home = home_of(world);
             home.ownership = "2";
             home.holders.resize(1);
             home.holders.front().share = "50.0%";
             home.holders.push_back(
                 {world.enquiry.spouse ? *world.enquiry.spouse : stranger(world, random), "1/3"});
         }},
        {"R-13",
         "R-13",
         "tax",
         true,
         {"contract.number"},
         "a letter O for a zero in the contract number",
         always,
         [](World& world, Random&) {
             for (TaxPayment& payment : world.tax.payments) {
                 if (payment.contract != world.enquiry.contract) continue;
                 payment.contract.replace(payment.contract.rfind('0'), 1, "O");
             }
         }},
        {"R-18",
         "R-18",
         "tax",
         true,
         {"tax.voucher"},
         "cleared by flag alone, without a voucher",
         always,
         [](World& world, Random&) {
             for (TaxPayment& payment : world.tax.payments) {
                 if (payment.contract != world.enquiry.contract) continue;
                 payment.voucher.clear();
             }
         }},
        {"L-01-expired",
         "L-01",
         "certificate",
         true,
         {"certificate.dates"},
         "an old certificate",
         always,
         [](World& world, Random&) {
             world.certificate.issued = date_of_days(days_since_1970(world.today) - 75);
         }},
        {"L-01-other-centre",
         "L-01",
         "certificate",
         true,
         {"certificate.dates"},
         "addressed to another city's centre",
         always,
         [](World& world, Random&) { world.certificate.addressed_to = "620100000000000"; }},
        {"L-02",
         "L-02",
         "certificate",
         true,
         {"loan.count"},
         "an earlier loan is not settled",
         always,
         [](World& world, Random&) {
             world.certificate.loan_count = world.enquiry.fund_loans = 1;
             world.certificate.loan_total = 300000 * fen_of_yuan;
             world.certificate.loan_outstanding = 112233 * fen_of_yuan;
         }},
        {"L-03",
         "L-03",
         "request",
         true,
         {"loan.amount"},
         "less than a fifth paid down",
         always,
         [](World& world, Random&) {
             world.enquiry.down_payment = world.enquiry.price / 10 / fen_of_yuan * fen_of_yuan;
         }},
        {"L-04",
         "L-04",
         "request",
         false,
         {"loan.amount"},
         "a term beyond thirty years",
         // Young enough to be told of the term alone: P-10 has a word for age and term together.
         [](const World& world) {
             return world.today.year - world.enquiry.subject.birth.year <= 31;
         },
         [](World& world, Random&) { world.enquiry.instalments = 396; }},
    };
    return classes;
}

}  // namespace tongban::sandbox
