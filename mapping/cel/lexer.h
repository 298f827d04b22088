// Lexer: the words of an expression, each with its place.
//
// Strings: '...' or "...", with \n \t \r \\ \' \" \uXXXX, or r'...' taken as written. Integers:
// decimal, or hexadecimal after 0x. A number with a point is refused: decimals are written
// decimal("0.05") and so stay exact. // to the end of the line is a comment.
//
// Threads: pure function.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/cel/expr.h"

namespace tongban::mapping::cel {

enum class TokenKind { name, integer, text, sign, end };

struct Token {
    TokenKind kind = TokenKind::end;
    std::string text;  // name, contents of a string, or the sign itself; of an integer its digits
    std::uint64_t number =
        0;  // magnitude; the parser applies a minus, so that -2^63 can be written
    Position at;
};

struct Tokens {
    std::vector<Token> tokens;  // ends with TokenKind::end
    std::vector<Complaint> complaints;
};

Tokens lex(std::string_view text);

}  // namespace tongban::mapping::cel
