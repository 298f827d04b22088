// Numbers: identity, credit, account and unit numbers that have the right shape and check digits,
// and belong to nobody.
//
// The sandbox works them out by itself, from GB 11643, GB 32100 and GB 11714: it must not share a
// mistake with the hub.
//
// Threads: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"
#include "connectors/sandbox/random.h"

namespace tongban::sandbox {

enum class Sex : std::uint8_t { male, female };

char identity_check_digit(std::string_view first_17);  // MOD 11-2
std::string identity_number(Random& random, Date birth, Sex sex);
std::string old_identity_number(
    std::string_view number);  // 18 -> 15 digits; only for births of 19xx
std::string with_wrong_check_digit(std::string_view number);

char organisation_check_digit(std::string_view first_8);
char credit_check_digit(std::string_view first_17);
std::string credit_code(Random& random, std::string_view division);

std::string digits(Random& random, std::size_t count);
std::string padded(std::int64_t number, std::size_t width);
std::string unit_number(Random& random, std::string_view county);  // 28 characters, a house

// Money in fen as offices write it.
std::string yuan(std::int64_t fen);  // "1234.56"
std::string ten_thousand_yuan(
    std::int64_t fen);  // "91.0330", 万元 with four decimals; fen must be whole yuan
std::string hundredths(std::int64_t value);  // "12.00" of 1200

}  // namespace tongban::sandbox
