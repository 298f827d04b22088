#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <string>

#include "base/text.h"
#include "mapping/internal/codecs.h"

namespace tongban::mapping {

using schemas::Decimal;
using schemas::Share;
using schemas::Value;

namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

bool all_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// value * 10 + digit, or empty when it would not fit.
std::optional<std::int64_t> append_digit(std::int64_t value, int digit) {
    if (value > (largest - digit) / 10) return std::nullopt;
    return value * 10 + digit;
}

CodecFault number_fault(const Codec& codec, Fixed::State state) {
    const bool whole = codec.kind == CodecKind::integer || codec.scale == 0;
    if (state == Fixed::State::too_large) {
        return malformed("map.decimal.range",
                         "数值超出可表示的范围，请核对后重新报送。",
                         "The number is larger than can be held: check it and send again.");
    }
    if (whole) {
        return malformed("map.integer.malformed",
                         "应为整数，请核对后重新报送。",
                         "A whole number is expected: check it and send again.");
    }
    if (state == Fixed::State::inexact) {
        return malformed(
            "map.decimal.inexact",
            "小数位数超出该字段的精度，请核对后重新报送。",
            "The number has more decimals than the field holds: check it and send again.");
    }
    switch (codec.ratio) {
        case RatioForm::plain:
            break;
        case RatioForm::fraction:
            return malformed("map.decimal.malformed",
                             "比例应为小数，形如 0.12，请核对后重新报送。",
                             "The ratio must be a fraction, as 0.12: check it and send again.");
        case RatioForm::percent:
            return malformed("map.decimal.malformed",
                             "比例应为百分数，形如 12.00，请核对后重新报送。",
                             "The ratio must be in per cent, as 12.00: check it and send again.");
        case RatioForm::percent_sign:
            return malformed(
                "map.decimal.malformed",
                "比例应带百分号，形如 12%，请核对后重新报送。",
                "The ratio must be in per cent with its sign, as 12%: check it and send again.");
    }
    return malformed("map.decimal.malformed",
                     "应为数字，形如 12.34，请核对后重新报送。",
                     "A number is expected, as 12.34: check it and send again.");
}

CodecFault share_fault() {
    return malformed(
        "map.share.malformed",
        "权利比例应为 1/2、50%、0.5 或“二分之一”，且大于零、不超过一，请核对后重新报送。",
        "The share must be 1/2, 50%, 0.5 or 二分之一, above zero and at most one: check it and "
        "send again.");
}

std::optional<Share> reduced(std::int64_t numerator, std::int64_t denominator) {
    if (numerator <= 0 || denominator <= 0 || numerator > denominator) return std::nullopt;
    const std::int64_t common = std::gcd(numerator, denominator);
    return Share{numerator / common, denominator / common};
}

std::optional<std::int64_t> small_integer(std::string_view text) {
    if (!all_digits(text) || text.size() > 12) return std::nullopt;
    return parse_fixed(text, 0).units;
}

// "0.5" is a ratio, "50" and "50.0" are per cent; "1" is the whole.
std::optional<Share> share_of_number(std::string_view text, bool per_cent) {
    constexpr std::int32_t scale = 8;
    constexpr std::int64_t one = 100'000'000;
    const Fixed fixed = parse_fixed(text, scale);
    if (fixed.state != Fixed::State::ok || fixed.units > 100 * one) return std::nullopt;
    return reduced(fixed.units, per_cent || fixed.units > one ? 100 * one : one);
}

std::optional<Share> share_of_words(std::string_view text) {
    const std::u32string points = code_points(text);
    const std::size_t of = points.find(U"分之");
    if (of == std::u32string::npos) return std::nullopt;
    const auto denominator = chinese_integer(std::u32string_view(points).substr(0, of));
    const auto numerator = chinese_integer(std::u32string_view(points).substr(of + 2));
    if (!denominator || !numerator) return std::nullopt;
    return reduced(*numerator, *denominator);
}

std::optional<Share> share_of(std::string_view raw) {
    std::string text;
    for (const char c : fold_width(raw)) {
        if (c != ' ') text += c;
    }
    if (text.ends_with('%'))
        return share_of_number(std::string_view(text).substr(0, text.size() - 1), true);
    if (const std::size_t slash = text.find('/'); slash != std::string::npos) {
        const auto numerator = small_integer(std::string_view(text).substr(0, slash));
        const auto denominator = small_integer(std::string_view(text).substr(slash + 1));
        if (!numerator || !denominator) return std::nullopt;
        return reduced(*numerator, *denominator);
    }
    if (std::optional<Share> number = share_of_number(text, false)) return number;
    return share_of_words(text);
}

}  // namespace

CodecFault malformed(std::string code, std::string zh, std::string en) {
    return {std::move(code),
            schemas::Severity::return_,
            schemas::Mender::sender,
            std::move(zh),
            std::move(en)};
}

Fixed parse_fixed(std::string_view text, std::int32_t scale) {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    const std::size_t point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    const std::string_view part =
        point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
    if (!all_digits(whole) || (point != std::string_view::npos && !all_digits(part))) return {};
    std::int64_t units = 0;
    const auto take = [&units](char c) {
        const std::optional<std::int64_t> next = append_digit(units, c - '0');
        if (next) units = *next;
        return next.has_value();
    };
    for (const char c : whole) {
        if (!take(c)) return {Fixed::State::too_large, 0};
    }
    const auto places = static_cast<std::size_t>(scale);
    for (std::size_t i = 0; i < places; ++i) {
        if (!take(i < part.size() ? part[i] : '0')) return {Fixed::State::too_large, 0};
    }
    const std::string_view beyond = part.size() > places ? part.substr(places) : std::string_view();
    if (beyond.find_first_not_of('0') != std::string_view::npos) return {Fixed::State::inexact, 0};
    return {Fixed::State::ok, negative ? -units : units};
}

