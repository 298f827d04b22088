#include "connectors/connector.h"

#include <array>
#include <utility>

namespace tongban::connectors {
namespace {

constexpr std::array<std::pair<AnswerKind, std::string_view>, 6> kinds{{
    {AnswerKind::answered, "answered"},
    {AnswerKind::no_record, "no_record"},
    {AnswerKind::not_covered, "not_covered"},
    {AnswerKind::refused, "refused"},
    {AnswerKind::unavailable, "unavailable"},
    {AnswerKind::ambiguous, "ambiguous"},
}};

}  // namespace

std::string_view name_of(AnswerKind kind) {
    for (const auto& [value, name] : kinds) {
        if (value == kind) return name;
    }
    return "unavailable";
}

Result<AnswerKind> answer_kind_named(std::string_view name) {
    for (const auto& [value, known] : kinds) {
        if (known == name) return value;
    }
    return Fault{FaultKind::malformed, "answer kind", "not one of the six kinds of answer"};
}

Answer answered(std::string native) {
    return {AnswerKind::answered, std::move(native), Instant{}, ""};
}

Answer not_answered(AnswerKind kind, std::string reason) {
    return {kind, "", Instant{}, std::move(reason)};
}

KindTable read_kind_table(const YamlValue& table) {
    KindTable result;
    if (!table.exists()) return result;
    for (const auto& [code, value] : table.open_map().entries()) {
        const auto kind = answer_kind_named(value.text());
        if (kind) {
            result[code] = *kind;
        } else {
            value.fault(
                "expected one of answered, no_record, not_covered, refused, unavailable, "
                "ambiguous");
        }
    }
    return result;
}

}  // namespace tongban::connectors
