#include "mapping/internal/codec_file.h"

#include <array>
#include <optional>
#include <utility>

#include "base/text.h"

namespace tongban::mapping {

using schemas::FieldKind;
using schemas::FieldType;

namespace {

template <typename Form, std::size_t N>
using Names = std::array<std::pair<std::string_view, Form>, N>;

constexpr Names<CodecKind, 11> kind_names{{{"text", CodecKind::text},
                                           {"code", CodecKind::code},
                                           {"identifier", CodecKind::identifier},
                                           {"money", CodecKind::money},
                                           {"decimal", CodecKind::decimal},
                                           {"integer", CodecKind::integer},
                                           {"share", CodecKind::share},
                                           {"date", CodecKind::date},
                                           {"period", CodecKind::period},
                                           {"timestamp", CodecKind::timestamp},
                                           {"boolean", CodecKind::boolean}}};
constexpr Names<MoneyForm, 5> money_names{{{"yuan", MoneyForm::yuan},
                                           {"yuan-thousands", MoneyForm::yuan_thousands},
                                           {"wan", MoneyForm::wan},
                                           {"fen", MoneyForm::fen},
                                           {"capital", MoneyForm::capital}}};
constexpr Names<RatioForm, 4> ratio_names{{{"plain", RatioForm::plain},
                                           {"fraction", RatioForm::fraction},
                                           {"percent", RatioForm::percent},
                                           {"percent-sign", RatioForm::percent_sign}}};
constexpr Names<ShareForm, 3> share_names{{{"fraction", ShareForm::fraction},
                                           {"percent", ShareForm::percent},
                                           {"ratio", ShareForm::ratio}}};
constexpr Names<DateForm, 6> date_names{{{"yyyyMMdd", DateForm::yyyymmdd},
                                         {"yyyy-MM-dd", DateForm::iso},
                                         {"yyyy-MM-ddTHH:mm:ss", DateForm::iso_time},
                                         {"yyyy-MM-dd HH:mm:ss", DateForm::iso_time_blank},
                                         {"yyyy/M/d", DateForm::slashes},
                                         {"yyyy年M月d日", DateForm::chinese}}};
constexpr Names<PeriodForm, 3> period_names{{{"yyyyMM", PeriodForm::yyyymm},
                                             {"yyyy-MM", PeriodForm::iso},
                                             {"yyyy年M月", PeriodForm::chinese}}};
constexpr Names<TimestampForm, 3> timestamp_names{
    {{"yyyy-MM-ddTHH:mm:ss", TimestampForm::iso_local},
     {"zone", TimestampForm::iso_zone},
     {"yyyyMMddHHmmss", TimestampForm::compact}}};

Fault expected(std::string what) {
    return {FaultKind::malformed, "codec", std::move(what)};
}

template <typename Form, std::size_t N>
std::optional<Form> named(const Names<Form, N>& names, std::string_view text) {
    for (const auto& [name, form] : names) {
        if (name == text) return form;
    }
    return std::nullopt;
}

template <typename Form, std::size_t N>
Fault unknown_form(std::string_view kind, const Names<Form, N>& names) {
    std::vector<std::string> all;
    for (const auto& [name, form] : names)
        all.emplace_back(name);
    return expected(std::string(kind) + " needs one of (" + join(all, ") (") + ")");
}

template <typename Form, std::size_t N>
Result<Done> set_form(Form& form,
                      std::string_view kind,
                      const Names<Form, N>& names,
                      std::string_view text) {
    const std::optional<Form> found = named(names, text);
    if (!found) return unknown_form(kind, names);
    form = *found;
    return Done{};
}

template <typename Form, std::size_t N>
Result<Done> set_forms(std::vector<Form>& forms,
                       std::string_view kind,
                       const Names<Form, N>& names,
                       std::string_view text) {
    forms.clear();
    for (const std::string& part : split(text, '|')) {
        const std::optional<Form> found = named(names, part);
        if (!found) return unknown_form(kind, names);
        forms.push_back(*found);
    }
    return Done{};
}

Result<Done> set_boolean(Codec& codec, std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos || slash == 0 || slash + 1 == text.size() ||
        text.substr(0, slash) == text.substr(slash + 1)) {
        return expected("boolean needs (TRUE/FALSE), as boolean(1/2) or boolean(Y/N)");
    }
    codec.true_text = text.substr(0, slash);
    codec.false_text = text.substr(slash + 1);
    return Done{};
}

Result<Done> set_ratio(Codec& codec, std::string_view text) {
    if (text.empty()) return Done{};
    Result<Done> done = set_form(codec.ratio, "decimal", ratio_names, text);
    const bool per_cent =
        codec.ratio == RatioForm::percent || codec.ratio == RatioForm::percent_sign;
    if (done.ok() && per_cent && codec.scale < 2)
        return expected("a ratio in per cent needs a decimal of scale 2 or more");
    return done;
}

Result<Done> set_options(Codec& codec, std::string_view text) {
    switch (codec.kind) {
        case CodecKind::text:
        case CodecKind::code:
        case CodecKind::identifier:
        case CodecKind::integer:
            if (!text.empty()) return expected("this codec takes nothing in brackets");
            return Done{};
        case CodecKind::money:
            return set_form(codec.money, "money", money_names, text);
        case CodecKind::decimal:
            return set_ratio(codec, text);
        case CodecKind::share:
            return text.empty() ? Result<Done>(Done{})
                                : set_form(codec.share, "share", share_names, text);
        case CodecKind::date:
            return set_forms(codec.dates, "date", date_names, text);
        case CodecKind::period:
            return set_forms(codec.periods, "period", period_names, text);
        case CodecKind::timestamp:
            return set_form(codec.timestamp, "timestamp", timestamp_names, text);
        case CodecKind::boolean:
            return set_boolean(codec, text);
    }
    return Done{};
}

std::optional<CodecKind> implied_kind(const FieldType& type) {
    switch (type.kind) {
        case FieldKind::text:
            return CodecKind::text;
        case FieldKind::code:
            return CodecKind::code;
        case FieldKind::identifier:
            return CodecKind::identifier;
        case FieldKind::decimal:
            return type.scale == 0 ? CodecKind::integer : CodecKind::decimal;
        case FieldKind::share:
            return CodecKind::share;
        case FieldKind::money:
        case FieldKind::date:
        case FieldKind::period:
        case FieldKind::timestamp:
        case FieldKind::boolean:
        case FieldKind::group:
        case FieldKind::list:
            return std::nullopt;
    }
    return std::nullopt;
}

bool fits(CodecKind codec, FieldKind field) {
    switch (codec) {
        case CodecKind::text:
            return field == FieldKind::text;
        case CodecKind::code:
            return field == FieldKind::code;
        case CodecKind::identifier:
            return field == FieldKind::identifier;
        case CodecKind::money:
            return field == FieldKind::money;
        case CodecKind::decimal:
        case CodecKind::integer:
            return field == FieldKind::decimal;
        case CodecKind::share:
            return field == FieldKind::share;
        case CodecKind::date:
            return field == FieldKind::date;
        case CodecKind::period:
            return field == FieldKind::period;
        case CodecKind::timestamp:
            return field == FieldKind::timestamp;
        case CodecKind::boolean:
            return field == FieldKind::boolean;
    }
    return false;
}

}  // namespace

