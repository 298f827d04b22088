// Numbers: int is checked for overflow, decimal is a scaled integer, money is whole fen, a share a
// reduced fraction. Nothing rounds unless its caller names how; what does not fit is undecided:
// arithmetic, never a wrong number.
#include <array>
#include <numeric>
#include <optional>

#include "mapping/cel/functions.h"

namespace tongban::mapping::cel {
namespace {

using schemas::Decimal;
using schemas::Money;
using schemas::Share;
__extension__ using Wide = __int128;

constexpr int max_scale = 18;
const Datum overflow{Undecided{Cause::arithmetic}};

std::optional<std::int64_t> narrow(Wide wide) {
    if (wide > INT64_MAX || wide < INT64_MIN) return std::nullopt;
    return static_cast<std::int64_t>(wide);
}

Wide power_of_ten(int exponent) {  // 0 to 37
    Wide result = 1;
    for (int i = 0; i < exponent; ++i)
        result *= 10;
    return result;
}

std::optional<Decimal> decimal_from(Wide units, int scale) {
    while (scale > 0 && units % 10 == 0 &&
           (scale > max_scale || units > INT64_MAX || units < INT64_MIN)) {
        units /= 10;
        --scale;
    }
    const auto fitting = narrow(units);
    if (!fitting || scale > max_scale) return std::nullopt;
    return Decimal{*fitting, scale};
}

struct Aligned {
    Wide a;
    Wide b;
    int scale;
};

Aligned align(const Decimal& a, const Decimal& b) {
    const int scale = a.scale > b.scale ? a.scale : b.scale;
    return {
        a.units * power_of_ten(scale - a.scale), b.units * power_of_ten(scale - b.scale), scale};
}

// numerator / denominator (not 0) to a whole number.
Wide divided(Wide numerator, Wide denominator, Rounding rounding) {
    if (denominator < 0) {
        numerator = -numerator;
        denominator = -denominator;
    }
    const Wide whole = numerator / denominator;
    const Wide rest = numerator < 0 ? -(numerator % denominator) : numerator % denominator;
    if (rest == 0) return whole;
    const Wide away = numerator < 0 ? whole - 1 : whole + 1;
    const Wide missing = denominator - rest;
    switch (rounding) {
        case Rounding::up:
            return away;
        case Rounding::down:
            return whole;
        case Rounding::half_up:
            return rest >= missing ? away : whole;
        case Rounding::half_even:
            return rest > missing || (rest == missing && whole % 2 != 0) ? away : whole;
    }
    return whole;
}

template <typename T>
Datum or_overflow(const std::optional<T>& value) {
    return value ? Datum(*value) : overflow;
}

Datum money_or_overflow(Wide fen) {
    const auto fitting = narrow(fen);
    return fitting ? Datum(Money{*fitting}) : overflow;
}

Datum share_from(Wide numerator, Wide denominator) {
    if (denominator == 0) return overflow;
    if (denominator < 0) {
        numerator = -numerator;
        denominator = -denominator;
    }
    Wide a = numerator < 0 ? -numerator : numerator;
    Wide b = denominator;
    while (b != 0) {
        const Wide next = a % b;
        a = b;
        b = next;
    }
    const auto top = narrow(numerator / a);
    const auto bottom = narrow(denominator / a);
    return top && bottom ? Datum(Share{*top, *bottom}) : overflow;
}

using Arguments = std::span<const Datum>;

Datum plus(Arguments a, Scene& /*scene*/) {
    return add(a[0], a[1]);
}

Datum minus(Arguments a, Scene& /*scene*/) {
    if (const auto* money = a[0].get<Money>())
        return money_or_overflow(Wide{money->fen} - a[1].as<Money>().fen);
    if (const auto* share = a[0].get<Share>()) {
        const auto& other = a[1].as<Share>();
        return share_from(
            Wide{share->numerator} * other.denominator - Wide{other.numerator} * share->denominator,
            Wide{share->denominator} * other.denominator);
    }
    const auto* x = a[0].get<std::int64_t>();
    const auto* y = a[1].get<std::int64_t>();
    if (x != nullptr && y != nullptr) return or_overflow(narrow(Wide{*x} - *y));
    const Aligned both = align(decimal_of(a[0]), decimal_of(a[1]));
    return or_overflow(decimal_from(both.a - both.b, both.scale));
}

Datum negated(Arguments a, Scene& /*scene*/) {
    if (const auto* money = a[0].get<Money>()) return money_or_overflow(-Wide{money->fen});
    if (const auto* number = a[0].get<std::int64_t>()) return or_overflow(narrow(-Wide{*number}));
    const Decimal value = decimal_of(a[0]);
    return or_overflow(decimal_from(-Wide{value.units}, value.scale));
}

Datum times(Arguments a, Scene& /*scene*/) {
    if (const auto* money = a[0].get<Money>())
        return money_or_overflow(Wide{money->fen} * a[1].as<std::int64_t>());
    if (const auto* money = a[1].get<Money>())
        return money_or_overflow(Wide{money->fen} * a[0].as<std::int64_t>());
    const auto* x = a[0].get<std::int64_t>();
    const auto* y = a[1].get<std::int64_t>();
    if (x != nullptr && y != nullptr) return or_overflow(narrow(Wide{*x} * *y));
    const Decimal left = decimal_of(a[0]);
    const Decimal right = decimal_of(a[1]);
    return or_overflow(decimal_from(Wide{left.units} * right.units, left.scale + right.scale));
}

Datum remainder(Arguments a, Scene& /*scene*/) {
    const auto divisor = a[1].as<std::int64_t>();
    if (divisor == 0) return overflow;
    return or_overflow(narrow(Wide{a[0].as<std::int64_t>()} % divisor));
}

Datum less(Arguments a, Scene& /*scene*/) {
    return compare(a[0], a[1]) < 0;
}
Datum less_or_equal(Arguments a, Scene& /*scene*/) {
    return compare(a[0], a[1]) <= 0;
}
Datum greater(Arguments a, Scene& /*scene*/) {
    return compare(a[0], a[1]) > 0;
}
Datum greater_or_equal(Arguments a, Scene& /*scene*/) {
    return compare(a[0], a[1]) >= 0;
}

Datum absolute(Arguments a, Scene& scene) {
    if (const auto* money = a[0].get<Money>()) return money->fen < 0 ? negated(a, scene) : a[0];
    if (const auto* number = a[0].get<std::int64_t>())
        return *number < 0 ? negated(a, scene) : a[0];
    return decimal_of(a[0]).units < 0 ? negated(a, scene) : a[0];
}

Datum lesser(Arguments a, Scene& /*scene*/) {
    return compare(a[1], a[0]) < 0 ? a[1] : a[0];
}
Datum larger(Arguments a, Scene& /*scene*/) {
    return compare(a[1], a[0]) > 0 ? a[1] : a[0];
}

Datum read_decimal(Arguments a, Scene& /*scene*/) {
    Decimal value;
    return parse_decimal(a[0].text(), value) ? Datum(value) : overflow;
}

Datum widen(Arguments a, Scene& /*scene*/) {
    return decimal_of(a[0]);
}

Datum read_money(Arguments a, Scene& /*scene*/) {
    Money value;
    return parse_money(a[0].text(), value) ? Datum(value) : overflow;
}

Datum make_share(Arguments a, Scene& /*scene*/) {
    return share_from(a[0].as<std::int64_t>(), a[1].as<std::int64_t>());
}

// numerator * 10^exponent / denominator; nothing when the intermediate would not fit.
std::optional<Wide> scaled_quotient(Wide numerator,
                                    Wide denominator,
                                    int exponent,
                                    Rounding rounding) {
    if (denominator == 0 || exponent > 19 || exponent < -19) return std::nullopt;
    if (exponent >= 0) return divided(numerator * power_of_ten(exponent), denominator, rounding);
    return divided(numerator, denominator * power_of_ten(-exponent), rounding);
}

Datum to_scale(const std::optional<Wide>& units, std::int64_t scale) {
    if (!units) return overflow;
    const auto fitting = narrow(*units);
    if (!fitting) return overflow;
    return Decimal{*fitting, static_cast<std::int32_t>(scale)};
}

bool usable_scale(std::int64_t scale) {
    return scale >= 0 && scale <= max_scale;
}

Datum divide(Arguments a, Scene& /*scene*/) {
    const Decimal x = decimal_of(a[0]);
    const Decimal y = decimal_of(a[1]);
    const auto scale = a[2].as<std::int64_t>();
    if (!usable_scale(scale)) return overflow;
    const int exponent = static_cast<int>(scale) + y.scale - x.scale;
    return to_scale(scaled_quotient(x.units, y.units, exponent, rounding_of(a[3].text())), scale);
}

Datum ratio(Arguments a, Scene& /*scene*/) {
    const auto scale = a[2].as<std::int64_t>();
    if (!usable_scale(scale)) return overflow;
    return to_scale(scaled_quotient(a[0].as<Money>().fen,
                                    a[1].as<Money>().fen,
                                    static_cast<int>(scale),
                                    rounding_of(a[3].text())),
                    scale);
}

Datum rounded(Arguments a, Scene& /*scene*/) {
    const Decimal x = decimal_of(a[0]);
    const auto scale = a[1].as<std::int64_t>();
    if (!usable_scale(scale)) return overflow;
    return to_scale(
        scaled_quotient(x.units, 1, static_cast<int>(scale) - x.scale, rounding_of(a[2].text())),
        scale);
}

Datum portion(Arguments a, Scene& /*scene*/) {  // money times a decimal, rounded to fen
    const Decimal factor = decimal_of(a[1]);
    const Wide product = Wide{a[0].as<Money>().fen} * factor.units;
    return money_or_overflow(
        divided(product, power_of_ten(factor.scale), rounding_of(a[2].text())));
}

Datum yuan(Arguments a, Scene& /*scene*/) {
    return Decimal{a[0].as<Money>().fen, 2};
}

// Equal instalments (等额本息): P r (1+r)^n / ((1+r)^n - 1), r the twelfth of the yearly rate.
// Fixed point with 14 digits, each product rounded half up: the same on every machine, and exact to
// the fen for any loan a fund gives.
Datum instalment(Arguments a, Scene& scene) {
    constexpr std::int64_t one = 100'000'000'000'000;
    const auto fen = a[0].as<Money>().fen;
    const Decimal rate = decimal_of(a[1]);
    const Decimal term = decimal_of(a[2]);
    const auto months = scaled_quotient(term.units, 1, -term.scale, Rounding::up);
    if (!months || *months < 1 || *months > 1200 || fen < 0 || fen > 100'000'000'000)
        return overflow;
    const Rounding mode = rounding_of(a[3].text());
    const auto monthly = scaled_quotient(rate.units, 12, 14 - rate.scale, Rounding::half_up);
    if (!monthly || *monthly < 0 || *monthly > one / 10) return overflow;
    if (*monthly == 0) return money_or_overflow(divided(fen, *months, mode));
    if (!spend(scene, static_cast<std::size_t>(*months))) return Datum(Undecided{Cause::limit});
    Wide growth = one;
    for (Wide i = 0; i < *months; ++i) {
        growth = divided(growth * (one + *monthly), one, Rounding::half_up);
        if (growth > Wide{one} * 1'000'000) return overflow;
    }
    const Wide factor =
        divided(*monthly * growth, growth - one, Rounding::half_up);  // scaled by `one`
    return money_or_overflow(divided(fen * factor, one, mode));
}

constexpr std::array table{
    Function{"+(int, int) int", plus},
    Function{"+(decimal, decimal) decimal", plus},
    Function{"+(money, money) money", plus},
    Function{"+(share, share) share", plus},
    Function{"-(int, int) int", minus},
    Function{"-(decimal, decimal) decimal", minus},
    Function{"-(money, money) money", minus},
    Function{"-(share, share) share", minus},
    Function{"-(int) int", negated},
    Function{"-(decimal) decimal", negated},
    Function{"-(money) money", negated},
    Function{"*(int, int) int", times},
    Function{"*(decimal, decimal) decimal", times},
    Function{"*(money, int) money", times},
    Function{"*(int, money) money", times},
    Function{"%(int, int) int", remainder},
    Function{"<(decimal, decimal) bool", less},
    Function{"<(money, money) bool", less},
    Function{"<(date, date) bool", less},
    Function{"<(period, period) bool", less},
    Function{"<(timestamp, timestamp) bool", less},
    Function{"<(share, share) bool", less},
    Function{"<=(decimal, decimal) bool", less_or_equal},
    Function{"<=(money, money) bool", less_or_equal},
    Function{"<=(date, date) bool", less_or_equal},
    Function{"<=(period, period) bool", less_or_equal},
    Function{"<=(timestamp, timestamp) bool", less_or_equal},
    Function{"<=(share, share) bool", less_or_equal},
    Function{">(decimal, decimal) bool", greater},
    Function{">(money, money) bool", greater},
    Function{">(date, date) bool", greater},
    Function{">(period, period) bool", greater},
    Function{">(timestamp, timestamp) bool", greater},
    Function{">(share, share) bool", greater},
    Function{">=(decimal, decimal) bool", greater_or_equal},
    Function{">=(money, money) bool", greater_or_equal},
    Function{">=(date, date) bool", greater_or_equal},
    Function{">=(period, period) bool", greater_or_equal},
    Function{">=(timestamp, timestamp) bool", greater_or_equal},
    Function{">=(share, share) bool", greater_or_equal},
    Function{"abs(int) int", absolute},
    Function{"abs(decimal) decimal", absolute},
    Function{"abs(money) money", absolute},
    Function{"min(int, int) int", lesser},
    Function{"min(decimal, decimal) decimal", lesser},
    Function{"min(money, money) money", lesser},
    Function{"min(date, date) date", lesser},
    Function{"min(period, period) period", lesser},
    Function{"max(int, int) int", larger},
    Function{"max(decimal, decimal) decimal", larger},
    Function{"max(money, money) money", larger},
    Function{"max(date, date) date", larger},
    Function{"max(period, period) period", larger},
    Function{"decimal(literal) decimal", read_decimal},
    Function{"decimal(int) decimal", widen},
    Function{"money(literal) money", read_money},
    Function{"share(int, int) share", make_share},
    Function{"div(decimal, decimal, int, rounding) decimal", divide},
    Function{"ratio(money, money, int, rounding) decimal", ratio},
    Function{"rounded(decimal, int, rounding) decimal", rounded},
    Function{"portion(money, decimal, rounding) money", portion},
    Function{"yuan(money) decimal", yuan},
    Function{"instalment(money, decimal, decimal, rounding) money", instalment},
};

template <typename T>
int order(const T& a, const T& b) {
    return a < b ? -1 : (b < a ? 1 : 0);
}

}  // namespace

std::span<const Function> number_functions() {
    return table;
}

Datum add(const Datum& a, const Datum& b) {
    if (const auto* money = a.get<Money>())
        return money_or_overflow(Wide{money->fen} + b.as<Money>().fen);
    if (const auto* share = a.get<Share>()) {
        const auto& other = b.as<Share>();
        return share_from(
            Wide{share->numerator} * other.denominator + Wide{other.numerator} * share->denominator,
            Wide{share->denominator} * other.denominator);
    }
    const auto* x = a.get<std::int64_t>();
    const auto* y = b.get<std::int64_t>();
    if (x != nullptr && y != nullptr) return or_overflow(narrow(Wide{*x} + *y));
    const Aligned both = align(decimal_of(a), decimal_of(b));
    return or_overflow(decimal_from(both.a + both.b, both.scale));
}

int compare(const Datum& a, const Datum& b) {
    if (const auto* x = a.get<Money>()) return order(*x, b.as<Money>());
    if (const auto* x = a.get<Date>()) return order(*x, b.as<Date>());
    if (const auto* x = a.get<Period>()) return order(*x, b.as<Period>());
    if (const auto* x = a.get<Instant>()) return order(*x, b.as<Instant>());
    if (const auto* x = a.get<Text>()) return order(x->view, b.text());
    if (const auto* x = a.get<Share>()) {
        const auto& y = b.as<Share>();
        return order(Wide{x->numerator} * y.denominator, Wide{y.numerator} * x->denominator);
    }
    const Aligned both = align(decimal_of(a), decimal_of(b));
    return order(both.a, both.b);
}

Rounding rounding_of(std::string_view name) {
    if (name == "up") return Rounding::up;
    if (name == "down") return Rounding::down;
    return name == "half_even" ? Rounding::half_even : Rounding::half_up;
}

Decimal decimal_of(const Datum& number) {
    if (const auto* whole = number.get<std::int64_t>()) return {*whole, 0};
    return number.as<Decimal>();
}

bool parse_decimal(std::string_view text, Decimal& value) {
    const bool negative = !text.empty() && text[0] == '-';
    if (negative) text.remove_prefix(1);
    Wide units = 0;
    int scale = -1;  // no point yet
    std::size_t digits = 0;
    for (const char c : text) {
        if (c == '.' && scale < 0 && digits > 0) {
            scale = 0;
        } else if (c >= '0' && c <= '9') {
            units = units * 10 + (c - '0');
            if (scale >= 0) ++scale;
            if (++digits > 30) return false;
        } else {
            return false;
        }
    }
    if (digits == 0 || scale == 0 || scale > max_scale) return false;
    const auto fitting = narrow(negative ? -units : units);
    if (!fitting) return false;
    value = {*fitting, scale < 0 ? 0 : scale};
    return true;
}

bool parse_money(std::string_view text, Money& value) {
    Decimal decimal;
    if (!parse_decimal(text, decimal) || decimal.scale > 2) return false;
    const auto fen = narrow(decimal.units * power_of_ten(2 - decimal.scale));
    if (!fen) return false;
    value = {*fen};
    return true;
}

}  // namespace tongban::mapping::cel
