// The checker: names, fields, types and literals of an expression against what was declared; every
// complaint, each once. After a complaint the part has type `any`, which agrees with everything, so
// that one mistake is told once.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "mapping/cel/program.h"

namespace tongban::mapping::cel {

namespace {

bool scalar(const Type& type) {
    return type.kind != Kind::list && type.kind != Kind::map && type.kind != Kind::group &&
           type.kind != Kind::null;
}

bool comparable(const Type& type) {
    return scalar(type) || (type.kind == Kind::list && scalar(*type.item));
}

bool bind(const Pattern& pattern, const Type& type, std::map<char, Type>& variables) {
    if (pattern.variable != '\0') {
        if (pattern.variable == 'S' && !scalar(type)) return false;
        const auto known = variables.find(pattern.variable);
        if (known == variables.end()) {
            variables.emplace(pattern.variable, type);
            return true;
        }
        Type both;
        if (!unify(known->second, type, both)) return false;
        known->second = both;
        return true;
    }
    if (type.kind == Kind::any) return true;
    if (pattern.kind == Kind::decimal && type.kind == Kind::integer) return true;
    if (pattern.kind != type.kind) return false;
    return !pattern.item || bind(*pattern.item, *type.item, variables);
}

Type result_of(const Pattern& pattern, const std::map<char, Type>& variables) {
    if (pattern.variable != '\0') {
        const auto known = variables.find(pattern.variable);
        return known == variables.end() ? Type{} : known->second;
    }
    if (pattern.kind == Kind::list) return list_of(result_of(*pattern.item, variables));
    return of(pattern.kind);
}

bool is_rounding(const Expr& expr) {
    return expr.kind == ExprKind::text && (expr.text == "up" || expr.text == "down" ||
                                           expr.text == "half_up" || expr.text == "half_even");
}

Datum constant_of(const Expr& expr) {
    switch (expr.kind) {
        case ExprKind::boolean:
            return expr.flag;
        case ExprKind::integer:
            return expr.number;
        case ExprKind::text:
            return owned(expr.text);
        default:
            return Datum(nullptr);
    }
}

// An offer for a misspelt name: the only known one that differs in case or by a letter or two at
// the end.
std::string or_did_you_mean(std::string_view wrong, const std::vector<std::string_view>& known) {
    for (const std::string_view each : known) {
        const std::size_t shared = static_cast<std::size_t>(
            std::mismatch(each.begin(), each.end(), wrong.begin(), wrong.end()).first -
            each.begin());
        if (shared >= 3 && shared + 2 >= std::max(each.size(), wrong.size()))
            return "; did you mean " + std::string(each) + "?";
    }
    return "";
}

}  // namespace

class Checker {
public:
    explicit Checker(const Environment& environment) : environment_(environment) {
        for (std::size_t i = 0; i < environment.names.size(); ++i)
            scope_.push_back({environment.names[i].name, environment.names[i].type, i});
        slots_ = environment.names.size();
    }

    Compiled run(const Expr& expr) {
        Checked root = check(expr);
        Compiled compiled;
        compiled.type = root.type;
        compiled.complaints = std::move(complaints_);
        if (compiled.complaints.empty()) {
            Program program;
            program.root_ = std::move(root.code);
            program.slots_ = slots_;
            compiled.program = std::move(program);
        }
        return compiled;
    }

private:
    struct Checked {
        Instruction code;
        Type type;
    };
    struct Visible {
        std::string name;
        Type type;
        std::size_t slot;
    };

    Checked wrong(Position at, std::string message) {
        complaints_.push_back({at, std::move(message)});
        return {};
    }

    static Checked make(Op op, Type type, std::vector<Instruction> parts = {}) {
        Checked checked;
        checked.code.op = op;
        checked.code.parts = std::move(parts);
        checked.type = std::move(type);
        return checked;
    }

    template <typename... More>
    static std::vector<Instruction> parts_of(More&&... more) {
        std::vector<Instruction> parts;
        (parts.push_back(std::move(more.code)), ...);
        return parts;
    }

    static Checked literal(Datum value, Type type) {
        Checked checked = make(Op::constant, std::move(type));
        checked.code.constant = std::move(value);
        return checked;
    }

