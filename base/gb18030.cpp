// GB 18030-2022: one byte (ASCII), two bytes by table, four bytes by runs (BMP) and by arithmetic
// (beyond).
//
// On input every code has a meaning whichever edition its sender follows: the code points of the
// private use area that older editions used are folded to the standard ones. On output the 2022
// edition is written.
#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <utility>

#include "base/internal/utf8.h"
#include "base/text.h"

namespace tongban {
namespace {

struct FourByteRun {
    std::uint16_t linear;
    char16_t point;
};

#include "base/internal/gb18030_table.inc"

constexpr std::uint32_t four_byte_count = 39420;     // 81308130 .. 8431A439
constexpr std::uint32_t beyond_bmp_linear = 189000;  // 90308130 is U+10000

// Private use -> standard. The first 18 changed in 2022, U+E7C7 in 2005; the last six are still
// private in the standard, but glibc, fonts and office systems mean these ideographs by them.
constexpr std::array<std::pair<char16_t, char32_t>, 25> folds = {{
    {0xE78D, 0xFE10},  {0xE78E, 0xFE12},  {0xE78F, 0xFE11},  {0xE790, 0xFE13},  {0xE791, 0xFE14},
    {0xE792, 0xFE15},  {0xE793, 0xFE16},  {0xE794, 0xFE17},  {0xE795, 0xFE18},  {0xE796, 0xFE19},
    {0xE7C7, 0x1E3F},  {0xE816, 0x20087}, {0xE817, 0x20089}, {0xE818, 0x200CC}, {0xE81E, 0x9FB4},
    {0xE826, 0x9FB5},  {0xE82B, 0x9FB6},  {0xE82C, 0x9FB7},  {0xE831, 0x215D7}, {0xE832, 0x9FB8},
    {0xE83B, 0x2298F}, {0xE843, 0x9FB9},  {0xE854, 0x9FBA},  {0xE855, 0x241FE}, {0xE864, 0x9FBB},
}};

char32_t fold(char32_t point) {
    if (point < 0xE78D || point > 0xE864) return point;
    const auto* found = std::find_if(
        folds.begin(), folds.end(), [&](const auto& pair) { return pair.first == point; });
    return found == folds.end() ? point : found->second;
}

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}

bool is_digit_byte(std::uint8_t byte) {
    return byte >= 0x30 && byte <= 0x39;
}
bool is_lead(std::uint8_t byte) {
    return byte >= 0x81 && byte <= 0xFE;
}

struct Step {
    char32_t point = 0;
    std::size_t size = 0;  // 0: not a code
};

Step step_four(std::string_view bytes, std::size_t at) {
    if (at + 4 > bytes.size()) return {};
    const std::uint8_t b1 = byte_at(bytes, at);
    const std::uint8_t b2 = byte_at(bytes, at + 1);
    const std::uint8_t b3 = byte_at(bytes, at + 2);
    const std::uint8_t b4 = byte_at(bytes, at + 3);
    if (!is_digit_byte(b2) || !is_lead(b3) || !is_digit_byte(b4)) return {};
    const std::uint32_t linear =
        (b1 - 0x81U) * 12600U + (b2 - 0x30U) * 1260U + (b3 - 0x81U) * 10U + (b4 - 0x30U);
    if (linear >= beyond_bmp_linear) {
        const char32_t point = 0x10000U + linear - beyond_bmp_linear;
        return point > 0x10FFFF ? Step{} : Step{point, 4};
    }
    if (linear >= four_byte_count) return {};
    const auto* run = std::upper_bound(
        four_byte.begin(), four_byte.end(), linear, [](std::uint32_t value, const FourByteRun& r) {
            return value < r.linear;
        });
    --run;  // the first run begins at 0
    return {run->point + (linear - run->linear), 4};
}

Step step(std::string_view bytes, std::size_t at) {
    const std::uint8_t lead = byte_at(bytes, at);
    if (lead < 0x80) return {lead, 1};
    if (!is_lead(lead) || at + 1 >= bytes.size()) return {};
    const std::uint8_t trail = byte_at(bytes, at + 1);
    if (is_digit_byte(trail)) return step_four(bytes, at);
    if (trail < 0x40 || trail == 0x7F || trail == 0xFF) return {};
    const std::size_t column = trail - (trail > 0x7F ? 0x41U : 0x40U);
    return {two_byte[lead - 0x81U][column], 2};
}

using TwoByteCodes = std::array<std::uint16_t, 0x10000>;  // by code point; 0: none

const TwoByteCodes& two_byte_codes() {
    static const std::unique_ptr<const TwoByteCodes> codes = [] {
        auto made = std::make_unique<TwoByteCodes>();
        made->fill(0);
        for (std::size_t row = 0; row < two_byte.size(); ++row)
            for (std::size_t column = 0; column < two_byte[row].size(); ++column) {
                const std::size_t trail = column + (column < 0x3F ? 0x40 : 0x41);
                (*made)[two_byte[row][column]] =
                    static_cast<std::uint16_t>((row + 0x81) << 8U | trail);
            }
        return made;
    }();
    return *codes;
}

void append_four(std::uint32_t linear, std::string& out) {
    out += static_cast<char>(0x81U + linear / 12600U);
    out += static_cast<char>(0x30U + linear / 1260U % 10U);
    out += static_cast<char>(0x81U + linear / 10U % 126U);
    out += static_cast<char>(0x30U + linear % 10U);
}

void append(char32_t point, const TwoByteCodes& codes, std::string& out) {
    if (point >= 0x10000) {
        append_four(beyond_bmp_linear + (point - 0x10000), out);
        return;
    }
    if (const std::uint16_t code = codes[point]; code != 0) {
        out += static_cast<char>(code >> 8U);
        out += static_cast<char>(code & 0xFFU);
        return;
    }
    // Runs rise by code point as they do by linear index, but for the one exchanged in 2005
    // (U+E7C7, which is folded and never comes here): hence the search by hand. These characters
    // are rare.
    const auto* run = four_byte.begin();
    for (const auto* next = four_byte.begin(); next != four_byte.end(); ++next)
        if (next->point <= point && next->point >= run->point) run = next;
    append_four(run->linear + static_cast<std::uint32_t>(point - run->point), out);
}

}  // namespace

