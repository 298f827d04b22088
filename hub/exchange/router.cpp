#include "hub/exchange/router.h"

#include <algorithm>
#include <array>

#include "base/crypto.h"
#include "schemas/native_schema.h"

namespace tongban::exchange {

namespace {

schemas::Finding cannot_ask(const RoutedPart& routed) {
    schemas::Finding finding;
    finding.code = "route.no_plan";
    finding.severity = schemas::Severity::return_;
    finding.mender = schemas::Mender::mapping_owner;
    finding.part = routed.part->name;
    finding.version = routed.route->query;
    finding.zh = "没有把请求转换为该单位格式的有效映射，请联系映射维护方。";
    finding.en =
        "No mapping into this office's question is valid today; ask the owner of the mapping.";
    return finding;
}

std::string division_of(const policy::Part& part,
                        const RouteAsk& ask,
                        const mapping::CanonicalRecord& question) {
    if (part.division_by.empty()) return ask.requester_division;
    const schemas::Value* value = schemas::at_path(question.fields(), part.division_by);
    return value == nullptr ? std::string() : schemas::canonical_text(*value);
}

void make_question(RoutedPart& routed,
                   const RouteAsk& ask,
                   const mapping::CanonicalRecord& question,
                   const mapping::Engine& engine) {
    const Date day = shanghai_date(ask.now);
    const mapping::Plan* plan = engine.library->out_of_canonical(routed.route->query, day);
    const schemas::NativeSchema* schema = engine.catalogue->native(routed.route->query);
    if (plan == nullptr || schema == nullptr) {
        routed.findings.push_back(cannot_ask(routed));
        return;
    }
    const mapping::Context context{
        day, ask.now, routed.message_no, ask.exchange_id, ask.requester, routed.route->member};
    const mapping::Checked<mapping::OutboundRecord> record =
        mapping::convert_request(question, *plan, context);
    routed.findings = record.findings;
    if (!record.ok()) return;
    mapping::Checked<schemas::Document> document = mapping::encode(*record.value, *schema);
    routed.findings.insert(
        routed.findings.end(), document.findings.begin(), document.findings.end());
    if (document.ok()) routed.question = std::move(document.value->bytes);
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
        next.message_no = message_number(next.job_id);
        if (next.route != nullptr) make_question(next, ask, question, engine);
        for (schemas::Finding& finding : next.findings) {
            if (finding.part.empty()) finding.part = "request";
        }
        routed.push_back(std::move(next));
    }
    return routed;
}

}  // namespace tongban::exchange
