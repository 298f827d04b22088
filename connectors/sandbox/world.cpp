// The truth of one citizen, from the inside out: family, work, contributions month by month, homes,
// contract, tax, loan; then each office's copy. Everything is worked out from the truth, so the
// copies agree to the fen.
#include "connectors/sandbox/world.h"

#include <algorithm>
#include <array>
#include <set>

#include <cmath>

#include "base/crypto.h"
#include "connectors/sandbox/names.h"
#include "connectors/sandbox/records.h"

namespace tongban::sandbox {

namespace {

constexpr std::int64_t fen_a_yuan = 100;
constexpr std::string_view xian_centre = "610100000000000";  // centre codes
constexpr std::string_view yinchuan_centre = "640100000000000";

const std::vector<std::string>& counties() {
    static const std::vector<std::string> of_yinchuan = {"640104", "640105", "640106"};
    return of_yinchuan;
}

Date days_from(Date date, std::int64_t days) {
    return date_of_days(days_since_1970(date) + days);
}

Date on(Period month, std::int64_t day) {
    return {static_cast<std::int16_t>(month.yyyymm / 100),
            static_cast<std::uint8_t>(month.yyyymm % 100),
            static_cast<std::uint8_t>(day)};
}

Period month_of(Date date) {
    return {date.year * 100 + date.month};
}

Person make_person(Random random, Date today, Sex sex, int birth_year) {
    Person person;
    person.sex = sex;
    const auto month = static_cast<int>(random.between(1, 12));
    person.birth = on({birth_year * 100 + month}, random.between(1, 28));
    person.name = person_name(random, sex, birth_year);
    person.id_number = identity_number(random, person.birth, sex);
    person.id_valid_until = days_from(today, random.between(200, 5000));
    return person;
}

// Twelve months at a time: the base is fixed every July from last year's pay.
struct Pay {
    std::int64_t base = 0;
    std::int64_t each_side = 0;
};

Pay pay_of(std::int64_t base, std::int64_t ratio, bool whole_yuan) {
    std::int64_t amount = (base * ratio + 5000) / 10000;
    if (whole_yuan) amount = (amount + 50) / fen_a_yuan * fen_a_yuan;
    return {base, amount};
}

struct Entry {
    Date date;
    std::string kind;
    std::optional<Period> month{};
    std::int64_t amount = 0;
    std::int64_t interest = 0;
    bool reversed = false;
    std::string mark;  // first letters of the posting's number
};

class LedgerWriter {
public:
    LedgerWriter(Certificate& certificate, std::int64_t serial)
        : certificate_(certificate), balance_(certificate.opening_balance), serial_(serial) {}