Result<std::string> gb18030_to_utf8(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() + bytes.size() / 2);
    for (std::size_t at = 0; at < bytes.size();) {
        std::size_t end = at;
        while (end + 8 <= bytes.size() && utf8_internal::eight_ascii(bytes.data() + end))
            end += 8;
        while (end < bytes.size() && byte_at(bytes, end) < 0x80)
            ++end;
        out.append(bytes, at, end - at);
        at = end;
        if (at == bytes.size()) break;
        const Step code = step(bytes, at);
        if (code.size == 0)
            return Fault{
                FaultKind::malformed, "byte " + std::to_string(at), "the bytes are not GB18030"};
        utf8_internal::append_utf8(fold(code.point), out);
        at += code.size;
    }
    return out;
}

Result<std::string> utf8_to_gb18030(std::string_view utf8) {
    const std::size_t bad = invalid_utf8(utf8);
    if (bad != std::string_view::npos)
        return Fault{
            FaultKind::malformed, "byte " + std::to_string(bad), "the bytes are not UTF-8"};
    const TwoByteCodes& codes = two_byte_codes();
    std::string out;
    out.reserve(utf8.size());
    for (std::size_t at = 0; at < utf8.size();) {
        std::size_t end = at;
        while (end < utf8.size() && byte_at(utf8, end) < 0x80)
            ++end;
        out.append(utf8, at, end - at);
        at = end;
        if (at == utf8.size()) break;
        const std::uint8_t first = byte_at(utf8, at);
        const std::size_t size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        char32_t point = first & (0x7FU >> size);
        for (std::size_t i = 1; i < size; ++i)
            point = point << 6U | (byte_at(utf8, at + i) & 0x3FU);
        append(fold(point), codes, out);
        at += size;
    }
    return out;
}

}  // namespace tongban
