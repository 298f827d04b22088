// From the last answer to the end: the pure middle on lane `work`, then one durable transaction on
// lane `settle`.
#include <algorithm>
#include <chrono>

#include "base/log.h"
#include "hub/exchange/exchange_inner.h"
#include "hub/exchange/verdicts.h"

namespace tongban::exchange {

namespace {

using Steady = std::chrono::steady_clock;

std::uint64_t us_since(Steady::time_point start) {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - start).count());
}

CallStatus call_status_of(mapping::PartStatus status) {
    switch (status) {
        case mapping::PartStatus::answered:
            return CallStatus::answered;
        case mapping::PartStatus::no_record:
            return CallStatus::no_record;
        case mapping::PartStatus::not_covered:
            return CallStatus::not_covered;
        case mapping::PartStatus::refused:
            return CallStatus::refused;
        case mapping::PartStatus::unavailable:
            return CallStatus::unavailable;
        case mapping::PartStatus::ambiguous:
            return CallStatus::ambiguous;
    }
    return CallStatus::unavailable;
}

// What a case is told. Whatever had an effect and is not known to be done or not is in doubt: also
// when an answer came and cannot be read.
CallEnd call_end(const Live& live, const MiddleResult& result) {
    if (result.state == State::delivered) return {CallStatus::answered, ""};
    if (result.state == State::verified) return {CallStatus::verified, ""};
    const auto first_stop = std::find_if(
        result.findings.begin(), result.findings.end(), [](const schemas::Finding& finding) {
            return schemas::stops(finding);
        });
    const std::string stop = first_stop == result.findings.end() ? "" : first_stop->code;
    CallEnd end{CallStatus::returned, stop};
    const bool effect = live.covering.resource != nullptr && live.effect() != policy::Effect::read;
    for (const PartInHand& part : live.parts) {
        const bool may_be_done = part.in_doubt || (part.open && (part.out || part.maybe_done));
        const auto read = result.statuses.find(part.routed.part->name);
        const bool unreadable = part.status == mapping::PartStatus::answered && !part.open &&
                                read != result.statuses.end() &&
                                read->second != mapping::PartStatus::answered;
        if (effect && (may_be_done || unreadable))
            return {CallStatus::in_doubt, unreadable ? "answer.unreadable" : part.reason};
        const bool no_question = part.routed.route != nullptr && part.routed.question.empty();
        if (!part.routed.part->required || no_question) continue;
        if (part.open) {
            end = {CallStatus::unavailable, "deadline"};
        } else if (part.status != mapping::PartStatus::answered) {
            end = {call_status_of(part.status), part.reason};
        }
        if (end.status != CallStatus::returned) break;
    }
    return end;
}

}  // namespace

// Called when every part is in or out of time. A full lane is no fault: the timetable comes back.
void Exchanges::Inner::conclude(const LivePtr& live) {
    if (live->concluding || live->ended) return;
    live->concluding = work_lane->try_run([this, live] { think(live); });
}

// As it is on file now: weeks may have gone by since it was admitted. Nothing is said of a consent
// that cannot be read; the commit has the last word.
ConsentStanding Exchanges::Inner::consent_standing(const Live& live) const {
    ConsentStanding standing;
    if (!live.request.consent) return standing;
    standing.given = true;
    const Instant now = links.clock.now();
    const policy::ConsentTerms& consent = *live.request.consent;
    // Policy has compared scope, purpose, receiver and person, which do not change.
    standing.covers = consent.given_at <= now && now <= consent.valid_until;
    const Result<policy::ConsentEvidence> kept = consent_evidence(links.store, live);
    standing.withdrawn = kept && kept->on_file && kept->on_file->withdrawn.ms != 0;
    return standing;
}

MiddleInput Exchanges::Inner::middle_input(const Live& live) const {
    MiddleInput input;
    input.engine = live.engine.get();
    input.covering = &live.covering;
    input.grant = &*live.grant;
    input.question = &*live.question;
    input.exchange_id = live.id;
    input.message_no = message_number(Recorder::delivery_job(live.id));
    input.kind = live.request.kind;
    input.consent = consent_standing(live);
    input.now = live.admitted;
    input.for_case = live.request.of_case.has_value();
    for (const PartInHand& part : live.parts) {
        PartAnswer answer;
        answer.part = part.routed.part;
        answer.route = part.routed.route;
        answer.provider_zh = "被查询城市";
        answer.provider_en = "No office of that city on this hub";
        if (answer.route != nullptr) {
            const policy::Member* provider = live.policy->member(answer.route->member);
            answer.provider_zh = provider->zh;
            answer.provider_en = provider->en;
        }
        answer.schema = answer.route == nullptr ? ""
                        : part.by_status        ? answer.route->status->record
                                                : answer.route->record;
        const bool may_be_done = part.open && (part.maybe_done || part.out);
        answer.in_doubt = part.in_doubt || (may_be_done && live.effect() != policy::Effect::read);
        answer.status = part.open ? mapping::PartStatus::unavailable : part.status;
        answer.reason = part.open ? "deadline" : part.reason;
        answer.native = part.native;
        answer.canonical = part.canonical;
        answer.findings = part.findings;
        answer.judged = part.judged;
        answer.source_time_ms = part.source_time_ms;
        answer.message_no = part.routed.message_no;
        input.parts.push_back(std::move(answer));
    }
    return input;
}

