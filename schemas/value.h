// Value: what a field of a canonical record holds. Money is whole fen, dates are real, a share is
// reduced; a value knows where in the native bytes it came from, so that a finding can say line,
// column and path.
//
// Values have no stream operator, on purpose: they may be personal.
//
// Threads: values.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace tongban::schemas {

struct Place {  // of a value or element in native bytes; line 0: unknown
    std::string path;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    bool operator==(const Place&) const = default;
};

struct Code {  // an entry of the code list that the field's type names
    std::string code;
    auto operator<=>(const Code&) const = default;
};

struct Money {
    std::int64_t fen = 0;
    auto operator<=>(const Money&) const = default;
};

struct Decimal {  // units / 10^scale
    std::int64_t units = 0;
    std::int32_t scale = 0;
    bool operator==(const Decimal&) const = default;
};

struct Share {  // reduced: gcd(numerator, denominator) == 1, denominator > 0
    std::int64_t numerator = 0;
    std::int64_t denominator = 1;
    bool operator==(const Share&) const = default;
};

struct Field;
struct Value;

struct Group {  // fields in the canonical type's order
    std::vector<Field> fields;
    [[nodiscard]] const Value* find(std::string_view name) const;
    [[nodiscard]] Value* find(std::string_view name);
    Value& set(std::string_view name, Value value);  // replaces or appends
    bool operator==(const Group&) const;
};

struct List {
    std::vector<Value> items;
    bool operator==(const List&) const;
};

struct Absent {
    bool operator==(const Absent&) const = default;
};

// May or may not be there: it stays with whoever keeps it (placement provider). Nothing is
// delivered of it, and a rule that needs it is undecided; to all else it is absent.
struct Withheld {
    bool operator==(const Withheld&) const = default;
};

struct Value {
    std::variant<Absent,
                 std::string,
                 Code,
                 Money,
                 Decimal,
                 Share,
                 Date,
                 Period,
                 Instant,
                 bool,
                 Group,
                 List,
                 Withheld>
        data;
    Place place;

    [[nodiscard]] bool absent() const { return std::holds_alternative<Absent>(data) || withheld(); }
    [[nodiscard]] bool withheld() const { return std::holds_alternative<Withheld>(data); }
    template <typename T>
    [[nodiscard]] const T* get() const {
        return std::get_if<T>(&data);
    }
    template <typename T>
    [[nodiscard]] T* get() {
        return std::get_if<T>(&data);
    }
    bool operator==(const Value& other) const;  // places do not count
};

struct Field {
    std::string name;
    Value value;
    bool operator==(const Field&) const;
};

// "certificate.account.number", "ledger[3].amount": null when there is none.
const Value* at_path(const Group& root, std::string_view path);

// The canonical text of a scalar, used for commitments and verdicts: money "1234.56" yuan, date
// ISO, share "1/2". Group and List become canonical JSON.
std::string canonical_text(const Value& value);
// RFC 8785 JSON of a record: scalars as their canonical text, booleans as such, absent left out.
std::string canonical_json_of(const Group& record);

}  // namespace tongban::schemas
