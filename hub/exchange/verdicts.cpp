#include "hub/exchange/verdicts.h"

#include <algorithm>
#include <array>
#include <functional>

#include <cctype>

#include "base/text.h"

namespace tongban::exchange {

namespace {

std::string without_blanks(const std::string& text) {
    std::string kept;
    for (const char c : text) {
        if (c != ' ' && c != '\t') kept += c;
    }
    return kept;
}

std::string upper(const std::string& text) {
    std::string result = text;
    for (char& c : result)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return result;
}

std::string plain_brackets(const std::string& text) {  // （）「」 and the middle dots of names
    std::string result = fold_width(text);
    for (const std::string_view dot : {"·", "•", "‧", "・", "．"}) {
        for (std::size_t at = result.find(dot); at != std::string::npos;
             at = result.find(dot, at + 1)) {
            result.replace(at, dot.size(), ".");
        }
    }
    return result;
}

struct Normalisation {
    std::string_view name;
    std::function<std::string(const std::string&)> apply;
};

// From the gentlest to the roughest; each builds on those before it.
const std::array<Normalisation, 5>& normalisations() {
    static const std::array<Normalisation, 5> all = {{
        {"invisible", [](const std::string& text) { return strip_invisible(text); }},
        {"width", [](const std::string& text) { return fold_width(strip_invisible(text)); }},
        {"blanks",
         [](const std::string& text) { return without_blanks(fold_width(strip_invisible(text))); }},
        {"dots",
         [](const std::string& text) {
             return without_blanks(plain_brackets(strip_invisible(text)));
         }},
        {"case",
         [](const std::string& text) {
             return upper(without_blanks(plain_brackets(strip_invisible(text))));
         }},
    }};
    return all;
}

void values_at(const schemas::Value& value,
               std::string_view path,
               std::vector<std::string>& found) {
    if (const auto* list = value.get<schemas::List>()) {
        for (const schemas::Value& item : list->items)
            values_at(item, path, found);
        return;
    }
    if (path.empty()) {
        if (!value.absent()) found.push_back(schemas::canonical_text(value));
        return;
    }
    const auto* group = value.get<schemas::Group>();
    if (group == nullptr) return;
    const std::size_t dot = path.find('.');
    const schemas::Value* next = group->find(path.substr(0, dot));
    if (next == nullptr) return;
    values_at(
        *next, dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1), found);
}

}  // namespace

std::vector<Claim> claims_of(const schemas::Group& request) {
    std::vector<Claim> claims;
    const schemas::Value* value = request.find("claims");
    const auto* list = value == nullptr ? nullptr : value->get<schemas::List>();
    if (list == nullptr) return claims;
    for (const schemas::Value& item : list->items) {
        const auto* row = item.get<schemas::Group>();
        if (row == nullptr) continue;
        const schemas::Value* field = row->find("field");
        const schemas::Value* text = row->find("value");
        if (field == nullptr || text == nullptr) continue;
        claims.push_back({schemas::canonical_text(*field), schemas::canonical_text(*text)});
    }
    return claims;
}

std::string part_of(const std::string& path) {
    return path.substr(0, path.find('.'));
}

FieldVerdict judge(const Claim& claim,
                   const schemas::Group& record,
                   const PartAnswer& part,
                   Instant now) {
    FieldVerdict verdict{claim.field, Verdict::no_record, "", -1};
    if (part.source_time_ms > 0)
        verdict.source_age_ms = std::max<std::int64_t>(0, now.ms - part.source_time_ms);
    switch (part.status) {
        case mapping::PartStatus::answered:
            break;
        case mapping::PartStatus::no_record:
        case mapping::PartStatus::not_covered:
            return verdict;
        case mapping::PartStatus::ambiguous:
            verdict.verdict = Verdict::ambiguous;
            return verdict;
        case mapping::PartStatus::refused:
        case mapping::PartStatus::unavailable:
            verdict.verdict = Verdict::unavailable_or_stale;
            return verdict;
    }
    if (part.part->stale_after && verdict.source_age_ms > part.part->stale_after->count()) {
        verdict.verdict = Verdict::unavailable_or_stale;
        return verdict;
    }
    std::vector<std::string> held;
    for (const schemas::Field& field : record.fields) {
        if (field.name != part_of(claim.field)) continue;
        const std::size_t dot = claim.field.find('.');
        values_at(field.value,
                  dot == std::string::npos ? "" : std::string_view(claim.field).substr(dot + 1),
                  held);
    }
    std::sort(held.begin(), held.end());
    held.erase(std::unique(held.begin(), held.end()), held.end());
    if (held.empty()) return verdict;
    if (held.size() > 1) {  // several records, several values: no verdict of ours would be true
        verdict.verdict = Verdict::ambiguous;
        return verdict;
    }
    verdict.verdict = Verdict::match;
    if (held.front() == claim.value) return verdict;
    for (const Normalisation& normalisation : normalisations()) {
        verdict.normalisation = normalisation.name;
        if (normalisation.apply(held.front()) == normalisation.apply(claim.value)) return verdict;
    }
    verdict.verdict = Verdict::mismatch;  // even after the roughest, which is the one named
    return verdict;
}

}  // namespace tongban::exchange
