// Outcomes as the store remembers them: for who asks again, and for who comes later.
#include <algorithm>

#include "hub/exchange/exchange_inner.h"

namespace tongban::exchange {

namespace {
constexpr std::chrono::milliseconds receipt_within{5'000};
}

Reply<Outcome> Exchanges::Inner::outcome_of(const store::ExchangeRow& row) {
    Result<Detail> detail = read_detail(row.detail);
    if (!detail) return refusal_of(detail.fault());
    if (detail->refusal) return *std::move(detail->refusal);
    Outcome outcome;
    outcome.exchange_id = row.exchange_id;
    outcome.state = static_cast<State>(row.state);
    if (outcome.state == State::pending) {
        outcome.retry_after_ms = 1'000;
        return outcome;
    }
    outcome.findings = std::move(detail->findings);
    outcome.verdicts = std::move(detail->verdicts);
    if (outcome.state != State::refused && outcome.state != State::failed) {
        for (const auto& [name, part] : detail->parts) {
            if (part.envelope) outcome.envelopes[name] = *part.envelope;
        }
    }
    const bool here = outcome.state == State::delivered &&
                      row.delivery == static_cast<std::int32_t>(Delivery::reply);
    if (here) {
        const Result<audit::OpenedRecord> record =
            links.sealing.open_record(row.exchange_id, "delivered");
        if (!record) return refusal_of(record.fault());
        if (const std::string* document = record->find("document")) {
            outcome.document = *document;
            outcome.document_schema = detail->document_schema;
        }
    }
    return outcome;
}

// Whoever hears an end hears its proof with it.
Reply<Outcome> Exchanges::Inner::with_receipt(Reply<Outcome> reply) {
    if (!reply || reply->state == State::pending) return reply;
    Result<audit::Receipt> receipt = links.trail.receipt(
        reply->exchange_id, audit::LeafKind::intent, Deadline::after(receipt_within));
    if (!receipt) return refusal_of(receipt.fault());
    reply->receipt = std::move(receipt->text);
    reply->leaf = std::move(receipt->leaf);
    return reply;
}

Reply<Outcome> Exchanges::result(const std::string& exchange_id,
                                 std::chrono::milliseconds wait,
                                 const Caller& caller) {
    Inner& inner = *inner_;
    if (const LivePtr live = inner.find(exchange_id)) {
        if (live->member != caller.member) return refusal("exchange.unknown", "exchange_id");
        return inner.await(live, wait);
    }
    const Deadline until =
        Deadline::after(std::clamp(wait, std::chrono::milliseconds(0), inner.terms.longest_wait));
    for (;;) {
        const std::uint64_t seen = *inner.deliveries_ended.lock();
        const Result<std::optional<store::ExchangeRow>> row =
            inner.links.store.exchange(exchange_id);
        if (!row) return refusal_of(row.fault());
        if (!*row || (*row)->requester != caller.member)
            return refusal("exchange.unknown", "exchange_id");
        const bool releasing = (*row)->state == static_cast<std::int32_t>(State::releasing);
        if (!releasing || until.passed() || inner.stopping)
            return inner.with_receipt(inner.outcome_of(**row));
        auto ended = inner.deliveries_ended.lock();
        inner.delivery_ended.wait_until(
            ended.native(), until.at(), [&] { return *ended != seen || inner.stopping; });
    }
}

}  // namespace tongban::exchange
