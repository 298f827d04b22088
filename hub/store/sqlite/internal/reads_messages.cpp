// Messages that moved cases, by whom they came from.
#include <string>

#include "hub/store/sqlite/internal/store_class.h"

namespace tongban::store::sqlite {

Result<std::vector<CaseInboxRow>> SqliteStore::case_messages(std::int32_t shard,
                                                             std::string_view src,
                                                             std::string_view begins,
                                                             std::size_t limit) {
    // A range, so that the key finds it: no byte of UTF-8 is as high as 0xFF.
    const std::string end = std::string(begins) + '\xFF';
    return readers_->all(
        case_inbox_shape,
        "WHERE shard=? AND src=? AND msg_id>=? AND msg_id<? ORDER BY msg_id LIMIT ?",
        shard,
        Text{src},
        Text{begins},
        Text{end},
        limit);
}

}  // namespace tongban::store::sqlite
