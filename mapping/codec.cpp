#include "mapping/codec.h"

#include <array>
#include <utility>

#include "base/text.h"
#include "mapping/internal/codecs.h"
#include "schemas/identifiers.h"

namespace tongban::mapping {

using schemas::CodeAnswer;
using schemas::Mender;
using schemas::Severity;
using schemas::Value;

namespace {

constexpr std::array<std::pair<std::string_view, Normaliser>, 5> normaliser_names{{
    {"trim", Normaliser::trim},
    {"fold_width", Normaliser::fold_width},
    {"strip_invisible", Normaliser::strip_invisible},
    {"middle_dot", Normaliser::middle_dot},
    {"uscc_suffix", Normaliser::uscc_suffix},
}};

// The same character of a name comes as six code points, by the decoder it passed.
std::string fold_middle_dot(const std::string& text) {
    constexpr std::u32string_view dots = U"\u30FB\u2022\u2027\u22C5\u2219\uFF65";
    std::u32string points = code_points(text);
    for (char32_t& c : points) {
        if (dots.find(c) != std::u32string_view::npos) c = U'\u00B7';
    }
    return to_utf8(points);
}

CodecFault unmapped_fault(schemas::Unmapped policy, bool inward) {
    CodecFault fault;
    fault.code = "map.code.unmapped";
    fault.mender = Mender::code_list_owner;
    const std::string zh = inward ? "代码表中没有该代码的对照" : "接收方代码表中没有对应的代码";
    const std::string en = inward ? "The code has no counterpart in the national list"
                                  : "The receiver's list has no code for this value";
    switch (policy) {
        case schemas::Unmapped::reject:
            fault.severity = Severity::return_;
            fault.zh = zh + "，请核对代码，或请代码表管理员补充对照后重新报送。";
            fault.en =
                en + ": check it, or ask the owner of the code list for a row, and send again.";
            break;
        case schemas::Unmapped::review:
            fault.severity = Severity::review;
            fault.zh = zh + "，请经办人核实，并请代码表管理员补充对照。";
            fault.en = en + ": an officer decides; ask the owner of the code list for a row.";
            break;
        case schemas::Unmapped::other:
            fault.severity = Severity::info;
            fault.zh = zh + "，已按“其他”处理，请代码表管理员补充对照。";
            fault.en =
                en + ", so it was taken as \"other\": ask the owner of the code list for a row.";
            break;
    }
    return fault;
}

template <typename T>
Coded<T> look_up(const Codec& codec,
                 schemas::Direction direction,
                 std::string_view code,
                 Date event) {
    const bool inward = direction == schemas::Direction::in;
    CodeAnswer answer;
    if (codec.crosswalk != nullptr) {
        answer = codec.crosswalk->look_up(direction, code, event);
    } else if (codec.codes != nullptr && codec.codes->valid(code, event)) {
        answer = {true, std::string(code), schemas::Unmapped::reject, 0};
    }
    Coded<T> coded;
    if (answer.mapped || !answer.code.empty()) {
        if constexpr (std::is_same_v<T, Value>) {
            coded.value = Value{schemas::Code{answer.code}, {}};
        } else {
            coded.value = answer.code;
        }
    }
    if (!answer.mapped) coded.fault = unmapped_fault(answer.policy, inward);
    return coded;
}

CodecFault kind_fault() {
    CodecFault fault =
        malformed("map.kind",
                  "映射的编码方式与字段类型不符，请修改映射。",
                  "The mapping's codec does not fit the field's type: correct the mapping.");
    fault.mender = Mender::mapping_owner;
    return fault;
}

template <typename T, typename Writer>
Coded<std::string> write_as(const Value& value, const Writer& writer) {
    const T* held = value.get<T>();
    if (held == nullptr) return {std::nullopt, kind_fault()};
    return writer(*held);
}

Coded<Value> read_identifier(const Codec& codec, std::string_view text) {
    std::string number = schemas::normalise_identifier(codec.identifier, text);
    if (number.empty()) {
        return {std::nullopt,
                malformed("map.identifier.malformed",
                          "号码为空白字符，请填写后重新报送。",
                          "The number holds blanks only: supply it and send again.")};
    }
    return {Value{std::move(number), {}}, std::nullopt};
}

Coded<Value> read_boolean(const Codec& codec, std::string_view text) {
    if (text == codec.true_text) return {Value{true, {}}, std::nullopt};
    if (text == codec.false_text) return {Value{false, {}}, std::nullopt};
    return {std::nullopt,
            malformed("map.boolean.malformed",
                      "应为 " + codec.true_text + "（是）或 " + codec.false_text +
                          "（否），请核对后重新报送。",
                      "It must be " + codec.true_text + " (yes) or " + codec.false_text +
                          " (no): check it and send again.")};
}

}  // namespace

std::optional<Normaliser> normaliser_named(std::string_view name) {
    for (const auto& [text, normaliser] : normaliser_names) {
        if (text == name) return normaliser;
    }
    return std::nullopt;
}

std::string normalise(const std::vector<Normaliser>& how, std::string text) {
    for (const Normaliser normaliser : how) {
        switch (normaliser) {
            case Normaliser::trim:
                text = trim(text);
                break;
            case Normaliser::fold_width:
                text = fold_width(text);
                break;
            case Normaliser::strip_invisible:
                text = strip_invisible(text);
                break;
            case Normaliser::middle_dot:
                text = fold_middle_dot(text);
                break;
            case Normaliser::uscc_suffix:
                text = schemas::normalise_uscc(text);
                break;
        }
    }
    return text;
}

Coded<Value> read(const Codec& codec, std::string_view text, Date event) {
    switch (codec.kind) {
        case CodecKind::text:
            return {Value{std::string(text), {}}, std::nullopt};
        case CodecKind::code:
            return look_up<Value>(codec, schemas::Direction::in, text, event);
        case CodecKind::identifier:
            return read_identifier(codec, text);
        case CodecKind::money:
            return read_money(codec, text);
        case CodecKind::decimal:
        case CodecKind::integer:
            return read_decimal(codec, text);
        case CodecKind::share:
            return read_share(text);
        case CodecKind::date:
            return read_date(codec, text);
        case CodecKind::period:
            return read_period(codec, text);
        case CodecKind::timestamp:
            return read_timestamp(codec, text);
        case CodecKind::boolean:
            return read_boolean(codec, text);
    }
    return {std::nullopt, kind_fault()};
}

Coded<std::string> write(const Codec& codec, const Value& value, Date event) {
    switch (codec.kind) {
        case CodecKind::text:
        case CodecKind::identifier:
            return write_as<std::string>(
                value, [](const std::string& text) { return Coded<std::string>{text, {}}; });
        case CodecKind::code:
            return write_as<schemas::Code>(value, [&codec, event](const schemas::Code& code) {
                return look_up<std::string>(codec, schemas::Direction::out, code.code, event);
            });
        case CodecKind::money:
            return write_as<schemas::Money>(
                value, [&codec](schemas::Money money) { return write_money(codec, money); });
        case CodecKind::decimal:
        case CodecKind::integer:
            return write_as<schemas::Decimal>(
                value, [&codec](schemas::Decimal d) { return write_decimal(codec, d); });
        case CodecKind::share:
            return write_as<schemas::Share>(
                value, [&codec](schemas::Share share) { return write_share(codec, share); });
        case CodecKind::date:
            return write_as<Date>(value, [&codec](Date date) { return write_date(codec, date); });
        case CodecKind::period:
            return write_as<Period>(
                value, [&codec](Period period) { return write_period(codec, period); });
        case CodecKind::timestamp:
            return write_as<Instant>(
                value, [&codec](Instant instant) { return write_timestamp(codec, instant); });
        case CodecKind::boolean:
            return write_as<bool>(value, [&codec](bool flag) {
                return Coded<std::string>{flag ? codec.true_text : codec.false_text, {}};
            });
    }
    return {std::nullopt, kind_fault()};
}

}  // namespace tongban::mapping
