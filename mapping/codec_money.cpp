#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "base/text.h"
#include "mapping/internal/codecs.h"

namespace tongban::mapping {

using schemas::Money;
using schemas::Value;

namespace {

constexpr std::int32_t wan_scale = 6;  // 1 万元 = 10^6 fen
constexpr std::u32string_view capitals = U"零壹贰叁肆伍陆柒捌玖";
constexpr std::int64_t capital_limit = 10'000'000'000'000'000;  // yuan: 万亿 is the largest unit

// "4,525,546.00" -> "4525546.00"; groups of three or none at all.
std::optional<std::string> without_thousands(std::string_view text) {
    const std::size_t end = std::min(text.find('.'), text.size());
    std::string out;
    std::size_t since_comma = 0;
    bool comma_seen = false;
    for (std::size_t i = 0; i < end; ++i) {
        const char c = text[i];
        if (c == ',') {
            if (since_comma == 0 || since_comma > 3 || (comma_seen && since_comma != 3))
                return std::nullopt;
            comma_seen = true;
            since_comma = 0;
            continue;
        }
        if (c != '-') ++since_comma;
        out += c;
    }
    if (comma_seen && since_comma != 3) return std::nullopt;
    return out.append(text.substr(end));
}

std::string with_thousands(const std::string& plain) {
    std::string out = plain;
    std::size_t at = std::min(out.find('.'), out.size());
    const std::size_t first = !out.empty() && out.front() == '-' ? 1 : 0;
    while (at > first + 3) {
        at -= 3;
        out.insert(at, 1, ',');
    }
    return out;
}

CodecFault money_fault(MoneyForm form, Fixed::State state) {
    if (state == Fixed::State::inexact) {
        if (form == MoneyForm::wan) {
            // Rule A-12: 万元 is taken only when it is a whole number of fen.
            return malformed(
                "map.money.inexact",
                "金额（万元）换算成分后不是整数，最多保留六位小数，请按元核对后重新报送。",
                "The amount in 万元 is not a whole number of fen (at most six decimals): check it "
                "in yuan and send again.");
        }
        return malformed(
            "map.money.inexact",
            "金额精确到分以下，请改为最多两位小数后重新报送。",
            "The amount is finer than a fen: give at most two decimals and send again.");
    }
    if (state == Fixed::State::too_large) {
        return malformed("map.money.range",
                         "金额超出可表示的范围，请核对后重新报送。",
                         "The amount is larger than can be held: check it and send again.");
    }
    switch (form) {
        case MoneyForm::yuan:
            break;
        case MoneyForm::yuan_thousands:
            return malformed("map.money.malformed",
                             "金额应为元，形如 4,525,546.00，请核对后重新报送。",
                             "The amount must be yuan, as 4,525,546.00: check it and send again.");
        case MoneyForm::wan:
            return malformed("map.money.malformed",
                             "金额应为万元，形如 234.0000，请核对后重新报送。",
                             "The amount must be 万元, as 234.0000: check it and send again.");
        case MoneyForm::fen:
            return malformed("map.money.malformed",
                             "金额应为整数分，请核对后重新报送。",
                             "The amount must be whole fen: check it and send again.");
        case MoneyForm::capital:
            return malformed(
                "map.money.malformed",
                "金额应为人民币大写，请核对后重新报送。",
                "The amount must be in Chinese capital numerals (大写): check it and send again.");
    }
    return malformed("map.money.malformed",
                     "金额应为元，形如 1234.56，请核对后重新报送。",
                     "The amount must be yuan, as 1234.56: check it and send again.");
}

std::u32string section_in_capitals(std::int64_t number) {  // 1..9999
    constexpr std::array<char32_t, 4> units{U'仟', U'佰', U'拾', U'\0'};
    std::u32string out;
    bool gap = false;
    std::int64_t weight = 1000;
    for (const char32_t unit : units) {
        const std::int64_t digit = number / weight % 10;
        weight /= 10;
        if (digit == 0) {
            gap = !out.empty();
            continue;
        }
        if (gap) out += U'零';
        gap = false;
        out += capitals[static_cast<std::size_t>(digit)];
        if (unit != U'\0') out += unit;
    }
    return out;
}

std::u32string myriads_in_capitals(std::int64_t number) {  // 1..99999999
    const std::int64_t high = number / 10'000;
    const std::int64_t low = number % 10'000;
    std::u32string out;
    if (high > 0) out = section_in_capitals(high) + U"万";
    if (high > 0 && low > 0 && low < 1000) out += U'零';
    if (low > 0) out += section_in_capitals(low);
    return out;
}

// One way of writing each sign, and the signs that carry no value left out.
std::u32string bare_capital(std::string_view text) {
    constexpr std::u32string_view variants = U"一二两三四五六七八九十百千圆圓貳贰叄參肆陸萬億兩";
    constexpr std::u32string_view standard = U"壹贰贰叁肆伍陆柒捌玖拾佰仟元元贰贰叁叁肆陆万亿贰";
    static_assert(variants.size() == standard.size());
    std::u32string out;
    for (const char32_t c : code_points(text)) {
        if (c == U'零' || c == U'〇' || c == U'整' || c == U'正' || c == U' ') continue;
        const std::size_t at = variants.find(c);
        out += at == std::u32string_view::npos ? c : standard[at];
    }
    if (out.starts_with(U"人民币")) out.erase(0, 3);
    return out;
}

struct CapitalReader {
    std::int64_t total = 0;    // whole 亿 and above, in yuan
    std::int64_t myriads = 0;  // below 亿, whole 万
    std::int64_t section = 0;  // below 万
    std::int64_t digit = 0;
    std::int64_t fen = 0;