std::string print_fixed(std::int64_t units, std::int32_t scale, std::int32_t places) {
    std::string text = schemas::canonical_text({Decimal{units, scale}, {}});
    if (scale == 0)
        return places > 0 ? text + "." + std::string(static_cast<std::size_t>(places), '0') : text;
    const std::size_t least = text.find('.') + 1 + static_cast<std::size_t>(std::max(places, 0));
    while (text.size() > least && text.back() == '0')
        text.pop_back();
    if (text.size() < least) text.append(least - text.size(), '0');
    if (text.back() == '.') text.pop_back();
    return text;
}

Coded<Value> read_decimal(const Codec& codec, std::string_view text) {
    constexpr std::string_view wide_sign = "\xEF\xBC\x85";  // ％
    bool per_cent = codec.ratio == RatioForm::percent;
    const std::size_t sign = text.ends_with('%')         ? 1
                             : text.ends_with(wide_sign) ? wide_sign.size()
                                                         : 0;
    if (codec.ratio == RatioForm::percent_sign && sign == 0) {
        return {std::nullopt, number_fault(codec, Fixed::State::malformed)};
    }
    if (sign > 0 && codec.ratio != RatioForm::plain) {
        // A written per-cent sign says more than the column's habit.
        per_cent = true;
        text.remove_suffix(sign);
        while (text.ends_with(' '))
            text.remove_suffix(1);
    }
    const Fixed fixed = parse_fixed(text, per_cent ? codec.scale - 2 : codec.scale);
    if (fixed.state != Fixed::State::ok) return {std::nullopt, number_fault(codec, fixed.state)};
    return {Value{Decimal{fixed.units, codec.scale}, {}}, std::nullopt};
}

Coded<std::string> write_decimal(const Codec& codec, const Decimal& decimal) {
    const bool chosen = codec.places >= 0;
    switch (codec.ratio) {
        case RatioForm::plain:
            return {
                print_fixed(decimal.units, decimal.scale, chosen ? codec.places : decimal.scale),
                {}};
        case RatioForm::fraction:
            return {print_fixed(decimal.units, decimal.scale, chosen ? codec.places : 2), {}};
        case RatioForm::percent:
            return {print_fixed(decimal.units, decimal.scale - 2, chosen ? codec.places : 2), {}};
        case RatioForm::percent_sign:
            return {print_fixed(decimal.units, decimal.scale - 2, chosen ? codec.places : 0) + "%",
                    {}};
    }
    return {};
}

Coded<Value> read_share(std::string_view text) {
    const std::optional<Share> share = share_of(text);
    if (!share) return {std::nullopt, share_fault()};
    return {Value{*share, {}}, std::nullopt};
}

Coded<std::string> write_share(const Codec& codec, const Share& share) {
    if (codec.share == ShareForm::fraction) {
        return {std::to_string(share.numerator) + "/" + std::to_string(share.denominator),
                std::nullopt};
    }
    constexpr std::int64_t precision = 10'000;
    const bool fits = share.numerator <= largest / precision;
    if (!fits || share.numerator * precision % share.denominator != 0) {
        CodecFault fault = malformed(
            "map.share.inexact",
            "该比例不能用四位小数精确表示，请与接收方约定分数形式。",
            "The share has no exact form in four decimals: agree on fractions with the receiver.");
        fault.mender = schemas::Mender::receiver;
        return {std::nullopt, std::move(fault)};
    }
    const std::int64_t units = share.numerator * precision / share.denominator;
    if (codec.share == ShareForm::percent) return {print_fixed(units, 2, 2) + "%", std::nullopt};
    return {print_fixed(units, 4, 1), std::nullopt};
}

std::optional<std::int64_t> chinese_integer(std::u32string_view text) {
    constexpr std::u32string_view digits = U"零一二三四五六七八九";
    constexpr std::u32string_view capitals = U"〇壹贰叁肆伍陆柒捌玖";
    std::int64_t total = 0;
    std::int64_t digit = 0;
    std::int64_t last_unit = 10'000;
    bool digit_open = false;
    for (const char32_t c : text) {
        std::size_t value = digits.find(c == U'两' ? U'二' : c);
        if (value == std::u32string_view::npos) value = capitals.find(c);
        if (value != std::u32string_view::npos) {
            if (digit_open && digit != 0) return std::nullopt;
            digit = static_cast<std::int64_t>(value);
            digit_open = true;
            continue;
        }
        std::int64_t unit = 0;
        if (c == U'十' || c == U'拾') unit = 10;
        if (c == U'百' || c == U'佰') unit = 100;
        if (c == U'千' || c == U'仟') unit = 1000;
        // Units only fall; a unit without a digit is 十 for 一十 and 百 for 一百, at the front.
        if (unit == 0 || unit >= last_unit || (digit_open && digit == 0) ||
            (!digit_open && total != 0))
            return std::nullopt;
        total += (digit_open ? digit : 1) * unit;
        last_unit = unit;
        digit_open = false;
        digit = 0;
    }
    if (text.empty()) return std::nullopt;
    return total + digit;
}

}  // namespace tongban::mapping
