#include "hub/store/case_id.h"

#include <charconv>

#include "base/check.h"
#include "base/text.h"
#include "hub/store/batch.h"

namespace tongban::store {
namespace {

constexpr int number_bits = 44;
constexpr std::int64_t largest_number = (std::int64_t{1} << number_bits) - 1;
constexpr std::string_view prefix = "case-";

}  // namespace

std::int64_t case_id_of(std::int32_t shard, std::int64_t number) {
    TONGBAN_CHECK(shard >= 0 && shard < shard_count && number > 0 && number <= largest_number,
                  "store.case_id_range");
    return (std::int64_t{shard} << number_bits) | number;
}

std::int32_t shard_of_case(std::int64_t case_id) {
    const std::int64_t shard = case_id < 0 ? shard_count : case_id >> number_bits;
    return shard < shard_count && number_of_case(case_id) != 0 ? static_cast<std::int32_t>(shard)
                                                               : -1;
}

std::int64_t number_of_case(std::int64_t case_id) {
    return case_id & largest_number;
}

std::string name_of_case(std::int64_t case_id) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string name(prefix);
    for (int shift = 60; shift >= 0; shift -= 4)
        name += digits[static_cast<std::size_t>((case_id >> shift) & 0xF)];
    return name;
}

Result<std::int64_t> case_named(std::string_view name) {
    if (name.size() == prefix.size() + 16 && name.starts_with(prefix)) {
        const auto bytes = from_hex(name.substr(prefix.size()));
        std::int64_t id = 0;
        if (bytes)
            for (const char byte : *bytes)
                id = static_cast<std::int64_t>((static_cast<std::uint64_t>(id) << 8) |
                                               static_cast<unsigned char>(byte));
        if (bytes && shard_of_case(id) >= 0 && name_of_case(id) == name) return id;
    }
    return Fault{FaultKind::malformed, "case", "not the name of a case of this hub"};
}

std::int64_t case_of_op_key(std::string_view op_key) {
    std::int64_t id = 0;
    const char* const begin = op_key.data();
    const char* const end = begin + op_key.size();
    const auto [rest, error] = std::from_chars(begin, end, id);
    return error == std::errc() && rest != end && *rest == '/' && shard_of_case(id) >= 0 ? id : 0;
}

std::int32_t shard_of_case_key(std::string_view scope, std::string_view biz_key) {
    return shard_of(std::string("case/").append(scope), biz_key);
}

}  // namespace tongban::store
