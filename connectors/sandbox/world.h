// World: what each office holds about one generated citizen: the truth, and every office's own copy
// of it.
//
// A copy can be wrong without the truth being wrong; faults.h plants exactly that. Values stand
// here in one plain form (fen, dates, national code numbers); records.h writes them in each
// office's own names, units, codes and encoding.
//
// Threads: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "connectors/sandbox/numbers.h"

namespace tongban::sandbox {

enum class IdKind : std::uint8_t { resident, household, officer, passport, residence_permit };

struct Person {
    std::string name;
    IdKind id_kind = IdKind::resident;
    std::string id_number;
    Date id_valid_until;
    Sex sex = Sex::male;
    Date birth;
};

struct Employer {
    std::string name;
    std::string uscc;
    std::string fund_state = "01";  // A.4
    std::string social_number;      // AAB001
};

struct Posting {
    Date posted;
    std::string kind;  // A.5: 01 02 11, and Xi'an's own 71 for yearly interest
    std::optional<Period> month;
    std::int64_t amount = 0;
    std::int64_t interest = 0;
    bool reversed = false;
    std::string serial;
    std::string employer;  // empty: none
};

struct Certificate {  // Xi'an's fund
    std::string number;
    Date issued;
    std::int64_t valid_days = 60;
    std::string issuer, addressed_to;
    Person holder;
    std::string account;
    Date opened;
    std::string state = "01";  // A.6
    bool frozen = false;
    Period paid_to;
    Employer employer;
    std::int64_t base = 0;
    std::int64_t unit_ratio = 0;  // hundredths of a per cent: 1200 is 12.00 %
    std::int64_t personal_ratio = 0;
    std::int64_t unit_amount = 0;
    std::int64_t personal_amount = 0;
    std::int64_t opening_balance = 0;
    std::int64_t balance = 0;
    Period continuous_from, continuous_to;
    std::string six_months = "1";  // 1 yes, 2 no
    std::int64_t loan_count = 0, loan_total = 0, loan_outstanding = 0;
    std::vector<Posting> ledger;
};

struct Spell {  // Xi'an's social security, one row
    std::string person_number;
    Person holder;
    std::string scheme;         // AAE140
    std::string payment_state;  // AAC031
    std::string survival = "1";
    Employer employer;
    Date joined;
    Period from;
    std::optional<Period> to;
    std::int64_t months = 0;
    std::int64_t base = 0;
};

struct Holder {
    Person person;
    std::string share;  // as typed; empty: none
};

struct Home {
    std::string unit, title, address;
    std::int64_t area = 0;  // hundredths of m2
    std::string use = "10";
    std::string state = "1";      // QSZT
    std::string ownership = "0";  // GYFS
    std::int64_t price = 0;
    std::string contract;
    Date registered;
    std::vector<Holder> holders;
};

struct Contract {
    std::string number, unit;
    Date filed;
    std::int64_t price = 0;
};

struct Registry {  // Yinchuan's real estate
    std::vector<Home> homes;
    std::vector<Contract> contracts;
    bool silent =
        false;  // a search for this family finds no record: its papers were never digitised
};

struct TaxPayment {
    std::string voucher, contract, unit;
    Person payer;
    std::int64_t taxable = 0;
    std::int64_t rate = 0;  // ten-thousandths
    std::int64_t payable = 0, paid = 0;
    std::optional<Date> paid_on;
    std::string state = "0";  // jkzt
    std::string exemption;
    std::string home_order;  // fwtcdm
};

struct Tax {  // Yinchuan's tax office
    std::vector<TaxPayment> payments;
    bool married = false;
    std::optional<Person> spouse;
};

struct Claim {            // of an enquiry that wants a verdict and no data
    std::string field;    // the hub's canonical path
    std::string value;    // in canonical text
    std::string verdict;  // that must come: "match" or "mismatch"
};

struct Enquiry {  // what Yinchuan's fund asks
    std::string serial, officer;
    std::string purpose = "loan-approval";
    std::string letter;  // authorisation
    std::string scan_sha256;
    Date letter_given, letter_until;
    Person subject;
    std::optional<Person> spouse;
    std::string marriage;  // Yinchuan's own: S M D W
    std::string application, centre;
    Date applied;
    std::string contract, unit;
    std::int64_t price = 0, down_payment = 0, amount = 0, instalments = 0;
    std::int64_t homes = 0, fund_loans = 0;
    bool only_home = false;
    std::vector<Claim> claims;
};

struct Planted {        // a fault of this world, and the finding that must come of it
    std::string fault;  // its class
    std::string code, part;
    bool stops = false;
};

// Who still has the papers of a house that was bought long ago.
enum class OldPapers : std::uint8_t { construction, registry, nobody };

struct World {
    std::uint64_t seed = 0;
    std::uint64_t index = 0;
    Date today;
    Enquiry enquiry;
    Certificate certificate;
    std::vector<Spell> spells;
    Registry registry;
    Tax tax;
    OldPapers old_papers = OldPapers::construction;
    std::vector<Planted> faults;
};

// A consistent world: no rule has anything to say about it.
World make_world(std::uint64_t seed, std::uint64_t index, Date today);

// Every personal string that stands in any of the offices' copies, sorted, each once: for leak
// tests.
std::vector<std::string> personal_strings(const std::vector<World>& worlds);

}  // namespace tongban::sandbox
