// The encoding of an XML document: what its byte order mark, its declaration and its native schema
// say, against what its bytes are. libxml2 never sees anything but UTF-8.
#include <algorithm>
#include <charconv>
#include <optional>

#include "base/internal/xml.h"
#include "base/text.h"

namespace tongban::xml_internal {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

struct Declaration {
    std::size_t value_at = 0;  // of the encoding's name in the bytes
    std::string name;
};

// The encoding that `<?xml ... encoding="..."?>` names, if it stands there. ASCII in every encoding
// read here.
std::optional<Declaration> declared_encoding(std::string_view bytes) {
    if (!bytes.starts_with("<?xml") || bytes.size() < 6 ||
        std::string_view(" \t\r\n").find(bytes[5]) == std::string_view::npos)
        return std::nullopt;
    const std::string_view head = bytes.substr(0, std::min<std::size_t>(bytes.find("?>"), 1024));
    std::size_t at = head.find("encoding");
    if (at == std::string_view::npos) return std::nullopt;
    at = head.find_first_not_of(" \t\r\n", at + 8);
    if (at == std::string_view::npos || head[at] != '=') return std::nullopt;
    at = head.find_first_not_of(" \t\r\n", at + 1);
    if (at == std::string_view::npos || (head[at] != '"' && head[at] != '\'')) return std::nullopt;
    const std::size_t end = head.find(head[at], at + 1);
    if (end == std::string_view::npos) return std::nullopt;
    return Declaration{at + 1, std::string(head.substr(at + 1, end - at - 1))};
}

std::size_t offset_in(const Fault& fault) {
    std::size_t offset = 0;
    const std::string_view digits =
        std::string_view(fault.where).substr(std::string_view("byte ").size());
    std::from_chars(digits.data(), digits.data() + digits.size(), offset);
    return offset;
}

// Declared GB18030, but UTF-8: most such files are not GB18030 at all; one that happens to be is
// recognised by several three-byte sequences, which real GB18030 text does not form throughout.
bool is_surely_utf8(std::string_view bytes) {
    if (invalid_utf8(bytes) != std::string_view::npos) return false;
    const auto three = std::count_if(bytes.begin(), bytes.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xF0U) == 0xE0U;
    });
    return three >= 4;
}

Wording encoding_wording(std::string zh, std::string en) {
    return {"xml.encoding", std::move(zh), std::move(en)};
}

// Only the declaration changes, so lines stay true and so do the columns of all lines but the
// first.
std::string declared_as_utf8(std::string utf8, const std::optional<Declaration>& declaration) {
    if (declaration) utf8.replace(declaration->value_at, declaration->name.size(), "UTF-8");
    return utf8;
}

bool is_wide(std::string_view bytes) {
    using namespace std::string_view_literals;
    return bytes.starts_with("\xFE\xFF") || bytes.starts_with("\xFF\xFE") ||
           bytes.starts_with("\0<"sv) || bytes.starts_with("<\0"sv);
}

}  // namespace

XmlProblem problem_of(Wording wording, std::uint32_t line, std::uint32_t column) {
    XmlProblem problem;
    problem.code = std::move(wording.code);
    problem.zh = std::move(wording.zh);
    problem.en = std::move(wording.en);
    problem.line = line;
    problem.column = column;
    return problem;
}

Place place_in(std::string_view bytes, std::size_t offset) {
    const std::string_view before = bytes.substr(0, offset);
    const auto lines = std::count(before.begin(), before.end(), '\n');
    const std::size_t start = before.rfind('\n');
    const std::size_t column =
        start == std::string_view::npos ? before.size() : before.size() - start - 1;
    return {static_cast<std::uint32_t>(lines) + 1, static_cast<std::uint32_t>(column) + 1};
}

namespace {

// What is read out of the bytes step by step, and what was wrong on the way.
struct Reading {
    std::string_view bytes;
    Decoded result{};
    Encoding encoding = Encoding::utf8;

