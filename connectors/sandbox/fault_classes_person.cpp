// Who somebody is: numbers, names, documents, family.
#include "connectors/sandbox/fault_list.h"
#include "connectors/sandbox/names.h"

namespace tongban::sandbox {

namespace {

// A blank typed into the middle of a name.
std::string with_blank(const std::string& name) {
    std::size_t second = 1;
    while (second < name.size() && (static_cast<unsigned char>(name[second]) & 0xC0U) == 0x80U)
        ++second;
    return name.substr(0, second) + " " + name.substr(second);
}

}  // namespace

bool owns_a_home(const World& world) {
    return !world.registry.homes.empty() && world.registry.homes.front().state == "1";
}

Home& home_of(World& world) {
    return world.registry.homes.front();
}

Person stranger(const World& world, Random& random) {
    Person parent;
    parent.sex = Sex::female;
    parent.birth = {static_cast<std::int16_t>(world.enquiry.subject.birth.year - 26), 5, 12};
    parent.name = person_name(random, parent.sex, parent.birth.year);
    parent.id_number = identity_number(random, parent.birth, parent.sex);
    return parent;
}

// NOLINTNEXTLINE(readability-function-size): a table
const std::vector<FaultClass>& person_faults() {
    static const std::vector<FaultClass> classes = {
        {"P-01",
         "P-01",
         "homes",
         false,
         {"homes.holders"},
         "a co-owner's number was mistyped",
         owns_a_home,
         [](World& world, Random& random) {
             Person parent = stranger(world, random);
             parent.id_number = with_wrong_check_digit(parent.id_number);
             home_of(world).ownership = "1";
             for (Holder& holder : home_of(world).holders)
                 holder.share.clear();
             home_of(world).holders.push_back({parent, ""});
         }},
        {"P-02-blank",
         "P-02",
         "certificate",
         false,
         {"certificate.holder"},
         "a blank inside the name",
         always,
         [](World& world, Random&) {
             world.certificate.holder.name = with_blank(world.certificate.holder.name);
         }},
        {"P-02-other",
         "P-02",
         "certificate",
         true,
         {"certificate.holder"},
         "another person's name on the account",
         always,
         [](World& world, Random& random) {
             world.certificate.holder.name = stranger(world, random).name;
         }},
        {"P-03",
         "P-03",
         "certificate",
         false,
         {"certificate.holder"},
         "an identity card registered as a passport",
         always,
         [](World& world, Random&) { world.certificate.holder.id_kind = IdKind::passport; }},
        {"P-04",
         "P-04",
         "homes",
         false,
         {"homes.holders"},
         "the registry still has the 15-digit number",
         [](const World& world) {
             return owns_a_home(world) && world.enquiry.subject.birth.year < 2000;
         },
         [](World& world, Random&) {
             Person& owner = home_of(world).holders.front().person;
             owner.id_number = old_identity_number(owner.id_number);
         }},
        {"P-05",
         "P-05",
         "employment",
         true,
         {"employment.holder"},
         "two names under one number",
         always,
         [](World& world, Random& random) {
             world.spells.back().holder.name = stranger(world, random).name;
         }},
        {"P-07",
         "P-07",
         "certificate",
         false,
         {"certificate.holder"},
         "a birth date that the number contradicts",
         always,
         [](World& world, Random&) {
             Date& birth = world.certificate.holder.birth;
             birth.day = static_cast<std::uint8_t>(birth.day == 1 ? 2 : birth.day - 1);
         }},
        {"P-09",
         "P-09",
         "employment",
         true,
         {"employment.survival"},
         "registered as dead",
         always,
         [](World& world, Random&) { world.spells.front().survival = "2"; }},
        {"P-03-waste-basket",
         "P-03",
         "certificate",
         false,
         {"certificate.holder"},
         "an identity card registered as 99, other",
         always,
         [](World& world, Random&) {
             world.certificate.holder.id_kind = IdKind::residence_permit;
         }},
        {"P-07-sex",
         "P-07",
         "certificate",
         false,
         {"certificate.holder"},
         "a sex that the number contradicts",
         always,
         [](World& world, Random&) {
             Sex& sex = world.certificate.holder.sex;
             sex = sex == Sex::male ? Sex::female : Sex::male;
         }},
        {"P-09-missing",
         "P-09",
         "employment",
         false,
         {"employment.survival"},
         "registered as missing",
         always,
         [](World& world, Random&) { world.spells.front().survival = "4"; }},
        {"P-11",
         "P-11",
         "request",
         true,
         {"request.card"},
         "the identity card has run out",
         always,
         [](World& world, Random&) {
             world.enquiry.subject.id_valid_until = date_of_days(days_since_1970(world.today) - 40);
         }},
    };
    return classes;
}

// NOLINTNEXTLINE(readability-function-size): a table
const std::vector<FaultClass>& family_faults() {
    static const std::vector<FaultClass> classes = {
        {"F-01",
         "F-01",
         "tax",
         false,
         {"marriage"},
         "married for the fund, unmarried for the tax office",
         [](const World& world) { return world.enquiry.spouse.has_value(); },
         [](World& world, Random&) {
             world.tax.married = false;
             world.tax.spouse.reset();
         }},
        {"F-01-other-spouse",
         "F-01",
         "tax",
         false,
         {"marriage"},
         "the tax office knows another spouse",
         [](const World& world) { return world.enquiry.spouse.has_value(); },
         [](World& world, Random& random) { world.tax.spouse = stranger(world, random); }},
        {"F-05-contract",
         "F-05",
         "homes",
         false,
         {"home.count"},
         "another contract filed and not declared",
         always,
         [](World& world, Random& random) {
             Contract other = world.registry.contracts.front();
             other.unit = unit_number(random, "640122");
             other.number = other.number.substr(0, 12) + digits(random, 5);
             world.registry.contracts.push_back(other);
         }},
        {"F-05",
         "F-05",
         "homes",
         false,
         {"home.count"},
         "one home fewer declared than registered",
         owns_a_home,
         [](World& world, Random&) { world.enquiry.homes = 0; }},
        {"F-06",
         "F-06",
         "homes",
         false,
         {"home.count", "homes.holders", "homes.units"},
         "only home declared, the registry silent",
         [](const World& world) { return world.enquiry.only_home; },
         [](World& world, Random&) { world.registry.silent = true; }},
        {"F-09",
         "F-09",
         "certificate",
         false,
         {"loan.count"},
         "an earlier loan not declared",
         always,
         [](World& world, Random&) {
             world.certificate.loan_count = 1;
             world.certificate.loan_total = 150000 * fen_of_yuan;
             world.enquiry.fund_loans = 0;
         }},
        {"F-09-third",
         "F-09",
         "certificate",
         true,
         {"loan.count"},
         "two loans already, declared as they were",
         always,
         [](World& world, Random&) {
             world.certificate.loan_count = world.enquiry.fund_loans = 2;
             world.certificate.loan_total = 480000 * fen_of_yuan;
         }},
    };
    return classes;
}

}  // namespace tongban::sandbox
