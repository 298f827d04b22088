// Migrations: the numbered, forward-only schema changes of hub/store/migrations, embedded in the
// program.
//
// They are written once in a dialect of a few words that each driver spells its own way
// (README.md).
//
// Threads: immutable.
#pragma once

#include <string_view>
#include <vector>

namespace tongban::store {

struct Migration {
    int number = 0;
    std::string_view name;
    std::string_view sql;
};

const std::vector<Migration>& migrations();  // by number, 1..n without gaps

}  // namespace tongban::store