    Checked check(const Expr& expr) {
        switch (expr.kind) {
            case ExprKind::boolean:
                return literal(constant_of(expr), of(Kind::boolean));
            case ExprKind::integer:
                return literal(constant_of(expr), of(Kind::integer));
            case ExprKind::text:
                return literal(constant_of(expr), of(Kind::text));
            case ExprKind::null:
                return literal(constant_of(expr), of(Kind::null));
            case ExprKind::name:
                return name(expr);
            case ExprKind::member:
                return member(expr);
            case ExprKind::index:
                return index(expr);
            case ExprKind::call:
                return call(expr);
            case ExprKind::method:
                return method(expr);
            case ExprKind::unary:
                return unary(expr);
            case ExprKind::binary:
                return binary(expr);
            case ExprKind::ternary:
                return ternary(expr);
            case ExprKind::list:
                return list(expr);
            case ExprKind::map:
                return map(expr);
        }
        return {};
    }

    Checked name(const Expr& expr) {
        const auto found = std::find_if(scope_.rbegin(), scope_.rend(), [&](const Visible& each) {
            return each.name == expr.text;
        });
        if (found == scope_.rend()) {
            std::vector<std::string_view> known;
            known.reserve(scope_.size());
            for (const Visible& each : scope_)
                known.push_back(each.name);
            return wrong(expr.at, "unknown name " + expr.text + or_did_you_mean(expr.text, known));
        }
        Checked checked = make(Op::slot, found->type);
        checked.code.slot = found->slot;
        return checked;
    }

    Checked member(const Expr& expr) {
        Checked whole = check(expr.children[0]);
        if (whole.type.kind == Kind::any) return {};
        if (whole.type.kind != Kind::group)
            return wrong(expr.at,
                         "." + expr.text + " of " + name_of(whole.type) + ", which has no fields");
        for (const schemas::FieldType& field : *whole.type.fields) {
            if (field.name != expr.text) continue;
            Checked checked = make(Op::member, type_of(field), parts_of(whole));
            checked.code.name = expr.text;
            return checked;
        }
        std::vector<std::string_view> known;
        for (const schemas::FieldType& field : *whole.type.fields)
            known.push_back(field.name);
        return wrong(expr.at, "no field " + expr.text + or_did_you_mean(expr.text, known));
    }

    Checked index(const Expr& expr) {
        Checked whole = check(expr.children[0]);
        Checked key = check(expr.children[1]);
        if (whole.type.kind == Kind::any) return {};
        const bool in_list = whole.type.kind == Kind::list;
        if (!in_list && whole.type.kind != Kind::map)
            return wrong(expr.at, "[] of " + name_of(whole.type) + "; only a list or a map has it");
        if (key.type.kind != Kind::any && key.type.kind != (in_list ? Kind::integer : Kind::text))
            return wrong(expr.children[1].at,
                         in_list ? "a list is indexed by an int" : "a map is indexed by a string");
        const Type type = *whole.type.item;
        return make(in_list ? Op::item : Op::entry, type, parts_of(whole, key));
    }

    Checked call(const Expr& expr) {
        if (expr.text == "has") return presence(expr);
        if (expr.text == "value_or") return value_or(expr);
        if (expr.text == "table") return lookup(expr);
        return function(expr, expr.text, expr.children);
    }

    Checked method(const Expr& expr) {
        static const std::set<std::string_view> macros{
            "all", "exists", "exists_one", "filter", "map"};
        if (macros.contains(expr.text)) return macro(expr);
        return function(expr, expr.text, expr.children);
    }

    Checked unary(const Expr& expr) {
        if (expr.text == "-") return function(expr, "-", expr.children);
        Checked value = check(expr.children[0]);
        if (!is(value, Kind::boolean))
            return wrong(expr.at, "! of " + name_of(value.type) + ", not bool");
        return make(Op::negation, of(Kind::boolean), parts_of(value));
    }

    static bool is(const Checked& checked, Kind kind) {
        return checked.type.kind == kind || checked.type.kind == Kind::any;
    }

