#include "connectors/runtime/own_requests.h"

#include <algorithm>
#include <utility>

#include <tongban_wire/tongban_constants.h>

#include "base/crypto.h"
#include "base/json.h"
#include "base/log.h"
#include "connectors/runtime/office_words.h"

namespace tongban::connectors {
namespace {

constexpr std::chrono::milliseconds retry_deadline{10'000};
constexpr std::chrono::milliseconds status_deadline{3'000};
constexpr std::int64_t signature_life_ms = 60'000;

bool is_request_id(const std::string& id) {
    return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '_' || c == '-';
    });
}

Fault malformed(std::string where, std::string reason) {
    return {FaultKind::malformed, std::move(where), std::move(reason)};
}

OfficeReply refused(const wire::Refusal& why) {
    return {http_status_of(why.code), words_of(why), true};
}

// It says something of how we asked, nothing of the exchange.
bool is_about_the_call(const std::string& code) {
    return code == "exchange.unknown" || code == "version" || code == "internal" ||
           code.starts_with("call.") || code.starts_with("clock.");
}

OfficeReply reply_about(const StoredRequest& request) {
    if (request.state != RequestState::refused) {
        return {202, words_of(request), request.state == RequestState::admitted};
    }
    int status = 422;
    if (auto said = parse_json(request.answer)) status = http_status_of(said->value("code", ""));
    return {status, words_of(request), true};
}

Result<wire::ExchangeKind::type> kind_named(const std::string& name) {
    if (name == "fetch") return wire::ExchangeKind::fetch;
    if (name == "verify") return wire::ExchangeKind::verify;
    if (name == "submit") return wire::ExchangeKind::submit;
    if (name == "publish") return wire::ExchangeKind::publish;
    return malformed("kind", "not a kind of exchange");
}

// A day without a time lasts until its end where it ends something.
Result<Instant> instant_of(const std::string& text, bool end_of_day) {
    if (auto instant = parse_iso_instant(text)) return instant;
    if (auto date = parse_iso_date(text)) {
        auto midnight = parse_iso_instant(text + "T00:00:00+08:00");
        if (!midnight) return midnight;
        return Instant{midnight->ms + (end_of_day ? 86'400'000 - 1 : 0)};
    }
    return malformed("consent", "not a time");
}

Result<wire::Consent> read_consent(const ConsentPaths& paths,
                                   const NativeFields& fields,
                                   const wire::Request& request,
                                   const std::string& member) {
    wire::Consent consent;
    consent.consent_id = paths.id.from(fields);
    consent.resource = request.resource;
    consent.purpose = request.purpose;
    consent.receiver = member;
    auto given = instant_of(paths.given_at.from(fields), false);
    auto until = instant_of(paths.valid_until.from(fields), true);
    if (!given || !until) return malformed("consent", "its times cannot be read");
    consent.given_at_ms = given->ms;
    consent.valid_until_ms = until->ms;
    consent.channel = paths.channel.from(fields);
    consent.evidence_sha256 = paths.evidence_sha256.from(fields);
    return consent;
}

}  // namespace

OwnRequests::OwnRequests(const CurrentSetup& setup,
                         const Signer& signer,
                         ConnectorStore& store,
                         const Interrupter& interrupter,
                         const Clock& clock)
    : setup_(setup),
      signer_(signer),
      store_(store),
      clock_(clock),
      links_(setup.get()->config.hub, setup.get()->config.hub.rpc_port, interrupter) {}

bool OwnRequests::takes(const std::string& at) const {
    if (at == "/requests") return true;
    const auto setup = setup_.get();
    const auto& forms = setup->config.requests->forms;
    return std::any_of(
        forms.begin(), forms.end(), [&at](const RequestForm& form) { return form.at == at; });
}

Result<wire::Request> OwnRequests::read(const std::string& native, const std::string& at) const {
    const auto begin = native.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    const NativeFormat format =
        begin != std::string::npos && (native[begin] == '{' || native[begin] == '[')
            ? NativeFormat::json
            : NativeFormat::xml;
    const auto setup = setup_.get();
    const auto& forms = setup->config.requests->forms;
    std::vector<std::string> paths;
    for (const RequestForm& form : forms) {
        const auto own = form.paths();
        paths.insert(paths.end(), own.begin(), own.end());
    }
    auto fields = read_native_fields(native, format, paths);
    if (!fields) return std::move(fields).fault();
    const auto form = std::find_if(forms.begin(), forms.end(), [&](const RequestForm& candidate) {
        return candidate.format == format && (at.empty() || candidate.at == at) &&
               (candidate.root.empty() || candidate.root == fields->root);
    });
    if (form == forms.end()) return malformed("root", "not a request that this connector knows");

    wire::Request request;
    request.revision = wire::g_tongban_constants.REVISION;
    request.request_id = form->request_id.from(*fields);
    if (!is_request_id(request.request_id))
        return malformed("request_id", "1 to 64 letters, digits, . _ -");
    std::string kind = form->kind.from(*fields);
    const auto translated = form->kinds.find(kind);
    if (translated != form->kinds.end()) kind = translated->second;
    auto exchange_kind = kind_named(kind);
    if (!exchange_kind) return std::move(exchange_kind).fault();
    request.kind = *exchange_kind;
    request.resource = form->resource;
    request.purpose = form->purpose.from(*fields);
    request.officer = form->officer.from(*fields);
    request.case_ref = form->case_ref.from(*fields);
    request.schema = form->schema;
    request.body = native;
    request.delivery = wire::Delivery::push;
    if (form->consent && !form->consent->id.from(*fields).empty()) {
        auto consent = read_consent(*form->consent, *fields, request, setup->config.member);
        if (!consent) return std::move(consent).fault();
        request.__set_consent(*consent);
    }
    request.signed_at_ms = clock_.now().ms;
    signer_.sign_request(request);
    return request;
}

OfficeReply OwnRequests::receive(const std::string& native, const std::string& at) {
    const auto setup = setup_.get();
    if (native.size() > setup->config.requests->max_body) {
        return refused(
            refusal("request.too_large", "", "请求报文过大。", "The request is too large."));
    }
    auto call = read(native, at);
    if (!call) {
        return refused(refusal("request.malformed",
                               call.fault().where,
                               "请求报文无法识别，请核对格式与必填项。",
                               "The request cannot be read: " + call.fault().reason + "."));
    }
    const std::string digest = hex(sha256(native));
    auto known = store_.request(call->request_id);
    if (known && !known->has_value()) {
        StoredRequest fresh;
        fresh.id = call->request_id;
        fresh.body_sha256 = digest;
        fresh.sealed_call = to_bytes(*call);
        fresh.received_ms = clock_.now().ms;
        // Two threads may come with the same id at once: the table decides, and the loser reads
        // what is there.
        static_cast<void>(
            store_.add_request(fresh, {JournalKind::request, "", fresh.id, digest, clock_.now()}));
        known = store_.request(call->request_id);
    }
    if (!known || !known->has_value()) {
        log::error("request.not_kept", {{"reason", known ? "absent" : known.fault().reason}});
        return {503,
                words_of(refusal("connector.storage",
                                 "",
                                 "前置机存储不可用，请稍后重发。",
                                 "The connector cannot store the request; send it again later.")),
                false};
    }
    StoredRequest request = **std::move(known);
    if (request.body_sha256 != digest) {
        return refused(refusal("request.conflict",
                               "request_id",
                               "同一业务流水号已用于内容不同的请求。",
                               "This request id was used for another request."));
    }
    if (request.state == RequestState::queued) {
        const std::chrono::milliseconds patience(setup->config.requests->wait_ms);
        auto sent = send(request, Deadline::after(patience));
        if (sent) request = *std::move(sent);
    } else {
        look_again(request);
    }
    return reply_about(request);
}

Result<wire::Request> OwnRequests::call_of(const StoredRequest& request) const {
    auto call = request_from(request.sealed_call);
    if (!call) return std::move(call).fault();
    // The hub takes no signature that is old; the content, which it compares, stays what it was.
    if (clock_.now().ms - call->signed_at_ms > signature_life_ms) {
        call->signed_at_ms = clock_.now().ms;
        signer_.sign_request(*call);
    }
    const ChainHead head = store_.head();
    wire::JournalHead journal;
    journal.number = head.number;
    journal.hash = std::string(bytes_of(head.hash));
    call->__set_journal(journal);
    call->wait_ms = 0;
    return call;
}

Result<StoredRequest> OwnRequests::send(StoredRequest request, Deadline deadline) {
    {
        auto sending = sending_.lock();
        const auto free = [&] { return !sending->contains(request.id); };
        if (!free()) {  // another thread has it on its way: what comes of that is our answer too
            sent_.wait_until(sending.native(), deadline.at(), free);
            sending.native().unlock();
            auto now = store_.request(request.id);
            if (!now) return std::move(now).fault();
            return now->value_or(request);
        }
        sending->insert(request.id);
    }
    struct Leave {
        OwnRequests& own;
        const std::string id;
        ~Leave() {
            own.sending_.lock()->erase(id);
            own.sent_.notify_all();
        }
    } leave{*this, request.id};

    auto call = call_of(request);
    if (!call) return std::move(call).fault();
    const auto reply = links_.call(deadline, [&](wire::HubGatewayClient& client) {
        wire::Outcome outcome;
        client.exchange(outcome, *call);
        return outcome;
    });

    if (const auto* fault = std::get_if<Fault>(&reply)) return *fault;
    if (const auto* refusal = std::get_if<wire::Refusal>(&reply)) {
        if (refusal->retry_after_ms > 0) return Fault{FaultKind::busy, "hub", refusal->code};
        request.state = RequestState::refused;
        request.answer = words_of(*refusal);
    } else {
        const auto& outcome = std::get<wire::Outcome>(reply);
        request.state = RequestState::admitted;
        request.exchange = outcome.exchange_id;
        request.answer = words_of(outcome);
    }
    request.sealed_call.clear();
    const JournalNote note{JournalKind::outcome,
                           request.exchange,
                           request.id,
                           hex(sha256(request.answer)),
                           clock_.now()};
    auto settled =
        store_.settle_request(request.id, request.state, request.exchange, request.answer, note);
    if (!settled) return std::move(settled).fault();
    return request;
}

OfficeReply OwnRequests::state_of(const std::string& request_id) {
    auto known = store_.request(request_id);
    if (!known) return {503, "{}", false};
    if (!known->has_value()) {
        return {
            404,
            words_of(refusal(
                "request.unknown", "", "没有该流水号的请求。", "There is no request of this id.")),
            true};
    }
    StoredRequest request = **std::move(known);
    look_again(request);
    return {200, words_of(request), true};
}

// What became of an exchange that was admitted and, as far as we know, has not ended. It may have
// been refused since: the citizen withdrew the consent while an office was slow.
void OwnRequests::look_again(StoredRequest& request) {
    const auto said = parse_json(request.answer);
    if (request.state != RequestState::admitted || (said && said->value("final", false))) return;
    const auto reply =
        links_.call(Deadline::after(status_deadline), [&](wire::HubGatewayClient& client) {
            wire::Outcome outcome;
            client.result(outcome, request.exchange, 0);
            return outcome;
        });
    if (const auto* outcome = std::get_if<wire::Outcome>(&reply)) {
        request.answer = words_of(*outcome);
        static_cast<void>(store_.update_answer(request.id, request.answer));
        return;
    }
    const auto* refusal = std::get_if<wire::Refusal>(&reply);
    if (refusal == nullptr || refusal->retry_after_ms > 0 || is_about_the_call(refusal->code))
        return;
    request.state = RequestState::refused;
    request.answer = words_of(*refusal);
    const JournalNote note{JournalKind::outcome,
                           request.exchange,
                           request.id,
                           hex(sha256(request.answer)),
                           clock_.now()};
    const auto settled =
        store_.settle_request(request.id, request.state, request.exchange, request.answer, note);
    if (!settled) log::error("request.not_settled", {{"reason", settled.fault().reason}});
}

bool OwnRequests::send_queued(const std::stop_token& stop) {
    auto queued = store_.queued_requests(64);
    if (!queued) return false;
    bool all = true;
    for (StoredRequest& request : *queued) {
        if (stop.stop_requested()) return false;
        const auto sent = send(std::move(request), Deadline::after(retry_deadline));
        if (!sent && sent.fault().kind == FaultKind::unavailable) return false;
        all = all && sent.ok();
    }
    return all;
}

}  // namespace tongban::connectors
