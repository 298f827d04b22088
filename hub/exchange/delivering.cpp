// Deliveries: the document leaves with its receipt; the requester's signed acknowledgement becomes
// the outcome leaf.
//
// A delivery may be handed over many times under one message number; the office takes it in once
// (invariant I2), and the outcome leaf is unique, so a repeated report changes nothing.
#include <algorithm>

#include "base/log.h"
#include "hub/exchange/exchange_inner.h"

namespace tongban::exchange {

namespace {

constexpr std::chrono::milliseconds receipt_within{5'000};

bool digest_text(const std::string& text) {
    return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

audit::OutcomeFacts facts_of(const std::string& exchange_id,
                             std::string_view outcome,
                             const Signature& signature) {
    audit::OutcomeFacts facts;
    facts.exchange_id = exchange_id;
    facts.outcome = outcome;
    facts.signature_suite = signature.suite;
    facts.signature_key_id = signature.key_id;
    return facts;
}

}  // namespace

void Exchanges::Inner::offer_delivery(const std::string& exchange_id,
                                      const std::string& member,
                                      const std::string& schema,
                                      Instant expires) {
    const Result<std::int32_t> shard = store::shard_of_exchange(exchange_id);
    BoardJob offered;
    offered.member = member;
    Job& job = offered.job;
    job.token = {shard ? *shard : 0, shard ? links.store.epoch(*shard) : 0, next_seq--, 0};
    job.kind = JobKind::deliver;
    job.exchange_id = exchange_id;
    job.job_id = Recorder::delivery_job(exchange_id);
    job.hub = hub;
    job.operation = "deliver";
    job.schema = schema;
    job.deadline_ms = expires.ms;
    job.message_no = message_number(job.job_id);
    if (!board.add(std::move(offered))) {  // stands in the outbox: the next start offers it
        log::warn("exchange.delivery.queue_full", {{"exchange", exchange_id}, {"member", member}});
    }
}

bool Exchanges::Inner::fill_delivery(Job& job) {
    const Result<audit::OpenedRecord> record =
        links.sealing.open_record(job.exchange_id, "delivered");
    const std::string* document = record ? record->find("document") : nullptr;
    if (document == nullptr) {
        log::error("exchange.delivery.cannot_open", {{"exchange", job.exchange_id}});
        return false;
    }
    Result<audit::Receipt> receipt = links.trail.receipt(
        job.exchange_id, audit::LeafKind::intent, Deadline::after(receipt_within));
    if (!receipt) return false;
    job.body = *document;
    job.receipt = std::move(receipt->text);
    job.leaf = std::move(receipt->leaf);
    return true;
}

bool Exchanges::Inner::acknowledged_by(const std::string& member,
                                       const AcknowledgedDelivery& what,
                                       const Signature& signature) {
    const std::shared_ptr<const policy::Policy> policy = links.policy.get();
    const policy::Member* signer = policy->member(member);
    return signer != nullptr &&
           admission.signed_by(*signer, {signed_form(what, hub), signature}, links.clock.now());
}

Result<Done> Exchanges::Inner::close_delivery(const audit::OutcomeFacts& facts,
                                              State state,
                                              const store::ExchangeRow& row) {
    const Result<std::int32_t> shard = store::shard_of_exchange(row.exchange_id);
    if (!shard) return shard.fault();
    store::Batch batch{*shard, {}};
    if (row.open) {
        batch.add(store::UpdateExchange{row.exchange_id,
                                        row.rev,
                                        static_cast<std::int32_t>(state),
                                        false,
                                        row.deadline_ms,
                                        links.clock.now().ms,
                                        row.detail});
        batch.add(store::DropJobsOf{row.exchange_id});
    }
    const Result<audit::LeafPlace> leaf = links.trail.outcome(facts, std::move(batch));
    const bool before =
        !leaf && leaf.fault().kind == FaultKind::conflict;  // somebody closed it already
    if (!leaf && !before) return leaf.fault();
    if (!before) {
        links.metrics
            .counter("tongban_deliveries_total",
                     "Deliveries ended, by outcome.",
                     {{"outcome", facts.outcome}})
            .add();
    }
    board.finish(Recorder::delivery_job(row.exchange_id), JobBoard::Mark::none);
    ++*deliveries_ended.lock();
    delivery_ended.notify_all();
    return Done{};
}

Reply<Done> Exchanges::Inner::take_report(const DeliveryReport& report,
                                          const JournalHead& journal,
                                          const Caller& caller) {
    const std::optional<Job> job = board.held(caller.member, report.job_id, report.token);
    if (!job || job->kind != JobKind::deliver || job->exchange_id != report.exchange_id)
        return Done{};
    const Result<std::optional<store::ExchangeRow>> row = links.store.exchange(report.exchange_id);
    if (!row) return refusal_of(row.fault());
    if (!*row) return refusal("exchange.unknown", "exchange_id");
    const Result<Detail> detail = read_detail((*row)->detail);
    if (!detail) return refusal_of(detail.fault());
    if (report.document_sha256 != detail->document_sha256)
        return refusal("document.differs", "document_sha256");
    if (!report.acknowledgement_sha256.empty() && !digest_text(report.acknowledgement_sha256)) {
        return refusal("request.malformed", "acknowledgement_sha256");
    }
    const AcknowledgedDelivery what{
        report.exchange_id, report.job_id, report.document_sha256, report.acknowledgement_sha256};
    if (!acknowledged_by(caller.member, what, report.signature))
        return refusal("signature.invalid", "signature");

    audit::OutcomeFacts facts = facts_of(
        report.exchange_id, report.accepted ? "acknowledged" : "rejected", report.signature);
    facts.reason = plain_word(report.reason, 64) ? report.reason : "connector.reason_not_a_code";
    facts.document_sha256 = report.document_sha256;
    facts.acknowledgement_sha256 = report.acknowledgement_sha256;
    facts.journal = {journal.number, journal.hash};
    const Result<Done> closed =
        close_delivery(facts, report.accepted ? State::delivered : State::failed, **row);
    if (!closed) return refusal_of(closed.fault());
    return Done{};
}

void Exchanges::Inner::expire_delivery(const Job& job) {
    const Result<std::optional<store::ExchangeRow>> row = links.store.exchange(job.exchange_id);
    if (!row || !*row) return;
    const Result<Done> closed =
        close_delivery(facts_of(job.exchange_id, "expired", {}), State::failed, **row);
    if (!closed) log::warn("exchange.delivery.expiry_failed", {{"exchange", job.exchange_id}});
}

Reply<std::string> Exchanges::acknowledge(const std::string& exchange_id,
                                          const std::string& document_sha256,
                                          const Signature& signature,
                                          const Caller& caller) {
    Inner& inner = *inner_;
    const Result<std::optional<store::ExchangeRow>> row = inner.links.store.exchange(exchange_id);
    if (!row) return refusal_of(row.fault());
    if (!*row || (*row)->requester != caller.member)
        return refusal("exchange.unknown", "exchange_id");
    const bool collected = (*row)->state == static_cast<std::int32_t>(State::delivered) &&
                           (*row)->delivery == static_cast<std::int32_t>(Delivery::reply);
    if (!collected) return refusal("exchange.not_delivered", "exchange_id");
    const Result<Detail> detail = read_detail((*row)->detail);
    if (!detail) return refusal_of(detail.fault());
    if (document_sha256 != detail->document_sha256)
        return refusal("document.differs", "document_sha256");
    if (!inner.acknowledged_by(caller.member, {exchange_id, "", document_sha256, ""}, signature)) {
        return refusal("signature.invalid", "signature");
    }
    audit::OutcomeFacts facts = facts_of(exchange_id, "collected", signature);
    facts.document_sha256 = document_sha256;
    const Result<Done> closed = inner.close_delivery(facts, State::delivered, **row);
    if (!closed) return refusal_of(closed.fault());
    Result<audit::Receipt> receipt = inner.links.trail.receipt(
        exchange_id, audit::LeafKind::outcome, Deadline::after(receipt_within));
    if (!receipt) return refusal_of(receipt.fault());
    return std::move(receipt->text);
}

// A read puts its consent on file when it ends. One that is still asking is stopped too: what it
// brought is put on file with the withdrawal.
std::optional<store::ConsentRow> Exchanges::Inner::consent_under_way(const std::string& consent_id,
                                                                     const std::string& member) {
    for (const LivePtr& live : all_live()) {
        if (live->member != member) continue;
        const std::lock_guard transition(live->transition);
        std::optional<store::ConsentRow> row = Recorder::consent_row(*live);
        if (row && row->consent_id == consent_id) return row;
    }
    return std::nullopt;
}

Reply<Done> Exchanges::withdraw_consent(const std::string& consent_id, const Caller& caller) {
    if (!plain_word(consent_id, 96)) return refusal("consent.unknown", "consent_id");
    store::Batch batch{store::shard_of(caller.member, consent_id), {}};
    auto known = inner_->links.store.consent(caller.member, consent_id);
    if (!known) return refusal_of(known.fault());
    if (!*known) {
        if (auto coming = inner_->consent_under_way(consent_id, caller.member)) {
            *known = *coming;
            batch.add(store::PutConsent{*std::move(coming)});
        } else {  // it may have ended just now
            known = inner_->links.store.consent(caller.member, consent_id);
            if (!known) return refusal_of(known.fault());
        }
    }
    if (!*known) return refusal("consent.unknown", "consent_id");
    const store::ConsentRow& kept = **known;
    if (kept.withdrawn_ms != 0) return Done{};
    batch.add(store::WithdrawConsent{caller.member, consent_id, inner_->links.clock.now().ms});
    const Result<audit::LeafPlace> leaf = inner_->links.trail.consent_withdrawn(
        {caller.member, consent_id, kept.resource, kept.purpose, kept.receiver, kept.given_ms},
        std::move(batch));
    // Two at once: the other one's leaf says it.
    const bool meanwhile =
        !leaf && leaf.fault().kind == FaultKind::conflict && leaf.fault().where == "consent";
    if (!leaf && !meanwhile) return refusal_of(leaf.fault());
    return Done{};
}

}  // namespace tongban::exchange