    // The bound keeps every product below int64: no honest text comes near it.
    [[nodiscard]] bool fits() const {
        return total < capital_limit && myriads < capital_limit && section < capital_limit;
    }

    bool take(char32_t c) {
        const std::size_t value = capitals.find(c);
        if (value != std::u32string_view::npos) {
            if (digit != 0) return false;
            digit = static_cast<std::int64_t>(value);
            return true;
        }
        const auto close = [this](std::int64_t weight) {
            section += digit * weight;
            digit = 0;
            return true;
        };
        switch (c) {
            case U'拾':
                if (digit == 0) digit = 1;
                return close(10);
            case U'佰':
                return close(100);
            case U'仟':
                return close(1000);
            case U'万':
                close(1);
                myriads += section * 10'000;
                section = 0;
                return fits();
            case U'亿':
                close(1);
                total += (myriads + section) * 100'000'000;
                myriads = section = 0;
                return fits() && total >= 0;
            case U'元':
                return close(1);
            case U'角':
                fen += digit * 10;
                digit = 0;
                return true;
            case U'分':
                fen += digit;
                digit = 0;
                return true;
            default:
                return false;
        }
    }
};

}  // namespace

std::optional<std::string> capital_of_fen(std::int64_t fen) {
    const bool negative = fen < 0;
    const std::uint64_t magnitude =
        negative ? 0U - static_cast<std::uint64_t>(fen) : static_cast<std::uint64_t>(fen);
    const auto yuan = static_cast<std::int64_t>(magnitude / 100);
    const std::size_t jiao = magnitude / 10 % 10;
    const std::size_t last = magnitude % 10;
    if (yuan >= capital_limit) return std::nullopt;
    std::u32string out = negative ? U"负" : U"";
    const std::int64_t high = yuan / 100'000'000;
    const std::int64_t low = yuan % 100'000'000;
    if (high > 0) out += myriads_in_capitals(high) + U"亿";
    if (high > 0 && low > 0 && low < 10'000'000) out += U'零';
    if (low > 0) out += myriads_in_capitals(low);
    if (yuan > 0) out += U'元';
    if (magnitude == 0) out += U"零元";
    if (jiao == 0 && last > 0 && yuan > 0) out += U'零';
    if (jiao > 0) out += std::u32string{capitals[jiao], U'角'};
    if (last > 0) out += std::u32string{capitals[last], U'分'};
    if (last == 0) out += U'整';
    return to_utf8(out);
}

std::optional<std::int64_t> fen_of_capital(std::string_view text) {
    std::u32string bare = bare_capital(text);
    if (bare.size() > 64) return std::nullopt;
    const bool negative = bare.starts_with(U"负");
    CapitalReader reader;
    for (const char32_t c : std::u32string_view(bare).substr(negative ? 1 : 0)) {
        if (!reader.take(c)) return std::nullopt;
    }
    const std::int64_t yuan = reader.total + reader.myriads + reader.section;
    if (reader.digit != 0 || yuan < 0 || yuan >= capital_limit) return std::nullopt;
    const std::int64_t fen = (yuan * 100 + reader.fen) * (negative ? -1 : 1);
    // The reader is lax; writing the value again and comparing the signs that carry value makes the
    // whole strict.
    const std::optional<std::string> again = capital_of_fen(fen);
    const bool says_zero =
        text.find("零") != std::string_view::npos || text.find("〇") != std::string_view::npos;
    if (!again || bare.empty() || (fen == 0 && !says_zero)) return std::nullopt;
    std::u32string expected = bare_capital(*again);
    if (bare == expected) return fen;
    // 拾元 for 壹拾元 is what people write.
    if (const std::size_t ten = expected.find(U"壹拾"); ten == (negative ? 1U : 0U))
        expected.erase(ten, 1);
    return bare == expected ? std::optional<std::int64_t>(fen) : std::nullopt;
}

Coded<Value> read_money(const Codec& codec, std::string_view text) {
    Fixed fixed;
    switch (codec.money) {
        case MoneyForm::yuan:
            fixed = parse_fixed(text, 2);
            break;
        case MoneyForm::wan:
            fixed = parse_fixed(text, wan_scale);
            break;
        case MoneyForm::fen:
            fixed = parse_fixed(text, 0);
            break;
        case MoneyForm::yuan_thousands:
            if (const std::optional<std::string> plain = without_thousands(text))
                fixed = parse_fixed(*plain, 2);
            break;
        case MoneyForm::capital:
            if (const std::optional<std::int64_t> fen = fen_of_capital(text))
                fixed = {Fixed::State::ok, *fen};
            break;
    }
    if (fixed.state != Fixed::State::ok)
        return {std::nullopt, money_fault(codec.money, fixed.state)};
    return {Value{Money{fixed.units}, {}}, std::nullopt};
}

Coded<std::string> write_money(const Codec& codec, const Money& money) {
    switch (codec.money) {
        case MoneyForm::yuan:
            return {print_fixed(money.fen, 2, 2), std::nullopt};
        case MoneyForm::yuan_thousands:
            return {with_thousands(print_fixed(money.fen, 2, 2)), std::nullopt};
        case MoneyForm::wan:
            return {print_fixed(money.fen, wan_scale, codec.places < 0 ? 4 : codec.places),
                    std::nullopt};
        case MoneyForm::fen:
            return {std::to_string(money.fen), std::nullopt};
        case MoneyForm::capital: {
            std::optional<std::string> text = capital_of_fen(money.fen);
            if (!text) return {std::nullopt, money_fault(codec.money, Fixed::State::too_large)};
            return {std::move(text), std::nullopt};
        }
    }
    return {};
}

}  // namespace tongban::mapping