    void post(Entry entry) {
        Posting posting{entry.date,
                        std::move(entry.kind),
                        entry.month,
                        entry.amount,
                        entry.interest,
                        entry.reversed,
                        entry.mark + compact(entry.date) + padded(serial_++, 8),
                        ""};
        if (entry.month) posting.employer = certificate_.employer.name;
        if (!entry.reversed) balance_ += entry.amount + entry.interest;
        certificate_.ledger.push_back(std::move(posting));
    }
    [[nodiscard]] std::int64_t balance() const { return balance_; }

private:
    Certificate& certificate_;
    std::int64_t balance_;
    std::int64_t serial_;
};

void write_ledger(Random random, Certificate& certificate, Period first) {
    static const std::vector<std::int64_t> ratios = {
        1200, 1200, 1200, 1200, 1000, 800, 700, 600, 500};
    const std::int64_t ratio = random.pick(ratios);
    const bool whole_yuan = random.one_in(2);
    const int months = months_between(first, certificate.paid_to) + 1;
    std::int64_t base = random.between(5200, 17800) * fen_a_yuan;
    Pay pay = pay_of(base, ratio, whole_yuan);
    const std::int64_t day = random.between(8, 20);
    const std::int64_t withdrawal_at =
        random.one_in(4) && months > 16 ? random.between(13, months - 2) : -1;
    const std::int64_t reversed_at = random.one_in(6) ? random.between(2, months - 2) : -1;
    LedgerWriter ledger(certificate, random.between(100000, 700000));
    for (int i = 0; i < months; ++i) {
        const Period month = add_months(first, i);
        if (i > 0 && month.yyyymm % 100 == 7) {
            base += base / 10000 * random.between(200, 700);
            base = base / fen_a_yuan * fen_a_yuan;
            pay = pay_of(base, ratio, whole_yuan);
        }
        const Date posted =
            on(month, std::max<std::int64_t>(day, i == 0 ? certificate.opened.day : 1));
        const std::int64_t both = 2 * pay.each_side;
        if (i == reversed_at) ledger.post({posted, "01", month, both, 0, true, "HJ"});
        ledger.post({posted, "01", month, both, 0, false, "HJ"});
        if (i == withdrawal_at) {
            const std::int64_t fifth = ledger.balance() / 5 / fen_a_yuan * fen_a_yuan;
            ledger.post({on(month, 24), "11", std::nullopt, -fifth, 0, false, "TQ"});
        }
        if (month.yyyymm % 100 == 6 && i > 0) {
            const std::int64_t interest = ledger.balance() * 15 / 1000 / 2;
            ledger.post({on(month, 30), "71", std::nullopt, 0, interest, false, "JX"});
        }
    }
    certificate.base = pay.base;
    certificate.unit_ratio = certificate.personal_ratio = ratio;
    certificate.unit_amount = certificate.personal_amount = pay.each_side;
    certificate.balance = ledger.balance();
}

void make_work(Random random, World& world, const Person& subject) {
    Certificate& c = world.certificate;
    Employer employer;
    employer.name = employer_name(random);
    employer.uscc = credit_code(random, "610131");
    employer.social_number = "610100" + digits(random, 6);
    const Period last = add_months(month_of(world.today), -1);
    const Period first = add_months(last, -static_cast<int>(random.between(17, 39)));
    c.number = compact(world.today) + padded(random.between(1, 9999), 4);
    c.issued = world.today;
    c.issuer = xian_centre;
    c.addressed_to = yinchuan_centre;
    c.holder = subject;
    c.account = "6101" + digits(random, 8);
    c.opened = on(first, random.between(5, 18));
    c.paid_to = last;
    c.employer = employer;
    c.continuous_from = first;
    c.continuous_to = last;
    // Some brought a balance with them when an older account was merged into this one.
    if (random.one_in(3)) {
        c.opening_balance = random.between(800, 60000) * fen_a_yuan;
        c.opening_balance += random.between(0, 99);
    }
    write_ledger(random.branch("ledger"), c, first);
    if (random.one_in(5)) {
        c.loan_count = 1;  // one earlier loan, settled
        c.loan_total = random.between(12, 40) * 10000 * fen_a_yuan;
    }
    Spell spell;
    spell.person_number = "6101" + digits(random, 10);
    spell.holder = subject;
    spell.payment_state = "1";
    spell.employer = employer;
    spell.joined = on(first, random.between(1, c.opened.day));
    spell.from = first;
    spell.months = months_between(first, last) + 1;
    spell.base = c.base;
    for (const char* scheme : {"110", "210", "410"}) {
        spell.scheme = scheme;
        world.spells.push_back(spell);
    }
}

TaxPayment tax_on(
    Random& random, const Home& home, const Person& payer, Date paid_on, bool first_home) {
    TaxPayment payment;
    payment.voucher = "3640" + digits(random, 14);
    payment.contract = home.contract;
    payment.unit = home.unit;
    payment.payer = payer;
    payment.taxable = home.price;
    const bool large = home.area > 14000;
    payment.rate = first_home ? (large ? 150 : 100) : (large ? 200 : 100);
    payment.payable = payment.paid = (home.price * payment.rate + 5000) / 10000;
    payment.paid_on = paid_on;
    payment.home_order = first_home ? "1" : "2";
    return payment;
}

Home make_home(Random& random, Date registered) {
    Home home;
    home.unit = unit_number(random, random.pick(counties()));
    home.address = home_address(random);
    home.area = random.between(6200, 15800);
    // 万元 with four decimals holds whole yuan only.
    home.price = home.area * random.between(5200, 9800) / 100 * fen_a_yuan;
    home.registered = registered;
    home.title = "宁（" + std::to_string(registered.year) + "）银川不动产权第" +
                 padded(random.between(1000, 99999), 7) + "号";
    const Date signed_on = days_from(registered, -random.between(30, 80));
    home.contract = "YCWQ" + compact(signed_on) + digits(random, 5);
    return home;
}

void give_to(Random& random, Home& home, const Person& owner, const std::optional<Person>& spouse) {
    if (!spouse || random.one_in(3)) {
        home.ownership = "0";
        home.holders = {{owner, ""}};
    } else if (random.one_in(2)) {
        home.ownership = "1";
        home.holders = {{owner, ""}, {*spouse, ""}};
    } else {
        static const std::vector<std::array<const char*, 2>> shares = {
            {"50.0%", "1/2"}, {"50%", "0.5"}, {"1/3", "2/3"}, {"99%", "1%"}, {"50.0%", "50.0%"}};
        const auto& pair = random.pick(shares);
        home.ownership = "2";
        home.holders = {{owner, pair[0]}, {*spouse, pair[1]}};
    }
}

std::int64_t monthly_payment(std::int64_t loan, std::int64_t months) {
    const double rate = 0.026 / 12;
    return static_cast<std::int64_t>(static_cast<double>(loan) * rate /
                                     (1 - std::pow(1 + rate, -static_cast<double>(months))));
}

void make_loan(Random random, World& world, const Home& bought) {
    Enquiry& e = world.enquiry;
    e.contract = bought.contract;
    e.unit = bought.unit;
    e.price = bought.price;
    const std::int64_t unit = 10000 * fen_a_yuan;
    e.down_payment = bought.price * random.between(32, 55) / 100 / fen_a_yuan * fen_a_yuan;
    const std::int64_t age = world.today.year - e.subject.birth.year;
    e.instalments = std::min<std::int64_t>(360, (62 - age) / 5 * 60);
    std::int64_t loan =
        std::min<std::int64_t>(
            {bought.price - e.down_payment, 8 * world.certificate.balance, 50 * unit}) /
        unit * unit;
    while (loan > unit && monthly_payment(loan, e.instalments) > world.certificate.base * 2 / 5)
        loan -= unit;
    e.amount = std::max(loan, unit);
}

void make_homes_and_tax(Random random, World& world) {
    Enquiry& e = world.enquiry;
    world.tax.married = e.spouse.has_value();
    world.tax.spouse = e.spouse;
    const bool owns_one = random.one_in(3);
    if (owns_one) {
        Home home = make_home(random, days_from(world.today, -random.between(900, 4200)));
        give_to(random, home, e.subject, e.spouse);
        world.tax.payments.push_back(
            tax_on(random, home, e.subject, days_from(home.registered, -3), true));
        world.registry.homes.push_back(std::move(home));
    } else if (random.one_in(4)) {
        // Sold long ago: history, not a home.
        Home sold = make_home(random, days_from(world.today, -random.between(2500, 4200)));
        give_to(random, sold, e.subject, std::nullopt);
        sold.state = "2";
        world.registry.homes.push_back(std::move(sold));
    }
    const Home bought = make_home(random, world.today);
    const Date filed = days_from(world.today, -random.between(12, 28));
    world.registry.contracts.push_back({bought.contract, bought.unit, filed, bought.price});
    world.tax.payments.push_back(
        tax_on(random, bought, e.subject, days_from(filed, random.between(2, 10)), !owns_one));
    e.homes = owns_one ? 1 : 0;
    e.only_home = !owns_one;
    make_loan(random.branch("loan"), world, bought);
}

}  // namespace

World make_world(std::uint64_t seed, std::uint64_t index, Date today) {
    const Random root(seed, index);
    World world;
    world.seed = seed;
    world.index = index;
    world.today = today;

    Random family = root.branch("family");
    const Sex sex = family.one_in(2) ? Sex::female : Sex::male;
    const int birth_year = today.year - static_cast<int>(family.between(25, 43));
    Enquiry& e = world.enquiry;
    e.subject = make_person(root.branch("subject"), today, sex, birth_year);
    const bool married = family.between(1, 100) <= 65;
    if (married) {
        const Sex other = sex == Sex::male ? Sex::female : Sex::male;
        e.spouse = make_person(root.branch("spouse"),
                               today,
                               other,
                               birth_year + static_cast<int>(family.between(-3, 3)));
    }
    e.marriage = married ? "M" : "S";

    make_work(root.branch("work"), world, e.subject);

    Random office = root.branch("office");
    e.serial = "YC" + compact(today) + "-" + padded(static_cast<std::int64_t>(seed % 100000), 5) +
               "-" + padded(static_cast<std::int64_t>(index), 6);
    e.officer = "YC-" + padded(office.between(2000, 2999), 4);
    e.application = "YD" + compact(today) + padded(static_cast<std::int64_t>(seed % 100000), 5) +
                    padded(static_cast<std::int64_t>(index), 6);
    e.centre = yinchuan_centre;
    e.applied = today;
    e.letter = "SQ" + compact(today) + "-" + digits(office, 8);
    e.letter_given = days_from(today, -office.between(1, 5));
    e.letter_until = days_from(today, 90);
    e.scan_sha256 = hex(sha256("scan of " + e.letter));
    e.fund_loans = world.certificate.loan_count;
    make_homes_and_tax(root.branch("homes"), world);
    const Certificate& c = world.certificate;
    e.claims = {{"certificate.holder.name", c.holder.name, "match"},
                {"certificate.employer.name", c.employer.name, "match"},
                {"certificate.base", yuan(c.base), "match"},
                {"certificate.account.paid_to", iso(c.paid_to), "match"},
                {"certificate.balance", yuan(c.balance + 123456), "mismatch"}};
    return world;
}

std::vector<std::string> personal_strings(const std::vector<World>& worlds) {
    std::set<std::string> found;
    const auto person = [&found](const Person& p) {
        for (std::string& form : written_forms(p))
            found.insert(std::move(form));
    };
    for (const World& world : worlds) {
        person(world.enquiry.subject);
        if (world.enquiry.spouse) person(*world.enquiry.spouse);
        person(world.certificate.holder);
        found.insert(world.certificate.account);
        for (const Spell& spell : world.spells) {
            person(spell.holder);
            found.insert(spell.person_number);
        }
        for (const Home& home : world.registry.homes) {
            found.insert(home.address);
            for (const Holder& holder : home.holders)
                person(holder.person);
        }
        for (const TaxPayment& payment : world.tax.payments)
            person(payment.payer);
        if (world.tax.spouse) person(*world.tax.spouse);
    }
    return {found.begin(), found.end()};
}

}  // namespace tongban::sandbox
