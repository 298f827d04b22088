#include "hub/cases/internal/numbers.h"

#include <string_view>

namespace tongban::cases::internal {
namespace {

constexpr std::string_view letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";  // no I, L, O, U
constexpr std::size_t prime = 31;  // weights differ modulo a prime, so exchanged characters show

char check_of(std::string_view text) {
    std::size_t sum = 0;
    std::size_t weight = 1;
    for (const char character : text) {
        const std::size_t value = letters.find(character);
        if (value == std::string_view::npos) continue;
        weight = weight * 3 % prime;
        sum = (sum + (value + 1) * weight) % prime;
    }
    return letters[sum];
}

}  // namespace

std::string citizens_number(std::int64_t case_id, Date opened) {
    std::string digits;
    for (auto left = static_cast<std::uint64_t>(case_id); left != 0; left /= letters.size())
        digits.insert(digits.begin(), letters[left % letters.size()]);
    std::string number = compact(opened) + "-" + digits;
    number += '-';
    number += check_of(std::string_view(number).substr(0, number.size() - 1));
    return number;
}

bool is_citizens_number(std::string_view number) {
    if (number.size() < 12 || number[8] != '-' || number[number.size() - 2] != '-') return false;
    return number.back() == check_of(number.substr(0, number.size() - 2));
}

}  // namespace tongban::cases::internal
