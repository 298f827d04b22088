// Table: policy parameters of a rule, as rows of its file: table('base_limits', 'floor', division,
// date).
//
// A dated table's rows carry from and to, both inclusive; its last argument is the date that
// selects the row. No row is undecided, never a default: a limit that nobody stated cannot be kept
// or broken.
//
// Threads: immutable after load.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "mapping/cel/datum.h"
#include "mapping/cel/type.h"

namespace tongban::mapping::cel {

struct TableRow {
    std::vector<std::string> keys;
    std::optional<Date> from;
    std::optional<Date> to;
    std::vector<Datum> values;  // one a column
};

struct Table {
    std::string name;
    std::vector<std::string> keys;  // names of the key columns; each is text
    bool dated = false;
    std::vector<std::pair<std::string, Kind>> columns;
    std::vector<TableRow> rows;

    [[nodiscard]] std::size_t column(std::string_view wanted) const;  // columns.size(): none
    [[nodiscard]] const Datum* find(const std::vector<std::string_view>& wanted,
                                    std::optional<Date> day,
                                    std::size_t wanted_column) const;
};

}  // namespace tongban::mapping::cel
