// Datum: a value while an expression is evaluated. It borrows from the record; only what a function
// makes is owned.
//
// Undecided is a value too: missing or withheld data, an overflow or a spent budget. It flows
// through every function; only && and || (false && undecided is false, true || undecided is true),
// ?:, has() and value_or() can end it. The last two end only what is missing: of what is withheld
// nobody here knows whether it is there.
//
// Threads: value; borrowed parts must not outlive the record and the program.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "schemas/value.h"

namespace tongban::mapping::cel {

enum class Cause {
    missing,     // no data
    arithmetic,  // overflow or inexact
    limit,       // the budget is spent
    withheld     // it stays with whoever keeps it: there may be data
};

struct Undecided {
    Cause cause = Cause::missing;
};

class Datum;

struct Text {
    std::string_view view;
    std::shared_ptr<const std::string> kept;  // null: borrowed
};

struct Items {
    const schemas::List* borrowed = nullptr;
    std::shared_ptr<const std::vector<Datum>> owned;
    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] Datum at(std::size_t index) const;
};

struct Entries {
    std::shared_ptr<const std::vector<std::pair<std::string, Datum>>> pairs;
    [[nodiscard]] const Datum* find(std::string_view key) const;
};

class Datum {
public:
    using State = std::variant<Undecided,
                               std::nullptr_t,
                               bool,
                               std::int64_t,
                               Text,
                               schemas::Decimal,
                               schemas::Money,
                               Date,
                               Period,
                               Instant,
                               schemas::Share,
                               Items,
                               Entries,
                               const schemas::Group*>;

    Datum() = default;  // undecided: missing
    // NOLINTBEGIN(google-explicit-constructor): a Datum is its state
    template <typename T>
        requires(!std::is_same_v<std::remove_cvref_t<T>, Datum>)
    Datum(T&& held) : state_(std::in_place_type<std::remove_cvref_t<T>>, std::forward<T>(held)) {}
    // NOLINTEND(google-explicit-constructor)

    [[nodiscard]] bool undecided() const { return state_.index() == 0; }
    [[nodiscard]] const State& state() const { return state_; }
    template <typename T>
    [[nodiscard]] const T* get() const {
        return std::get_if<T>(&state_);
    }
    template <typename T>
    [[nodiscard]] const T& as() const {
        return std::get<T>(state_);
    }  // the checker has promised it
    [[nodiscard]] std::string_view text() const { return as<Text>().view; }

private:
    State state_;
};

// The value as a Datum that borrows from it; null and absent become undecided: missing; withheld
// becomes undecided: withheld.
Datum borrow(const schemas::Value* value);
// A group or list in which something is withheld: no equality or size can be told of it.
bool partly_withheld(const Datum& datum);
Datum owned(std::string text);
Datum owned(std::vector<Datum> items);

inline std::size_t Items::size() const {
    return borrowed != nullptr ? borrowed->items.size() : owned->size();
}
inline Datum Items::at(std::size_t index) const {
    return borrowed != nullptr ? borrow(&borrowed->items[index]) : (*owned)[index];
}

}  // namespace tongban::mapping::cel
