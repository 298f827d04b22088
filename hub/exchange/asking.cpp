// The offices' side: questions go on the board, connectors lease them, answers come back in signed
// envelopes.
//
// Only the hub decides about asking again: an office that is unavailable is asked a few times with
// growing pauses, within the exchange's deadline; every other answer is an answer.
#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "hub/exchange/exchange_inner.h"
#include "hub/exchange/signed_forms.h"
#include "hub/exchange/verdicts.h"

namespace tongban::exchange {

namespace {

using mapping::PartStatus;

constexpr std::int64_t clock_slack_ms = 60'000;  // between a connector's clock and ours
constexpr std::size_t most_jobs = 64;            // in one lease

void close(PartInHand& part, PartStatus status, std::string reason) {
    part.open = false;
    part.status = status;
    part.reason = std::move(reason);
}

// A reason is a connector's word; only a code may go on to a clerk or into the store.
std::string code_of(const std::string& reason) {
    return plain_word(reason, 64) ? reason : "connector.reason_not_a_code";
}

bool digest_text(const std::string& text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// Findings of a provider's own middle: what is no text or too long for a sentence is left out.
std::vector<schemas::Finding> readable(std::vector<schemas::Finding> findings) {
    constexpr std::size_t most = 1'000;
    constexpr std::size_t longest = 1'000;
    if (findings.size() > most) findings.resize(most);
    std::erase_if(findings, [](const schemas::Finding& finding) {
        for (const std::string* text : {&finding.code,
                                        &finding.part,
                                        &finding.field,
                                        &finding.place.path,
                                        &finding.shape,
                                        &finding.version,
                                        &finding.zh,
                                        &finding.en}) {
            if (text->size() > longest || invalid_utf8(*text) != std::string::npos) return true;
        }
        return false;
    });
    return findings;
}

std::vector<std::string> fields_of_part(const std::vector<std::string>& all,
                                        const std::string& part) {
    std::vector<std::string> fields;
    for (const std::string& path : all) {
        if (path == part || path.starts_with(part + ".")) fields.push_back(path);
    }
    return fields;
}

}  // namespace

void Exchanges::Inner::ask(Live& live) {
    RouteAsk asked;
    asked.resource = live.covering.resource;
    asked.requester = live.member;
    asked.requester_division = live.covering.requester->division();
    asked.exchange_id = live.id;
    asked.now = live.admitted;
    if (live.request.kind == policy::Kind::verify) {  // no office is asked for what no claim names
        for (const Claim& claim : claims_of(live.question->fields()))
            asked.only.push_back(part_of(claim.field));
    }
    for (RoutedPart& routed : route(asked, *live.question, *live.engine)) {
        live.parts.push_back({});
        live.parts.back().routed = std::move(routed);
        PartInHand& part = live.parts.back();
        live.findings.insert(
            live.findings.end(), part.routed.findings.begin(), part.routed.findings.end());
        if (part.routed.route == nullptr) {
            close(part, PartStatus::not_covered, "route.none");
        } else if (part.routed.question.empty()) {
            close(part, PartStatus::unavailable, "route.no_question");
        } else if (board.breaker_open(part.routed.route->member)) {
            close(part, PartStatus::unavailable, "office.down");
        }
    }
    for (PartInHand& part : live.parts) {
        if (part.open && !ask_part(live, part))
            close(part, PartStatus::unavailable, "office.queue_full");
    }
}

bool Exchanges::Inner::ask_part(Live& live, PartInHand& part) {
    BoardJob asked;
    asked.member = part.routed.route->member;
    Job& job = asked.job;
    job.token = {live.shard, links.store.epoch(live.shard), next_seq--, 0};
    job.kind = JobKind::ask;
    job.exchange_id = live.id;
    job.job_id = part.routed.job_id;
    job.hub = hub;
    job.operation = part.routed.route->operation;
    job.body = part.routed.question;
    job.schema = part.routed.route->query;
    job.deadline_ms = live.deadline.ms;
    job.message_no = part.routed.message_no;
    job.traceparent = live.request.traceparent;
    job.placement = live.covering.resource->placement;
    if (job.placement == policy::Placement::provider) {
        // A verdict needs what the claims name, and nothing else.
        std::vector<std::string> fields = live.grant->fields();
        if (live.request.kind == policy::Kind::verify) {
            fields.clear();
            for (const Claim& claim : claims_of(live.question->fields()))
                fields.push_back(claim.field);
        }
        job.work = ProviderWork{live.covering.resource->id,
                                part.routed.part->name,
                                fields_of_part(fields, part.routed.part->name),
                                iso(shanghai_date(live.admitted)),
                                live.engine->versions()};
    }
    return board.add(std::move(asked));
}

Reply<LeaseReply> Exchanges::lease(const LeaseRequest& request, const Caller& caller) {
    Inner& inner = *inner_;
    if (request.revision != contract_revision) return refusal("version", "revision");
    if (inner.stopping) return refusal("stopping", "hub", 1'000);
    const std::shared_ptr<const policy::Policy> policy = inner.links.policy.get();
    const policy::Member* member = policy->member(caller.member);
    if (member == nullptr) return refusal("member.unknown", "member");
    const Reply<Done> noted = inner.journals.note(
        caller.member, request.journal, Journals::Message::poll, inner.links.clock.now());
    if (!noted) return noted.refusal();

    const auto wait = std::clamp(std::chrono::milliseconds(request.wait_ms),
                                 std::chrono::milliseconds(0),
                                 inner.terms.longest_wait);
    const auto wanted =
        static_cast<std::size_t>(std::clamp<std::int32_t>(request.max_jobs, 1, most_jobs));
    LeaseReply reply;
    reply.lease_ms = inner.terms.board.lease.count();
    reply.jobs = inner.board.lease(
        caller.member, wanted, static_cast<std::size_t>(member->in_flight), Deadline::after(wait));
    // A delivery leaves with its document and its receipt, or not at all.
    std::erase_if(reply.jobs, [&inner](Job& job) {
        if (job.kind != JobKind::deliver || inner.fill_delivery(job)) return false;
        inner.board.ask_again(job.job_id, std::chrono::seconds(1));
        return true;
    });
    return reply;
}

Reply<std::vector<Token>> Exchanges::extend(const std::vector<Token>& tokens,
                                            const JournalHead& journal,
                                            const Caller& caller) {
    Reply<Done> noted = inner_->journals.note(
        caller.member, journal, Journals::Message::any, inner_->links.clock.now());
    if (!noted) return std::move(noted).refusal();
    return inner_->board.extend(caller.member, tokens);
}

Reply<Done> Exchanges::complete(std::vector<Completion> completions,
                                std::vector<DeliveryReport> deliveries,
                                const JournalHead& journal,
                                const Caller& caller) {
    Reply<Done> noted = inner_->journals.note(
        caller.member, journal, Journals::Message::any, inner_->links.clock.now());
    if (!noted) return noted;
    // One bad envelope must not hold up the good ones: all are taken, then the first refusal is
    // told.
    std::optional<Refusal> first;
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
    if (here && envelope.native_sha256 != hex(sha256(completion.native_record))) {
        return refusal("envelope.digest", "envelope");
    }
    const bool told = completion.canonical.has_value() || !completion.findings.empty();
    if (!here &&
        (!digest_text(envelope.native_sha256) || !completion.native_record.empty() || !told)) {
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
    PartInHand* part = live->part_of_job(completion.job_id);
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
        part->native = std::move(completion.native_record);
        part->canonical = std::move(completion.canonical);
        part->commitments_root = hex(completion.commitments_root.value_or(""));
        part->findings = readable(std::move(completion.findings));
        part->envelope = std::move(completion.envelope);
        const bool sensible = completion.source_time_ms > 0 &&
                              completion.source_time_ms <= links.clock.now().ms + clock_slack_ms;
        part->source_time_ms = sensible ? completion.source_time_ms : 0;
    }
    close(*part,
          completion.kind,
          completion.kind == PartStatus::answered ? "" : code_of(completion.reason));
    if (live->durable) {
        const Result<Done> kept = recorder.keep_answer(*live, *part, links.clock.now());
        if (!kept) {  // not accepted: the connector keeps it and comes again
            part->open = true;
            part->envelope.reset();
            part->canonical.reset();
            part->findings.clear();
            return refusal_of(kept.fault());
        }
    }
    board.finish(completion.job_id, JobBoard::Mark::good);
    if (live->all_in()) conclude(live);
    return Done{};
}

void Exchanges::Inner::came_to_nothing(Live& live, PartInHand& part, const std::string& reason) {
    ++part.asked;
    const std::chrono::milliseconds pause = terms.ask_pause * (1LL << std::min(part.asked - 1, 10));
    const bool time_left = links.clock.now().ms + pause.count() < live.deadline.ms;
    if (part.asked < terms.ask_attempts && time_left) {
        board.ask_again(part.routed.job_id, pause);
        return;
    }
    close(part, PartStatus::unavailable, reason);
    board.finish(part.routed.job_id, JobBoard::Mark::bad);
    // A durable exchange's job goes with its end; after a restart it would be asked afresh, which
    // is no harm to a question.
}

// Nobody extended it and nobody completed it: the connector or its office is gone. Offered again,
// but not for ever.
void Exchanges::Inner::lease_ran_out(const std::string& job_id) {
    const LivePtr live = find(job_id.substr(0, job_id.find('/')));
    if (!live) {  // a delivery, or the exchange has just ended and takes its jobs with it
        board.offer_again(job_id);
        return;
    }
    const std::unique_lock transition(live->transition, std::try_to_lock);
    PartInHand* part = transition ? live->part_of_job(job_id) : nullptr;
    const bool last = part != nullptr && part->open && ++part->asked >= terms.ask_attempts;
    if (!last) {
        board.offer_again(job_id);
        return;
    }
    close(*part, PartStatus::unavailable, "lease.ran_out");
    board.finish(job_id, JobBoard::Mark::none);
    if (live->all_in()) conclude(live);
}

}  // namespace tongban::exchange
