// Identifiers: the numbers that persons, companies, homes and cards carry, checked as their
// standards say (GB 11643, GB 32100, GB/T 37346, ISO/IEC 7812). A valid check digit does not prove
// that the number was issued.
//
// Threads: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace tongban::schemas {

// Full-width forms, blanks, NBSP, zero-width characters and stray quotes away; letters upper; in
// the last place of a citizen number x, Ｘ, × and * become X. Idempotent.
std::string normalise_identity(std::string_view raw);
std::string normalise_uscc(
    std::string_view raw);  // also strips the suffix "(1-1)" of a licence copy
std::string normalise_unit_number(std::string_view raw);  // printed with blanks in forms
std::string normalise_account(std::string_view raw);
// By the canonical type's identifier kind: identity, uscc, real-estate-unit, fund-account,
// bank-card.
std::string normalise_identifier(std::string_view kind, std::string_view raw);
bool known_identifier_kind(std::string_view kind);

enum class CitizenFault { none, length, characters, date, age, check_digit };
struct CitizenNumber {
    CitizenFault fault = CitizenFault::none;
    std::string number;  // 18 characters, upgraded from 15 where it was; "" when the length or
                         // characters are wrong
    bool upgraded = false;
    std::string division;  // of first registration; may be abolished
    std::optional<Date> born;
    bool male = false;
};
// The ladder of GB 11643 in its order: the first step that fails. `today` bounds the birth
// date.
CitizenNumber read_citizen_number(std::string_view raw, Date today);
// The 18th character of 17 digits; nothing else may be passed.
char citizen_check_character(std::string_view seventeen_digits);
// A 15-digit number with its century and check digit; "" when it is not 15 digits.
std::string upgrade_citizen_number(std::string_view fifteen_digits);
// 18 characters, division 81/82/83, valid: a residence permit of 港澳台居民, whatever the code
// says.
bool is_residence_permit(std::string_view number);
bool is_foreign_permit(std::string_view number);  // 外国人永久居留身份证, new (18, first digit 9)
                                                  // or old (3 letters, 12 digits)

bool valid_uscc(std::string_view code);
char uscc_check_character(
    std::string_view seventeen);  // '\0' when a character is outside the alphabet
bool valid_organisation_code(std::string_view nine);

struct UnitNumber {        // 28 characters
    std::string division;  // 6: county
    std::string parcel;    // 19
    char fixture = 'W';    // F house, L wood, W none, Q other
};
std::optional<UnitNumber> read_unit_number(std::string_view number);

// No national check digit: 6 to 20 digits or capital letters; a centre's own form is a rule's
// matter.
bool valid_fund_account(std::string_view account);
// Settlement accounts of organisations are not Luhn numbers: never ask this of one.
bool valid_bank_card(std::string_view number);

}  // namespace tongban::schemas
