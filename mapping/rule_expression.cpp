#include "mapping/internal/rule_expression.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace tongban::mapping {
namespace {

std::string_view line_of(std::string_view bytes, int wanted) {
    for (int line = 1; line < wanted; ++line) {
        const std::size_t end = bytes.find('\n');
        if (end == std::string_view::npos) return {};
        bytes.remove_prefix(end + 1);
    }
    return bytes.substr(0, bytes.find('\n'));
}

// Where the text of a scalar begins in its file. A block scalar begins on the line after its "|",
// at its own indent.
struct Origin {
    int line = 0;
    int column = 0;
    bool every_line = false;  // a block: each line begins at the column
    bool folded = false;      // ">": lines are joined, places are lost
};

Origin origin_of(const YamlFile& file, const YamlValue& value) {
    Origin origin{value.line(), value.column(), false, false};
    const std::string_view line = line_of(file.bytes(), value.line());
    const auto at = static_cast<std::size_t>(value.column() - 1);
    const char first = at < line.size() ? line[at] : '\0';
    origin.folded = first == '>';
    if (first == '"' || first == '\'') ++origin.column;
    if (first != '|') return origin;
    origin.every_line = true;
    for (int next = value.line() + 1;; ++next) {
        const std::string_view text = line_of(file.bytes(), next);
        const std::size_t indent = text.find_first_not_of(' ');
        if (indent == std::string_view::npos && !text.empty()) continue;
        if (indent == std::string_view::npos) {
            if (next > value.line() + 100) break;
            continue;
        }
        origin.column = static_cast<int>(indent) + 1;
        break;
    }
    origin.line = value.line() + 1;
    return origin;
}

void note(const Origin& origin, const YamlValue& value, const cel::Complaint& complaint) {
    const int line = origin.line + complaint.at.line - 1;
    const bool shifted = complaint.at.line == 1 || origin.every_line;
    const int column = shifted ? origin.column + complaint.at.column - 1 : complaint.at.column;
    value.fault_at(line, column, complaint.message);
}

std::optional<cel::Kind> column_kind(std::string_view word) {
    using cel::Kind;
    static constexpr std::array<std::pair<std::string_view, Kind>, 6> words{
        {{"money", Kind::money},
         {"decimal", Kind::decimal},
         {"int", Kind::integer},
         {"date", Kind::date},
         {"string", Kind::text},
         {"bool", Kind::boolean}}};
    for (const auto& [name, kind] : words) {
        if (name == word) return kind;
    }
    return std::nullopt;
}

cel::Datum cell(const YamlValue& value, cel::Kind kind) {
    switch (kind) {
        case cel::Kind::money: {
            schemas::Money money;
            if (!cel::parse_money(value.text(), money))
                value.fault("expected yuan such as 2160.00");
            return money;
        }
        case cel::Kind::decimal: {
            schemas::Decimal decimal;
            if (!cel::parse_decimal(value.text(), decimal))
                value.fault("expected a decimal such as 0.05");
            return decimal;
        }
        case cel::Kind::integer:
            return value.integer();
        case cel::Kind::date:
            return value.date();
        case cel::Kind::boolean:
            return value.boolean();
        default:
            return cel::owned(value.text());
    }
}

cel::TableRow read_row(const cel::Table& table, const YamlValue& value) {
    std::vector<std::string_view> allowed(table.keys.begin(), table.keys.end());
    for (const auto& [name, kind] : table.columns)
        allowed.push_back(name);
    if (table.dated) {
        allowed.push_back("from");
        allowed.push_back("to");
    }
    const YamlMap map = value.map(allowed);
    cel::TableRow row;
    for (const std::string& key : table.keys)
        row.keys.push_back(map.text(key));
    if (table.dated) {
        row.from = map.date_if("from");
        row.to = map.date_if("to");
    }
    for (const auto& [name, kind] : table.columns) {
        const YamlValue one = map.at(name);
        row.values.push_back(one.exists() ? cell(one, kind) : cel::Datum());
    }
    return row;
}

bool overlap(const cel::TableRow& a, const cel::TableRow& b) {
    if (a.keys != b.keys) return false;
    const bool a_first = a.to && b.from && *a.to < *b.from;
    const bool b_first = b.to && a.from && *b.to < *a.from;
    return !a_first && !b_first;
}

}  // namespace

cel::Compiled compile_expression(const YamlFile& file,
                                 const YamlValue& value,
                                 const cel::Environment& environment,
                                 cel::Kind wanted) {
    const Origin origin = origin_of(file, value);
    const std::string text = value.text();
    cel::Compiled compiled;
    if (origin.folded) {
        value.fault("write an expression of several lines with |, so that its faults have places");
        return compiled;
    }
    compiled = cel::compile(text, environment);
    const cel::Kind answered = compiled.type.kind;
    if (compiled.program && wanted != cel::Kind::any && answered != wanted &&
        answered != cel::Kind::any) {
        compiled.complaints.push_back({{1, 1},
                                       "answers " + cel::name_of(compiled.type) + ", expected " +
                                           cel::name_of(cel::of(wanted))});
        compiled.program.reset();
    }
    for (const cel::Complaint& complaint : compiled.complaints)
        note(origin, value, complaint);
    return compiled;
}

std::shared_ptr<const cel::Table> read_table(const std::string& name, const YamlValue& value) {
    const YamlMap map = value.map({"keys", "dated", "columns", "rows", "source"});
    auto table = std::make_shared<cel::Table>();
    table->name = name;
    table->keys = map.texts_if("keys");
    table->dated = map.boolean_or("dated", false);
    const YamlValue columns = map.at("columns");
    for (const auto& [column, kind_value] : columns.open_map().entries()) {
        const auto kind = column_kind(kind_value.text());
        if (!kind) kind_value.fault("expected money, decimal, int, date, string or bool");
        table->columns.emplace_back(column, kind.value_or(cel::Kind::text));
    }
    if (table->columns.empty()) value.fault("table " + name + " has no columns");
    for (const YamlValue& row : map.list("rows")) {
        table->rows.push_back(read_row(*table, row));
        const auto& newest = table->rows.back();
        if (std::any_of(table->rows.begin(),
                        table->rows.end() - 1,
                        [&](const cel::TableRow& other) { return overlap(other, newest); }))
            row.fault("two rows of table " + name + " answer for the same keys and day");
    }
    return table;
}

}  // namespace tongban::mapping
