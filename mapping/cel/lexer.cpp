#include "mapping/cel/lexer.h"

#include <array>
#include <utility>

#include "base/text.h"

namespace tongban::mapping::cel {
namespace {

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

int hex_digit(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

class Lexer {
public:
    explicit Lexer(std::string_view text) : text_(text) {}

    Tokens run() {
        if (text_.size() > max_text) {
            complain({1, 1},
                     "the expression is longer than " + std::to_string(max_text) + " bytes");
        } else if (invalid_utf8(text_) != std::string_view::npos) {
            complain({1, 1}, "the expression is not well-formed UTF-8");
        } else {
            while (result_.complaints.empty() && skip_blanks()) {
                one();
                end_ = at_;
            }
        }
        result_.tokens.push_back({TokenKind::end, "", 0, end_});
        return std::move(result_);
    }

private:
    void complain(Position at, std::string message) {
        result_.complaints.push_back({at, std::move(message)});
    }
    [[nodiscard]] bool more() const { return next_ < text_.size(); }
    [[nodiscard]] char peek(std::size_t ahead = 0) const {
        return next_ + ahead < text_.size() ? text_[next_ + ahead] : '\0';
    }

    char take() {
        const char c = text_[next_++];
        if (c == '\n') {
            ++at_.line;
            at_.column = 1;
        } else if ((static_cast<unsigned char>(c) & 0xC0U) !=
                   0x80U) {  // columns count characters, not bytes
            ++at_.column;
        }
        return c;
    }

    bool skip_blanks() {
        while (more()) {
            const char c = peek();
            if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                take();
            } else if (c == '/' && peek(1) == '/') {
                while (more() && peek() != '\n')
                    take();
            } else {
                return true;
            }
        }
        return false;
    }

    void push(TokenKind kind, std::string text, Position at, std::uint64_t number = 0) {
        if (result_.tokens.size() >= max_tokens) {
            complain(at, "the expression has more than " + std::to_string(max_tokens) + " words");
            return;
        }
        result_.tokens.push_back({kind, std::move(text), number, at});
    }

    void one() {
        const char c = peek();
        if (c == 'r' && (peek(1) == '\'' || peek(1) == '"')) {
            const Position at = at_;
            take();
            string(at, true);
        } else if (is_letter(c)) {
            const Position at = at_;
            std::string name;
            while (is_letter(peek()) || is_digit(peek()))
                name.push_back(take());
            push(TokenKind::name, std::move(name), at);
        } else if (is_digit(c)) {
            integer();
        } else if (c == '\'' || c == '"') {
            string(at_, false);
        } else {
            sign();
        }
    }

    void integer() {
        const Position at = at_;
        std::string digits;
        const bool hexadecimal = peek() == '0' && (peek(1) == 'x' || peek(1) == 'X');
        if (hexadecimal) {
            digits.push_back(take());
            digits.push_back(take());
        }
        std::uint64_t number = 0;
        bool too_large = false;
        std::size_t count = 0;
        while (hexadecimal ? hex_digit(peek()) >= 0 : is_digit(peek())) {
            const auto digit = static_cast<std::uint64_t>(hex_digit(peek()));
            const std::uint64_t base = hexadecimal ? 16 : 10;
            if (number > (UINT64_MAX - digit) / base) too_large = true;
            number = number * base + digit;
            digits.push_back(take());
            ++count;
        }
        if (count == 0) return complain(at, "a hexadecimal number needs digits after 0x");
        if (too_large) return complain(at, "the number does not fit 64 bits");
        if (peek() == '.' && is_digit(peek(1)))
            return complain(
                at, "write decimal(\"...\") for a number with a point, so that it stays exact");
        if (is_letter(peek())) return complain(at_, "a letter follows the number directly");
        push(TokenKind::integer, std::move(digits), at, number);
    }

    void string(Position at, bool raw) {
        const char quote = take();
        std::string value;
        for (;;) {
            if (!more() || peek() == '\n')
                return complain(at, "the string is not closed on its line");
            const char c = take();
            if (c == quote) break;
            if (c == '\\' && !raw) {
                if (!escape(value)) return;
            } else {
                value.push_back(c);
            }
        }
        push(TokenKind::text, std::move(value), at);
    }

    bool escape(std::string& value) {
        const Position at = at_;
        const char c = more() ? take() : '\0';
        switch (c) {
            case 'n':
                value.push_back('\n');
                return true;
            case 't':
                value.push_back('\t');
                return true;
            case 'r':
                value.push_back('\r');
                return true;
            case '\\':
            case '\'':
            case '"':
                value.push_back(c);
                return true;
            case 'u': {
                char32_t point = 0;
                for (int i = 0; i < 4; ++i) {
                    const int digit = hex_digit(peek());
                    if (digit < 0) {
                        complain(at, "\\u needs four hexadecimal digits");
                        return false;
                    }
                    point = point * 16 + static_cast<char32_t>(digit);
                    take();
                }
                if (point >= 0xD800 && point <= 0xDFFF) {
                    complain(at, "\\u names a surrogate, which is no character");
                    return false;
                }
                value += to_utf8(std::u32string_view(&point, 1));
                return true;
            }
            default:
                complain(at, "unknown escape; known are \\n \\t \\r \\\\ \\' \\\" \\uXXXX");
                return false;
        }
    }

    void sign() {
        static constexpr std::array<std::string_view, 6> two{"&&", "||", "==", "!=", "<=", ">="};
        static constexpr std::string_view one_sign = "!-+*/%<>?:.,()[]{}";
        const Position at = at_;
        const std::string_view pair = text_.substr(next_, 2);
        for (const std::string_view known : two) {
            if (pair != known) continue;
            take();
            take();
            return push(TokenKind::sign, std::string(known), at);
        }
        if (one_sign.find(peek()) == std::string_view::npos)
            return complain(at, "this character has no meaning here");
        push(TokenKind::sign, std::string(1, take()), at);
    }

    std::string_view text_;
    std::size_t next_ = 0;
    Position at_;
    Position end_;  // right behind the last word: where something was expected when the text ends
                    // too soon
    Tokens result_;
};

}  // namespace

Tokens lex(std::string_view text) {
    return Lexer(text).run();
}

}  // namespace tongban::mapping::cel
