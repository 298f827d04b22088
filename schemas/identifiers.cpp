#include "schemas/identifiers.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.h"

namespace tongban::schemas {
namespace {

constexpr std::string_view citizen_checks = "10X98765432";
constexpr std::array<int, 17> citizen_weights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
constexpr std::string_view uscc_alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr std::array<int, 17> uscc_weights{
    1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};

bool digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int number_of(std::string_view some_digits) {
    int number = 0;
    for (const char c : some_digits)
        number = number * 10 + (c - '0');
    return number;
}

// Folds, drops blanks and invisible characters anywhere (identifiers have none inside), upper-cases
// ASCII.
std::string squeeze(std::string_view raw) {
    std::string text = strip_invisible(fold_width(raw));
    std::string out;
    for (const char c : text) {
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
        out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return out;
}

}  // namespace

std::string normalise_identity(std::string_view raw) {
    std::string text = squeeze(raw);
    // × (U+00D7) and * are what some forms print for X; anywhere else than in the last place they
    // are left to be found.
    constexpr std::string_view times = "\xC3\x97";
    for (const std::string_view tail : {times, std::string_view("*")}) {
        if (text.size() == 17 + tail.size() && text.ends_with(tail) &&
            digits(std::string_view(text).substr(0, 17))) {
            text.replace(17, tail.size(), "X");
        }
    }
    return text;
}

std::string normalise_uscc(std::string_view raw) {
    std::string text = squeeze(raw);
    // "(1-1)": which copy of the licence it was typed from. Full-width brackets are folded by now.
    const std::size_t open = text.rfind('(');
    if (open == std::string::npos || text.back() != ')') return text;
    const std::string_view copy = std::string_view(text).substr(open + 1, text.size() - open - 2);
    const std::size_t dash = copy.find('-');
    const bool numbered = dash != std::string_view::npos && dash > 0 && dash + 1 < copy.size() &&
                          digits(copy.substr(0, dash)) && digits(copy.substr(dash + 1));
    return numbered ? text.substr(0, open) : text;
}

std::string normalise_unit_number(std::string_view raw) {
    return squeeze(raw);
}
std::string normalise_account(std::string_view raw) {
    return squeeze(raw);
}

bool known_identifier_kind(std::string_view kind) {
    constexpr std::array<std::string_view, 5> kinds{
        "identity", "uscc", "real-estate-unit", "fund-account", "bank-card"};
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

std::string normalise_identifier(std::string_view kind, std::string_view raw) {
    if (kind == "identity") return normalise_identity(raw);
    if (kind == "uscc") return normalise_uscc(raw);
    if (kind == "real-estate-unit") return normalise_unit_number(raw);
    return normalise_account(raw);
}

char citizen_check_character(std::string_view seventeen_digits) {
    int sum = 0;
    for (std::size_t i = 0; i < citizen_weights.size(); ++i)
        sum += (seventeen_digits[i] - '0') * citizen_weights[i];
    return citizen_checks[static_cast<std::size_t>(sum % 11)];
}

std::string upgrade_citizen_number(std::string_view fifteen_digits) {
    if (fifteen_digits.size() != 15 || !digits(fifteen_digits)) return "";
    // 996-999 were given to people over a hundred when the numbers began.
    const std::string_view century = fifteen_digits.substr(12) >= "996" ? "18" : "19";
    std::string number = std::string(fifteen_digits.substr(0, 6)) + std::string(century);
    number += fifteen_digits.substr(6);
    number += citizen_check_character(number);
    return number;
}

CitizenNumber read_citizen_number(std::string_view raw, Date today) {
    CitizenNumber result;
    std::string text = normalise_identity(raw);
    if (length(text) != 15 && length(text) != 18) {
        result.fault = CitizenFault::length;
        return result;
    }
    const bool old = text.size() == 15;
    const bool last_fits =
        old || (text.size() == 18 && (text[17] == 'X' || digits(text.substr(17))));
    if (!last_fits || !digits(std::string_view(text).substr(0, old ? 15 : 17))) {
        result.fault = CitizenFault::characters;
        return result;
    }
    if (old) text = upgrade_citizen_number(text);
    result.upgraded = old;
    result.number = text;
    result.division = text.substr(0, 6);
    result.male = (text[16] - '0') % 2 == 1;
    const std::string_view born = std::string_view(text).substr(6, 8);
    const Result<Date> date = make_date(
        number_of(born.substr(0, 4)), number_of(born.substr(4, 2)), number_of(born.substr(6, 2)));
    if (!date.ok()) {
        result.fault = CitizenFault::date;
        return result;
    }
    result.born = *date;
    const std::int64_t days = days_since_1970(today) - days_since_1970(*date);
    if (date->year < 1880 || days < 0 || days > 120LL * 366) {
        result.fault = CitizenFault::age;
    } else if (citizen_check_character(text) != text[17]) {
        result.fault = CitizenFault::check_digit;
    }
    return result;
}

bool is_residence_permit(std::string_view number) {
    if (number.size() != 18 || !digits(number.substr(0, 17))) return false;
    const std::string_view head = number.substr(0, 6);
    const bool place = head == "810000" || head == "820000" || head == "830000";
    return place && citizen_check_character(number) == number[17];
}

bool is_foreign_permit(std::string_view number) {
    if (number.size() == 18 && number.front() == '9' && digits(number.substr(0, 17))) {
        return citizen_check_character(number) == number[17];
    }
    const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
    return number.size() == 15 && std::all_of(number.begin(), number.begin() + 3, capital) &&
           digits(number.substr(3));
}

char uscc_check_character(std::string_view seventeen) {
    if (seventeen.size() < 17) return '\0';
    int sum = 0;
    for (std::size_t i = 0; i < uscc_weights.size(); ++i) {
        const std::size_t value = uscc_alphabet.find(seventeen[i]);
        if (value == std::string_view::npos) return '\0';
        sum += static_cast<int>(value) * uscc_weights[i];
    }
    return uscc_alphabet[static_cast<std::size_t>((31 - sum % 31) % 31)];
}

bool valid_organisation_code(std::string_view nine) {
    constexpr std::array<int, 8> weights{3, 7, 9, 10, 5, 8, 4, 2};
    if (nine.size() != 9) return false;
    int sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const char c = nine[i];
        const bool letter = c >= 'A' && c <= 'Z';
        if (!letter && !(c >= '0' && c <= '9')) return false;
        sum += (letter ? c - 'A' + 10 : c - '0') * weights[i];
    }
    const int rest = 11 - sum % 11;
    const char check = rest == 10 ? 'X' : rest == 11 ? '0' : static_cast<char>('0' + rest);
    return nine[8] == check;
}

bool valid_uscc(std::string_view code) {
    if (code.size() != 18 || !digits(code.substr(2, 6))) return false;
    const char check = uscc_check_character(code);
    return check != '\0' && check == code[17];
}

std::optional<UnitNumber> read_unit_number(std::string_view number) {
    // county 6, district 3, sub-district 3 | parcel kind 2, parcel 5 | fixture kind 1, unit 8
    const auto one_of = [](char c, std::string_view letters) {
        return letters.find(c) != std::string_view::npos;
    };
    const bool shaped = number.size() == 28 && digits(number.substr(0, 12)) &&
                        one_of(number[12], "GJZ") && one_of(number[13], "ABSXCDEFGHWY") &&
                        digits(number.substr(14, 5)) && one_of(number[19], "FLQW") &&
                        digits(number.substr(20));
    if (!shaped) return std::nullopt;
    UnitNumber unit{
        std::string(number.substr(0, 6)), std::string(number.substr(0, 19)), number[19]};
    // Without a fixture there is no unit to number.
    if (unit.fixture == 'W' && number.substr(20) != "00000000") return std::nullopt;
    return unit;
}

bool valid_fund_account(std::string_view account) {
    if (account.size() < 6 || account.size() > 20) return false;
    return std::all_of(account.begin(), account.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    });
}

bool valid_bank_card(std::string_view number) {
    if (number.size() < 12 || number.size() > 19 || !digits(number)) return false;
    int sum = 0;
    for (std::size_t i = 0; i < number.size(); ++i) {
        int digit = number[number.size() - 1 - i] - '0';
        if (i % 2 == 1) {
            digit *= 2;
            if (digit > 9) digit -= 9;
        }
        sum += digit;
    }
    return sum % 10 == 0;
}

}  // namespace tongban::schemas
