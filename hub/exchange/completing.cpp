// What connectors bring: answers in signed envelopes, taken in one part at a time.
#include <algorithm>

#include "base/failpoint.h"
#include "base/log.h"
#include "base/text.h"
#include "hub/exchange/exchange_inner.h"
#include "hub/exchange/provider_answer.h"
#include "hub/exchange/signed_forms.h"

namespace tongban::exchange {

namespace {

using mapping::PartStatus;

constexpr std::int64_t clock_slack_ms = 60'000;  // between a connector's clock and ours

// A reason is a connector's word; only a code may go on to a clerk or into the store.
std::string code_of(const std::string& reason) {
    return plain_word(reason, 64) ? reason : "connector.reason_not_a_code";
}

bool digest_text(const std::string& text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// What is told instead of the native bytes is what the provider signed; with nothing told in their
// place there is nothing to sign.
bool signs_what_is_told(const SignedEnvelope& envelope, const Completion& completion) {
    const std::string form = judgement_form(completion.findings, completion.judged);
    if (form.empty() || envelope.judgement_sha256 != hex(sha256(form))) return false;
    if (completion.canonical.has_value() != completion.commitments_root.has_value()) return false;
    if (!completion.canonical)
        return envelope.canonical_sha256.empty() && envelope.commitments_root.empty();
    return envelope.canonical_sha256 == hex(sha256(*completion.canonical)) &&
           completion.commitments_root->size() == sizeof(Digest) &&
           envelope.commitments_root == hex(*completion.commitments_root);
}

bool signs_native_bytes_alone(const SignedEnvelope& envelope) {
    return envelope.canonical_sha256.empty() && envelope.commitments_root.empty() &&
           envelope.judgement_sha256.empty();
}

// What an answer whose envelope is good leaves in its part; its bytes are taken out of
// `completion`.
void hold_answer(PartInHand& part, Completion& completion, Instant now) {
    part.by_status = part.asking_status;
    part.native = std::move(completion.native_record);
    part.canonical = std::move(completion.canonical);
    part.commitments_root = hex(completion.commitments_root.value_or(""));
    if (!signs_native_bytes_alone(completion.envelope)) {
        part.judgement = judgement_form(completion.findings, completion.judged);
        part.judged = std::move(completion.judged);
        part.findings = readable(std::move(completion.findings));
    }
    part.envelope = std::move(completion.envelope);
    const bool sensible =
        completion.source_time_ms > 0 && completion.source_time_ms <= now.ms + clock_slack_ms;
    part.source_time_ms = sensible ? completion.source_time_ms : 0;
}

}  // namespace

Reply<Done> Exchanges::complete(std::vector<Completion> completions,
                                const std::vector<DeliveryReport>& deliveries,
                                const JournalHead& journal,
                                const Caller& caller) {
    Reply<Done> noted = inner_->journals.note(
        caller.member, journal, Journals::Message::any, inner_->links.clock.now());
    if (!noted) return noted;
    // One bad envelope must not hold up the good ones: all are taken, then the first refusal is
    // told.
    std::optional<Refusal> first;
    if (!completions.empty()) failpoint("exchange.completing");
    for (Completion& completion : completions) {
        Reply<Done> taken = inner_->take_completion(std::move(completion), journal, caller);
        if (!taken && !first) first = std::move(taken).refusal();
    }
    for (const DeliveryReport& report : deliveries) {
        Reply<Done> taken = inner_->take_report(report, journal, caller);
        if (!taken && !first) first = std::move(taken).refusal();
    }
    if (first) return *std::move(first);
    return Done{};
}

std::optional<Refusal> Exchanges::Inner::wrong_envelope(const Live& live,
                                                        const Completion& completion,
                                                        const Caller& caller) {
    const SignedEnvelope& envelope = completion.envelope;
    const Instant now = links.clock.now();
    const bool ours = envelope.member == caller.member && envelope.exchange_id == live.id &&
                      envelope.job_id == completion.job_id;
    if (!ours) return refusal("envelope.foreign", "envelope");
    const bool here = live.covering.resource->placement == policy::Placement::hub;
    if (here && (envelope.native_sha256 != hex(sha256(completion.native_record)) ||
                 !signs_native_bytes_alone(envelope))) {
        return refusal("envelope.digest", "envelope");
    }
    const bool told = completion.canonical.has_value() || !completion.findings.empty();
    if (!here && (!digest_text(envelope.native_sha256) || !completion.native_record.empty() ||
                  !told || !signs_what_is_told(envelope, completion))) {
        return refusal("envelope.digest",
                       "envelope");  // the record stays where it is; only its digest is told
    }
    if (envelope.time_ms < live.admitted.ms - clock_slack_ms ||
        envelope.time_ms > now.ms + clock_slack_ms) {
        return refusal("envelope.time", "envelope");
    }
    const policy::Member* member = live.policy->member(caller.member);
    const Instant signed_at{envelope.time_ms};
    const policy::SigningKey* key =
        member == nullptr ? nullptr : member->signing_key(envelope.signature.key_id, signed_at);
    if (key == nullptr || !links.revocations.good(key->certificate_pem, key->facts.serial, now)) {
        return refusal("envelope.key", "envelope");
    }
    if (name_of(key->key.suite()) != envelope.signature.suite ||
        !key->key.verify(signed_form(envelope, hub), envelope.signature.value)) {
        return refusal("envelope.signature", "envelope");
    }
    return std::nullopt;
}

Reply<Done> Exchanges::Inner::take_completion(Completion completion,
                                              const JournalHead& journal,
                                              const Caller& caller) {
    const std::optional<Job> job = board.held(caller.member, completion.job_id, completion.token);
    if (!job || job->kind != JobKind::ask)
        return Done{};  // an older token: somebody else has the job, or it is done
    const LivePtr live = find(job->exchange_id);
    if (!live || completion.exchange_id != live->id) {
        board.finish(completion.job_id, JobBoard::Mark::none);
        return Done{};
    }
    const std::lock_guard transition(live->transition);
    PartInHand* part = live->part_of_job(completion.job_id);  // none: it has moved on
    if (live->ended || part == nullptr || !part->open) {
        board.finish(completion.job_id, JobBoard::Mark::none);
        return Done{};
    }
    part->journal = journal;
    if (completion.kind == PartStatus::unavailable) {
        came_to_nothing(*live, *part, code_of(completion.reason));
        if (live->all_in()) conclude(live);
        return Done{};
    }
    if (completion.kind == PartStatus::answered) {
        if (std::optional<Refusal> wrong = wrong_envelope(*live, completion, caller)) {
            log::warn("exchange.envelope.refused",
                      {{"member", caller.member}, {"code", wrong->code}});
            links.metrics
                .counter("tongban_envelopes_refused_total", "Answers whose envelope was not good.")
                .add();
            came_to_nothing(*live, *part, wrong->code);
            if (live->all_in()) conclude(live);
            return *std::move(wrong);
        }
        hold_answer(*part, completion, links.clock.now());
    }
    const bool answered = completion.kind == PartStatus::answered;
    if (part->asking_status && !answered) {
        status_said(*live, *part, completion.kind, code_of(completion.reason));
        if (live->all_in()) conclude(live);
        return Done{};
    }
    part->close(completion.kind, answered ? "" : code_of(completion.reason));
    if (live->durable) {
        const Result<Done> kept = recorder.keep_answer(*live, *part, links.clock.now());
        if (!kept) {  // not accepted: the connector keeps it and comes again
            part->open = true;
            part->by_status = false;
            part->envelope.reset();
            part->canonical.reset();
            part->findings.clear();
            part->judged.clear();
            return refusal_of(kept.fault());
        }
    }
    board.finish(completion.job_id, JobBoard::Mark::good);
    if (live->all_in()) conclude(live);
    return Done{};
}

}  // namespace tongban::exchange