    Checked binary(const Expr& expr) {
        if (expr.text == "==" || expr.text == "!=") return equality(expr);
        if (expr.text == "in") return within(expr);
        if (expr.text == "/")
            return wrong(expr.at,
                         "/ does not say how it rounds; use div(a, b, scale, rounding) or ratio(a, "
                         "b, scale, rounding)");
        if (expr.text != "&&" && expr.text != "||") return function(expr, expr.text, expr.children);
        Checked a = check(expr.children[0]);
        Checked b = check(expr.children[1]);
        for (const Checked* side : {&a, &b}) {
            if (!is(*side, Kind::boolean))
                return wrong(expr.at, expr.text + " of " + name_of(side->type) + ", not bool");
        }
        return make(expr.text == "&&" ? Op::conjunction : Op::disjunction,
                    of(Kind::boolean),
                    parts_of(a, b));
    }

    Checked equality(const Expr& expr) {
        Checked a = check(expr.children[0]);
        Checked b = check(expr.children[1]);
        const bool unequal = expr.text == "!=";
        const bool a_null = a.type.kind == Kind::null;
        const bool b_null = b.type.kind == Kind::null;
        if (a_null || b_null) {  // x == null asks whether x is there
            Checked present = make(Op::has, of(Kind::boolean), parts_of(a_null ? b : a));
            if (a_null && b_null) return wrong(expr.at, "null is compared with null");
            return unequal ? std::move(present)
                           : make(Op::negation, of(Kind::boolean), parts_of(present));
        }
        Type both;
        if (!unify(a.type, b.type, both))
            return wrong(expr.at, expr.text + " of " + name_of(a.type) + " and " + name_of(b.type));
        if (!comparable(both))
            return wrong(expr.at, expr.text + " of " + name_of(both) + "; compare its fields");
        code_literal(a.type, expr.children[1]);
        code_literal(b.type, expr.children[0]);
        return make(unequal ? Op::not_equal : Op::equal, of(Kind::boolean), parts_of(a, b));
    }

    // A literal beside a code must be in its list, or the rule would never fire.
    void code_literal(const Type& type, const Expr& literal) {
        if (type.codes.empty() || environment_.codes == nullptr) return;
        if (literal.kind == ExprKind::list) {
            for (const Expr& item : literal.children)
                code_literal(type, item);
        }
        if (literal.kind != ExprKind::text) return;
        const schemas::CodeList* codes = environment_.codes->list(type.codes);
        if (codes != nullptr && codes->find(literal.text) == nullptr)
            complaints_.push_back(
                {literal.at, "list " + type.codes + " has no code " + literal.text});
    }

    Checked within(const Expr& expr) {
        Checked one = check(expr.children[0]);
        Checked whole = check(expr.children[1]);
        if (whole.type.kind == Kind::map) {
            if (!is(one, Kind::text)) return wrong(expr.at, "a map's keys are strings");
        } else if (whole.type.kind == Kind::list) {
            Type both;
            if (!unify(one.type, *whole.type.item, both) || !scalar(both))
                return wrong(expr.at,
                             "in: " + name_of(one.type) + " cannot be in " + name_of(whole.type));
            code_literal(one.type, expr.children[1]);
            code_literal(*whole.type.item, expr.children[0]);
        } else if (whole.type.kind != Kind::any) {
            return wrong(expr.at, "in needs a list or a map, not " + name_of(whole.type));
        }
        return make(Op::within, of(Kind::boolean), parts_of(one, whole));
    }

    Checked ternary(const Expr& expr) {
        Checked condition = check(expr.children[0]);
        Checked yes = check(expr.children[1]);
        Checked no = check(expr.children[2]);
        if (!is(condition, Kind::boolean))
            return wrong(expr.at, "?: asks " + name_of(condition.type) + ", not bool");
        Type both;
        if (!unify(yes.type, no.type, both))
            return wrong(expr.at, "?: answers " + name_of(yes.type) + " or " + name_of(no.type));
        return make(Op::choose, both, parts_of(condition, yes, no));
    }

