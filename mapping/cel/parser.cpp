// Recursive descent over the CEL grammar. Precedence, loosest first: ?: (right) · || · && ·
// comparisons and `in` · + - ·
// * / % · ! and unary minus · member, index, call. One complaint is enough: after it nothing can be
// trusted.
#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "mapping/cel/expr.h"
#include "mapping/cel/lexer.h"

namespace tongban::mapping::cel {
namespace {

constexpr std::array<std::string_view, 16> reserved{"as",
                                                    "break",
                                                    "const",
                                                    "continue",
                                                    "else",
                                                    "for",
                                                    "function",
                                                    "if",
                                                    "import",
                                                    "let",
                                                    "loop",
                                                    "package",
                                                    "namespace",
                                                    "return",
                                                    "var",
                                                    "while"};

class Parser {
public:
    explicit Parser(Tokens tokens) : tokens_(std::move(tokens)) {}

    Parsed run() {
        if (!tokens_.complaints.empty()) return {std::nullopt, std::move(tokens_.complaints)};
        Expr expr = ternary();
        if (!failed() && peek().kind != TokenKind::end)
            complain("an operator or the end of the expression");
        if (complaint_) return {std::nullopt, {std::move(*complaint_)}};
        return {std::move(expr), {}};
    }

private:
    // Counts nesting while it lives, so that hostile depth is refused before the stack is used up.
    class Level {
    public:
        explicit Level(Parser& parser) : parser_(parser) {
            if (++parser_.depth_ > max_depth) parser_.fail("the expression is nested too deeply");
        }
        ~Level() { --parser_.depth_; }
        Level(const Level&) = delete;
        Level& operator=(const Level&) = delete;

    private:
        Parser& parser_;
    };

    [[nodiscard]] bool failed() const { return complaint_.has_value(); }
    [[nodiscard]] const Token& peek() const { return tokens_.tokens[next_]; }
    [[nodiscard]] bool at_sign(std::string_view sign) const {
        return peek().kind == TokenKind::sign && peek().text == sign;
    }
    [[nodiscard]] bool at_word(std::string_view word) const {
        return peek().kind == TokenKind::name && peek().text == word;
    }
    void fail(std::string message) {
        if (!failed()) complaint_ = Complaint{peek().at, std::move(message)};
    }
    void complain(std::string_view expected) { fail("expected " + std::string(expected)); }
    Token take() {
        Token token = peek();
        if (token.kind != TokenKind::end) ++next_;
        return token;
    }
    bool accept(std::string_view sign) {
        if (failed() || !at_sign(sign)) return false;
        ++next_;
        return true;
    }
    void expect(std::string_view sign) {
        if (!failed() && !accept(sign)) complain("\"" + std::string(sign) + "\"");
    }

    static Expr make(ExprKind kind,
                     Position at,
                     std::string text = {},
                     std::vector<Expr> children = {}) {
        Expr expr;
        expr.kind = kind;
        expr.text = std::move(text);
        expr.children = std::move(children);
        expr.at = at;
        return expr;
    }

    Expr ternary() {
        const Level level(*this);
        if (failed()) return {};
        Expr condition = binary(0);
        if (!at_sign("?") || failed()) return condition;
        const Position at = take().at;
        Expr yes = binary(0);
        expect(":");
        Expr no = ternary();
        std::vector<Expr> children;
        children.push_back(std::move(condition));
        children.push_back(std::move(yes));
        children.push_back(std::move(no));
        return make(ExprKind::ternary, at, "?", std::move(children));
    }

    // The operator at this level of precedence, or "".
    [[nodiscard]] std::string operator_at(std::size_t precedence) const {
        static const std::array<std::vector<std::string_view>, 5> levels{
            {{"||"}, {"&&"}, {"<", "<=", ">", ">=", "==", "!="}, {"+", "-"}, {"*", "/", "%"}}};
        if (peek().kind == TokenKind::sign) {
            for (const std::string_view sign : levels[precedence]) {
                if (peek().text == sign) return peek().text;
            }
        }
        return precedence == 2 && at_word("in") ? "in" : "";
    }

