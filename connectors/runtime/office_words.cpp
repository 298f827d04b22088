#include "connectors/runtime/office_words.h"

#include <utility>

#include "base/json.h"

namespace tongban::connectors {
namespace {

const char* name_of(wire::ExchangeState::type state) {
    switch (state) {
        case wire::ExchangeState::pending:
            return "pending";
        case wire::ExchangeState::delivered:
            return "delivered";
        case wire::ExchangeState::verified:
            return "verified";
        case wire::ExchangeState::refused:
            return "refused";
        case wire::ExchangeState::failed:
            return "failed";
        case wire::ExchangeState::releasing:
            return "releasing";
    }
    return "pending";
}

const char* name_of(wire::Verdict::type verdict) {
    switch (verdict) {
        case wire::Verdict::match:
            return "match";
        case wire::Verdict::mismatch:
            return "mismatch";
        case wire::Verdict::no_record:
            return "no_record";
        case wire::Verdict::ambiguous:
            return "ambiguous";
        case wire::Verdict::unavailable_or_stale:
            return "unavailable_or_stale";
    }
    return "unavailable_or_stale";
}

Json json_of(const wire::Finding& finding) {
    return Json{{"code", finding.code},
                {"severity", finding.severity},
                {"mend", finding.mend},
                {"part", finding.part},
                {"path", finding.path},
                {"field", finding.field},
                {"line", finding.line},
                {"column", finding.column},
                {"shape", finding.shape},
                {"rule", finding.rule_version},
                {"zh", finding.zh},
                {"en", finding.en}};
}

std::string dump(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

bool is_final(wire::ExchangeState::type state) {
    return state != wire::ExchangeState::pending && state != wire::ExchangeState::releasing;
}

std::string words_of(const wire::Outcome& outcome) {
    Json words{{"state", name_of(outcome.state)},
               {"exchange", outcome.exchange_id},
               {"final", is_final(outcome.state)},
               {"findings", Json::array()},
               {"verdicts", Json::array()}};
    for (const wire::Finding& finding : outcome.findings)
        words["findings"].push_back(json_of(finding));
    for (const wire::FieldVerdict& verdict : outcome.verdicts) {
        words["verdicts"].push_back(Json{{"field", verdict.field},
                                         {"verdict", name_of(verdict.verdict)},
                                         {"normalisation", verdict.normalisation},
                                         {"source_age_ms", verdict.source_age_ms}});
    }
    return dump(words);
}

std::string words_of(const wire::Refusal& refusal) {
    return dump(Json{{"state", "refused"},
                     {"final", refusal.retry_after_ms == 0},
                     {"code", refusal.code},
                     {"where", refusal.where},
                     {"zh", refusal.zh},
                     {"en", refusal.en},
                     {"retry_after_ms", refusal.retry_after_ms}});
}

std::string words_of(const StoredRequest& request) {
    Json words = Json::object();
    if (request.answer.empty()) {
        words = Json{{"state", "queued"},
                     {"final", false},
                     {"zh", "已受理登记，正在送往交换枢纽。"},
                     {"en", "Kept; on its way to the hub."}};
    } else if (auto said = parse_json(request.answer)) {
        words = *std::move(said);
    }
    words["request"] = request.id;
    if (!request.exchange.empty()) words["exchange"] = request.exchange;
    return dump(words);
}

wire::Refusal refusal(std::string code, std::string where, std::string zh, std::string en) {
    wire::Refusal result;
    result.code = std::move(code);
    result.where = std::move(where);
    result.zh = std::move(zh);
    result.en = std::move(en);
    result.retry_after_ms = 0;
    return result;
}

int http_status_of(const std::string& code) {
    if (code == "request.conflict") return 409;
    if (code == "request.too_large") return 413;
    if (code.starts_with("request.")) return 400;
    if (code.starts_with("agreement.") || code.starts_with("consent.") ||
        code.starts_with("member.")) {
        return 403;
    }
    return 422;
}

}  // namespace tongban::connectors
