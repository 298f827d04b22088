// Case ids: shard << 44 | number; below 2^52, so exact in JSON too. The name of a case where text
// is wanted (leaves, commands) is `case-` and 16 hex digits.
//
// Threads: pure functions.
// Faults:  malformed (not a name of a case).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tongban::store {

std::int64_t case_id_of(std::int32_t shard, std::int64_t number);  // number: 1 .. 2^44-1
std::int32_t shard_of_case(std::int64_t case_id);                  // -1: not a case id
std::int64_t number_of_case(std::int64_t case_id);                 // within its shard
std::string name_of_case(std::int64_t case_id);
Result<std::int64_t> case_named(std::string_view name);
// Keys of calls are "<case_id>/<step_no>/<op>"; 0: not such a key.
std::int64_t case_of_op_key(std::string_view op_key);
// Of the start's key, so that the key and the case share a shard.
std::int32_t shard_of_case_key(std::string_view scope, std::string_view biz_key);

}  // namespace tongban::store
