#include <cstdint>
#include <random>
#include <string>

#include <boost/test/unit_test.hpp>

#include "mapping/cel/expr.h"

using namespace tongban::mapping::cel;

namespace {

std::string reprinted(const std::string& text) {
    const Parsed parsed = parse(text);
    if (!parsed.expr) return "complaint: " + parsed.complaints.front().message;
    return print(*parsed.expr);
}

// A random tree, small enough to stay inside the limits on nesting.
class Trees {
public:
    explicit Trees(std::uint32_t seed) : random_(seed) {}

    Expr tree(int depth) {
        Expr expr;
        const int most = depth <= 0 ? 4 : 13;
        switch (below(most + 1)) {
            case 0:
                expr.kind = ExprKind::boolean;
                expr.flag = below(2) == 0;
                return expr;
            case 1:
                expr.kind = ExprKind::integer;
                expr.number = number();
                return expr;
            case 2:
                expr.kind = ExprKind::text;
                expr.text = text();
                return expr;
            case 3:
                expr.kind = ExprKind::null;
                return expr;
            case 4:
                expr.kind = ExprKind::name;
                expr.text = name();
                return expr;
            case 5:
                expr.kind = ExprKind::member;
                expr.text = name();
                add(expr, 1, depth);
                return expr;
            case 6:
                expr.kind = ExprKind::index;
                add(expr, 2, depth);
                return expr;
            case 7:
                expr.kind = ExprKind::call;
                expr.text = name();
                add(expr, below(4), depth);
                return expr;
            case 8:
                expr.kind = ExprKind::method;
                expr.text = name();
                add(expr, 1 + below(3), depth);
                return expr;
            case 9:
                expr.kind = ExprKind::unary;
                expr.text = below(2) == 0 ? "!" : "-";
                add(expr, 1, depth);
                return expr;
            case 10:
                expr.kind = ExprKind::ternary;
                expr.text = "?";
                add(expr, 3, depth);
                return expr;
            case 11:
                expr.kind = ExprKind::list;
                add(expr, below(4), depth);
                return expr;
            case 12:
                expr.kind = ExprKind::map;
                add(expr, 2 * below(3), depth);
                return expr;
            default: {
                static const char* const operators[] = {
                    "||", "&&", "==", "!=", "<", "<=", ">", ">=", "in", "+", "-", "*", "/", "%"};
                expr.kind = ExprKind::binary;
                expr.text = operators[below(14)];
                add(expr, 2, depth);
                return expr;
            }
        }
    }

private:
    int below(int limit) { return static_cast<int>(random_() % static_cast<std::uint32_t>(limit)); }
    void add(Expr& expr, int count, int depth) {
        for (int i = 0; i < count; ++i)
            expr.children.push_back(tree(depth - 1 - below(2)));
    }
    std::string name() {
        static const char* const names[] = {"a", "ledger", "p1", "_x", "has", "all"};
        return names[below(6)];
    }
    std::string text() {
        static const char* const texts[] = {"", "宁夏", "it's \"so\"", "a\\b\nc\td", "\x01", "02"};
        return texts[below(6)];
    }
    std::int64_t number() {
        static const std::int64_t numbers[] = {0, 1, -1, 42, INT64_MAX, INT64_MIN};
        return numbers[below(6)];
    }
    std::mt19937 random_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(cel_parser_test)

BOOST_AUTO_TEST_CASE(precedence_is_that_of_cel) {
    BOOST_TEST(reprinted("a || b && c") == "a || b && c");
    BOOST_TEST(reprinted("(a || b) && c") == "(a || b) && c");
    BOOST_TEST(reprinted("1 + 2 * 3 - 4") == "1 + 2 * 3 - 4");
    BOOST_TEST(reprinted("(1 + 2) * 3") == "(1 + 2) * 3");
    BOOST_TEST(reprinted("1 - (2 - 3)") == "1 - (2 - 3)");
    BOOST_TEST(reprinted("(1 - 2) - 3") == "1 - 2 - 3");
    BOOST_TEST(reprinted("!a.b == c") == "!a.b == c");
    BOOST_TEST(reprinted("!(a == b)") == "!(a == b)");
    BOOST_TEST(reprinted("a ? b : c ? d : e") == "a ? b : c ? d : e");
    BOOST_TEST(reprinted("(a ? b : c) ? d : e") == "(a ? b : c) ? d : e");
    BOOST_TEST(reprinted("a in [1, 2] && b") == "a in [1, 2] && b");
}

BOOST_AUTO_TEST_CASE(members_indexes_calls_and_macros_are_read) {
    BOOST_TEST(reprinted("a.b[0].c(d, 1).e") == "a.b[0].c(d, 1).e");
    BOOST_TEST(reprinted("ledger.filter(p, p.kind=='01').map(p, p.amount)") ==
               "ledger.filter(p, p.kind == \"01\").map(p, p.amount)");
    BOOST_TEST(reprinted("{'a': 1, 'b': [2]}['a']") == "{\"a\": 1, \"b\": [2]}[\"a\"]");
}

BOOST_AUTO_TEST_CASE(the_smallest_integer_can_be_written) {
    BOOST_TEST(reprinted("-9223372036854775808") == "-9223372036854775808");
    BOOST_TEST(reprinted("9223372036854775808") == "complaint: the number does not fit 64 bits");
}

BOOST_AUTO_TEST_CASE(a_mistake_is_told_at_its_place) {
    const auto at = [](const std::string& text) {
        const Parsed parsed = parse(text);
        BOOST_REQUIRE_MESSAGE(!parsed.expr, text);
        return parsed.complaints.front().at;
    };
    BOOST_TEST((at("a + ") == Position{1, 4}));
    BOOST_TEST((at("(a") == Position{1, 3}));
    BOOST_TEST((at("a b") == Position{1, 3}));
    BOOST_TEST((at("a &&\n  && b") == Position{2, 3}));
    BOOST_TEST((at("a.1") == Position{1, 3}));
    BOOST_TEST((at("let + 1") == Position{1, 1}));
    BOOST_TEST((at("[1, 2") == Position{1, 6}));
    BOOST_TEST((at("{1 2}") == Position{1, 4}));
    BOOST_TEST((at("") == Position{1, 1}));
}

BOOST_AUTO_TEST_CASE(nesting_is_bounded_however_it_is_written) {
    const std::string message = "complaint: the expression is nested too deeply";
    const auto repeated = [](const std::string& part, int count) {
        std::string text;
        for (int i = 0; i < count; ++i)
            text += part;
        return text;
    };
    BOOST_TEST(reprinted(repeated("(", 1000) + "a" + repeated(")", 1000)) == message);
    BOOST_TEST(reprinted(repeated("!", 1000) + "a") == message);
    BOOST_TEST(reprinted("a" + repeated(".b", 1000)) == message);
    BOOST_TEST(reprinted("a" + repeated(" + a", 1000)) == message);
    BOOST_TEST(reprinted(repeated("a ? b : ", 200) + "c") == message);
    BOOST_TEST(reprinted(repeated("[", 1000)) == message);
}

BOOST_AUTO_TEST_CASE(what_is_printed_parses_to_the_same_tree) {
    for (std::uint32_t seed = 1; seed <= 3000; ++seed) {
        const Expr expr = Trees(seed).tree(5);
        const std::string text = print(expr);
        const Parsed parsed = parse(text);
        BOOST_REQUIRE_MESSAGE(parsed.expr.has_value(), "seed " << seed << ": " << text);
        BOOST_REQUIRE_MESSAGE(*parsed.expr == expr, "seed " << seed << ": " << text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
