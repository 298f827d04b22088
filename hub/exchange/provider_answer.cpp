#include "hub/exchange/provider_answer.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "mapping/rule.h"

namespace tongban::exchange {

namespace {

using schemas::Finding;
using schemas::Mender;
using schemas::Severity;

constexpr std::array severities{
    Severity::block, Severity::return_, Severity::review, Severity::warn, Severity::info};
constexpr std::array menders{
    Mender::sender, Mender::mapping_owner, Mender::code_list_owner, Mender::receiver};

std::array<const std::string*, 8> words_of(const Finding& finding) {
    return {&finding.code,
            &finding.part,
            &finding.field,
            &finding.place.path,
            &finding.shape,
            &finding.version,
            &finding.zh,
            &finding.en};
}

bool all_text(const std::vector<Finding>& findings, const std::vector<std::string>& judged) {
    const auto is_text = [](const std::string& word) {
        return invalid_utf8(word) == std::string::npos;
    };
    return std::all_of(judged.begin(), judged.end(), is_text) &&
           std::all_of(findings.begin(), findings.end(), [&](const Finding& finding) {
               const auto words = words_of(finding);
               return std::all_of(
                   words.begin(), words.end(), [&](const auto* word) { return is_text(*word); });
           });
}

template <typename Enum, std::size_t size>
Enum named(const std::array<Enum, size>& all, const std::string& name) {
    const auto found = std::find_if(
        all.begin(), all.end(), [&name](Enum one) { return schemas::name_of(one) == name; });
    return found == all.end() ? all.front() : *found;
}

Finding finding_from(const Json& json) {
    Finding finding;
    finding.code = json.at("code");
    finding.severity = named(severities, json.at("severity"));
    finding.mender = named(menders, json.at("mend"));
    finding.part = json.at("part");
    finding.place.path = json.at("path");
    finding.place.line = json.at("line");
    finding.place.column = json.at("column");
    finding.field = json.at("field");
    finding.shape = json.at("shape");
    finding.version = json.at("rule_version");
    finding.zh = json.at("zh");
    finding.en = json.at("en");
    return finding;
}

}  // namespace

std::string judgement_form(const std::vector<Finding>& findings,
                           const std::vector<std::string>& judged) {
    if (!all_text(findings, judged)) return "";
    Json json = {{"findings", Json::array()}, {"judged", judged}};
    for (const Finding& finding : findings) {
        json["findings"].push_back({{"code", finding.code},
                                    {"column", finding.place.column},
                                    {"en", finding.en},
                                    {"field", finding.field},
                                    {"line", finding.place.line},
                                    {"mend", schemas::name_of(finding.mender)},
                                    {"part", finding.part},
                                    {"path", finding.place.path},
                                    {"rule_version", finding.version},
                                    {"severity", schemas::name_of(finding.severity)},
                                    {"shape", finding.shape},
                                    {"zh", finding.zh}});
    }
    return canonical_json(json);
}

Result<Judgement> read_judgement(const std::string& form) {
    const Fault malformed{FaultKind::malformed, "judgement", "a stored judgement does not parse"};
    const Result<Json> json = parse_json(form);
    if (!json) return malformed;
    try {
        Judgement judgement;
        for (const Json& finding : json->at("findings"))
            judgement.findings.push_back(finding_from(finding));
        judgement.judged = json->at("judged").get<std::vector<std::string>>();
        return judgement;
    } catch (const Json::exception&) {
        return malformed;
    }
}

std::vector<Finding> readable(std::vector<Finding> findings) {
    constexpr std::size_t most = 1'000;
    constexpr std::size_t longest = 1'000;
    if (findings.size() > most) findings.resize(most);
    std::erase_if(findings, [](const Finding& finding) {
        const auto words = words_of(finding);
        return std::any_of(words.begin(), words.end(), [](const std::string* word) {
            return word->size() > longest || invalid_utf8(*word) != std::string::npos;
        });
    });
    return findings;
}

void tell_undecided_once(std::vector<Finding>& findings, const mapping::RuleSet& rules) {
    for (const auto& candidate : rules.candidates()) {
        std::set<std::string> undecided;
        for (const auto& rule : candidate.versions)
            undecided.insert(rule->id + "." + rule->undecided.suffix);
        bool told = std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
            return finding.code == candidate.id;
        });
        std::erase_if(findings, [&](const Finding& finding) {
            return undecided.contains(finding.code) && std::exchange(told, true);
        });
    }
}

}  // namespace tongban::exchange
