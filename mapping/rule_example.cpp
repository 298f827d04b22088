#include "mapping/internal/rule_example.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <numeric>
#include <string>
#include <utility>

#include "base/text.h"

namespace tongban::mapping {
namespace {

using schemas::FieldKind;
using schemas::FieldType;
using schemas::Group;
using schemas::Value;

std::int64_t integer_of(const std::string& text) {
    return std::strtoll(text.c_str(), nullptr, 10);
}

template <typename T>
void need(Value& value,
          const Result<T>& result,
          const FieldType& field,
          const YamlValue& from,
          std::string_view form) {
    if (result) {
        value.data = *result;
    } else {
        from.fault("field " + field.name + ": expected " + std::string(form));
    }
}

Result<Period> month(std::string digits) {
    digits.erase(std::remove(digits.begin(), digits.end(), '-'), digits.end());
    return parse_compact_period(digits);
}

Result<schemas::Money> yuan(const std::string& text) {
    schemas::Money money;
    if (cel::parse_money(text, money)) return money;
    return Fault{FaultKind::malformed, "", "not yuan"};
}

Result<schemas::Decimal> number(const std::string& text) {
    schemas::Decimal decimal;
    if (cel::parse_decimal(text, decimal)) return decimal;
    return Fault{FaultKind::malformed, "", "not a decimal"};
}

Result<schemas::Share> fraction(const std::string& text) {
    const auto parts = split(text, '/');
    const std::int64_t top = parts.size() == 2 ? integer_of(parts[0]) : 0;
    const std::int64_t bottom = parts.size() == 2 ? integer_of(parts[1]) : 0;
    if (top < 0 || bottom <= 0) return Fault{FaultKind::malformed, "", "not a share"};
    const std::int64_t common = std::gcd(top, bottom);
    return schemas::Share{top / common, bottom / common};
}

// Scalars are written in the canonical text: yuan, ISO dates, 2024-01, 1/2.
Value scalar(const FieldType& field, const YamlValue& from) {
    const std::string text = from.text();
    Value value;
    switch (field.kind) {
        case FieldKind::text:
        case FieldKind::identifier:
            value.data = text;
            break;
        case FieldKind::code:
            value.data = schemas::Code{text};
            break;
        case FieldKind::boolean:
            value.data = from.boolean();
            break;
        case FieldKind::date:
            need(value, parse_iso_date(text), field, from, "a date such as 2024-03-15");
            break;
        case FieldKind::timestamp:
            need(
                value, parse_iso_instant(text), field, from, "a time such as 2024-03-15T08:00:00Z");
            break;
        case FieldKind::period:
            need(value, month(text), field, from, "a month such as 2024-03");
            break;
        case FieldKind::money:
            need(value, yuan(text), field, from, "yuan such as 1234.56");
            break;
        case FieldKind::decimal:
            need(value, number(text), field, from, "a decimal such as 0.12");
            break;
        case FieldKind::share:
            need(value, fraction(text), field, from, "a share such as 1/2");
            break;
        case FieldKind::group:
        case FieldKind::list:
            break;
    }
    return value;
}

Group group(const std::vector<FieldType>& fields, const YamlValue& from, const std::string& path);

Value value_of(const FieldType& field, const YamlValue& from, const std::string& path) {
    Value value;
    if (field.kind == FieldKind::group) {
        value.data = group(field.fields, from, path);
    } else if (field.kind == FieldKind::list) {
        schemas::List list;
        for (const YamlValue& item : from.list()) {
            Value one;
            const std::string item_path = path + "[" + std::to_string(list.items.size()) + "]";
            one.data = group(field.fields, item, item_path);
            one.place = {item_path,
                         static_cast<std::uint32_t>(item.line()),
                         static_cast<std::uint32_t>(item.column())};
            list.items.push_back(std::move(one));
        }
        value.data = std::move(list);
    } else {
        value = scalar(field, from);
    }
    value.place = {
        path, static_cast<std::uint32_t>(from.line()), static_cast<std::uint32_t>(from.column())};
    return value;
}

Group group(const std::vector<FieldType>& fields, const YamlValue& from, const std::string& path) {
    std::vector<std::string_view> allowed;
    allowed.reserve(fields.size());
    for (const FieldType& field : fields)
        allowed.push_back(field.name);
    const YamlMap map = from.map(allowed);
    Group result;
    for (const FieldType& field : fields) {
        const YamlValue value = map.find(field.name);
        if (value.exists())
            result.set(field.name,
                       value_of(field, value, path.empty() ? field.name : path + "." + field.name));
    }
    return result;
}

std::optional<PartStatus> status_named(std::string_view name) {
    for (const auto status : {PartStatus::answered,
                              PartStatus::no_record,
                              PartStatus::not_covered,
                              PartStatus::refused,
                              PartStatus::unavailable,
                              PartStatus::ambiguous}) {
        if (name_of(status) == name) return status;
    }
    return std::nullopt;
}

Evidence read_evidence(const YamlMap& map) {
    Evidence evidence;
    evidence.consent_given = map.boolean_or("consent_given", true);
    evidence.consent_covers = map.boolean_or("consent_covers", true);
    evidence.consent_withdrawn = map.boolean_or("consent_withdrawn", false);
    const YamlValue parts = map.find("parts");
    if (parts.exists()) {
        for (const auto& [part, value] : parts.open_map().entries()) {
            const auto status = status_named(value.text());
            if (!status)
                value.fault(
                    "expected answered, no_record, not_covered, refused, unavailable or ambiguous");
            evidence.parts[part] = status.value_or(PartStatus::answered);
        }
    }
    const YamlValue sealed = map.find("signed");
    if (sealed.exists()) {
        for (const auto& [part, value] : sealed.open_map().entries())
            evidence.signed_by_provider[part] = value.boolean();
    }
    return evidence;
}

}  // namespace

std::vector<RuleExample> read_examples(const std::vector<YamlValue>& values,
                                       const schemas::CanonicalType& type) {
    using schemas::Severity;
    std::vector<RuleExample> examples;
    for (const YamlValue& value : values) {
        const YamlMap map = value.map({"name", "as_of", "record", "evidence", "severity", "field"});
        RuleExample example;
        example.line = value.line();
        example.name = map.text("name");
        example.as_of = map.date_if("as_of").value_or(Date{2024, 3, 15});
        const YamlValue evidence = map.find("evidence");
        if (evidence.exists()) {
            example.evidence = read_evidence(evidence.map(
                {"consent_given", "consent_covers", "consent_withdrawn", "parts", "signed"}));
        } else {
            example.evidence.consent_given = example.evidence.consent_covers = true;
        }
        const YamlValue record = map.at("record");
        if (record.exists()) example.record = group(type.fields(), record, "");
        // A part that the example shows has answered, under its provider's signature, unless the
        // example says otherwise.
        for (const schemas::Field& field : example.record.fields) {
            if (field.name == "request" || field.name == "parts") continue;
            example.evidence.parts.emplace(field.name, PartStatus::answered);
            example.evidence.signed_by_provider.emplace(field.name, true);
        }
        example.field = map.text_or("field", "");
        const std::string severity = map.text_or("severity", "");
        for (const auto each : {Severity::block,
                                Severity::return_,
                                Severity::review,
                                Severity::warn,
                                Severity::info}) {
            if (schemas::name_of(each) == severity) example.severity = each;
        }
        if (!severity.empty() && !example.severity) value.fault("unknown severity");
        examples.push_back(std::move(example));
    }
    return examples;
}

}  // namespace tongban::mapping
