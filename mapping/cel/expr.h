// Expr: an expression of the rule language as it was read: CEL (Common Expression Language) syntax,
// our own types.
//
// A tree of values. Macros (all, exists, exists_one, map, filter, has) are still calls here; the
// checker knows them.
//
// Threads: value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongban::mapping::cel {

struct Position {  // within the expression's text, from 1
    int line = 1;
    int column = 1;
    bool operator==(const Position&) const = default;
};

struct Complaint {  // why an expression cannot be used; never a value of a record
    Position at;
    std::string message;
};

enum class ExprKind {
    boolean,  // flag
    integer,  // number
    text,     // text
    null,
    name,     // text
    member,   // children[0].text
    index,    // children[0][children[1]]
    call,     // text(children...)
    method,   // children[0].text(children[1]...)
    unary,    // text is "!" or "-"
    binary,   // text is the operator
    ternary,  // children[0] ? children[1] : children[2]
    list,     // [children...]
    map,      // {children[0]: children[1], ...}
};

struct Expr {
    ExprKind kind = ExprKind::null;
    bool flag = false;
    std::int64_t number = 0;
    std::string text;
    std::vector<Expr> children;
    Position at;

    // Positions do not count.
    bool operator==(const Expr& other) const {
        return kind == other.kind && flag == other.flag && number == other.number &&
               text == other.text && children == other.children;
    }
};

// What one expression may cost before it is refused.
inline constexpr std::size_t max_text = 8192;  // bytes
inline constexpr int max_depth = 48;           // nesting
inline constexpr std::size_t max_tokens = 2048;

struct Parsed {
    std::optional<Expr> expr;
    std::vector<Complaint> complaints;  // not empty exactly when there is no expr
};

Parsed parse(std::string_view text);
// Text that parses to an equal Expr, with no more parentheses than precedence asks for.
std::string print(const Expr& expr);

}  // namespace tongban::mapping::cel
