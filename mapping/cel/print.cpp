#include <cstdio>
#include <string>

#include "mapping/cel/expr.h"

namespace tongban::mapping::cel {
namespace {

// The higher, the tighter it binds.
int binding(const Expr& expr) {
    switch (expr.kind) {
        case ExprKind::ternary:
            return 0;
        case ExprKind::binary:
            if (expr.text == "||") return 1;
            if (expr.text == "&&") return 2;
            if (expr.text == "+" || expr.text == "-") return 4;
            if (expr.text == "*" || expr.text == "/" || expr.text == "%") return 5;
            return 3;
        case ExprKind::unary:
            return 6;
        default:
            return 7;
    }
}

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (byte < 0x20) {
            char escaped[8];
            std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(byte));
            out += escaped;
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string printed(const Expr& expr, int at_least);

std::string listed(const Expr& expr, std::size_t first) {
    std::string out;
    for (std::size_t i = first; i < expr.children.size(); ++i) {
        if (i > first) out += ", ";
        out += printed(expr.children[i], 0);
    }
    return out;
}

std::string map_of(const Expr& expr) {
    std::string out = "{";
    for (std::size_t i = 0; i + 1 < expr.children.size(); i += 2) {
        if (i > 0) out += ", ";
        out += printed(expr.children[i], 0) + ": " + printed(expr.children[i + 1], 0);
    }
    return out + "}";
}

std::string plain(const Expr& expr) {
    switch (expr.kind) {
        case ExprKind::boolean:
            return expr.flag ? "true" : "false";
        case ExprKind::integer:
            return std::to_string(expr.number);
        case ExprKind::text:
            return quoted(expr.text);
        case ExprKind::null:
            return "null";
        case ExprKind::name:
            return expr.text;
        case ExprKind::member:
            return printed(expr.children[0], 7) + "." + expr.text;
        case ExprKind::index:
            return printed(expr.children[0], 7) + "[" + printed(expr.children[1], 0) + "]";
        case ExprKind::call:
            return expr.text + "(" + listed(expr, 0) + ")";
        case ExprKind::method:
            return printed(expr.children[0], 7) + "." + expr.text + "(" + listed(expr, 1) + ")";
        case ExprKind::unary: {
            // A digit right after the minus would be read as a negative literal: "-1" and "-(1)"
            // are different trees.
            const std::string inner = printed(expr.children[0], 6);
            const bool digit = inner[0] >= '0' && inner[0] <= '9';
            return expr.text + (expr.text == "-" && digit ? "(" + inner + ")" : inner);
        }
        case ExprKind::binary: {
            const int own = binding(expr);
            return printed(expr.children[0], own) + " " + expr.text + " " +
                   printed(expr.children[1], own + 1);
        }
        case ExprKind::ternary:
            return printed(expr.children[0], 1) + " ? " + printed(expr.children[1], 1) + " : " +
                   printed(expr.children[2], 0);
        case ExprKind::list:
            return "[" + listed(expr, 0) + "]";
        case ExprKind::map:
            return map_of(expr);
    }
    return {};
}

std::string printed(const Expr& expr, int at_least) {
    std::string text = plain(expr);
    // A method on a negative literal would take the minus away from it.
    const bool negative = expr.kind == ExprKind::integer && expr.number < 0 && at_least == 7;
    return binding(expr) < at_least || negative ? "(" + text + ")" : text;
}

}  // namespace

std::string print(const Expr& expr) {
    return printed(expr, 0);
}

}  // namespace tongban::mapping::cel
