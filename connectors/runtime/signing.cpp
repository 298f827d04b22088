#include "connectors/runtime/signing.h"

#include <memory>
#include <utility>

#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/transport/TBufferTransports.h>

#include "base/json.h"
#include "base/text.h"

namespace tongban::connectors {
namespace {

using apache::thrift::protocol::TCompactProtocol;
using apache::thrift::transport::TMemoryBuffer;

const char* name_of(wire::ExchangeKind::type kind) {
    switch (kind) {
        case wire::ExchangeKind::fetch:
            return "fetch";
        case wire::ExchangeKind::verify:
            return "verify";
        case wire::ExchangeKind::submit:
            return "submit";
        case wire::ExchangeKind::publish:
            return "publish";
    }
    return "";
}

template <typename Struct>
std::string write(const Struct& value) {
    auto buffer = std::make_shared<TMemoryBuffer>();
    TCompactProtocol protocol(buffer);
    value.write(&protocol);
    return buffer->getBufferAsString();
}

template <typename Struct>
Result<Struct> read(const std::string& bytes) {
    try {
        auto buffer = std::make_shared<TMemoryBuffer>();
        buffer->write(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                      static_cast<std::uint32_t>(bytes.size()));
        TCompactProtocol protocol(buffer);
        Struct value;
        value.read(&protocol);
        return value;
    } catch (const std::exception&) {
        return Fault{FaultKind::internal, "connector.db", "a stored message does not parse"};
    }
}

}  // namespace

std::string request_text(const wire::Request& request) {
    return canonical_json(
        Json{{"body_sha256", hex(sha256(request.body))},
             {"case", request.case_ref},
             {"consent", request.__isset.consent ? request.consent.consent_id : std::string()},
             {"delivery", request.delivery == wire::Delivery::push ? "push" : "reply"},
             {"hub", request.hub},
             {"kind", name_of(request.kind)},
             {"officer", request.officer},
             {"purpose", request.purpose},
             {"request_id", request.request_id},
             {"resource", request.resource},
             {"schema", request.schema},
             {"signed_at_ms", request.signed_at_ms},
             {"v", "tongban/request/v1"}});
}

// hub/exchange/signed_forms.cpp writes the same text for itself, on purpose: connectors and hub
// share no code, and a form that one of them alone changed no longer verifies.
std::string envelope_text(const wire::SignedEnvelope& envelope, const std::string& hub) {
    Json form{{"exchange", envelope.exchange_id},
              {"hub", hub},
              {"job", envelope.job_id},
              {"sha256", envelope.native_sha256},
              {"time_ms", envelope.time_ms},
              {"v", "tongban/envelope/v1"}};
    if (!envelope.judgement_sha256.empty()) {
        form["canonical_sha256"] = envelope.canonical_sha256;
        form["commitments_root"] = envelope.commitments_root;
        form["judgement_sha256"] = envelope.judgement_sha256;
        form["v"] = "tongban/envelope/v2";
    }
    return canonical_json(form);
}

std::string judgement_text(const wire::Completion& completion) {
    Json json = {{"findings", Json::array()}, {"judged", completion.judged}};
    for (const wire::Finding& finding : completion.findings) {
        json["findings"].push_back({{"code", finding.code},
                                    {"column", finding.column},
                                    {"en", finding.en},
                                    {"field", finding.field},
                                    {"line", finding.line},
                                    {"mend", finding.mend},
                                    {"part", finding.part},
                                    {"path", finding.path},
                                    {"rule_version", finding.rule_version},
                                    {"severity", finding.severity},
                                    {"shape", finding.shape},
                                    {"zh", finding.zh}});
    }
    return canonical_json(json);
}

std::string report_text(const wire::DeliveryReport& report, const std::string& hub) {
    return canonical_json(Json{{"acknowledgement_sha256", report.acknowledgement_sha256},
                               {"document_sha256", report.document_sha256},
                               {"exchange", report.exchange_id},
                               {"hub", hub},
                               {"job", report.job_id},
                               {"v", "tongban/acknowledgement/v1"}});
}

std::string order_text(const wire::CaseOrder& order) {
    const auto action = wire::_CaseAction_VALUES_TO_NAMES.find(static_cast<int>(order.action));
    const bool known = action != wire::_CaseAction_VALUES_TO_NAMES.end();
    return canonical_json(Json{{"action", known ? action->second : ""},
                               {"case", order.case_number},
                               {"case_revision", order.case_revision},
                               {"choice", order.choice},
                               {"detail_sha256", hex(sha256(order.detail))},
                               {"hub", order.hub},
                               {"officer", order.officer},
                               {"reason_sha256", hex(sha256(order.reason))},
                               {"request_id", order.request_id},
                               {"signed_at_ms", order.signed_at_ms},
                               {"subject", order.subject},
                               {"v", "tongban/case-order/v1"}});
}

wire::Signature Signer::sign(const std::string& text) const {
    wire::Signature signature;
    signature.suite = std::string(tongban::name_of(key_.public_key().suite()));
    signature.key_id = key_.public_key().key_id();
    signature.value = key_.sign(text);
    return signature;
}

void Signer::sign_request(wire::Request& request) const {
    request.hub = hub_;
    request.signature = sign(request_text(request));
}

wire::SignedEnvelope Signer::unsigned_envelope(const wire::Job& job,
                                               const std::string& native_sha256,
                                               Instant now) const {
    wire::SignedEnvelope envelope;
    envelope.member = member_;
    envelope.exchange_id = job.exchange_id;
    envelope.job_id = job.job_id;
    envelope.native_sha256 = native_sha256;
    envelope.time_ms = now.ms;
    return envelope;
}

wire::SignedEnvelope Signer::envelope(const wire::Job& job,
                                      const std::string& native_sha256,
                                      Instant now) const {
    wire::SignedEnvelope envelope = unsigned_envelope(job, native_sha256, now);
    envelope.signature = sign(envelope_text(envelope, hub_));
    return envelope;
}

wire::SignedEnvelope Signer::envelope_of_told(const wire::Job& job,
                                              const std::string& native_sha256,
                                              const wire::Completion& told,
                                              Instant now) const {
    wire::SignedEnvelope envelope = unsigned_envelope(job, native_sha256, now);
    if (told.__isset.canonical) {
        envelope.canonical_sha256 = hex(sha256(told.canonical));
        envelope.commitments_root = hex(told.commitments_root);
    }
    envelope.judgement_sha256 = hex(sha256(judgement_text(told)));
    envelope.signature = sign(envelope_text(envelope, hub_));
    return envelope;
}

void Signer::sign_report(wire::DeliveryReport& report) const {
    report.signature = sign(report_text(report, hub_));
}

void Signer::sign_order(wire::CaseOrder& order) const {
    order.hub = hub_;
    order.signature = sign(order_text(order));
}

std::string to_bytes(const wire::Request& request) {
    return write(request);
}
std::string to_bytes(const wire::Completion& completion) {
    return write(completion);
}
std::string to_bytes(const wire::DeliveryReport& report) {
    return write(report);
}
Result<wire::Request> request_from(const std::string& bytes) {
    return read<wire::Request>(bytes);
}
Result<wire::Completion> completion_from(const std::string& bytes) {
    return read<wire::Completion>(bytes);
}
Result<wire::DeliveryReport> report_from(const std::string& bytes) {
    return read<wire::DeliveryReport>(bytes);
}

}  // namespace tongban::connectors
