#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/internal/utf8.h"

namespace tongban {
namespace {

using utf8_internal::append_utf8;
using utf8_internal::eight_ascii;

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

struct Step {
    char32_t point = 0;
    std::size_t size = 0;  // 0: not well-formed
};

// One well-formed sequence (Unicode table 3-7) at `at`.
Step step_utf8(std::string_view bytes, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[at + i]); };
    const std::uint8_t first = byte(0);
    if (first < 0x80) return {first, 1};
    const std::size_t size = first < 0xC2   ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
    if (size == 0 || at + size > bytes.size()) return {};
    const std::uint8_t low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const std::uint8_t high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (byte(1) < low || byte(1) > high) return {};
    char32_t point = first & (0x7FU >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) return {};
        point = point << 6U | (byte(i) & 0x3FU);
    }
    return {point, size};
}

template <typename Each>
void for_each_point(std::string_view utf8, Each&& each) {
    for (std::size_t at = 0; at < utf8.size();) {
        const Step step = step_utf8(utf8, at);
        each(step.size == 0 ? U'\uFFFD' : step.point);
        at += step.size == 0 ? 1 : step.size;
    }
}

bool is_hanzi(char32_t c) {
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) ||
           (c >= 0x20000 && c <= 0x323AF) || (c >= 0xF900 && c <= 0xFAFF) || c == 0x3007;
}

// UTF-8 that was read as GBK and written again: its GB18030 bytes are UTF-8, and of nothing but
// hanzi. Real Chinese text of this length does that with a probability below one in a million,
// shorter text does not prove anything.
bool is_utf8_read_as_gbk(std::string_view utf8) {
    const auto bytes = utf8_to_gb18030(utf8);
    if (!bytes || invalid_utf8(*bytes) != std::string_view::npos) return false;
    std::size_t hanzi = 0;
    bool only_hanzi = true;
    for_each_point(*bytes, [&](char32_t c) {
        if (is_hanzi(c))
            ++hanzi;
        else if (c >= 0x80 && c != 0xB7)
            only_hanzi = false;
    });
    return only_hanzi && hanzi >= 4;
}

std::string count_of(std::size_t count, std::string_view one, std::string_view many) {
    return std::to_string(count) + ' ' + std::string(count == 1 ? one : many);
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 256> make_base64_values() {
    std::array<std::int8_t, 256> values{};
    for (auto& value : values)
        value = -1;
    for (std::size_t i = 0; i < 64; ++i)
        values[static_cast<std::uint8_t>(base64_digits[i])] = static_cast<std::int8_t>(i);
    return values;
}

constexpr auto base64_values = make_base64_values();

}  // namespace

Result<Encoding> encoding_named(std::string_view name) {
    const std::string plain = lower(name);
    if (plain == "utf-8" || plain == "utf8") return Encoding::utf8;
    // Who says GB2312 or GBK sends GB18030's characters too; reading them as GB18030 reads the dot
    // of names right.
    if (plain == "gb18030" || plain == "gbk" || plain == "gb2312" || plain == "cp936")
        return Encoding::gb18030;
    return Fault{FaultKind::malformed,
                 "encoding",
                 "not an encoding that is read here (UTF-8, GB18030, GBK, GB2312)"};
}

std::string_view name_of(Encoding encoding) {
    switch (encoding) {
        case Encoding::utf8:
            return "UTF-8";
        case Encoding::gb18030:
            return "GB18030";
    }
    return "";
}

std::size_t invalid_utf8(std::string_view bytes) {
    std::size_t at = 0;
    while (at < bytes.size()) {
        if (at + 8 <= bytes.size() && eight_ascii(bytes.data() + at)) {
            at += 8;
            continue;
        }
        const Step step = step_utf8(bytes, at);
        if (step.size == 0) return at;
        at += step.size;
    }
    return std::string_view::npos;
}

Result<std::string> to_utf8(std::string_view bytes, Encoding encoding) {
    if (encoding == Encoding::gb18030) return gb18030_to_utf8(bytes);
    const std::size_t bad = invalid_utf8(bytes);
    if (bad == std::string_view::npos) return std::string(bytes);
    return Fault{FaultKind::malformed, "byte " + std::to_string(bad), "the bytes are not UTF-8"};
}

Result<std::string> from_utf8(std::string_view utf8, Encoding encoding) {
    return encoding == Encoding::gb18030 ? utf8_to_gb18030(utf8) : to_utf8(utf8, Encoding::utf8);
}

bool looks_like_mojibake(std::string_view utf8) {
    for (const std::string_view sign : {"\uFFFD", "锟斤拷", "烫烫烫", "屯屯屯"})
        if (utf8.find(sign) != std::string_view::npos) return true;
    return is_utf8_read_as_gbk(utf8);
}

std::u32string code_points(std::string_view utf8) {
    std::u32string points;
    for_each_point(utf8, [&points](char32_t point) { points += point; });
    return points;
}

std::string to_utf8(std::u32string_view points) {
    std::string out;
    for (const char32_t point : points)
        append_utf8(point, out);
    return out;
}

