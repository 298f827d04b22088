#include "hub/exchange/stored_forms.h"

#include "base/text.h"

namespace tongban::exchange {

namespace {

using mapping::PartStatus;
using schemas::Finding;
using schemas::Mender;
using schemas::Severity;

template <typename Enum>
Enum number_as(const Json& json) {
    return static_cast<Enum>(json.get<std::int64_t>());
}

Finding finding_from(const Json& json) {
    Finding finding;
    finding.code = json.at("code");
    finding.severity = number_as<Severity>(json.at("severity_no"));
    finding.mender = number_as<Mender>(json.at("mend_no"));
    finding.part = json.at("part");
    finding.field = json.at("field");
    finding.place.path = json.at("path");
    finding.place.line = json.at("line");
    finding.place.column = json.at("column");
    finding.shape = json.at("shape");
    finding.version = json.at("version");
    finding.zh = json.at("zh");
    finding.en = json.at("en");
    return finding;
}

FieldVerdict verdict_from(const Json& json) {
    return {json.at("field"),
            number_as<Verdict>(json.at("verdict")),
            json.at("normalisation"),
            json.at("age_ms")};
}

Json to_json(const Signature& signature) {
    return {{"suite", signature.suite},
            {"key_id", signature.key_id},
            {"value", base64(signature.value)}};
}

Signature signature_from(const Json& json) {
    const Result<std::string> value = from_base64(json.at("value").get<std::string>());
    return {json.at("suite"), json.at("key_id"), value ? *value : std::string()};
}

Json to_json(const JournalHead& head) {
    return {{"number", head.number}, {"hash", hex(head.hash)}};
}

JournalHead journal_from(const Json& json) {
    JournalHead head;
    head.number = json.at("number");
    const Result<std::string> raw = from_hex(json.at("hash").get<std::string>());
    if (raw) {
        const Result<Digest> digest = digest_from(*raw);
        if (digest) head.hash = *digest;
    }
    return head;
}

Json to_json(const PartDetail& part) {
    Json json = {{"provider", part.provider},
                 {"open", part.open},
                 {"status", static_cast<int>(part.status)},
                 {"reason", part.reason},
                 {"source_ms", part.source_time_ms},
                 {"journal", to_json(part.journal)}};
    if (part.envelope) json["envelope"] = to_json(*part.envelope);
    if (part.in_doubt) json["in_doubt"] = true;
    if (part.by_status) json["by_status"] = true;
    return json;
}

PartDetail part_from(const Json& json) {
    PartDetail part;
    part.provider = json.at("provider");
    part.open = json.at("open");
    part.status = number_as<PartStatus>(json.at("status"));
    part.reason = json.at("reason");
    part.source_time_ms = json.at("source_ms");
    part.journal = journal_from(json.at("journal"));
    if (json.contains("envelope")) part.envelope = envelope_from(json.at("envelope"));
    part.in_doubt = json.value("in_doubt", false);
    part.by_status = json.value("by_status", false);
    return part;
}

Json to_json(const OfCase& call) {
    return {{"op_key", call.op_key},
            {"attempt", call.attempt},
            {"case", call.case_id},
            {"item", call.item},
            {"opening", call.opening},
            {"opening_resource", call.opening_resource},
            {"opening_sha256", call.opening_sha256},
            {"consent_lent", call.consent_lent},
            {"division", call.division},
            {"deadline_ms", call.deadline_ms},
            {"first_ms", call.first_ms}};
}

OfCase call_from(const Json& json) {
    OfCase call;
    call.op_key = json.at("op_key");
    call.attempt = json.at("attempt");
    call.case_id = json.at("case");
    call.item = json.at("item");
    call.opening = json.at("opening");
    call.opening_resource = json.at("opening_resource");
    call.opening_sha256 = json.at("opening_sha256");
    call.consent_lent = json.at("consent_lent");
    call.division = json.at("division");
    call.deadline_ms = json.at("deadline_ms");
    call.first_ms = json.at("first_ms");
    return call;
}

// Our own bytes: whatever is wrong with them is one fault.
template <typename Read>
auto reading(std::string_view bytes, Read read) -> Result<decltype(read(Json()))> {
    const Result<Json> json = parse_json(bytes);
    if (!json) return Fault{FaultKind::internal, "store.detail", "stored JSON does not parse"};
    try {
        return read(*json);
    } catch (const Json::exception&) {
        return Fault{FaultKind::internal, "store.detail", "stored JSON has another shape"};
    }
}

}  // namespace

Json to_json(const Finding& finding) {
    return {{"code", finding.code},
            {"severity", schemas::name_of(finding.severity)},
            {"severity_no", static_cast<int>(finding.severity)},
            {"mend", schemas::name_of(finding.mender)},
            {"mend_no", static_cast<int>(finding.mender)},
            {"part", finding.part},
            {"field", finding.field},
            {"path", finding.place.path},
            {"line", finding.place.line},
            {"column", finding.place.column},
            {"shape", finding.shape},
            {"version", finding.version},
            {"zh", finding.zh},
            {"en", finding.en}};
}

Json to_json(const FieldVerdict& verdict) {
    return {{"field", verdict.field},
            {"verdict", static_cast<int>(verdict.verdict)},
            {"name", name_of(verdict.verdict)},
            {"normalisation", verdict.normalisation},
            {"age_ms", verdict.source_age_ms}};
}

Json to_json(const SignedEnvelope& envelope) {
    Json json = {{"member", envelope.member},
                 {"exchange_id", envelope.exchange_id},
                 {"job_id", envelope.job_id},
                 {"native_sha256", envelope.native_sha256},
                 {"time_ms", envelope.time_ms},
                 {"signature", to_json(envelope.signature)}};
    if (!envelope.judgement_sha256.empty()) {
        json["canonical_sha256"] = envelope.canonical_sha256;
        json["commitments_root"] = envelope.commitments_root;
        json["judgement_sha256"] = envelope.judgement_sha256;
    }
    return json;
}

SignedEnvelope envelope_from(const Json& json) {
    return {json.at("member"),
            json.at("exchange_id"),
            json.at("job_id"),
            json.at("native_sha256"),
            json.at("time_ms"),
            signature_from(json.at("signature")),
            json.value("canonical_sha256", ""),
            json.value("commitments_root", ""),
            json.value("judgement_sha256", "")};
}

std::string write_detail(const Detail& detail) {
    Json json = {{"officer_commitment", detail.officer_commitment},
                 {"subject", detail.subject_hash},
                 {"document_schema", detail.document_schema},
                 {"document_sha256", detail.document_sha256},
                 {"parts", Json::object()},
                 {"findings", Json::array()},
                 {"verdicts", Json::array()}};
    for (const auto& [name, part] : detail.parts)
        json["parts"][name] = to_json(part);
    for (const Finding& finding : detail.findings)
        json["findings"].push_back(to_json(finding));
    for (const FieldVerdict& verdict : detail.verdicts)
        json["verdicts"].push_back(to_json(verdict));
    if (detail.refusal) {
        json["refusal"] = {{"code", detail.refusal->code},
                           {"where", detail.refusal->where},
                           {"zh", detail.refusal->zh},
                           {"en", detail.refusal->en}};
    }
    if (detail.call) {
        json["call"] = {{"status", static_cast<int>(detail.call->status)},
                        {"reason", detail.call->reason}};
    }
    return json.dump();
}

Result<Detail> read_detail(std::string_view bytes) {
    return reading(bytes, [](const Json& json) {
        Detail detail;
        detail.officer_commitment = json.at("officer_commitment");
        detail.subject_hash = json.at("subject");
        detail.document_schema = json.at("document_schema");
        detail.document_sha256 = json.at("document_sha256");
        for (const auto& [name, part] : json.at("parts").items())
            detail.parts[name] = part_from(part);
        for (const Json& finding : json.at("findings"))
            detail.findings.push_back(finding_from(finding));
        for (const Json& verdict : json.at("verdicts"))
            detail.verdicts.push_back(verdict_from(verdict));
        if (json.contains("refusal")) {
            const Json& refusal = json.at("refusal");
            detail.refusal = Refusal{
                refusal.at("code"), refusal.at("where"), refusal.at("zh"), refusal.at("en"), 0};
        }
        if (json.contains("call")) {
            const Json& call = json.at("call");
            detail.call = CallEnd{number_as<CallStatus>(call.at("status")), call.at("reason")};
        }
        return detail;
    });
}

std::string write_head(const Request& request) {
    Json json = {{"revision", request.revision},
                 {"hub", request.hub},
                 {"request_id", request.request_id},
                 {"kind", static_cast<int>(request.kind)},
                 {"resource", request.resource},
                 {"purpose", request.purpose},
                 {"officer", request.officer},
                 {"case", request.case_ref},
                 {"schema", request.schema},
                 {"delivery", static_cast<int>(request.delivery)},
                 {"signed_at_ms", request.signed_at_ms},
                 {"signature", to_json(request.signature)},
                 {"traceparent", request.traceparent},
                 {"journal", to_json(request.journal.value_or(JournalHead{}))},
                 {"body_sha256", hex(sha256(request.body))}};
    if (request.of_case) json["of_case"] = to_json(*request.of_case);
    if (request.consent) {
        const policy::ConsentTerms& consent = *request.consent;
        json["consent"] = {{"id", consent.consent_id},
                           {"resource", consent.resource},
                           {"purpose", consent.purpose},
                           {"receiver", consent.receiver},
                           {"given_ms", consent.given_at.ms},
                           {"until_ms", consent.valid_until.ms},
                           {"channel", consent.channel},
                           {"evidence", consent.evidence_sha256}};
    }
    return json.dump();
}

Result<Request> read_head(std::string_view bytes) {
    return reading(bytes, [](const Json& json) {
        Request request;
        request.revision = json.at("revision");
        request.hub = json.at("hub");
        request.request_id = json.at("request_id");
        request.kind = number_as<policy::Kind>(json.at("kind"));
        request.resource = json.at("resource");
        request.purpose = json.at("purpose");
        request.officer = json.at("officer");
        request.case_ref = json.at("case");
        request.schema = json.at("schema");
        request.delivery = number_as<Delivery>(json.at("delivery"));
        request.signed_at_ms = json.at("signed_at_ms");
        request.signature = signature_from(json.at("signature"));
        request.traceparent = json.at("traceparent");
        request.journal = journal_from(json.at("journal"));
        if (json.contains("of_case")) request.of_case = call_from(json.at("of_case"));
        if (json.contains("consent")) {
            const Json& consent = json.at("consent");
            request.consent = policy::ConsentTerms{consent.at("id"),
                                                   consent.at("resource"),
                                                   consent.at("purpose"),
                                                   consent.at("receiver"),
                                                   Instant{consent.at("given_ms")},
                                                   Instant{consent.at("until_ms")},
                                                   consent.at("channel"),
                                                   consent.at("evidence")};
        }
        return request;
    });
}

Result<std::string> body_digest_in_head(std::string_view bytes) {
    return reading(bytes,
                   [](const Json& json) { return json.at("body_sha256").get<std::string>(); });
}

}  // namespace tongban::exchange
