// Functions: the closed, versioned library that expressions may call, operators included.
//
// Each overload is one line: its signature, which is also its documentation and part of the
// library's digest, and its implementation. Arguments arrive decided and of the promised types. A
// letter T stands for one type throughout, S for one type that is neither list, map nor group;
// `literal` is a string written in the expression; `rounding` is one of "up" "down" "half_up"
// "half_even", written there too. An int is taken where a decimal stands. New policy needs a new
// file of rules, seldom a new function; a function that changes its answer gets a new version of
// the library.
//
// Threads: pure functions; the tables are immutable.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/cel/datum.h"
#include "mapping/cel/type.h"

namespace tongban::mapping::cel {

inline constexpr int functions_version = 2;

// What one evaluation may see and spend besides the record.
struct Scene {
    Date as_of;
    std::int64_t steps = 1'000'000;  // left; every node and every item a function walks costs one
};

inline constexpr std::size_t max_items = 100'000;  // of a list made by an expression

using Implementation = Datum (*)(std::span<const Datum> arguments, Scene& scene);

struct Function {
    std::string_view signature;  // "sum(list<money>) money"
    Implementation run = nullptr;
};

struct Pattern {
    Kind kind = Kind::any;
    char variable = '\0';  // 'T'
    bool literal = false;
    bool rounding = false;
    std::shared_ptr<const Pattern> item;
};

struct Overload {
    std::string name;
    std::vector<Pattern> parameters;
    Pattern result;
    Implementation run = nullptr;
    std::string_view signature;
};

// All overloads in the order in which they are tried.
const std::vector<Overload>& overloads();
// Hex SHA-256 of the signatures: stands in the versions of every verified record.
const std::string& functions_digest();

// The tables it is made of, one a source file.
std::span<const Function> number_functions();
std::span<const Function> list_functions();
std::span<const Function> time_functions();
std::span<const Function> text_functions();
std::span<const Function> identity_functions();

// Shared by the implementations.
bool equal(const Datum& a, const Datum& b);   // both decided, of one type
int compare(const Datum& a, const Datum& b);  // ordered types: <0, 0, >0
Datum add(const Datum& a, const Datum& b);    // int, decimal, money, share; overflow: undecided
enum class Rounding { up, down, half_up, half_even };
Rounding rounding_of(std::string_view name);
bool spend(Scene& scene, std::size_t steps);       // false: the budget is spent
schemas::Decimal decimal_of(const Datum& number);  // of an int or a decimal
bool parse_decimal(std::string_view text, schemas::Decimal& value);
bool parse_money(std::string_view text, schemas::Money& value);  // "1.00" yuan

}  // namespace tongban::mapping::cel
