#include "hub/app/hub_client.h"

#include <filesystem>
#include <utility>

#include <tongban_wire/tongban_constants.h>

#include "base/files.h"
#include "hub/app/internal/hub_client_state.h"

namespace tongban::app {

namespace {

using of_client::grace;
using of_client::value_of;

Json json_of(const wire::Finding& finding) {
    return Json{{"code", finding.code},
                {"severity", finding.severity},
                {"mend", finding.mend},
                {"part", finding.part},
                {"field", finding.field},
                {"path", finding.path},
                {"line", finding.line},
                {"column", finding.column},
                {"shape", finding.shape},
                {"version", finding.rule_version},
                {"zh", finding.zh},
                {"en", finding.en}};
}

wire::ExchangeKind::type kind_of(const std::string& name) {
    if (name == "submit") return wire::ExchangeKind::submit;
    return name == "verify" ? wire::ExchangeKind::verify : wire::ExchangeKind::fetch;
}

std::string state_name(wire::ExchangeState::type state) {
    const auto name = wire::_ExchangeState_VALUES_TO_NAMES.find(static_cast<int>(state));
    return name == wire::_ExchangeState_VALUES_TO_NAMES.end() ? "unknown" : name->second;
}

std::string verdict_name(wire::Verdict::type verdict) {
    const auto name = wire::_Verdict_VALUES_TO_NAMES.find(static_cast<int>(verdict));
    return name == wire::_Verdict_VALUES_TO_NAMES.end() ? "unknown" : name->second;
}

wire::Consent consent_from(const Json& terms) {
    wire::Consent consent;
    consent.consent_id = terms.value("consent_id", "");
    consent.resource = terms.value("resource", "");
    consent.purpose = terms.value("purpose", "");
    consent.receiver = terms.value("receiver", "");
    consent.given_at_ms = terms.value("given_at_ms", std::int64_t{0});
    consent.valid_until_ms = terms.value("valid_until_ms", std::int64_t{0});
    consent.channel = terms.value("channel", "");
    consent.evidence_sha256 = terms.value("evidence_sha256", "");
    return consent;
}

}  // namespace

Fault of_client::refused(const wire::Refusal& refusal) {
    const auto kind = refusal.retry_after_ms > 0 ? FaultKind::busy : FaultKind::refused;
    const bool plain = refusal.where.empty() || refusal.where == "hub";
    return Fault{kind,
                 refusal.code,
                 refusal.zh + " / " + refusal.en + (plain ? "" : " (" + refusal.where + ")")};
}

namespace {

Answered answered_as(const wire::Outcome& outcome, const std::string& hub) {
    Answered answer;
    answer.exchange_id = outcome.exchange_id;
    answer.state = state_name(outcome.state);
    if (outcome.__isset.document) answer.document = outcome.document;
    answer.document_schema = outcome.document_schema;
    answer.receipt = outcome.receipt;
    answer.leaf = outcome.leaf;
    answer.findings = Json::array();
    for (const auto& finding : outcome.findings)
        answer.findings.push_back(json_of(finding));
    answer.verdicts = Json::array();
    for (const auto& verdict : outcome.verdicts) {
        answer.verdicts.push_back({{"field", verdict.field},
                                   {"verdict", verdict_name(verdict.verdict)},
                                   {"normalisation", verdict.normalisation},
                                   {"source_age_ms", verdict.source_age_ms}});
    }
    answer.envelopes = Json::object();
    for (const auto& [part, envelope] : outcome.envelopes) {
        answer.envelopes[part] = {{"member", envelope.member},
                                  {"signed", connectors::envelope_text(envelope, hub)},
                                  {"suite", envelope.signature.suite},
                                  {"key_id", envelope.signature.key_id},
                                  {"signature", base64(envelope.signature.value)}};
    }
    return answer;
}

}  // namespace

HubClient::HubClient(std::unique_ptr<State> state) : state_(std::move(state)) {}
HubClient::~HubClient() = default;

Result<std::unique_ptr<HubClient>> HubClient::open(const HubAddress& address) {
    const auto folder = address.data + "/pki/" + address.identity;
    std::error_code error;
    if (address.identity.empty() || !std::filesystem::exists(folder + "/signing.key", error))
        return Fault{FaultKind::not_found,
                     address.identity_option,
                     "没有 " + address.identity + " 的密钥 / there are no keys of '" +
                         address.identity + "' in " + address.data +
                         "/pki: name a member whose keys are there, or their folder with --data"};
    auto key = PrivateKey::from_file(folder + "/signing.key");
    if (!key) return std::move(key).fault();
    connectors::HubPlace place;
    place.id = address.hub_id;
    place.host = address.host;
    place.rpc_port = address.rpc_port;
    if (place.rpc_port == 0) {
        auto ready = read_file(address.data + "/hub/ready.json");
        if (!ready)
            return Fault{FaultKind::unavailable,
                         "hub",
                         "枢纽未运行 / no hub runs on " + address.data +
                             " (no hub/ready.json there): start it, or name it with --data or "
                             "--port"};
        auto parsed = parse_json(*ready);
        if (!parsed) return std::move(parsed).fault();
        place.rpc_port = parsed->value("rpc_port", 0);
    }
    place.lease_port = place.rpc_port;
    place.ca = address.data + "/pki/ca.pem";
    place.certificate = folder + "/tls.pem";
    place.key = folder + "/tls.key";
    return std::unique_ptr<HubClient>(new HubClient(std::make_unique<State>(
        std::move(place), connectors::Signer(address.identity, address.hub_id, *std::move(key)))));
}

Result<Answered> HubClient::exchange(const Enquiry& enquiry) {
    wire::Request request;
    request.revision = wire::g_tongban_constants.REVISION;
    request.request_id = enquiry.request_id;
    request.kind = kind_of(enquiry.kind);
    request.resource = enquiry.resource;
    request.purpose = enquiry.purpose;
    request.officer = enquiry.officer;
    request.case_ref = enquiry.case_ref;
    request.schema = enquiry.schema;
    request.body = enquiry.body;
    if (enquiry.consent) request.__set_consent(consent_from(*enquiry.consent));
    request.delivery = wire::Delivery::reply;
    request.signed_at_ms = SystemClock().now().ms;
    request.wait_ms = enquiry.wait_ms;
    state_->signer.sign_request(request);
    const auto deadline = Deadline::after(std::chrono::milliseconds(enquiry.wait_ms) + grace);
    auto outcome =
        value_of<wire::Outcome>(state_->hub.call(deadline, [&](wire::HubGatewayClient& client) {
            wire::Outcome value;
            client.exchange(value, request);
            return value;
        }));
    if (!outcome) return std::move(outcome).fault();
    return answered_as(*outcome, state_->place.id);
}

Result<Answered> HubClient::result(const std::string& exchange_id, std::int64_t wait_ms) {
    const auto deadline = Deadline::after(std::chrono::milliseconds(wait_ms) + grace);
    auto outcome =
        value_of<wire::Outcome>(state_->hub.call(deadline, [&](wire::HubGatewayClient& client) {
            wire::Outcome value;
            client.result(value, exchange_id, wait_ms);
            return value;
        }));
    if (!outcome) return std::move(outcome).fault();
    return answered_as(*outcome, state_->place.id);
}

Result<std::string> HubClient::acknowledge(const std::string& exchange_id,
                                           const std::string& document) {
    wire::DeliveryReport
        report;  // the same form is signed, with no job and no office acknowledgement
    report.exchange_id = exchange_id;
    report.document_sha256 = hex(sha256(document));
    state_->signer.sign_report(report);
    return value_of<std::string>(
        state_->hub.call(Deadline::after(grace), [&](wire::HubGatewayClient& client) {
            std::string value;
            client.acknowledge(value, exchange_id, report.document_sha256, report.signature);
            return value;
        }));
}

Result<Done> HubClient::withdraw_consent(const std::string& consent_id) {
    return value_of<Done>(
        state_->hub.call(Deadline::after(grace), [&](wire::HubGatewayClient& client) {
            client.withdraw_consent(consent_id);
            return Done{};
        }));
}

Result<Json> HubClient::trace(const std::string& exchange_id) {
    auto text = value_of<std::string>(
        state_->audit.call(Deadline::after(grace), [&](wire::AuditGatewayClient& client) {
            std::string value;
            client.trace(value, exchange_id);
            return value;
        }));
    if (!text) return std::move(text).fault();
    return parse_json(*text);
}

Result<std::string> HubClient::receipt(const std::string& exchange_id, const std::string& kind) {
    return value_of<std::string>(
        state_->audit.call(Deadline::after(grace), [&](wire::AuditGatewayClient& client) {
            std::string value;
            client.receipt(value, exchange_id, kind);
            return value;
        }));
}

Result<std::string> HubClient::checkpoint() {
    return value_of<std::string>(
        state_->audit.call(Deadline::after(grace), [&](wire::AuditGatewayClient& client) {
            std::string value;
            client.checkpoint(value);
            return value;
        }));
}

}  // namespace tongban::app
