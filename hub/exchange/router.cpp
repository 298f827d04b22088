#include "hub/exchange/router.h"

#include <algorithm>
#include <array>

#include "base/crypto.h"
#include "schemas/native_schema.h"

namespace tongban::exchange {

namespace {

schemas::Finding cannot_ask(const RoutedPart& routed, const std::string& query) {
    schemas::Finding finding;
    finding.code = "route.no_plan";
    finding.severity = schemas::Severity::return_;
    finding.mender = schemas::Mender::mapping_owner;
    finding.part = routed.part->name;
    finding.version = query;
    finding.zh = "没有把请求转换为该单位格式的有效映射，请联系映射维护方。";
    finding.en =
        "No mapping into this office's question is valid today; ask the owner of the mapping.";
    return finding;
}

std::string division_of(const policy::Part& part,
                        const RouteAsk& ask,
                        const mapping::CanonicalRecord& question) {
    if (!ask.division.empty()) return ask.division;
    if (part.division_by.empty()) return ask.requester_division;
    const schemas::Value* value = schemas::at_path(question.fields(), part.division_by);
    return value == nullptr ? std::string() : schemas::canonical_text(*value);
}

std::string native_question(RoutedPart& routed,
                            const RouteAsk& ask,
                            const std::string& query,
                            const mapping::CanonicalRecord& question,
                            const mapping::Engine& engine) {
    const Date day = shanghai_date(ask.now);
    const mapping::Plan* plan = engine.library->out_of_canonical(query, day);
    const schemas::NativeSchema* schema = engine.catalogue->native(query);
    if (plan == nullptr || schema == nullptr) {
        routed.findings.push_back(cannot_ask(routed, query));
        return {};
    }
    const mapping::Context context{
        day, ask.now, routed.message_no, ask.exchange_id, ask.requester, routed.route->member};
    const mapping::Checked<mapping::OutboundRecord> record =
        mapping::convert_request(question, *plan, context);
    routed.findings.insert(routed.findings.end(), record.findings.begin(), record.findings.end());
    if (!record.ok()) return {};
    mapping::Checked<schemas::Document> document = mapping::encode(*record.value, *schema);
    routed.findings.insert(
        routed.findings.end(), document.findings.begin(), document.findings.end());
    return document.ok() ? std::move(document.value->bytes) : std::string();
}

void make_questions(RoutedPart& routed,
                    const RouteAsk& ask,
                    const mapping::CanonicalRecord& question,
                    const mapping::Engine& engine) {
    routed.question = native_question(routed, ask, routed.route->query, question, engine);
    if (!routed.route->status || routed.question.empty()) return;
    routed.status_question =
        native_question(routed, ask, routed.route->status->query, question, engine);
    // Who could not be asked afterwards is not sent anything.
    if (routed.status_question.empty()) routed.question.clear();
}

}  // namespace

std::string message_number(const std::string& job_id) {
    constexpr std::uint64_t ten_digits = 10'000'000'000;
    const Digest digest = sha256(job_id);
    const auto word = [&digest](std::size_t at) {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < 8; ++i)
            value = value << 8 | digest[at + i];
        return value;
    };
    std::string number;
    for (const std::size_t at : {std::size_t{0}, std::size_t{8}}) {
        const std::string digits = std::to_string(word(at) % ten_digits);
        number += std::string(10 - digits.size(), '0') + digits;
    }
    return number;
}

std::vector<RoutedPart> route(const RouteAsk& ask,
                              const mapping::CanonicalRecord& question,
                              const mapping::Engine& engine) {
    std::vector<RoutedPart> routed;
    for (const policy::Part& part : ask.resource->parts) {
        const bool wanted =
            ask.only.empty() ||
            std::find(ask.only.begin(), ask.only.end(), part.name) != ask.only.end();
        if (!wanted) continue;
        RoutedPart next;
        next.part = &part;
        next.division = division_of(part, ask, question);
        next.route = part.route(next.division, shanghai_date(ask.now));
        next.job_id = ask.exchange_id + "/" + part.name;
        next.message_no =
            message_number(ask.name.empty() ? next.job_id : ask.name + "/" + part.name);
        if (next.route != nullptr) make_questions(next, ask, question, engine);
        for (schemas::Finding& finding : next.findings) {
            if (finding.part.empty()) finding.part = "request";
        }
        routed.push_back(std::move(next));
    }
    return routed;
}

}  // namespace tongban::exchange
