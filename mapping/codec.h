// Codec: one native text to one canonical value and back: money, dates, codes, shares, 大写 …
//
// No floating point anywhere: money is int64 fen and every step is checked for overflow. A codec
// never guesses: what its declared form does not allow is a CodecFault, whose sentences say what to
// do and never repeat the value.
//
// Threads: pure functions of immutable arguments.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"
#include "schemas/code_list.h"
#include "schemas/finding.h"
#include "schemas/node.h"
#include "schemas/value.h"

namespace tongban::mapping {

enum class Normaliser { trim, fold_width, strip_invisible, middle_dot, uscc_suffix };
std::optional<Normaliser> normaliser_named(std::string_view name);
std::string normalise(const std::vector<Normaliser>& how, std::string text);

enum class CodecKind {
    text,
    code,
    identifier,
    money,
    decimal,
    integer,
    share,
    date,
    period,
    timestamp,
    boolean
};

enum class MoneyForm { yuan, yuan_thousands, wan, fen, capital };
enum class RatioForm {
    plain,
    fraction,
    percent,
    percent_sign
};  // 0.12 as it is; 0.12; 12.00; "12%"
enum class ShareForm { fraction, percent, ratio };  // written as "1/2", "50.00%", "0.5"
enum class DateForm { yyyymmdd, iso, iso_time, iso_time_blank, slashes, chinese };
enum class PeriodForm { yyyymm, iso, chinese };
enum class TimestampForm { iso_local, iso_zone, compact };

struct Codec {
    CodecKind kind = CodecKind::text;
    MoneyForm money = MoneyForm::yuan;
    RatioForm ratio = RatioForm::plain;
    ShareForm share = ShareForm::fraction;
    std::vector<DateForm> dates{DateForm::iso};  // read in any of them, written in the first
    std::vector<PeriodForm> periods{PeriodForm::yyyymm};
    TimestampForm timestamp = TimestampForm::iso_local;
    std::string true_text = "true";
    std::string false_text = "false";
    std::string identifier;    // kind of identifier
    std::int32_t scale = 0;    // of the canonical decimal
    std::int32_t places = -1;  // digits written after the point; -1: the form's own
    const schemas::Crosswalk* crosswalk = nullptr;  // code; null: the national codes themselves
    const schemas::CodeList* codes = nullptr;       // code
};

struct CodecFault {
    std::string code;  // "map.date.malformed", "map.code.unmapped", "map.money.inexact" ...
    schemas::Severity severity = schemas::Severity::return_;
    schemas::Mender mender = schemas::Mender::sender;
    std::string zh;
    std::string en;
};

template <typename T>
struct Coded {
    std::optional<T>
        value;  // may stand beside a fault that does not stop the record (a code under review)
    std::optional<CodecFault> fault;
};

// `text` is cleaned and not empty.
Coded<schemas::Value> read(const Codec& codec, std::string_view text, Date event);
Coded<std::string> write(const Codec& codec, const schemas::Value& value, Date event);

}  // namespace tongban::mapping