    Checked list(const Expr& expr) {
        Checked checked = make(Op::list, list_of({}));
        Type item;
        for (const Expr& child : expr.children) {
            Checked one = check(child);
            if (!unify(item, one.type, item))
                return wrong(child.at,
                             "a list of " + name_of(item) + " has an item of " + name_of(one.type));
            checked.code.parts.push_back(std::move(one.code));
        }
        checked.type = list_of(item);
        return checked;
    }

    Checked map(const Expr& expr) {
        Checked checked = make(Op::map, map_of({}));
        Type item;
        std::set<std::string> keys;
        for (std::size_t i = 0; i + 1 < expr.children.size(); i += 2) {
            const Expr& key = expr.children[i];
            if (key.kind != ExprKind::text) return wrong(key.at, "a map's key is a string literal");
            if (!keys.insert(key.text).second) return wrong(key.at, "the key stands twice");
            Checked one = check(expr.children[i + 1]);
            if (!unify(item, one.type, item))
                return wrong(expr.children[i + 1].at,
                             "a map of " + name_of(item) + " has a value of " + name_of(one.type));
            checked.code.parts.push_back(literal(constant_of(key), of(Kind::text)).code);
            checked.code.parts.push_back(std::move(one.code));
        }
        checked.type = map_of(item);
        return checked;
    }

    Checked presence(const Expr& expr) {
        if (expr.children.size() != 1) return wrong(expr.at, "has() takes one name or field");
        const ExprKind kind = expr.children[0].kind;
        if (kind != ExprKind::name && kind != ExprKind::member && kind != ExprKind::index)
            return wrong(expr.at, "has() takes a name, a field or an item");
        Checked value = check(expr.children[0]);
        return make(Op::has, of(Kind::boolean), parts_of(value));
    }

    Checked value_or(const Expr& expr) {
        if (expr.children.size() != 2)
            return wrong(expr.at, "value_or() takes a value and what stands for it when missing");
        Checked value = check(expr.children[0]);
        Checked otherwise = check(expr.children[1]);
        Type both;
        if (!unify(value.type, otherwise.type, both))
            return wrong(
                expr.at,
                "value_or() of " + name_of(value.type) + " and " + name_of(otherwise.type));
        return make(Op::value_or, both, parts_of(value, otherwise));
    }

    Checked macro(const Expr& expr) {
        const std::string& which = expr.text;
        const std::size_t most = which == "map" ? 4 : 3;
        if (expr.children.size() < 3 || expr.children.size() > most ||
            expr.children[1].kind != ExprKind::name)
            return wrong(expr.at, which + "() takes a variable and an expression");
        Checked range = check(expr.children[0]);
        if (!is(range, Kind::list))
            return wrong(expr.at, which + "() of " + name_of(range.type) + ", not a list");
        const std::string& variable = expr.children[1].text;
        for (const Visible& each : scope_) {
            if (each.name == variable)
                return wrong(expr.children[1].at, variable + " hides a name that is already there");
        }
        const std::size_t slot = slots_++;
        scope_.push_back({variable, range.type.item ? *range.type.item : Type{}, slot});
        Checked body = check(expr.children.back());
        Checked condition = expr.children.size() == 4 ? check(expr.children[2])
                                                      : make(Op::constant, of(Kind::boolean));
        scope_.pop_back();
        const bool maps = which == "map";
        if ((!maps && !is(body, Kind::boolean)) || !is(condition, Kind::boolean))
            return wrong(expr.at, which + "() asks " + name_of(body.type) + ", not bool");
        static const std::map<std::string_view, Op> ops{{"all", Op::all},
                                                        {"exists", Op::exists},
                                                        {"exists_one", Op::exists_one},
                                                        {"filter", Op::filter},
                                                        {"map", Op::transform}};
        Type type =
            maps ? list_of(body.type) : (which == "filter" ? range.type : of(Kind::boolean));
        Checked checked = make(ops.at(which), std::move(type), parts_of(range, body));
        if (expr.children.size() == 4) checked.code.parts.push_back(std::move(condition.code));
        checked.code.slot = slot;
        return checked;
    }

