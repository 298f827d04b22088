#include "hub/exchange/signed_forms.h"

#include "base/json.h"

namespace tongban::exchange {

namespace {

std::string form_at(const Request& request, std::int64_t signed_at_ms) {
    return canonical_json(
        Json{{"body_sha256", hex(sha256(request.body))},
             {"case", request.case_ref},
             {"consent", request.consent ? request.consent->consent_id : std::string()},
             {"delivery", name_of(request.delivery)},
             {"hub", request.hub},
             {"kind", policy::name_of(request.kind)},
             {"officer", request.officer},
             {"purpose", request.purpose},
             {"request_id", request.request_id},
             {"resource", request.resource},
             {"schema", request.schema},
             {"signed_at_ms", signed_at_ms},
             {"v", "tongban/request/v1"}});
}

}  // namespace

std::string signed_form(const Request& request) {
    return form_at(request, request.signed_at_ms);
}

Digest content_of(const Request& request) {
    return sha256(form_at(request, 0));
}

std::string signed_form(const SignedEnvelope& envelope, const std::string& hub) {
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

std::string signed_form(const CaseOrder& order) {
    return canonical_json(Json{{"action", name_of(order.action)},
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

std::string signed_form(const AcknowledgedDelivery& acknowledged, const std::string& hub) {
    return canonical_json(Json{{"acknowledgement_sha256", acknowledged.acknowledgement_sha256},
                               {"document_sha256", acknowledged.document_sha256},
                               {"exchange", acknowledged.exchange_id},
                               {"hub", hub},
                               {"job", acknowledged.job_id},
                               {"v", "tongban/acknowledgement/v1"}});
}

}  // namespace tongban::exchange