    Expr binary(std::size_t precedence) {
        if (precedence == 5) return unary();
        Expr left = binary(precedence + 1);
        int chained = 0;
        while (!failed()) {
            std::string sign = operator_at(precedence);
            if (sign.empty()) break;
            // A chain leans to the left and is as deep as it is long.
            if (++chained + depth_ > max_depth) fail("the expression is nested too deeply");
            const Position at = take().at;
            std::vector<Expr> children;
            children.push_back(std::move(left));
            children.push_back(binary(precedence + 1));
            left = make(ExprKind::binary, at, std::move(sign), std::move(children));
        }
        return left;
    }

    Expr unary() {
        const Level level(*this);
        if (failed()) return {};
        if (!at_sign("!") && !at_sign("-")) return postfix();
        const Token sign = take();
        if (sign.text == "-" && peek().kind == TokenKind::integer) {
            --next_;
            return postfix();  // the literal takes its own minus
        }
        std::vector<Expr> children;
        children.push_back(unary());
        return make(ExprKind::unary, sign.at, sign.text, std::move(children));
    }

    Expr postfix() {
        Expr expr = primary();
        int chained = 0;
        while (!failed() && (at_sign(".") || at_sign("["))) {
            if (++chained + depth_ > max_depth) fail("the expression is nested too deeply");
            const Position at = peek().at;
            std::vector<Expr> children;
            children.push_back(std::move(expr));
            if (accept("[")) {
                children.push_back(ternary());
                expect("]");
                expr = make(ExprKind::index, at, "", std::move(children));
                continue;
            }
            take();
            if (peek().kind != TokenKind::name) {
                complain("a name after the point");
                return {};
            }
            std::string name = take().text;
            if (accept("(")) {
                arguments(")", children);
                expr = make(ExprKind::method, at, std::move(name), std::move(children));
            } else {
                expr = make(ExprKind::member, at, std::move(name), std::move(children));
            }
        }
        return expr;
    }

    void arguments(std::string_view close, std::vector<Expr>& into) {
        if (accept(close)) return;
        do {
            into.push_back(ternary());
        } while (accept(","));
        expect(close);
    }

    Expr primary() {
        const Position at = peek().at;
        if (accept("(")) {
            Expr inner = ternary();
            expect(")");
            return inner;
        }
        if (accept("[")) {
            std::vector<Expr> items;
            arguments("]", items);
            return make(ExprKind::list, at, "", std::move(items));
        }
        if (accept("{")) return map(at);
        if (at_sign("-") || peek().kind == TokenKind::integer) return integer();
        if (peek().kind == TokenKind::text) return make(ExprKind::text, at, take().text);
        if (peek().kind == TokenKind::name) return named();
        complain("a value");
        return {};
    }

    Expr map(Position at) {
        std::vector<Expr> pairs;
        if (!accept("}")) {
            do {
                pairs.push_back(ternary());
                expect(":");
                pairs.push_back(ternary());
            } while (accept(","));
            expect("}");
        }
        return make(ExprKind::map, at, "", std::move(pairs));
    }

    Expr integer() {
        const Position at = peek().at;
        const bool negative = accept("-");
        const Token token = take();
        constexpr auto limit = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        if (token.number > limit + (negative ? 1U : 0U)) fail("the number does not fit 64 bits");
        Expr expr = make(ExprKind::integer, at);
        expr.number = static_cast<std::int64_t>(negative ? 0U - token.number : token.number);
        return expr;
    }

    Expr named() {
        const Token token = take();
        if (token.text == "true" || token.text == "false") {
            Expr expr = make(ExprKind::boolean, token.at);
            expr.flag = token.text == "true";
            return expr;
        }
        if (token.text == "null") return make(ExprKind::null, token.at);
        if (token.text == "in" ||
            std::find(reserved.begin(), reserved.end(), token.text) != reserved.end()) {
            if (!failed())
                complaint_ = Complaint{token.at, "\"" + token.text + "\" is a reserved word"};
            return {};
        }
        if (!accept("(")) return make(ExprKind::name, token.at, token.text);
        std::vector<Expr> children;
        arguments(")", children);
        return make(ExprKind::call, token.at, token.text, std::move(children));
    }

    Tokens tokens_;
    std::size_t next_ = 0;
    int depth_ = 0;
    std::optional<Complaint> complaint_;
};

}  // namespace

Parsed parse(std::string_view text) {
    return Parser(lex(text)).run();
}

}  // namespace tongban::mapping::cel
