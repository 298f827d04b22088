// The codecs by kind, and what they share. codec.cpp dispatches to them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mapping/codec.h"

namespace tongban::mapping {

// A number of digits with an optional sign and point, as units of 10^-scale. Nothing else: no
// exponent, no blanks, no "+".
struct Fixed {
    enum class State { ok, malformed, inexact, too_large };
    State state = State::malformed;
    std::int64_t units = 0;
};
Fixed parse_fixed(std::string_view text, std::int32_t scale);
// At least `places` digits after the point; trailing zeros beyond them are dropped.
std::string print_fixed(std::int64_t units, std::int32_t scale, std::int32_t places);

CodecFault malformed(std::string code, std::string zh, std::string en);

Coded<schemas::Value> read_money(const Codec& codec, std::string_view text);
Coded<std::string> write_money(const Codec& codec, const schemas::Money& money);
Coded<schemas::Value> read_decimal(const Codec& codec, std::string_view text);
Coded<std::string> write_decimal(const Codec& codec, const schemas::Decimal& decimal);
Coded<schemas::Value> read_share(std::string_view text);
Coded<std::string> write_share(const Codec& codec, const schemas::Share& share);
Coded<schemas::Value> read_date(const Codec& codec, std::string_view text);
Coded<std::string> write_date(const Codec& codec, Date date);
Coded<schemas::Value> read_period(const Codec& codec, std::string_view text);
Coded<std::string> write_period(const Codec& codec, Period period);
Coded<schemas::Value> read_timestamp(const Codec& codec, std::string_view text);
Coded<std::string> write_timestamp(const Codec& codec, Instant instant);

// 人民币大写. Reads what it writes, and the freer forms that counters print (圆 for 元, 正 for 整,
// 零 left out or extra).
std::optional<std::int64_t> fen_of_capital(std::string_view text);
std::optional<std::string> capital_of_fen(std::int64_t fen);  // empty from 10^16 yuan on

// 一二三, 壹贰叁, 十百千, up to 9999: for "二分之一".
std::optional<std::int64_t> chinese_integer(std::u32string_view text);

}  // namespace tongban::mapping
