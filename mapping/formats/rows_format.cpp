#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "mapping/formats/encoding_check.h"
#include "mapping/formats/format.h"
#include "mapping/formats/json_problems.h"
#include "mapping/formats/json_reader.h"
#include "mapping/formats/sender_finding.h"

namespace tongban::mapping {
namespace {

using schemas::Finding;
using schemas::NativeSchema;
using schemas::Node;
using schemas::NodeKind;
using schemas::Severity;

std::string row_path(std::size_t row) {
    return "/row[" + std::to_string(row) + "]";
}

// A column that is missing is missing from every row of the view: one finding, with the first row
// and the count.
class ColumnCheck {
public:
    explicit ColumnCheck(const NativeSchema& schema)
        : schema_(schema), missing_(schema.columns().size()) {}

    void row(const Node& row) {
        for (std::size_t i = 0; i < missing_.size(); ++i) {
            if (row.child(schema_.columns()[i]) != nullptr) continue;
            if (missing_[i].rows++ == 0) missing_[i].first = row.line;
        }
    }

    void report(std::vector<Finding>& findings) const {
        for (std::size_t i = 0; i < missing_.size(); ++i) {
            if (missing_[i].rows == 0) continue;
            const std::string& column = schema_.columns()[i];
            const std::string count = std::to_string(missing_[i].rows);
            findings.push_back(sender_finding(
                schema_,
                {row_path(missing_[i].first) + "/" + column, missing_[i].first, 1},
                {"rows.column",
                 Severity::return_,
                 std::string("数据库视图缺少约定的列 ")
                     .append(column)
                     .append("（")
                     .append(count)
                     .append(" 行）；请恢复视图或更新接口规范后重试。"),
                 std::string("The view lacks the agreed column ")
                     .append(column)
                     .append(" (")
                     .append(count)
                     .append(" rows); restore it, or agree on a new version of the interface.")}));
        }
    }

private:
    struct Missing {
        std::uint32_t first = 0;
        std::size_t rows = 0;
    };
    const NativeSchema& schema_;
    std::vector<Missing> missing_;
};

bool flat(const Node& row) {
    return std::all_of(row.children.begin(), row.children.end(), [](const Node& column) {
        return !column.in_array && column.kind != NodeKind::object;
    });
}

void append(std::vector<Finding>& all, std::vector<Finding> more) {
    for (Finding& finding : more) {
        if (all.size() >= findings_limit) return;
        all.push_back(std::move(finding));
    }
}

// What the row's JSON Schema says, but for missing columns: ColumnCheck tells those once for all.
std::vector<Finding> broken_in(const JsonReading& row,
                               const NativeSchema& schema,
                               std::uint32_t line) {
    std::vector<Finding> broken = json_findings(row.value, *row.root, schema);
    const auto& columns = schema.columns();
    std::erase_if(broken, [&columns](const Finding& finding) {
        return finding.code == "json_schema.missing" &&
               std::find(columns.begin(), columns.end(), finding.place.path.substr(1)) !=
                   columns.end();
    });
    for (Finding& finding : broken)
        finding.place.path = row_path(line) + finding.place.path;
    return broken;
}

}  // namespace

Reading read_rows(std::string_view bytes, const NativeSchema& schema) {
    Reading reading;
    auto text = text_of(bytes, schema);
    if (!text.value) {
        reading.findings = std::move(text.findings);
        return reading;
    }
    Node root;
    root.name = "rows";
    root.kind = NodeKind::object;
    root.line = 1;
    root.column = 1;
    ColumnCheck columns(schema);
    std::string_view rest = *text.value;
    std::size_t nodes = 0;
    for (std::uint32_t line = 1; !rest.empty(); ++line) {
        const auto end = rest.find('\n');
        std::string_view row_text = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        if (row_text.ends_with('\r')) row_text.remove_suffix(1);
        JsonReading row = read_json_text(row_text, schema, {line, nodes});
        nodes = row.nodes;
        for (Finding& finding : row.findings)
            finding.place.path = row_path(line) + finding.place.path;
        const bool limits =
            schemas::any_stops(row.findings) && row.findings.back().code.starts_with("limit.");
        append(reading.findings, std::move(row.findings));
        if (limits) return reading;
        if (!row.root) continue;
        if (row.root->kind != NodeKind::object || !flat(*row.root)) {
            append(
                reading.findings,
                {sender_finding(
                    schema,
                    {row_path(line), line, 1},
                    {"rows.shape",
                     Severity::return_,
                     "每行应为一个只含简单值的 JSON 对象，请由接口开发人员更正。",
                     "A row is one JSON object of plain values; have the interface corrected."})});
            continue;
        }
        row.root->name = "row";
        columns.row(*row.root);
        append(reading.schema_findings, broken_in(row, schema, line));
        root.children.push_back(std::move(*row.root));
    }
    columns.report(reading.schema_findings);
    if (!reading.findings.empty()) return reading;
    if (auto mojibake = check_mojibake(root, schema)) {
        reading.findings.push_back(std::move(*mojibake));
        return reading;
    }
    reading.root = std::move(root);
    return reading;
}

}  // namespace tongban::mapping