    Checked function(const Expr& expr,
                     const std::string& called,
                     const std::vector<Expr>& arguments) {
        std::vector<Checked> checked;
        checked.reserve(arguments.size());
        for (const Expr& argument : arguments)
            checked.push_back(check(argument));
        std::string known;
        for (const Overload& overload : overloads()) {
            if (overload.name != called) continue;
            known += (known.empty() ? "" : ", ") + std::string(overload.signature);
            if (auto made = applied(overload, expr, arguments, checked)) return std::move(*made);
        }
        if (known.empty()) return wrong(expr.at, "unknown function " + called);
        std::string given;
        for (const Checked& one : checked)
            given += (given.empty() ? "" : ", ") + name_of(one.type);
        return wrong(expr.at, called + "(" + given + ") is none of: " + known);
    }

    std::optional<Checked> applied(const Overload& overload,
                                   const Expr& expr,
                                   const std::vector<Expr>& arguments,
                                   const std::vector<Checked>& checked) {
        if (overload.parameters.size() != checked.size()) return std::nullopt;
        std::map<char, Type> variables;
        bool literals = false;
        for (std::size_t i = 0; i < checked.size(); ++i) {
            const Pattern& pattern = overload.parameters[i];
            if (!bind(pattern, checked[i].type, variables)) return std::nullopt;
            if (pattern.literal && arguments[i].kind != ExprKind::text) return std::nullopt;
            if (pattern.rounding && !is_rounding(arguments[i])) return std::nullopt;
            literals = literals || (pattern.literal && !pattern.rounding);
        }
        Checked made = make(Op::call, result_of(overload.result, variables));
        made.code.run = overload.run;
        if (literals) {  // date("2024-02-30") is a mistake of the file, not of a record
            Scene scene;
            const Datum argument = constant_of(arguments[0]);
            Datum value = overload.run(std::span<const Datum>(&argument, 1), scene);
            if (value.undecided()) return wrong(expr.at, overload.name + "(): the text is not one");
            return literal(std::move(value), made.type);
        }
        for (const Checked& one : checked)
            made.code.parts.push_back(one.code);
        return made;
    }

    Checked lookup(const Expr& expr) {
        if (expr.children.size() < 2 || expr.children[0].kind != ExprKind::text ||
            expr.children[1].kind != ExprKind::text)
            return wrong(expr.at,
                         "table() takes the table's name and the column's, both written as "
                         "strings, and its keys");
        const auto table = std::find_if(
            environment_.tables.begin(), environment_.tables.end(), [&](const auto& each) {
                return each->name == expr.children[0].text;
            });
        if (table == environment_.tables.end())
            return wrong(expr.children[0].at, "the rule has no table " + expr.children[0].text);
        const std::size_t column = (*table)->column(expr.children[1].text);
        if (column == (*table)->columns.size())
            return wrong(expr.children[1].at,
                         "table " + (*table)->name + " has no column " + expr.children[1].text);
        const std::size_t wanted = (*table)->keys.size() + ((*table)->dated ? 1 : 0);
        if (expr.children.size() != wanted + 2)
            return wrong(expr.at,
                         "table " + (*table)->name + " takes " + std::to_string(wanted) + " keys" +
                             ((*table)->dated ? ", the last of them a date" : ""));
        Checked checked = make(Op::lookup, of((*table)->columns[column].second));
        checked.code.table = *table;
        checked.code.slot = column;
        for (std::size_t i = 0; i < wanted; ++i) {
            Checked key = check(expr.children[i + 2]);
            const bool is_date = (*table)->dated && i + 1 == wanted;
            if (!is(key, is_date ? Kind::date : Kind::text))
                return wrong(expr.children[i + 2].at,
                             std::string("this key must be a ") + (is_date ? "date" : "string"));
            checked.code.parts.push_back(std::move(key.code));
        }
        return checked;
    }

    const Environment& environment_;
    std::vector<Visible> scope_;
    std::size_t slots_ = 0;
    std::vector<Complaint> complaints_;
};

Compiled compile(const Expr& expr, const Environment& environment) {
    return Checker(environment).run(expr);
}

Compiled compile(std::string_view text, const Environment& environment) {
    const Parsed parsed = parse(text);
    if (!parsed.expr) return {std::nullopt, {}, parsed.complaints};
    return compile(*parsed.expr, environment);
}

}  // namespace tongban::mapping::cel
