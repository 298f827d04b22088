// Files: read whole with a limit, write durably (temporary, fsync, rename, fsync of the folder),
// list sorted.
//
// Threads: pure functions. Faults: not_found, unavailable, refused (too large, readable by others).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tongban {

enum class Access { shared, owner_only };

Result<std::string> read_file(const std::string& path, std::uint64_t limit = 64ULL << 20);
Result<Done> write_file_durably(const std::string& path,
                                std::string_view bytes,
                                Access access = Access::shared);
Result<Done> remove_durably(const std::string& path);  // Done when it is not there
Result<Done> make_folders(const std::string& path, Access access = Access::shared);
// Regular files below `folder` whose name ends with `suffix`, sorted; recursive.
std::vector<std::string> files_below(const std::string& folder, std::string_view suffix);

}  // namespace tongban
