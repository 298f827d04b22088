// Cases that ask: a call becomes an exchange in its member's name, standing on what that member
// signed, and its end an answer.
#include <algorithm>

#include "base/json.h"
#include "hub/exchange/exchange_inner.h"
#include "schemas/canonical_type.h"

namespace tongban::exchange {

namespace {

constexpr std::size_t longest_op_key = 96;

// Members' own request ids have no slash: nobody can take a call's place.
std::string request_id_of(const CallName& name) {
    return "case/" + name.op_key + "/" + std::to_string(name.attempt);
}

bool well_named(const CallName& name) {
    return !name.op_key.empty() && plain_word(name.op_key, longest_op_key) && name.attempt >= 1;
}

// What makes two calls the same.
Digest content_of_call(const Request& request) {
    const OfCase& call = *request.of_case;
    return sha256(canonical_json(Json{{"body_sha256", hex(sha256(request.body))},
                                      {"case", call.case_id},
                                      {"division", call.division},
                                      {"item", call.item},
                                      {"kind", policy::name_of(request.kind)},
                                      {"opening", call.opening},
                                      {"purpose", request.purpose},
                                      {"resource", request.resource}}));
}

std::optional<Fault> malformed(const CaseCall& call) {
    const auto wrong = [](const char* where) {
        return Fault{FaultKind::malformed, where, "not a call that can be made"};
    };
    if (!well_named(call.name)) return wrong("call.op_key");
    if (call.kind == policy::Kind::publish) return wrong("call.kind");
    if (!plain_word(call.case_id, 96) || call.case_id.empty()) return wrong("call.case_id");
    if (!plain_word(call.item, 128) || call.item.empty()) return wrong("call.item");
    if (!plain_word(call.opening, 64)) return wrong("call.opening");
    if (!plain_word(call.resource, 128)) return wrong("call.resource");
    if (!plain_word(call.purpose, 64)) return wrong("call.purpose");
    if (!plain_word(call.division, 16)) return wrong("call.division");
    return std::nullopt;
}

Fault fault_of(const Refusal& refusal) {
    return {refusal.code == "busy" || refusal.code == "stopping" ? FaultKind::busy
                                                                 : FaultKind::unavailable,
            refusal.where,
            refusal.code};
}

}  // namespace

class Exchanges::Inner::Calls final : public CaseCalls {
public:
    explicit Calls(Inner& inner) : inner_(inner) {}
    Result<Done> call(CaseCall call) override { return inner_.call(std::move(call)); }
    Result<std::optional<CaseAnswer>> answer_of(const CallName& name) override {
        return inner_.answer_of(name);
    }
    void on_answer(Answered hear) override { inner_.on_answer = std::move(hear); }

private:
    Inner& inner_;
};

CaseCalls& Exchanges::case_calls() {
    if (!inner_->calls) inner_->calls = std::make_unique<Inner::Calls>(*inner_);
    return *inner_->calls;
}

Result<Done> Exchanges::Inner::call(CaseCall call) {
    if (stopping) return Fault{FaultKind::busy, "hub", "stopping"};
    if (std::optional<Fault> wrong = malformed(call)) return *std::move(wrong);
    const CallName name = call.name;
    Reply<Request> request = request_of(std::move(call));
    const bool stands = request.ok();
    if (!stands && request.refusal().retry_after_ms > 0) return fault_of(request.refusal());

    auto live = std::make_shared<Live>();
    if (stands) live->request = std::move(*request);
    live->request.request_id = request_id_of(name);
    live->member = name.member;
    live->shard = store::shard_of(live->member, live->request.request_id);
    live->admitted = links.clock.now();
    live->id = store::new_exchange_id(live->admitted, live->shard);
    live->policy = links.policy.get();
    live->engine = links.engine.get();
    if (!stands) {
        // In nobody's name: a leaf that says so, and an answer that is not kept.
        const Result<Done> written =
            recorder.deny_at_door({live->id, &live->request, live->member, request.refusal()});
        if (!written) return written.fault();
        live->request.of_case = OfCase{};
        live->request.of_case->op_key = name.op_key;
        live->request.of_case->attempt = name.attempt;
        CaseAnswer answer;
        answer.status = CallStatus::denied;
        answer.reason = request.refusal().code;
        tell_case(*live, std::move(answer));
        return Done{};
    }
    live->content = content_of_call(live->request);
    const std::pair<std::string, std::string> key(live->member, live->request.request_id);
    const Fault conflict{FaultKind::conflict, "call.op_key", "this call had another content"};
    {
        auto all = lives.lock();
        const auto found = all->by_request.find(key);
        if (found != all->by_request.end()) {
            if (found->second->content != live->content) return conflict;
            return Done{};
        }
        if (all->by_id.size() >= terms.open_exchanges)
            return Fault{FaultKind::busy, "hub", "too many open exchanges"};
        all->by_request[key] = live;
        all->by_id[live->id] = live;
    }
    const Result<std::optional<store::ExchangeRow>> row =
        links.store.exchange_of_request(key.first, key.second);
    if (!row || *row) {
        forget(*live);
        if (!row) return row.fault();
        if ((*row)->content_hash != live->content) return conflict;
        return Done{};
    }
    const std::optional<Refusal> refused = carry_on(live);
    if (refused && refused->retry_after_ms > 0) return fault_of(*refused);
    return Done{};  // also of a denial, which is the answer
}

// The opening must be an exchange that the same member signed, and that was not turned away.
Reply<Request> Exchanges::Inner::request_of(CaseCall call) {
    const Result<std::optional<store::ExchangeRow>> row = links.store.exchange(call.opening);
    if (!row) return refusal_of(row.fault());
    const bool its_own = *row && (*row)->requester == call.name.member &&
                         (*row)->kind == static_cast<std::int32_t>(policy::Kind::submit) &&
                         (*row)->state != static_cast<std::int32_t>(State::denied) &&
                         (*row)->state != static_cast<std::int32_t>(State::refused);
    if (!its_own) return refusal("case.opening", "opening");
    const Result<audit::OpenedRecord> record = links.sealing.open_record(call.opening, "request");
    if (!record) return refusal_of(record.fault());
    const std::string* head = record->find("request.head");
    if (head == nullptr) return refusal("case.opening", "opening");
    Result<Request> opening = read_head(*head);
    const Result<std::string> digest = body_digest_in_head(*head);
    if (!opening || !digest || opening->of_case) return refusal("case.opening", "opening");

    OfCase of_case;
    of_case.op_key = call.name.op_key;
    of_case.attempt = call.name.attempt;
    of_case.case_id = call.case_id;
    of_case.item = call.item;
    of_case.opening = call.opening;
    of_case.opening_resource = (*row)->resource;
    of_case.opening_sha256 = *digest;
    of_case.consent_lent = !call.consent.has_value();
    of_case.division = call.division;
    of_case.deadline_ms = call.deadline.ms;
    if (call.name.attempt > 1) {
        const Result<std::optional<store::ExchangeRow>> first = links.store.exchange_of_request(
            call.name.member, request_id_of({call.name.member, call.name.op_key, 1}));
        if (!first) return refusal_of(first.fault());
        if (*first) of_case.first_ms = (*first)->created_ms;
    }

    Request request;
    request.revision = contract_revision;
    request.hub = hub;
    request.kind = call.kind;
    request.resource = call.resource;
    request.purpose = call.purpose;
    request.officer = opening->officer;
    request.consent = call.consent ? std::move(call.consent) : std::move(opening->consent);
    request.case_ref = call.case_id;
    request.body = schemas::canonical_json_of(call.request);
    request.signed_at_ms = opening->signed_at_ms;
    request.signature = std::move(opening->signature);
    request.traceparent = plain_word(call.traceparent, 64) ? call.traceparent : "";
    request.of_case = std::move(of_case);
    return request;
}

void Exchanges::Inner::tell_case(const Live& live, CaseAnswer answer) {
    if (!live.request.of_case || !on_answer) return;
    answer.name = {live.member, live.request.of_case->op_key, live.request.of_case->attempt};
    answer.exchange_id = live.id;
    answer.answered_at = links.clock.now();
    on_answer(std::move(answer));
}

CaseAnswer Exchanges::Inner::answer_about(const Live& live, const MiddleResult& result) {
    CaseAnswer answer;
    answer.status = result.call->status;
    answer.reason = result.call->reason;
    answer.findings = result.findings;
    answer.verdicts = result.verdicts;
    answer.parts = result.statuses;
    if (result.state == State::delivered) {
        answer.record_type = result.document.schema;
        answer.record = record_in(result.document.bytes, result.document.schema, *live.engine);
    }
    return answer;
}

Result<std::optional<CaseAnswer>> Exchanges::Inner::answer_of(const CallName& name) {
    if (!well_named(name)) return Fault{FaultKind::malformed, "call.op_key", "not a call's name"};
    const Result<std::optional<store::ExchangeRow>> row =
        links.store.exchange_of_request(name.member, request_id_of(name));
    if (!row) return row.fault();
    if (!*row || (*row)->state == static_cast<std::int32_t>(State::pending))
        return std::optional<CaseAnswer>();
    Result<CaseAnswer> answer = answer_in(**row, name);
    if (!answer) return answer.fault();
    return std::optional<CaseAnswer>(*std::move(answer));
}

Result<CaseAnswer> Exchanges::Inner::answer_in(const store::ExchangeRow& row,
                                               const CallName& name) {
    Result<Detail> detail = read_detail(row.detail);
    if (!detail) return detail.fault();
    CaseAnswer answer;
    answer.name = name;
    answer.exchange_id = row.exchange_id;
    answer.answered_at = Instant{row.updated_ms};
    if (detail->refusal || !detail->call) {
        answer.status = CallStatus::denied;
        answer.reason = detail->refusal ? detail->refusal->code : "";
        return answer;
    }
    answer.status = detail->call->status;
    answer.reason = detail->call->reason;
    answer.findings = std::move(detail->findings);
    answer.verdicts = std::move(detail->verdicts);
    for (const auto& [part, kept] : detail->parts)
        answer.parts[part] = kept.open ? mapping::PartStatus::unavailable : kept.status;
    if (answer.status != CallStatus::answered) return answer;
    const Result<audit::OpenedRecord> record =
        links.sealing.open_record(row.exchange_id, "delivered");
    if (!record) return record.fault();
    answer.record_type = detail->document_schema;
    if (const std::string* document = record->find("document")) {
        answer.record = record_in(*document, detail->document_schema, *links.engine.get());
    } else {
        answer.reason = "erased";
    }
    return answer;
}

}  // namespace tongban::exchange
