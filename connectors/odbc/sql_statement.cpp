#include "connectors/odbc/sql_statement.h"

namespace tongban::connectors {
namespace {

bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_name_part(char c) {
    return is_name_start(c) || (c >= '0' && c <= '9');
}

// End of what begins at `at` and hides parameters (a quote or a comment), or `at` when nothing
// does.
std::size_t end_of_hidden(std::string_view sql, std::size_t at) {
    const char c = sql[at];
    if (c == '\'' || c == '"') {
        const auto end = sql.find(c, at + 1);  // a doubled quote begins the next quoted piece
        return end == std::string_view::npos ? end : end + 1;
    }
    if (sql.substr(at, 2) == "--") {
        const auto end = sql.find('\n', at);
        return end == std::string_view::npos ? sql.size() : end + 1;
    }
    if (sql.substr(at, 2) == "/*") {
        const auto end = sql.find("*/", at + 2);
        return end == std::string_view::npos ? end : end + 2;
    }
    return at;
}

}  // namespace

Result<SqlStatement> read_sql_statement(std::string_view sql) {
    SqlStatement statement;
    for (std::size_t at = 0; at < sql.size();) {
        const std::size_t hidden = end_of_hidden(sql, at);
        if (hidden == std::string_view::npos) {
            return Fault{FaultKind::malformed, "sql", "a quote or comment does not end"};
        }
        if (hidden != at) {
            statement.text.append(sql.substr(at, hidden - at));
            at = hidden;
            continue;
        }
        if (sql.substr(at, 2) == "::") {  // PostgreSQL's cast
            statement.text.append("::");
            at += 2;
            continue;
        }
        if (sql[at] == ':' && at + 1 < sql.size() && is_name_start(sql[at + 1])) {
            std::size_t end = at + 1;
            while (end < sql.size() && is_name_part(sql[end]))
                ++end;
            statement.parameters.emplace_back(sql.substr(at + 1, end - at - 1));
            statement.text.push_back('?');
            at = end;
            continue;
        }
        statement.text.push_back(sql[at]);
        ++at;
    }
    return statement;
}

}  // namespace tongban::connectors
