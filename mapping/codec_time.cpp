#include <algorithm>
#include <optional>
#include <string>

#include "base/text.h"
#include "mapping/internal/codecs.h"

namespace tongban::mapping {

using schemas::Value;

namespace {

// Reads `text` against `pattern`: y M d H m s each take one digit, * after a letter takes one more
// if there is one, anything else stands for itself. Returns the six numbers, or empty.
struct Parts {
    int year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0;
};

std::optional<Parts> match(std::string_view text, std::string_view pattern) {
    Parts parts;
    parts.month = parts.day = 0;
    std::size_t at = 0;
    bool month_seen = false;
    bool day_seen = false;
    const auto is_digit = [&](std::size_t i) {
        return i < text.size() && text[i] >= '0' && text[i] <= '9';
    };
    int* last = nullptr;
    for (const char p : pattern) {
        int* target = nullptr;
        switch (p) {
            case 'y':
                target = &parts.year;
                break;
            case 'M':
                target = &parts.month;
                month_seen = true;
                break;
            case 'd':
                target = &parts.day;
                day_seen = true;
                break;
            case 'H':
                target = &parts.hour;
                break;
            case 'm':
                target = &parts.minute;
                break;
            case 's':
                target = &parts.second;
                break;
            default:
                break;
        }
        if (p == '*') {
            if (is_digit(at)) *last = *last * 10 + (text[at++] - '0');
            continue;
        }
        if (target != nullptr) {
            if (!is_digit(at)) return std::nullopt;
            *target = *target * 10 + (text[at++] - '0');
            last = target;
            continue;
        }
        if (at >= text.size() || text[at] != p) return std::nullopt;
        ++at;
    }
    if (at != text.size() || parts.hour > 23 || parts.minute > 59 || parts.second > 59)
        return std::nullopt;
    if (!month_seen) parts.month = 1;
    if (!day_seen) parts.day = 1;
    return parts;
}

std::string_view pattern_of(DateForm form) {
    switch (form) {
        case DateForm::yyyymmdd:
            return "yyyyMMdd";
        case DateForm::iso:
            return "yyyy-MM-dd";
        case DateForm::iso_time:
            return "yyyy-MM-ddTHH:mm:ss";
        case DateForm::iso_time_blank:
            return "yyyy-MM-dd HH:mm:ss";
        case DateForm::slashes:
            return "yyyy/M*/d*";
        case DateForm::chinese:
            return "yyyy年M*月d*日";
    }
    return "";
}

std::string shown(DateForm form) {
    std::string text(pattern_of(form));
    std::erase(text, '*');
    return text;
}

std::string_view pattern_of(PeriodForm form) {
    switch (form) {
        case PeriodForm::yyyymm:
            return "yyyyMM";
        case PeriodForm::iso:
            return "yyyy-MM";
        case PeriodForm::chinese:
            return "yyyy年M*月";
    }
    return "";
}

std::string shown(PeriodForm form) {
    std::string text(pattern_of(form));
    std::erase(text, '*');
    return text;
}

template <typename Form>
std::string shown(const std::vector<Form>& forms, std::string_view between) {
    std::vector<std::string> texts;
    texts.reserve(forms.size());
    for (const Form form : forms)
        texts.push_back(shown(form));
    return join(texts, between);
}

// Chinese forms are printed with blanks around the numbers at times.
std::string without_blanks(std::string_view text) {
    std::string out(text);
    std::erase(out, ' ');
    return out;
}

std::string two(int number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
}

}  // namespace

Coded<Value> read_date(const Codec& codec, std::string_view text) {
    for (const DateForm form : codec.dates) {
        const std::optional<Parts> parts = match(
            form == DateForm::chinese ? without_blanks(text) : std::string(text), pattern_of(form));
        if (!parts) continue;
        const Result<Date> date = make_date(parts->year, parts->month, parts->day);
        if (date.ok()) return {Value{*date, {}}, std::nullopt};
    }
    return {
        std::nullopt,
        malformed("map.date.malformed",
                  "日期应按 " + shown(codec.dates, " 或 ") + " 填写且真实存在，请核对后重新报送。",
                  "The date must be written " + shown(codec.dates, " or ") +
                      " and be a real day: check it and send again.")};
}

Coded<std::string> write_date(const Codec& codec, Date date) {
    const std::string day = iso(date);
    switch (codec.dates.front()) {
        case DateForm::yyyymmdd:
            return {compact(date), std::nullopt};
        case DateForm::iso:
            return {day, std::nullopt};
        case DateForm::iso_time:
            return {day + "T00:00:00", std::nullopt};
        case DateForm::iso_time_blank:
            return {day + " 00:00:00", std::nullopt};
        case DateForm::slashes:
            return {day.substr(0, 4) + "/" + std::to_string(date.month) + "/" +
                        std::to_string(date.day),
                    std::nullopt};
        case DateForm::chinese:
            return {day.substr(0, 4) + "年" + std::to_string(date.month) + "月" +
                        std::to_string(date.day) + "日",
                    std::nullopt};
    }
    return {};
}

Coded<Value> read_period(const Codec& codec, std::string_view text) {
    for (const PeriodForm form : codec.periods) {
        const std::optional<Parts> parts =
            match(form == PeriodForm::chinese ? without_blanks(text) : std::string(text),
                  pattern_of(form));
        if (!parts) continue;
        const Result<Period> period = make_period(parts->year, parts->month);
        if (period.ok()) return {Value{*period, {}}, std::nullopt};
    }
    return {std::nullopt,
            malformed("map.period.malformed",
                      "年月应按 " + shown(codec.periods, " 或 ") +
                          " 填写，月份为 01 至 12，请核对后重新报送。",
                      "The month must be written " + shown(codec.periods, " or ") +
                          " with 01 to 12: check it and send again.")};
}

Coded<std::string> write_period(const Codec& codec, Period period) {
    const int month = period.yyyymm % 100;
    switch (codec.periods.front()) {
        case PeriodForm::yyyymm:
            return {compact(period), std::nullopt};
        case PeriodForm::iso:
            return {iso(period), std::nullopt};
        case PeriodForm::chinese:
            return {iso(period).substr(0, 4) + "年" + std::to_string(month) + "月", std::nullopt};
    }
    return {};
}

Coded<Value> read_timestamp(const Codec& codec, std::string_view text) {
    std::string iso_form(text);
    // A form without fractions and zone takes neither: what it read it could not write again.
    if (codec.timestamp == TimestampForm::iso_local && !match(text, "yyyy-MM-ddTHH:mm:ss"))
        iso_form.clear();
    if (codec.timestamp == TimestampForm::compact) {
        const std::optional<Parts> parts = match(text, "yyyyMMddHHmmss");
        if (parts) {
            iso_form = std::string(text.substr(0, 4)) + "-" + two(parts->month) + "-" +
                       two(parts->day) + "T" + two(parts->hour) + ":" + two(parts->minute) + ":" +
                       two(parts->second);
        } else {
            iso_form.clear();
        }
    }
    const Result<Instant> instant = parse_iso_instant(iso_form);
    if (instant.ok()) return {Value{*instant, {}}, std::nullopt};
    return {std::nullopt,
            malformed("map.timestamp.malformed",
                      "时间格式不正确，请按约定格式核对后重新报送。",
                      "The time is not in the agreed form: check it and send again.")};
}

Coded<std::string> write_timestamp(const Codec& codec, Instant instant) {
    const std::string local = shanghai(instant);
    switch (codec.timestamp) {
        case TimestampForm::iso_local:
            return {local.substr(0, 19), std::nullopt};
        case TimestampForm::iso_zone:
            return {local, std::nullopt};
        case TimestampForm::compact: {
            std::string out;
            for (const char c : local.substr(0, 19)) {
                if (c >= '0' && c <= '9') out += c;
            }
            return {std::move(out), std::nullopt};
        }
    }
    return {};
}

}  // namespace tongban::mapping