Result<Codec> parse_codec(std::string_view text, const FieldType& type) {
    Codec codec;
    codec.scale = type.scale;
    codec.identifier = type.identifier;
    if (text.empty()) {
        const std::optional<CodecKind> implied = implied_kind(type);
        if (!implied) {
            return expected("a " + std::string(name_of(type.kind)) +
                            " field states its codec: its unit and form are never assumed");
        }
        codec.kind = *implied;
        return codec;
    }
    const std::size_t open = text.find('(');
    const std::optional<CodecKind> kind = named(kind_names, text.substr(0, open));
    if (!kind || (open != std::string_view::npos && text.back() != ')')) {
        return expected(
            "a codec is one of text code identifier money decimal integer share date period "
            "timestamp boolean, with its "
            "form in brackets");
    }
    codec.kind = *kind;
    if (!fits(codec.kind, type.kind)) {
        return expected("codec " + std::string(text) + " does not fit a field of type " +
                        std::string(name_of(type.kind)));
    }
    if (codec.kind == CodecKind::integer && type.scale != 0)
        return expected("integer fits a decimal of scale 0 only");
    const std::string_view options = open == std::string_view::npos
                                         ? std::string_view()
                                         : text.substr(open + 1, text.size() - open - 2);
    Result<Done> set = set_options(codec, options);
    if (!set.ok()) return std::move(set).fault();
    return codec;
}

Result<Codec> parse_free_codec(std::string_view text, FieldKind kind) {
    FieldType type;
    type.kind = kind;
    return parse_codec(text, type);
}

}  // namespace tongban::mapping
