#include "mapping/cel/table.h"

#include <algorithm>

namespace tongban::mapping::cel {

std::size_t Table::column(std::string_view wanted) const {
    const auto found = std::find_if(
        columns.begin(), columns.end(), [&](const auto& each) { return each.first == wanted; });
    return static_cast<std::size_t>(found - columns.begin());
}

const Datum* Table::find(const std::vector<std::string_view>& wanted,
                         std::optional<Date> day,
                         std::size_t wanted_column) const {
    for (const TableRow& row : rows) {
        if (!std::equal(row.keys.begin(), row.keys.end(), wanted.begin(), wanted.end())) continue;
        if (day && row.from && *day < *row.from) continue;
        if (day && row.to && *row.to < *day) continue;
        return &row.values[wanted_column];
    }
    return nullptr;
}

}  // namespace tongban::mapping::cel
