#include "base/check.h"
#include "base/text.h"
#include "hub/store/batch.h"
#include "hub/store/case_id.h"

namespace tongban::store {

std::int32_t shard_of(std::string_view requester, std::string_view request_id) {
    std::string key = "tongban/shard/v1";
    key += '\0';
    key += requester;
    key += '\0';
    key += request_id;
    return sha256(key)[0];
}

std::string new_exchange_id(Instant now, std::int32_t shard) {
    TONGBAN_CHECK(shard >= 0 && shard < shard_count, "store.shard_range");
    std::string id = uuid_v7(now);
    const char last = static_cast<char>(static_cast<unsigned char>(shard));
    id.replace(id.size() - 2, 2, hex(std::string_view(&last, 1)));
    return id;
}

Result<std::int32_t> shard_of_exchange(std::string_view exchange_id) {
    if (exchange_id.size() == 36) {
        const auto last = from_hex(exchange_id.substr(34));
        if (last) return static_cast<std::int32_t>(static_cast<unsigned char>((*last)[0]));
    }
    if (const auto of_case = case_named(exchange_id)) return shard_of_case(*of_case);
    return Fault{FaultKind::malformed, "exchange_id", "not an exchange id of this hub"};
}

}  // namespace tongban::store
