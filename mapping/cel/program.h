// Program: an expression compiled against declared names: names are slots, functions are resolved,
// literals are made.
//
// Evaluation is bounded by the scene's steps, copies no value of the record, and never throws on
// data. The answer may be undecided; then nothing is known, which is not false.
//
// Threads: immutable; run() is safe from any thread with its own frame and scene.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/cel/datum.h"
#include "mapping/cel/expr.h"
#include "mapping/cel/functions.h"
#include "mapping/cel/table.h"
#include "mapping/cel/type.h"
#include "schemas/code_list.h"

namespace tongban::mapping::cel {

enum class Op {
    constant,
    slot,
    member,
    item,
    entry,
    call,
    equal,
    not_equal,
    within,
    conjunction,
    disjunction,
    negation,
    choose,
    list,
    map,
    has,
    value_or,
    all,
    exists,
    exists_one,
    filter,
    transform,
    lookup
};

struct Instruction {
    Op op = Op::constant;
    Datum constant;
    std::size_t slot = 0;  // slot, or of a macro's variable; lookup: the column
    std::string name;      // member
    Implementation run = nullptr;
    std::shared_ptr<const Table> table;
    std::vector<Instruction> parts;
};

class Program {
public:
    // `frame` holds the declared names' values in their order; it is enlarged for macro variables.
    [[nodiscard]] Datum run(std::vector<Datum>& frame, Scene& scene) const;
    // What it may read: a slot of the frame and the field path from there ("id_number"; "": all of
    // it). Of has() on a whole slot only that it is asked for.
    struct Read {
        std::size_t slot = 0;
        std::string path;
        bool existence = false;
    };
    [[nodiscard]] std::vector<Read> reads() const;

private:
    friend class Checker;
    Instruction root_;
    std::size_t slots_ = 0;
};

struct Name {  // what an expression may name
    std::string name;
    Type type;
};

struct Environment {
    std::vector<Name> names;  // in the frame's order
    std::vector<std::shared_ptr<const Table>> tables;
    const schemas::CodeLists* codes =
        nullptr;  // literals beside a code are looked up; null: not checked
};

struct Compiled {
    std::optional<Program> program;
    Type type;
    std::vector<Complaint> complaints;  // every one; not empty exactly when there is no program
};

Compiled compile(const Expr& expr, const Environment& environment);
// Parses and compiles; complaints of either.
Compiled compile(std::string_view text, const Environment& environment);

}  // namespace tongban::mapping::cel
