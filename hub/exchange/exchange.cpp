// The way of one exchange. Each step either goes on or says no; a no is written down before it is
// answered.
//
//   begin      who asks, is it really they, was it asked before
//   authorise  an agreement, a question that can be read, the person's consent: a Grant, or a
//   denial ask        whom, in which words; the offices' connectors take it from there (asking.cpp)
//   await      until the offices have answered, the middle has run and the outcome is durable
//   (settling.cpp)
#include "hub/exchange/exchange.h"

#include <algorithm>

#include "base/log.h"
#include "hub/exchange/exchange_inner.h"
#include "hub/exchange/signed_forms.h"
#include "hub/exchange/verdicts.h"
#include "schemas/canonical_type.h"
#include "schemas/identifiers.h"

namespace tongban::exchange {

// What the request says of a consent, and what is on file about it.
Result<policy::ConsentEvidence> consent_evidence(store::Store& store, const Live& live) {
    policy::ConsentEvidence consent{live.request.consent, std::nullopt, live.subject_hash};
    if (!live.request.consent) return consent;
    const Result<std::optional<store::ConsentRow>> row =
        store.consent(live.member, live.request.consent->consent_id);
    if (!row) return row.fault();
    if (!*row) return consent;
    const store::ConsentRow& kept = **row;
    consent.on_file = policy::ConsentOnFile{{kept.consent_id,
                                             kept.resource,
                                             kept.purpose,
                                             kept.receiver,
                                             Instant{kept.given_ms},
                                             Instant{kept.valid_until_ms},
                                             kept.channel,
                                             kept.evidence_sha256},
                                            kept.subject_hash,
                                            Instant{kept.withdrawn_ms}};
    return consent;
}

// The store's word, from inside a commit: the consent on file is not one to go on with.
std::optional<Refusal> refused_by_consent(const Fault& fault) {
    if (fault.kind != FaultKind::conflict) return std::nullopt;
    if (fault.where == "consent") return refusal("consent.subject", "consent");
    if (fault.where == "consent.withdrawn") return refusal("consent.withdrawn", "consent");
    return std::nullopt;
}

Reply<Outcome> Exchanges::exchange(Request request, const Caller& caller) {
    const std::chrono::milliseconds wait(request.wait_ms);

    // Who asks, and is it really they? The same question again gets the first answer.
    Reply<Inner::Begun> begun = inner_->begin(std::move(request), caller);
    if (!begun) return std::move(begun).refusal();
    if (begun->earlier) return inner_->with_receipt(inner_->outcome_of(*begun->earlier));
    if (begun->first) static_cast<void>(inner_->carry_on(begun->live));

    // The offices take their time; the caller waits for as long as it said, and `pending` is
    // durable before it is said.
    return inner_->await(begun->live, wait);
}

std::optional<Refusal> Exchanges::Inner::carry_on(const LivePtr& live) {
    const std::lock_guard transition(live->transition);

    // Who may learn what about whom, for what, on which ground? No answer, no data.
    if (std::optional<Refusal> refused = authorise(*live)) {
        return end_denied(*live, *std::move(refused));
    }
    // Whom to ask, in which words. A question that cannot be read asks nobody and ends with its
    // findings.
    if (live->question && !live->goes_into_case()) find_routes(*live);
    if (live->durable_first()) {
        if (std::optional<Refusal> not_kept = keep_durable(*live)) {
            if (live->ended) return not_kept;
            live->ended = true;
            live->finish(*not_kept);
            forget(*live);
            return not_kept;
        }
    }
    put_on_board(*live);
    live->asking = true;
    if (live->all_in()) conclude(live);
    return std::nullopt;
}

std::optional<Refusal> Exchanges::Inner::end_denied(Live& live, Refusal refused) {
    const bool ours = refused.retry_after_ms > 0;  // we could not look, which is no decision
    Refusal said = ours ? std::move(refused) : deny(live, std::move(refused));
    if (said.retry_after_ms > 0 && live.durable) {
        live.concluding = false;  // acknowledged: the timetable tries again until the store is back
        return said;
    }
    live.ended = true;
    board.drop_of(live.id);
    live.finish(said);
    forget(live);
    if (said.retry_after_ms == 0) {
        CaseAnswer answer;
        answer.status = CallStatus::denied;
        answer.reason = said.code;
        tell_case(live, std::move(answer));
    }
    return said;
}

// From now on a restart goes on with it. The consent may turn out to be another person's, or
// withdrawn: then that is the end.
std::optional<Refusal> Exchanges::Inner::keep_durable(Live& live) {
    Result<Recorder::OpenedJobs> kept = recorder.keep_open(live, links.clock.now());
    if (!kept) {
        if (std::optional<Refusal> refused = refused_by_consent(kept.fault()))
            return end_denied(live, *std::move(refused));
    }
    if (!kept) return refusal_of(kept.fault());
    for (const auto& [job_id, seq] : kept->seqs)
        board.renumber(job_id, seq);
    return std::nullopt;
}

namespace {

std::shared_ptr<Live> newcomer(Request request, const std::string& member, Instant now) {
    auto live = std::make_shared<Live>();
    live->shard = store::shard_of(member, request.request_id);
    live->id = store::new_exchange_id(now, live->shard);
    live->member = member;
    live->content = content_of(request);
    live->admitted = now;
    live->request = std::move(request);
    return live;
}

}  // namespace

Reply<Exchanges::Inner::Begun> Exchanges::Inner::begin(Request request, const Caller& caller) {
    if (stopping) return refusal("stopping", "hub", 1'000);
    const Instant now = links.clock.now();
    std::shared_ptr<const policy::Policy> policy = links.policy.get();
    if (Reply<Done> rate = admission.within_rate(caller, *policy); !rate)
        return std::move(rate).refusal();
    if (Reply<Done> authentic = admission.authentic(request, caller, *policy, now); !authentic) {
        return deny_at_door(&request, caller, std::move(authentic).refusal());
    }
    if (request.journal) {
        Reply<Done> noted =
            journals.note(caller.member, *request.journal, Journals::Message::any, now);
        if (!noted) return deny_at_door(&request, caller, std::move(noted).refusal());
    }

    const std::shared_ptr<Live> live = newcomer(std::move(request), caller.member, now);
    live->policy = std::move(policy);
    live->engine = links.engine.get();
    const std::pair<std::string, std::string> key(live->member, live->request.request_id);
    {
        auto all = lives.lock();
        const auto found = all->by_request.find(key);
        if (found != all->by_request.end() && found->second->content == live->content) {
            return Begun{found->second, false, std::nullopt};
        }
        if (found == all->by_request.end()) {
            if (all->by_id.size() >= terms.open_exchanges) return refusal("busy", "hub", 1'000);
            all->by_request[key] = live;
            all->by_id[live->id] = live;
        } else {
            live->ended = true;
        }
    }
    if (live->ended)
        return deny_at_door(&live->request, caller, refusal("request.conflict", "request_id"));

    // The place is ours; now the store may say that it was taken long ago.
    const auto give_up = [&](Refusal why) {
        live->finish(why);
        forget(*live);
        return why;
    };
    Result<std::optional<store::ExchangeRow>> row =
        links.store.exchange_of_request(key.first, key.second);
    if (!row) return give_up(refusal_of(row.fault()));
    if (*row) {
        if ((*row)->content_hash != live->content) {
            return give_up(
                deny_at_door(&live->request, caller, refusal("request.conflict", "request_id")));
        }
        Begun earlier{live, false, *row};
        live->finish(outcome_of(**row));
        forget(*live);
        return earlier;
    }
    if (Reply<Done> fresh = admission.fresh(live->request, now); !fresh) {
        return give_up(deny_at_door(&live->request, caller, std::move(fresh).refusal()));
    }
    return Begun{live, true, std::nullopt};
}

std::optional<Refusal> Exchanges::Inner::authorise(Live& live) {
    const policy::GrantMaker grants(live.policy);
    policy::Ask asked{live.member,
                      live.request.resource,
                      live.request.purpose,
                      live.request.schema,
                      live.request.kind,
                      live.admitted};
    if (live.request.of_case) {
        asked.item = live.request.of_case->item;
        asked.opening = live.request.of_case->opening_resource;
    }
    std::variant<policy::Covering, policy::Denial> covered = grants.covering(asked);
    if (const auto* denial = std::get_if<policy::Denial>(&covered)) return refusal_of(*denial);
    live.covering = std::get<policy::Covering>(covered);
    const policy::Resource& resource = *live.covering.resource;
    live.deadline = Instant{live.admitted.ms + resource.deadline.count()};
    if (live.request.of_case) {
        const OfCase& call = *live.request.of_case;
        if (call.deadline_ms != 0) live.deadline = Instant{call.deadline_ms};
        if (call.consent_lent && !live.covering.agreement->consent_required)
            live.request.consent.reset();
    }

    mapping::Checked<mapping::CanonicalRecord> question = read_question(live);
    for (schemas::Finding& finding : question.findings) {
        if (finding.part.empty()) finding.part = "request";
    }
    live.findings = std::move(question.findings);
    if (!question.ok() || schemas::any_stops(live.findings)) return std::nullopt;

    const schemas::Value* subject = schemas::at_path(question.value->fields(), resource.subject);
    if (subject != nullptr) {
        live.subject_hash = links.sealing.subject_hash(
            schemas::normalise_identity(schemas::canonical_text(*subject)));
    }
    live.subjects =
        subjects_in(question.value->fields(), *live.engine->catalogue->type(resource.request));

    const Result<policy::ConsentEvidence> consent = consent_evidence(links.store, live);
    if (!consent) return refusal_of(consent.fault());
    std::variant<schemas::Grant, policy::Denial> decided = grants.decide(asked, *consent);
    if (const auto* denial = std::get_if<policy::Denial>(&decided)) return refusal_of(*denial);
    live.grant = std::get<schemas::Grant>(std::move(decided));
    live.question = *std::move(question.value);
    if (live.request.kind == policy::Kind::verify) return within_claims(live);
    return std::nullopt;
}

// A member's own format, or the hub's: what a case says, and who has no system of its own.
mapping::Checked<mapping::CanonicalRecord> Exchanges::Inner::read_question(const Live& live) const {
    const bool plain = live.request.schema == live.covering.resource->request;
    if (!live.request.of_case && !plain) {
        const mapping::Context context{
            shanghai_date(live.admitted), live.admitted, "", live.id, live.member, live.member};
        return read_native({live.request.schema, live.request.body}, *live.engine, context);
    }
    const schemas::CanonicalType& type =
        *live.engine->catalogue->type(live.covering.resource->request);
    mapping::Checked<mapping::CanonicalRecord> question = mapping::accept(live.request.body, type);
    if (question.ok()) {
        std::vector<schemas::Finding> wrong = type.check(question.value->fields());
        question.findings.insert(question.findings.end(), wrong.begin(), wrong.end());
    }
    return question;
}

// Claims may name what the agreement lists, and only so often about one person.
std::optional<Refusal> Exchanges::Inner::within_claims(const Live& live) {
    constexpr std::size_t most_claims = 50;
    const policy::VerifyTerms& agreed = live.covering.agreement->verify;
    const std::vector<Claim> claims = claims_of(live.question->fields());
    if (claims.empty() || claims.size() > most_claims) return refusal("verify.claims", "claims");
    std::vector<Budget::Try> tries;
    for (const Claim& claim : claims) {
        if (!std::binary_search(agreed.fields.begin(), agreed.fields.end(), claim.field)) {
            return refusal("verify.claims", "claims");
        }
        tries.push_back({live.member, live.subject_hash, claim.field});
    }
    if (!budget.take(tries, agreed, shanghai_date(live.admitted)))
        return refusal("verify.budget", "claims");
    return std::nullopt;
}

Reply<Outcome> Exchanges::Inner::await(const LivePtr& live, std::chrono::milliseconds wait) {
    std::chrono::milliseconds longest = terms.longest_wait;
    {
        const std::lock_guard transition(live->transition);
        if (live->covering.resource != nullptr)
            longest = std::min(longest, live->covering.resource->wait);
    }
    const Deadline until = Deadline::after(std::clamp(wait, std::chrono::milliseconds(0), longest));
    if (std::optional<Reply<Outcome>> reply = live->wait(until))
        return with_receipt(*std::move(reply));

    const std::unique_lock transition(live->transition);
    if (std::optional<Reply<Outcome>> reply =
            live->wait(Deadline::after(std::chrono::milliseconds(0)))) {
        return with_receipt(*std::move(reply));
    }
    if (!live->durable) {
        if (std::optional<Refusal> not_kept = keep_durable(*live)) return *std::move(not_kept);
    }
    Outcome pending;
    pending.exchange_id = live->id;
    pending.state = State::pending;
    pending.retry_after_ms = 1'000;
    return pending;
}

Refusal Exchanges::Inner::deny(Live& live, Refusal why) {
    links.metrics.counter("tongban_denials_total", "Requests denied, each with a leaf.").add();
    const Result<Done> written = recorder.deny(live, why, links.clock.now());
    if (!written) return refusal_of(written.fault());
    return why;
}

Refusal Exchanges::Inner::deny_at_door(const Request* request, const Caller& caller, Refusal why) {
    links.metrics.counter("tongban_denials_total", "Requests denied, each with a leaf.").add();
    const std::int32_t shard =
        store::shard_of(caller.member, request == nullptr ? "" : request->request_id);
    const std::string id = store::new_exchange_id(links.clock.now(), shard);
    const Result<Done> written = recorder.deny_at_door({id, request, caller.member, why});
    if (!written) return refusal_of(written.fault());
    return why;
}

Refusal Exchanges::turned_away(const Caller& caller, std::string_view code) {
    constexpr std::int64_t quiet_ms = 60'000;
    const Instant now = inner_->links.clock.now();
    {
        auto told = inner_->turned_away_at.lock();
        Instant& last = (*told)[caller.member + "\n" + std::string(code)];
        if (last.ms != 0 && now.ms - last.ms < quiet_ms) return refusal(code, "certificate");
        last = now;
    }
    return inner_->deny_at_door(nullptr, caller, refusal(code, "certificate"));
}

}  // namespace tongban::exchange