void Exchanges::Inner::think(const LivePtr& live) {
    MiddleResult result;
    {
        const std::lock_guard transition(live->transition);
        if (live->ended) return;
        const Steady::time_point start = Steady::now();
        if (live->question) {
            result = run_middle(middle_input(*live));
        } else {
            result.state = State::refused;  // the question itself cannot be read
        }
        result.findings.insert(
            result.findings.begin(), live->findings.begin(), live->findings.end());
        links.metrics.histogram("tongban_middle_seconds", "Validate to convert out, one exchange.")
            .observe_us(us_since(start));
        auto shared = std::make_shared<MiddleResult>(std::move(result));
        live->concluding = settle_lane->try_run([this, live, shared] {
            if (shared->state == State::pending) {
                hand_in(live, std::move(*shared));
            } else {
                settle(live, std::move(*shared));
            }
        });
    }
}

void Exchanges::Inner::settle(const LivePtr& live, MiddleResult result) {
    const std::lock_guard transition(live->transition);
    if (!live->ended) settle_now(live, std::move(result));
}

void Exchanges::Inner::settle_now(const LivePtr& live, MiddleResult result) {
    std::vector<store::Mutation> more;
    if (live->request.kind == policy::Kind::verify && live->question) {
        std::vector<Budget::Try> tries;
        for (const Claim& claim : claims_of(live->question->fields())) {
            tries.push_back({live->member, live->subject_hash, claim.field});
        }
        more = budget.unsaved(tries);
    }
    if (live->request.of_case) result.call = call_end(*live, result);
    const Steady::time_point start = Steady::now();
    const Result<Recorder::Ended> ended =
        recorder.commit(*live, result, std::move(more), links.clock.now());
    links.metrics.histogram("tongban_commit_seconds", "Seal, leaf and commit, one exchange.")
        .observe_us(us_since(start));
    if (!ended) {
        settle_failed(*live, ended.fault());
        return;
    }
    end_with(*live, result, *ended);
}

void Exchanges::Inner::settle_failed(Live& live, const Fault& fault) {
    log::warn("exchange.commit.failed", {{"exchange", live.id}, {"where", fault.where}});
    // Withdrawn, or bound to another person, while we were asking: nothing of what came goes out.
    if (std::optional<Refusal> refused = refused_by_consent(fault)) {
        static_cast<void>(end_denied(live, *std::move(refused)));
        return;
    }
    if (live.durable) {
        live.concluding = false;  // acknowledged: the timetable tries again until the store is back
        return;
    }
    live.ended = true;
    board.drop_of(live.id);
    live.finish(refusal_of(fault));  // never acknowledged: the asker repeats it under the same id
    forget(live);
}

void Exchanges::Inner::end_with(Live& live,
                                const MiddleResult& result,
                                const Recorder::Ended& ended) {
    live.ended = true;
    board.drop_of(live.id);
    // Released is delivered as far as this exchange goes; deliveries have a counter of their own.
    const State counted = ended.state == State::releasing ? State::delivered : ended.state;
    links.metrics
        .counter("tongban_exchanges_total",
                 "Exchanges ended, by state.",
                 {{"state", std::string(name_of(counted))}})
        .add();
    Outcome outcome;
    outcome.exchange_id = live.id;
    outcome.state = ended.state;
    outcome.findings = result.findings;
    outcome.verdicts = result.verdicts;
    if (ended.state == State::delivered) {
        outcome.document = result.document.bytes;
        outcome.document_schema = result.document.schema;
    }
    if (result.state == State::delivered || result.state == State::verified) {
        for (const PartInHand& part : live.parts) {
            if (part.envelope) outcome.envelopes[part.routed.part->name] = *part.envelope;
        }
    }
    if (ended.state == State::releasing) {
        offer_delivery(
            live.id,
            live.member,
            result.document.schema,
            Instant{links.clock.now().ms + live.covering.resource->deliver_within.count()});
    }
    live.finish(std::move(outcome));
    forget(live);
    if (live.request.of_case) {
        tell_case(live, answer_about(live, result));
    }
}

}  // namespace tongban::exchange
