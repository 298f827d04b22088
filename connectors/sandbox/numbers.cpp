#include "connectors/sandbox/numbers.h"

#include <array>
#include <cstdint>
#include <vector>

#include "base/check.h"

namespace tongban::sandbox {

namespace {

constexpr std::string_view credit_alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr std::string_view organisation_alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

// Where people were first registered: two in three at home, the rest elsewhere, some in divisions
// that no longer exist.
const std::vector<std::string>& birth_divisions() {
    static const std::vector<std::string> divisions = {"610102",
                                                       "610103",
                                                       "610104",
                                                       "610111",
                                                       "610112",
                                                       "610113",
                                                       "610114",
                                                       "610115",
                                                       "610116",
                                                       "610124",
                                                       "640104",
                                                       "640105",
                                                       "640106",
                                                       "640121",
                                                       "640122",
                                                       "640181",
                                                       "610121"};
    return divisions;
}

std::int64_t number_in(std::string_view alphabet, char c) {
    const auto at = alphabet.find(c);
    TONGBAN_CHECK(at != std::string_view::npos, "sandbox.alphabet");
    return static_cast<std::int64_t>(at);
}

}  // namespace

char identity_check_digit(std::string_view first_17) {
    constexpr std::array<int, 17> weights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    TONGBAN_CHECK(first_17.size() == weights.size(), "sandbox.identity.length");
    int sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i)
        sum += (first_17[i] - '0') * weights[i];
    return std::string_view("10X98765432")[static_cast<std::size_t>(sum % 11)];
}

std::string identity_number(Random& random, Date birth, Sex sex) {
    std::string number = random.pick(birth_divisions()) + compact(birth);
    // 996 to 999 were kept for centenarians.
    std::int64_t sequence = random.between(1, 497) * 2;
    if (sex == Sex::male) --sequence;
    number += padded(sequence, 3);
    number += identity_check_digit(number);
    return number;
}

std::string old_identity_number(std::string_view number) {
    TONGBAN_CHECK(number.size() == 18 && number.substr(6, 2) == "19", "sandbox.identity.century");
    return std::string(number.substr(0, 6)) + std::string(number.substr(8, 9));
}

std::string with_wrong_check_digit(std::string_view number) {
    std::string wrong(number);
    wrong.back() = wrong.back() == 'X'   ? '0'
                   : wrong.back() == '9' ? '1'
                                         : static_cast<char>(wrong.back() + 1);
    return wrong;
}

char organisation_check_digit(std::string_view first_8) {
    constexpr std::array<int, 8> weights = {3, 7, 9, 10, 5, 8, 4, 2};
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i)
        sum += number_in(organisation_alphabet, first_8[i]) * weights[i];
    const std::int64_t check = 11 - sum % 11;
    if (check == 10) return 'X';
    return check == 11 ? '0' : static_cast<char>('0' + check);
}

char credit_check_digit(std::string_view first_17) {
    std::int64_t sum = 0;
    std::int64_t weight = 1;
    for (const char c : first_17) {
        sum += number_in(credit_alphabet, c) * weight;
        weight = weight * 3 % 31;
    }
    return credit_alphabet[static_cast<std::size_t>((31 - sum % 31) % 31)];
}

std::string credit_code(Random& random, std::string_view division) {
    std::string organisation = "MA";
    for (int i = 0; i < 6; ++i) {
        organisation += credit_alphabet[static_cast<std::size_t>(random.between(0, 30))];
    }
    organisation += organisation_check_digit(organisation);
    std::string code = "91" + std::string(division) + organisation;
    code += credit_check_digit(code);
    return code;
}

std::string digits(Random& random, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += static_cast<char>('0' + random.between(0, 9));
    return text;
}

std::string padded(std::int64_t number, std::size_t width) {
    std::string text = std::to_string(number);
    return text.size() >= width ? text : std::string(width - text.size(), '0') + text;
}

std::string unit_number(Random& random, std::string_view county) {
    std::string number = std::string(county) + padded(random.between(1, 20), 3);
    number += padded(random.between(1, 40), 3) + "GB";
    number += padded(random.between(1, 999), 5) + "F";
    number += padded(random.between(1, 60), 4);
    return number + padded(random.between(1, 240), 4);
}

std::string yuan(std::int64_t fen) {
    const std::int64_t whole = fen < 0 ? -fen : fen;
    return (fen < 0 ? "-" : "") + hundredths(whole);
}

std::string ten_thousand_yuan(std::int64_t fen) {
    TONGBAN_CHECK(fen >= 0 && fen % 100 == 0, "sandbox.ten_thousand");
    const std::int64_t whole = fen / 100;
    return std::to_string(whole / 10000) + "." + padded(whole % 10000, 4);
}

std::string hundredths(std::int64_t value) {
    return std::to_string(value / 100) + "." + padded(value % 100, 2);
}

}  // namespace tongban::sandbox
