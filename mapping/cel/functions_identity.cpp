// Identity: the numbers of persons, organisations and homes, as schemas/identifiers.h reads them.
#include <array>
#include <string>

#include "mapping/cel/functions.h"
#include "schemas/identifiers.h"

namespace tongban::mapping::cel {
namespace {

using Arguments = std::span<const Datum>;
using schemas::CitizenFault;

Datum fixed(std::string_view word) {
    return Datum(Text{word, nullptr});
}

// "ok", or the first step of the ladder that fails (GB 11643).
Datum citizen_number(Arguments a, Scene& scene) {
    switch (schemas::read_citizen_number(a[0].text(), scene.as_of).fault) {
        case CitizenFault::none:
            return fixed("ok");
        case CitizenFault::length:
            return fixed("length");
        case CitizenFault::characters:
            return fixed("characters");
        case CitizenFault::date:
            return fixed("date");
        case CitizenFault::age:
            return fixed("age");
        case CitizenFault::check_digit:
            return fixed("check_digit");
    }
    return {};
}

Datum citizen_birth(Arguments a, Scene& scene) {
    const auto number = schemas::read_citizen_number(a[0].text(), scene.as_of);
    return number.born ? Datum(*number.born) : Datum();
}

// Code of list sex; undecided unless the number is sound to its date.
Datum citizen_sex(Arguments a, Scene& scene) {
    const auto number = schemas::read_citizen_number(a[0].text(), scene.as_of);
    if (!number.born || number.number.empty()) return {};
    return fixed(number.male ? "1" : "2");
}

// 18 characters, upgraded from 15; other texts as they are.
Datum upgraded(Arguments a, Scene& /*scene*/) {
    std::string longer = schemas::upgrade_citizen_number(a[0].text());
    return longer.empty() ? a[0] : owned(std::move(longer));
}

bool digits(std::string_view text) {
    return text.find_first_not_of("0123456789") == std::string_view::npos;
}

// The kind of document that this number's shape proves, as a code of list id-type; "" when the
// shape proves nothing.
Datum identity_kind(Arguments a, Scene& scene) {
    const std::string_view number = a[0].text();
    if (schemas::is_residence_permit(number)) return fixed("HMT_RESIDENCE");
    if (schemas::is_foreign_permit(number)) return fixed("FOREIGN_PR");
    const auto citizen = schemas::read_citizen_number(number, scene.as_of);
    if (citizen.fault == CitizenFault::none) return fixed("CN_ID");
    if (number.size() == 9 && (number[0] == 'H' || number[0] == 'M') && digits(number.substr(1)))
        return fixed(number[0] == 'H' ? "HK_PERMIT" : "MO_PERMIT");
    return fixed("");
}

Datum sound_uscc(Arguments a, Scene& /*scene*/) {
    return schemas::valid_uscc(a[0].text());
}
Datum sound_unit_number(Arguments a, Scene& /*scene*/) {
    return schemas::read_unit_number(a[0].text()).has_value();
}

Datum unit_division(Arguments a, Scene& /*scene*/) {
    const auto unit = schemas::read_unit_number(a[0].text());
    return unit ? owned(unit->division) : Datum();
}

// "F" a house stands on it, "W" nothing does, "L" wood, "Q" other.
Datum unit_fixture(Arguments a, Scene& /*scene*/) {
    const auto unit = schemas::read_unit_number(a[0].text());
    return unit ? owned(std::string(1, unit->fixture)) : Datum();
}

Datum sound_fund_account(Arguments a, Scene& /*scene*/) {
    return schemas::valid_fund_account(a[0].text());
}

constexpr std::array table{
    Function{"citizen_number(string) string", citizen_number},
    Function{"citizen_birth(string) date", citizen_birth},
    Function{"citizen_sex(string) string", citizen_sex},
    Function{"to_18(string) string", upgraded},
    Function{"identity_kind(string) string", identity_kind},
    Function{"uscc_valid(string) bool", sound_uscc},
    Function{"unit_number_valid(string) bool", sound_unit_number},
    Function{"unit_division(string) string", unit_division},
    Function{"unit_fixture(string) string", unit_fixture},
    Function{"fund_account_valid(string) bool", sound_fund_account},
};

}  // namespace

std::span<const Function> identity_functions() {
    return table;
}

}  // namespace tongban::mapping::cel
