#include "tests/support/bad_inputs/bad_input.h"
#include "tests/support/native_samples.h"

namespace tongban::support {
namespace {

std::string json(std::string_view from, std::string_view to) {
    return with(deed_tax_utf8, from, to);
}

std::string rows(std::string_view from, std::string_view to) {
    return with(employment_utf8, from, to);
}

std::string without_column() {
    return with(rows(R"(,"AAE201":125)", ""), R"(,"AAE201":125)", "");
}

std::string nested() {
    std::string text;
    for (int i = 0; i < 10'000; ++i) text += R"({"wsxx":)";
    return text;
}

}  // namespace

std::vector<BadInput> bad_json_and_rows_inputs() {
    const auto answer = Enters::json;
    const auto view = Enters::rows;
    return {
        {"number_for_a_string", answer, "an amount as a JSON number", [] { return json(R"("650000.00")", "650000.00"); }, {"json_schema.type"}, "", "", ""},
        {"duplicate_members", answer, "the payment state twice in one object", [] { return json(R"("jkzt": "0")", R"("jkzt": "0", "jkzt": "1")"); }, {"json.duplicate"}, "", "", ""},
        {"json_depth_10000", answer, "10,000 objects in each other", nested, {"limit.depth"}, "", "", ""},
        {"json_brackets_1_mb", answer, "one million opening brackets", [] { return std::string(1'000'000, '['); }, {"limit.depth"}, "", "", ""},
        {"json_text_too_long", answer, "a name of 100,000 characters", [] { return json("甲试甲", std::string(100'000, 'x')); }, {"limit.text"}, "", "", ""},
        {"json_number_of_1000_digits", answer, "a number of 1,000 digits", [] { return json(R"("650000.00")", std::string(1000, '9')); }, {"limit.number"}, "", "", ""},
        {"json_huge_exponent", answer, "1e999999999", [] { return json(R"("650000.00")", "1e999999999"); }, {"limit.number"}, "", "", ""},
        {"json_lone_surrogate", answer, "half of a surrogate pair", [] { return json("甲试甲", "\\ud800"); }, {"json.syntax"}, "", "", ""},
        {"json_nul_escape", answer, "\\u0000 in a name", [] { return json("甲试甲", "\\u0000"); }, {"encoding.nul"}, "", "", ""},
        {"json_comment", answer, "a comment, single quotes, NaN", [] { return json(R"("fhm": "0",)", "/* ok */ 'fhm': NaN,"); }, {"json.syntax"}, "", "", ""},
        {"json_trailing_bytes", answer, "a second document after the first", [] { return deed_tax_utf8 + "{}"; }, {"json.syntax"}, "", "", ""},
        {"json_truncated", answer, "the connection broke in the middle", [] { return deed_tax_utf8.substr(0, deed_tax_utf8.size() / 2); }, {"json.syntax"}, "", "", ""},
        {"json_in_gb18030", answer, "bytes are GB18030 where UTF-8 is agreed", [] { return in_gb18030(deed_tax_utf8); }, {"encoding.bytes"}, "", "", ""},
        {"json_html_page", answer, "a login page instead of the record", [] { return std::string("<!DOCTYPE html><html>login</html>"); }, {"json.syntax"}, "", "", ""},
        {"json_missing_member", answer, "a tax record without the payer's name", [] { return json(R"("nsrmc": "甲试甲", )", ""); }, {"json_schema.missing"}, "", "", ""},
        {"json_unknown_member", answer, "a member that the interface does not know", [] { return json(R"("fhm": "0")", R"("fhm": "0", "__proto__": {})"); }, {"json_schema.unexpected"}, "", "", ""},
        {"json_office_error", answer, "the office's own error code as a record", [] { return json(R"("fhm": "0")", R"("fhm": "E500")"); }, {"json_schema.enum"}, "", "", ""},
        {"json_wrong_pattern", answer, "a date as 06/05/2020", [] { return json("2020-05-06", "06/05/2020"); }, {"json_schema.pattern"}, "", "", ""},
        {"json_mojibake", answer, "烫烫烫 in a name", [] { return json("甲试甲", "烫烫烫"); }, {"encoding.mojibake"}, "", "", ""},
        {"rows_column_missing", view, "the view lost the column AAE201", without_column, {"rows.column"}, "", "", ""},
        {"rows_unknown_column", view, "the view has a column nobody agreed on", [] { return rows(R"("AAE201":125)", R"("AAE201":125,"MM":"x")"); }, {"json_schema.unexpected"}, "", "", ""},
        {"rows_null_where_required", view, "NULL for the name", [] { return rows(R"("甲试甲")", "null"); }, {"json_schema.type"}, "", "", ""},
        {"rows_duplicate_column", view, "two columns of one name", [] { return rows(R"("AAC004":"1")", R"("AAC004":"1","AAC004":"2")"); }, {"json.duplicate"}, "", "", ""},
        {"rows_nested_value", view, "an object in a column", [] { return rows(R"("AAE201":125)", R"("AAE201":{"n":125})"); }, {"rows.shape"}, "", "", ""},
        {"rows_broken_line", view, "a line that is no JSON", [] { return "AAC001|AAC002\n" + employment_utf8; }, {"json.syntax"}, "", "", ""},
        {"rows_noise", view, "100,000 empty lines", [] { return std::string(100'000, '\n'); }, {"json.syntax"}, "", "", ""},
    };
}

}  // namespace tongban::support