std::size_t length(std::string_view utf8) {
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
        return (static_cast<std::uint8_t>(c) & 0xC0U) != 0x80U;
    }));
}

std::string fold_width(std::string_view utf8) {
    std::string out;
    for_each_point(utf8, [&out](char32_t c) {
        append_utf8(c == 0x3000 ? U' ' : c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c, out);
    });
    return out;
}

std::string strip_invisible(std::string_view utf8) {
    std::u32string kept;
    for_each_point(utf8, [&kept](char32_t c) {
        const bool invisible = c == 0xAD || (c >= 0x200B && c <= 0x200F) ||
                               (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2064) ||
                               c == 0xFEFF;
        const bool hard_blank = c == 0xA0 || c == 0x2007 || c == 0x202F;
        if (!invisible) kept += hard_blank ? U' ' : c;
    });
    const auto blank = [](char32_t c) {
        return c == 0x3000 || (c < 0x80 && is_blank(static_cast<char>(c)));
    };
    const auto first = std::find_if_not(kept.begin(), kept.end(), blank);
    const auto last =
        std::find_if_not(kept.rbegin(), std::make_reverse_iterator(first), blank).base();
    return to_utf8(std::u32string(first, last));
}

std::string trim(std::string_view text) {
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    return std::string(text);
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    while (true) {
        const std::size_t end = text.find(separator);
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
    std::string out;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) out += separator;
        out += parts[i];
    }
    return out;
}

std::string hex(std::string_view bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        out += digits[static_cast<std::uint8_t>(c) >> 4U];
        out += digits[static_cast<std::uint8_t>(c) & 15U];
    }
    return out;
}

Result<std::string> from_hex(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); at += 2) {
        const int high = hex_digit(text[at]);
        const int low = at + 1 < text.size() ? hex_digit(text[at + 1]) : -1;
        if (high < 0 || low < 0)
            return Fault{FaultKind::malformed,
                         "byte " + std::to_string(at),
                         "not pairs of hexadecimal digits"};
        out += static_cast<char>(high * 16 + low);
    }
    return out;
}

std::string base64(std::string_view bytes) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
        std::uint32_t word = 0;
        for (std::size_t i = 0; i < 3; ++i)
            word = word << 8U | (i < count ? static_cast<std::uint8_t>(bytes[at + i]) : 0U);
        for (std::size_t i = 0; i < 4; ++i)
            out += i <= count ? base64_digits[word >> (18U - 6U * i) & 63U] : '=';
    }
    return out;
}

Result<std::string> from_base64(std::string_view text) {
    const auto wrong = [](std::size_t at) {
        return Fault{FaultKind::malformed, "byte " + std::to_string(at), "not base64"};
    };
    if (text.size() % 4 != 0) return wrong(text.size());
    std::string out;
    out.reserve(text.size() / 4 * 3);
    for (std::size_t at = 0; at < text.size(); at += 4) {
        const bool last = at + 4 == text.size();
        const std::size_t padding = !last                 ? 0
                                    : text[at + 2] == '=' ? 2
                                    : text[at + 3] == '=' ? 1
                                                          : 0;
        if (padding == 2 && text[at + 3] != '=') return wrong(at + 3);
        std::uint32_t word = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            const int value =
                i + padding >= 4 ? 0 : base64_values[static_cast<std::uint8_t>(text[at + i])];
            if (value < 0) return wrong(at + i);
            word = word << 6U | static_cast<std::uint32_t>(value);
        }
        // One text for one value: bits that decoding would drop must be zero.
        if ((padding == 1 && (word & 0xFFU) != 0) || (padding == 2 && (word & 0xFFFFU) != 0))
            return wrong(at);
        for (std::size_t i = 0; i + padding < 3; ++i)
            out += static_cast<char>(word >> (16U - 8U * i) & 0xFFU);
    }
    return out;
}

std::string shape_of(std::string_view utf8) {
    std::size_t all = 0;
    std::size_t digits = 0;
    std::size_t letters = 0;
    std::size_t hanzi = 0;
    std::size_t blanks = 0;
    for_each_point(utf8, [&](char32_t c) {
        ++all;
        if (c >= '0' && c <= '9')
            ++digits;
        else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            ++letters;
        else if (is_hanzi(c))
            ++hanzi;
        else if (c == 0x3000 || c == 0xA0 || (c < 0x80 && is_blank(static_cast<char>(c))))
            ++blanks;
    });
    if (all == 0) return "empty";
    std::vector<std::string> parts;
    if (digits > 0) parts.push_back(count_of(digits, "digit", "digits"));
    if (letters > 0) parts.push_back(count_of(letters, "letter", "letters"));
    if (hanzi > 0) parts.push_back(count_of(hanzi, "hanzi", "hanzi"));
    if (blanks > 0) parts.push_back(count_of(blanks, "blank", "blanks"));
    const std::size_t others = all - digits - letters - hanzi - blanks;
    if (others > 0) parts.push_back(count_of(others, "other", "others"));
    return count_of(all, "character", "characters") + ": " + join(parts, ", ");
}

}  // namespace tongban
