#include "hub/api/wire.h"

#include <algorithm>
#include <utility>

#include "schemas/finding.h"

namespace tongban::api {

namespace {

constexpr std::int64_t most_entries = 1LL << 53;  // what JSON, and so a leaf, can say exactly

[[noreturn]] void malformed(const char* where) {
    throw to_wire(exchange::refusal("request.malformed", where));
}

Digest digest_of(const std::string& raw, const char* where) {
    const Result<Digest> digest = digest_from(raw);
    if (!digest) malformed(where);
    return *digest;
}

policy::Kind kind_of(wire::ExchangeKind::type kind) {
    switch (kind) {
        case wire::ExchangeKind::fetch:
            return policy::Kind::fetch;
        case wire::ExchangeKind::verify:
            return policy::Kind::verify;
        case wire::ExchangeKind::submit:
            return policy::Kind::submit;
        case wire::ExchangeKind::publish:
            return policy::Kind::publish;
    }
    malformed("kind");
}

exchange::Delivery delivery_of(wire::Delivery::type delivery) {
    switch (delivery) {
        case wire::Delivery::reply:
            return exchange::Delivery::reply;
        case wire::Delivery::push:
            return exchange::Delivery::push;
    }
    malformed("delivery");
}

mapping::PartStatus status_of(wire::AnswerKind::type kind) {
    switch (kind) {
        case wire::AnswerKind::answered:
            return mapping::PartStatus::answered;
        case wire::AnswerKind::no_record:
            return mapping::PartStatus::no_record;
        case wire::AnswerKind::not_covered:
            return mapping::PartStatus::not_covered;
        case wire::AnswerKind::refused:
            return mapping::PartStatus::refused;
        case wire::AnswerKind::unavailable:
            return mapping::PartStatus::unavailable;
        case wire::AnswerKind::ambiguous:
            return mapping::PartStatus::ambiguous;
    }
    malformed("completion.kind");
}

wire::ExchangeState::type state_of(exchange::State state) {
    switch (state) {
        case exchange::State::pending:
            return wire::ExchangeState::pending;
        case exchange::State::delivered:
            return wire::ExchangeState::delivered;
        case exchange::State::verified:
            return wire::ExchangeState::verified;
        case exchange::State::refused:
            return wire::ExchangeState::refused;
        case exchange::State::failed:
            return wire::ExchangeState::failed;
        case exchange::State::releasing:
            return wire::ExchangeState::releasing;
        case exchange::State::denied:
            break;  // never an outcome: a Refusal
    }
    return wire::ExchangeState::refused;
}

wire::Finding finding_of(const schemas::Finding& finding) {
    wire::Finding out;
    out.code = finding.code;
    out.severity = schemas::name_of(finding.severity);
    out.mend = schemas::name_of(finding.mender);
    out.part = finding.part;
    out.path = finding.place.path;
    out.field = finding.field;
    out.line = static_cast<std::int32_t>(finding.place.line);
    out.column = static_cast<std::int32_t>(finding.place.column);
    out.shape = finding.shape;
    out.rule_version = finding.version;
    out.zh = finding.zh;
    out.en = finding.en;
    return out;
}

schemas::Finding finding_of(const wire::Finding& finding) {
    using schemas::Mender;
    using schemas::Severity;
    schemas::Finding out;
    out.code = finding.code;
    for (const Severity severity :
         {Severity::block, Severity::return_, Severity::review, Severity::warn, Severity::info}) {
        if (schemas::name_of(severity) == finding.severity) out.severity = severity;
    }
    for (const Mender mender :
         {Mender::sender, Mender::mapping_owner, Mender::code_list_owner, Mender::receiver}) {
        if (schemas::name_of(mender) == finding.mend) out.mender = mender;
    }
    out.part = finding.part;
    out.place.path = finding.path;
    out.place.line = static_cast<std::uint32_t>(std::max(0, finding.line));
    out.place.column = static_cast<std::uint32_t>(std::max(0, finding.column));
    out.field = finding.field;
    out.shape = finding.shape;
    out.version = finding.rule_version;
    out.zh = finding.zh;
    out.en = finding.en;
    return out;
}

exchange::SignedEnvelope envelope_of(const wire::SignedEnvelope& envelope) {
    return {envelope.member,
            envelope.exchange_id,
            envelope.job_id,
            envelope.native_sha256,
            envelope.time_ms,
            from_wire(envelope.signature),
            envelope.canonical_sha256,
            envelope.commitments_root,
            envelope.judgement_sha256};
}

wire::SignedEnvelope envelope_of(const exchange::SignedEnvelope& envelope) {
    wire::SignedEnvelope out;
    out.member = envelope.member;
    out.exchange_id = envelope.exchange_id;
    out.job_id = envelope.job_id;
    out.native_sha256 = envelope.native_sha256;
    out.time_ms = envelope.time_ms;
    out.signature.suite = envelope.signature.suite;
    out.signature.key_id = envelope.signature.key_id;
    out.signature.value = envelope.signature.value;
    out.canonical_sha256 = envelope.canonical_sha256;
    out.commitments_root = envelope.commitments_root;
    out.judgement_sha256 = envelope.judgement_sha256;
    return out;
}

wire::Job job_of(const exchange::Job& job) {
    wire::Job out;
    out.token = to_wire(job.token);
    out.kind = job.kind == exchange::JobKind::ask ? wire::JobKind::ask : wire::JobKind::deliver;
    out.exchange_id = job.exchange_id;
    out.job_id = job.job_id;
    out.hub = job.hub;
    out.operation = job.operation;
    out.body = job.body;
    out.schema = job.schema;
    out.deadline_ms = job.deadline_ms;
    out.message_no = job.message_no;
    out.op_key = job.op_key;
    out.traceparent = job.traceparent;
    out.placement =
        job.placement == policy::Placement::hub ? wire::Placement::hub : wire::Placement::provider;
    if (job.work) {
        wire::ProviderWork work;
        work.resource = job.work->resource;
        work.part = job.work->part;
        work.fields = job.work->fields;
        work.as_of = job.work->as_of;
        work.versions = job.work->versions;
        work.record = job.work->record;
        work.jurisdictions = job.work->jurisdictions;
        work.rules = job.work->rules;
        work.request_fields = job.work->request_fields;
        work.request = job.work->request;
        out.__set_work(work);
    }
    out.receipt = job.receipt;
    out.leaf = job.leaf;
    return out;
}

}  // namespace

exchange::Signature from_wire(const wire::Signature& signature) {
    return {signature.suite, signature.key_id, signature.value};
}

exchange::JournalHead from_wire(const wire::JournalHead& head) {
    if (head.number < 0 || head.number > most_entries) malformed("journal");
    if (head.number == 0) return {};
    return {head.number, digest_of(head.hash, "journal")};
}

exchange::Request from_wire(const wire::Request& request) {
    exchange::Request out;
    out.revision = request.revision;
    out.hub = request.hub;
    out.request_id = request.request_id;
    out.kind = kind_of(request.kind);
    out.resource = request.resource;
    out.purpose = request.purpose;
    out.officer = request.officer;
    if (request.__isset.consent) {
        const wire::Consent& consent = request.consent;
        out.consent = policy::ConsentTerms{consent.consent_id,
                                           consent.resource,
                                           consent.purpose,
                                           consent.receiver,
                                           Instant{consent.given_at_ms},
                                           Instant{consent.valid_until_ms},
                                           consent.channel,
                                           consent.evidence_sha256};
    }
    out.case_ref = request.case_ref;
    out.schema = request.schema;
    out.body = request.body;
    out.delivery = delivery_of(request.delivery);
    out.signed_at_ms = request.signed_at_ms;
    out.signature = from_wire(request.signature);
    out.wait_ms = request.wait_ms;
    if (request.__isset.journal) out.journal = from_wire(request.journal);
    out.traceparent = request.traceparent;
    return out;
}

exchange::LeaseRequest from_wire(const wire::LeaseRequest& request) {
    return {request.revision, request.max_jobs, request.wait_ms, from_wire(request.journal)};
}

exchange::Completion from_wire(const wire::Completion& completion) {
    exchange::Completion out;
    out.token = from_wire(completion.token);
    out.exchange_id = completion.exchange_id;
    out.job_id = completion.job_id;
    out.kind = status_of(completion.kind);
    out.native_record = completion.native_record;
    out.envelope = envelope_of(completion.envelope);
    out.reason = completion.reason;
    out.source_time_ms = completion.source_time_ms;
    for (const wire::Finding& finding : completion.findings)
        out.findings.push_back(finding_of(finding));
    out.judged = completion.judged;
    if (completion.__isset.canonical) out.canonical = completion.canonical;
    if (completion.__isset.commitments_root) out.commitments_root = completion.commitments_root;
    return out;
}

exchange::DeliveryReport from_wire(const wire::DeliveryReport& report) {
    return {from_wire(report.token),
            report.exchange_id,
            report.job_id,
            report.accepted,
            report.reason,
            report.document_sha256,
            report.acknowledgement_sha256,
            from_wire(report.signature)};
}

exchange::Token from_wire(const wire::Token& token) {
    return {token.shard, token.epoch, token.seq, token.attempt};
}

wire::Token to_wire(const exchange::Token& token) {
    wire::Token out;
    out.shard = token.shard;
    out.epoch = token.epoch;
    out.seq = token.seq;
    out.attempt = token.attempt;
    return out;
}

wire::Outcome to_wire(const exchange::Outcome& outcome) {
    wire::Outcome out;
    out.exchange_id = outcome.exchange_id;
    out.state = state_of(outcome.state);
    if (outcome.document) out.__set_document(*outcome.document);
    out.document_schema = outcome.document_schema;
    for (const schemas::Finding& finding : outcome.findings)
        out.findings.push_back(finding_of(finding));
    for (const exchange::FieldVerdict& verdict : outcome.verdicts) {
        wire::FieldVerdict next;
        next.field = verdict.field;
        next.verdict = static_cast<wire::Verdict::type>(verdict.verdict);
        next.normalisation = verdict.normalisation;
        next.source_age_ms = verdict.source_age_ms;
        out.verdicts.push_back(std::move(next));
    }
    out.receipt = outcome.receipt;
    out.leaf = outcome.leaf;
    out.retry_after_ms = outcome.retry_after_ms;
    for (const auto& [part, envelope] : outcome.envelopes)
        out.envelopes[part] = envelope_of(envelope);
    return out;
}

wire::LeaseReply to_wire(const exchange::LeaseReply& reply) {
    wire::LeaseReply out;
    for (const exchange::Job& job : reply.jobs)
        out.jobs.push_back(job_of(job));
    out.lease_ms = reply.lease_ms;
    return out;
}

wire::CheckpointReply to_wire(const audit::ConsistencyReply& reply) {
    wire::CheckpointReply out;
    out.note = reply.note;
    out.old_size = static_cast<std::int64_t>(reply.old_size);
    for (const Digest& digest : reply.proof)
        out.consistency.emplace_back(bytes_of(digest));
    return out;
}

wire::Refusal to_wire(const exchange::Refusal& refusal) {
    wire::Refusal out;
    out.code = refusal.code;
    out.where = refusal.where;
    out.zh = refusal.zh;
    out.en = refusal.en;
    out.retry_after_ms = refusal.retry_after_ms;
    return out;
}

}  // namespace tongban::api
