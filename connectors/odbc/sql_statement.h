// SqlStatement: a configured statement with named parameters, `WHERE AAC002 = :AAC002`, made ready
// for binding.
//
// A value is bound, never spliced into the text: each `:name` outside quotes and comments becomes a
// `?`.
//
// Threads: value.
// Faults:  malformed, when a quote or comment does not end.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tongban::connectors {

struct SqlStatement {
    std::string text;  // with `?`
    std::vector<std::string>
        parameters;  // names in the order of the `?`, repeated where used twice
};

Result<SqlStatement> read_sql_statement(std::string_view sql);

}  // namespace tongban::connectors
