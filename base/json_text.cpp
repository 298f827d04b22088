#include "base/json_text.h"

#include <array>
#include <charconv>

#include "base/json.h"
#include "base/text.h"

namespace tongban {
namespace {

// Neither to be escaped nor to be looked at as UTF-8: most of what is written.
bool plain(std::string_view text) {
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte >= 0x80 || c == '"' || c == '\\') return false;
    }
    return true;
}

}  // namespace

namespace internal {

void append_json_string(std::string_view text, std::string& out) {
    static constexpr char digits[] = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\b':
                out += "\\b";
                break;
            case '\f':
                out += "\\f";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20) {
                    out += "\\u00";
                    out += digits[static_cast<unsigned char>(c) >> 4U];
                    out += digits[static_cast<unsigned char>(c) & 15U];
                } else {
                    out += c;
                }
        }
    }
    out += '"';
}

}  // namespace internal

// A text ends with its quote, so what stands last tells whether something came before.
void JsonText::separate() {
    if (text_.empty()) return;
    const char last = text_.back();
    if (last != '{' && last != '[' && last != ':') text_ += ',';
}

JsonText& JsonText::open(char bracket) {
    separate();
    text_ += bracket;
    return *this;
}

JsonText& JsonText::close(char bracket) {
    text_ += bracket;
    return *this;
}

JsonText& JsonText::name(std::string_view name) {
    value(name);
    text_ += ':';
    return *this;
}

JsonText& JsonText::value(std::string_view text) {
    separate();
    if (plain(text)) {
        text_ += '"';
        text_ += text;
        text_ += '"';
    } else if (invalid_utf8(text) == std::string_view::npos) {
        internal::append_json_string(text, text_);
    } else {
        text_ += Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
    }
    return *this;
}

JsonText& JsonText::value(bool yes) {
    separate();
    text_ += yes ? "true" : "false";
    return *this;
}

JsonText& JsonText::null() {
    separate();
    text_ += "null";
    return *this;
}

JsonText& JsonText::integer(std::int64_t number) {
    separate();
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    text_.append(digits.data(), end);
    return *this;
}

}  // namespace tongban
