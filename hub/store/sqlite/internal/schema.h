// Schema: brings a database file to the newest migration, in SQLite's spelling of the dialect.
//
// Threads: the opening thread.
// Faults:  malformed (not our file, or newer than this program), those of base/sqlite.h.
#pragma once

#include <string>
#include <string_view>

#include "base/sqlite.h"

namespace tongban::store::sqlite {

std::string in_sqlite(std::string_view portable);
Result<Done> migrate(Sqlite& database);

}  // namespace tongban::store::sqlite
