// accept: a part that its provider's connector has converted and minimised already (placement
// provider). The text is the canonical JSON that canonical_json_of wrote; whatever its type does
// not know, or says otherwise, is a finding.
#include <charconv>
#include <limits>
#include <optional>

#include "base/json.h"
#include "base/text.h"
#include "mapping/stages.h"
#include "schemas/canonical_type.h"

namespace tongban::mapping {

namespace {

using schemas::FieldKind;
using schemas::FieldType;
using schemas::Value;

std::optional<std::int64_t> whole(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

// "-1234.56" with exactly so many places.
std::optional<std::int64_t> fixed(std::string_view text, std::int32_t places) {
    if (places == 0) return whole(text);
    const auto wanted = static_cast<std::size_t>(places);
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos || text.size() - dot - 1 != wanted || dot == 0)
        return std::nullopt;
    std::string digits(text.substr(0, dot));
    digits += text.substr(dot + 1);
    return whole(digits);
}

class Reader {
public:
    Group group(const Json& json, const std::vector<FieldType>& types, const std::string& above) {
        Group group;
        if (!json.is_object()) {
            wrong("accept.kind", above);
            return group;
        }
        for (const auto& [name, member] : json.items()) {
            const std::string path =
                above.empty() ? name : std::string(above).append(".").append(name);
            const FieldType* type = nullptr;
            for (const FieldType& candidate : types) {
                if (candidate.name == name) type = &candidate;
            }
            if (type == nullptr) {
                wrong("accept.field.unknown",
                      above);  // a name that we do not know may say anything
                continue;
            }
            group.set(name, value(member, *type, path));
        }
        return group;
    }
    std::vector<Finding> findings;

private:
    void wrong(const char* code, const std::string& path) {
        Finding finding;
        finding.code = code;
        finding.mender = schemas::Mender::sender;
        finding.field = path;
        finding.zh = "数据提供方的前置机给出的标准记录与类型定义不符，请该单位升级后重试。";
        finding.en =
            "The canonical record from the provider's connector does not obey its type; it needs "
            "an update.";
        findings.push_back(std::move(finding));
    }

    Value value(const Json& json, const FieldType& type, const std::string& path) {
        if (type.kind == FieldKind::group) return {group(json, type.fields, path), {}};
        if (type.kind == FieldKind::list) {
            schemas::List list;
            if (!json.is_array()) wrong("accept.kind", path);
            if (json.is_array()) {
                for (const Json& item : json)
                    list.items.push_back({group(item, type.fields, path), {}});
            }
            return {std::move(list), {}};
        }
        if (type.kind == FieldKind::boolean) {
            if (!json.is_boolean()) wrong("accept.kind", path);
            return {json.is_boolean() && json.get<bool>(), {}};
        }
        std::optional<Value> read;
        if (json.is_string()) read = scalar(json.get_ref<const std::string&>(), type);
        if (!read) wrong("accept.kind", path);
        return read.value_or(Value{});
    }

    template <typename T>
    static std::optional<Value> of(const Result<T>& result) {
        if (!result) return std::nullopt;
        return Value{*result, {}};
    }

    static std::optional<Value> scalar(const std::string& text, const FieldType& type) {
        switch (type.kind) {
            case FieldKind::text:
            case FieldKind::identifier:
                return Value{text, {}};
            case FieldKind::code:
                return Value{schemas::Code{text}, {}};
            case FieldKind::money: {
                const std::optional<std::int64_t> fen = fixed(text, 2);
                return fen ? std::optional<Value>(Value{schemas::Money{*fen}, {}}) : std::nullopt;
            }
            case FieldKind::decimal: {
                const std::optional<std::int64_t> units = fixed(text, type.scale);
                return units ? std::optional<Value>(Value{schemas::Decimal{*units, type.scale}, {}})
                             : std::nullopt;
            }
            case FieldKind::share: {
                const std::vector<std::string> sides = split(text, '/');
                const std::optional<std::int64_t> above =
                    sides.size() == 2 ? whole(sides[0]) : std::nullopt;
                const std::optional<std::int64_t> below =
                    sides.size() == 2 ? whole(sides[1]) : std::nullopt;
                if (!above || !below || *below <= 0) return std::nullopt;
                return Value{schemas::Share{*above, *below}, {}};
            }
            case FieldKind::date:
                return of(parse_iso_date(text));
            case FieldKind::period: {
                if (text.size() != 7 || text[4] != '-') return std::nullopt;
                return of(parse_compact_period(text.substr(0, 4) + text.substr(5)));
            }
            case FieldKind::timestamp:
                return of(parse_iso_instant(text));
            case FieldKind::boolean:
            case FieldKind::group:
            case FieldKind::list:
                break;  // read by value()
        }
        return std::nullopt;
    }
};

}  // namespace

Checked<CanonicalRecord> accept(std::string_view canonical_json,
                                const schemas::CanonicalType& type) {
    Checked<CanonicalRecord> result;
    Reader reader;
    const Result<Json> json = parse_json(canonical_json);
    Group fields = reader.group(json ? *json : Json(), type.fields(), "");
    type.order(fields);
    result.findings = std::move(reader.findings);
    if (result.findings.empty()) result.value = CanonicalRecord(type.id(), std::move(fields));
    return result;
}

}  // namespace tongban::mapping