    void note(Wording wording, std::size_t offset) {
        const Place place = place_in(bytes, offset);
        result.problems.push_back(problem_of(std::move(wording), place.line, place.column));
    }
};

// False: nothing more can be read.
bool is_text(Reading& reading) {
    if (is_wide(reading.bytes)) {
        reading.note(
            encoding_wording("文件是 UTF-16/UTF-32 编码，只接收 UTF-8 或 GB18030。",
                             "The file is UTF-16 or UTF-32; only UTF-8 and GB18030 are read."),
            0);
        return false;
    }
    if (const std::size_t nul = reading.bytes.find('\0'); nul != std::string_view::npos) {
        reading.note({"xml.nul",
                      "文件中有空字节（NUL），XML 不允许。",
                      "There is a NUL byte, which XML does not allow."},
                     nul);
        return false;
    }
    return true;
}

// The encoding that the declaration, the byte order mark and the interface give together.
bool settle_encoding(Reading& reading,
                     bool marked,
                     const Result<Encoding>& promised,
                     const std::optional<Declaration>& declaration) {
    reading.encoding = marked || !promised ? Encoding::utf8 : *promised;
    if (!declaration) return true;
    const auto declared = encoding_named(declaration->name);
    if (!declared) {
        reading.note(
            encoding_wording("声明的编码不是 UTF-8、GB18030、GBK 或 GB2312。",
                             "The declared encoding is none of UTF-8, GB18030, GBK, GB2312."),
            declaration->value_at);
        return false;
    }
    if (marked && *declared != Encoding::utf8) {
        reading.note(
            encoding_wording("文件带 UTF-8 字节序标记，声明的却是另一种编码。",
                             "The file has a UTF-8 byte order mark but declares another encoding."),
            declaration->value_at);
    } else if (promised && *declared != *promised) {
        const std::string agreed(name_of(*promised));
        reading.note(
            encoding_wording(
                "声明的编码与该接口约定的编码（" + agreed + "）不同。",
                "The declared encoding is not the one agreed for this interface (" + agreed + ")."),
            declaration->value_at);
    }
    if (!marked) reading.encoding = *declared;
    return true;
}

void note_wrong_bytes(Reading& reading, const Fault& fault) {
    const bool is_utf8 = reading.encoding == Encoding::utf8;
    const Encoding other = is_utf8 ? Encoding::gb18030 : Encoding::utf8;
    const bool fits = to_utf8(reading.bytes, other).ok();
    const std::string name(name_of(reading.encoding));
    const std::string hint(name_of(other));
    reading.note(encoding_wording(
                     "字节不是 " + name + " 编码" + (fits ? "，像是 " + hint + "。" : "。"),
                     "The bytes are not " + name + (fits ? "; they look like " + hint + "." : ".")),
                 offset_in(fault));
}

}  // namespace

Decoded decode(std::string_view bytes, std::string_view expected_encoding) {
    Reading reading{.bytes = bytes};
    if (!is_text(reading)) return std::move(reading.result);
    const bool marked = bytes.starts_with(byte_order_mark);
    if (marked) reading.bytes.remove_prefix(byte_order_mark.size());
    const auto declaration = declared_encoding(reading.bytes);
    if (!settle_encoding(reading, marked, encoding_named(expected_encoding), declaration))
        return std::move(reading.result);
    auto text = to_utf8(reading.bytes, reading.encoding);
    if (reading.encoding == Encoding::gb18030 && is_surely_utf8(reading.bytes)) {
        const auto bad = std::find_if(reading.bytes.begin(), reading.bytes.end(), [](char c) {
            return (static_cast<unsigned char>(c) & 0x80U) != 0;
        });
        reading.note(encoding_wording("编码应为 GB18030，字节却是 UTF-8。",
                                      "The encoding should be GB18030, but the bytes are UTF-8."),
                     static_cast<std::size_t>(bad - reading.bytes.begin()));
        return std::move(reading.result);
    }
    if (!text) {
        note_wrong_bytes(reading, text.fault());
        return std::move(reading.result);
    }
    reading.result.utf8 = declared_as_utf8(*std::move(text), declaration);
    reading.result.readable = true;
    return std::move(reading.result);
}

}  // namespace tongban::xml_internal
