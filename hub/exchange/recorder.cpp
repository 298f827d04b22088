#include "hub/exchange/recorder.h"

#include <algorithm>
#include <set>

#include "base/failpoint.h"
#include "base/json.h"
#include "base/text.h"
#include "hub/exchange/admission.h"
#include "hub/exchange/signed_forms.h"

namespace tongban::exchange {

namespace {

std::string allowed_word(const std::string& text) {
    return plain_word(text, 160) ? text : std::string();
}

std::string status_of(const PartInHand& part) {
    if (part.in_doubt) return "in_doubt";
    return part.open ? "expired" : std::string(mapping::name_of(part.status));
}

}  // namespace

Detail Recorder::detail_of(const Live& live) const {
    Detail detail;
    detail.officer_commitment = live.officer_commitment;
    detail.subject_hash = live.subject_hash;
    for (const PartInHand& part : live.parts) {
        PartDetail& kept = detail.parts[part.routed.part->name];
        kept.provider = part.routed.route == nullptr ? "" : part.routed.route->member;
        kept.open = part.open;
        kept.status = part.status;
        kept.reason = part.reason;
        kept.source_time_ms = part.source_time_ms;
        kept.journal = part.journal;
        kept.envelope = part.envelope;
        kept.in_doubt = part.in_doubt;
        kept.by_status = part.by_status;
    }
    return detail;
}

Result<Done> Recorder::add_request(Live& live, store::Batch& batch) {
    if (live.records.contains("request")) return Done{};
    const std::vector<audit::Item> items = {{"request.head", write_head(live.request), {}},
                                            {"request.body", live.request.body, live.subjects},
                                            {"officer", live.request.officer, {}}};
    Result<audit::SealedRecord> sealed = sealing_.seal(live.id, "request", items);
    if (!sealed) return std::move(sealed).fault();
    live.records["request"] = sealed->digests();
    live.officer_commitment = sealed->commitment_of("officer");
    batch.add(store::PutRecord{std::move(sealed->row)});
    return Done{};
}

Result<Done> Recorder::add_answer(Live& live,
                                  const PartInHand& part,
                                  const std::vector<std::string>& subjects,
                                  store::Batch& batch,
                                  Instant now) {
    const std::string name = "answer/" + part.routed.part->name;
    if (!part.envelope || live.records.contains(name)) return Done{};
    std::vector<audit::Item> items = {{name + ".native", part.native, subjects}};
    if (!part.judgement.empty()) {  // placement provider: all that was told, as it was signed
        items = {{name + ".judgement", part.judgement, {}}};
        if (part.canonical) {
            items.push_back({name + ".canonical", *part.canonical, subjects});
            items.push_back({name + ".commitments_root", part.commitments_root, {}});
        }
    }
    Result<audit::SealedRecord> sealed = sealing_.seal(live.id, name, items);
    if (!sealed) return std::move(sealed).fault();
    live.records[name] = sealed->digests();
    batch.add(store::PutRecord{std::move(sealed->row)});
    batch.add(store::PutInbox{{part.routed.route->member,
                               part.routed.job_id,
                               sha256(part.canonical.value_or(part.native)),
                               live.id,
                               now.ms}});
    return Done{};
}

Result<Done> Recorder::add_document(Live& live, const MiddleResult& result, store::Batch& batch) {
    if (result.state != State::delivered) return Done{};
    std::set<std::string> all(live.subjects.begin(), live.subjects.end());
    for (const auto& [part, found] : result.subjects)
        all.insert(found.begin(), found.end());
    const std::vector<std::string> subjects(all.begin(), all.end());
    std::vector<audit::Item> items = {{"document", result.document.bytes, subjects}};
    // The document speaks of all of them; a field only of its own.
    for (const Delivered& field : result.fields)
        items.push_back({"delivered." + field.path, field.value, field.subjects});
    Result<audit::SealedRecord> sealed = sealing_.seal(live.id, "delivered", items);
    if (!sealed) return std::move(sealed).fault();
    live.records["delivered"] = sealed->digests();
    batch.add(store::PutRecord{std::move(sealed->row)});
    return Done{};
}

std::optional<store::ConsentRow> Recorder::consent_row(const Live& live) {
    if (!live.request.consent || live.request.consent->consent_id.empty()) return std::nullopt;
    // A request that could not be read names nobody: a consent kept for it would be bound to no
    // one, for ever.
    if (live.subject_hash.empty()) return std::nullopt;
    const policy::ConsentTerms& terms = *live.request.consent;
    return store::ConsentRow{live.member,
                             terms.consent_id,
                             terms.resource,
                             terms.purpose,
                             terms.receiver,
                             terms.given_at.ms,
                             terms.valid_until.ms,
                             terms.channel,
                             terms.evidence_sha256,
                             live.subject_hash,
                             0};
}

void Recorder::add_consent(const Live& live, bool must_stand, store::Batch& batch) {
    std::optional<store::ConsentRow> row = consent_row(live);
    if (row) batch.add(store::PutConsent{*std::move(row), must_stand});
}

void Recorder::add_exchange(const Live& live,
                            const Detail& detail,
                            const Standing& standing,
                            store::Batch& batch) {
    const std::string written = write_detail(detail);
    if (live.durable) {
        batch.add(store::UpdateExchange{live.id,
                                        live.rev,
                                        static_cast<std::int32_t>(standing.state),
                                        standing.open,
                                        live.deadline.ms,
                                        standing.now.ms,
                                        written});
        return;
    }
    store::ExchangeRow row;
    row.exchange_id = live.id;
    row.requester = live.member;
    row.request_id = live.request.request_id;
    row.content_hash = live.content;
    row.kind = static_cast<std::int32_t>(live.request.kind);
    row.resource = allowed_word(live.request.resource);
    row.purpose = allowed_word(live.request.purpose);
    row.state = static_cast<std::int32_t>(standing.state);
    row.delivery = static_cast<std::int32_t>(live.request.delivery);
    row.open = standing.open;
    row.deadline_ms = live.deadline.ms;
    row.created_ms = live.admitted.ms;
    row.updated_ms = standing.now.ms;
    row.detail = written;
    batch.add(store::PutExchange{std::move(row)});
}

std::vector<std::string> Recorder::add_journals(const Live& live, store::Batch& batch) {
    std::set<std::string> members = {live.member};
    for (const PartInHand& part : live.parts) {
        if (part.routed.route != nullptr) members.insert(part.routed.route->member);
    }
    for (const std::string& member : members) {
        if (std::optional<store::PutJournalHead> head = journals_.unsaved(member))
            batch.add(*std::move(head));
    }
    return {members.begin(), members.end()};
}

void Recorder::journals_saved(const store::Batch& batch) {
    for (const store::Mutation& mutation : batch.mutations) {
        if (const auto* put = std::get_if<store::PutJournalHead>(&mutation)) {
            journals_.saved(put->row.member, put->row.number);
        }
    }
}

Result<Recorder::OpenedJobs> Recorder::keep_open(Live& live, Instant now) {
    store::Batch batch{live.shard, {}};
    const std::map<std::string, std::vector<Digest>> records = live.records;
    const auto undo = [&live, &records](Fault fault) {
        live.records = records;
        return fault;
    };
    if (Result<Done> added = add_request(live, batch); !added)
        return undo(std::move(added).fault());
    OpenedJobs opened;
    for (const PartInHand& part : live.parts) {
        if (Result<Done> added = add_answer(live, part, live.subjects, batch, now); !added) {
            return undo(std::move(added).fault());
        }
        if (!part.open) continue;
        store::JobRow job;
        job.op_key = part.routed.job_id;
        job.exchange_id = live.id;
        job.dest = part.routed.route->member;
        job.kind = static_cast<std::int32_t>(JobKind::ask);
        job.expire_ms = live.deadline.ms;
        job.body = sealing_.seal_bytes(part.routed.question, part.routed.job_id);
        batch.add(store::PutJob{std::move(job)});
        opened.seqs.emplace_back(part.routed.job_id, 0);
    }
    add_consent(live, true, batch);
    add_exchange(live, detail_of(live), {State::pending, true, now}, batch);
    add_journals(live, batch);
    const store::Batch sent = batch;
    failpoint("exchange.before_open");
    const Result<store::Committed> committed = store_.apply(std::move(batch));
    failpoint("exchange.opened");
    if (!committed) return undo(committed.fault());
    journals_saved(sent);
    for (std::size_t i = 0; i < opened.seqs.size(); ++i)
        opened.seqs[i].second = committed->job_seqs[i];
    live.durable = true;
    live.rev = 1;
    return opened;
}

Result<Done> Recorder::keep_answer(Live& live, const PartInHand& part, Instant now) {
    store::Batch batch{live.shard, {}};
    const std::map<std::string, std::vector<Digest>> records = live.records;
    Result<Done> added = add_answer(live, part, live.subjects, batch, now);
    if (!added) return added;
    batch.add(store::DropJob{part.routed.job_id});
    add_exchange(live, detail_of(live), {State::pending, true, now}, batch);
    add_journals(live, batch);
    const store::Batch sent = batch;
    failpoint("exchange.before_answer");
    const Result<store::Committed> committed = store_.apply(std::move(batch));
    failpoint("exchange.answered");
    if (!committed) {
        live.records = records;
        return committed.fault();
    }
    journals_saved(sent);
    ++live.rev;
    return Done{};
}

audit::Facts Recorder::facts_of(const Live& live, const std::string& decision) const {
    audit::Facts facts;
    facts.exchange_id = live.id;
    facts.kind = policy::name_of(live.request.kind);
    facts.requester = live.member;
    facts.resource = allowed_word(live.request.resource);
    facts.purpose = allowed_word(live.request.purpose);
    if (live.covering.agreement != nullptr) {
        facts.agreement = live.covering.agreement->name();
        facts.ground = live.covering.agreement->ground.text();
    }
    if (live.request.consent) facts.consent = allowed_word(live.request.consent->consent_id);
    facts.decision = decision;
    facts.traceparent = allowed_word(live.request.traceparent);
    facts.request_suite = allowed_word(live.request.signature.suite);
    facts.request_key_id = allowed_word(live.request.signature.key_id);
    // A case's call stands on what its member signed, and that is what the leaf names.
    facts.request_sha256 = live.request.of_case ? live.request.of_case->opening_sha256
                                                : hex(sha256(live.request.body));
    facts.request_signed_ms = live.request.signed_at_ms;
    if (const std::optional<OfCase>& call = live.request.of_case)
        facts.call = {call->case_id, call->item, call->opening, call->op_key, call->attempt};
    if (live.request.journal)
        facts.journal = {live.request.journal->number, live.request.journal->hash};
    facts.engine = std::to_string(mapping::engine_semantics);
    facts.versions = live.engine->versions();
    facts.versions.insert(live.policy->versions().begin(), live.policy->versions().end());
    for (const PartInHand& part : live.parts) {
        audit::PartFact fact;
        fact.part = part.routed.part->name;
        fact.status = status_of(part);
        fact.source_ms = part.source_time_ms;
        fact.journal = {part.journal.number, part.journal.hash};
        if (part.routed.route != nullptr) {
            fact.provider = part.routed.route->member;
            fact.schema =
                part.by_status ? part.routed.route->status->record : part.routed.route->record;
        }
        if (part.envelope) {
            fact.native_sha256 = part.envelope->native_sha256;
            fact.canonical_sha256 = part.envelope->canonical_sha256;
            fact.commitments_root = part.envelope->commitments_root;
            fact.judgement_sha256 = part.envelope->judgement_sha256;
            fact.envelope_suite = part.envelope->signature.suite;
            fact.envelope_key_id = part.envelope->signature.key_id;
            fact.envelope_ms = part.envelope->time_ms;
        }
        facts.parts.push_back(std::move(fact));
    }
    return facts;
}

Result<Done> Recorder::add_answers(Live& live,
                                   const MiddleResult& result,
                                   store::Batch& batch,
                                   Instant now) {
    for (const PartInHand& part : live.parts) {
        const auto found = result.subjects.find(part.routed.part->name);
        std::set<std::string> all(live.subjects.begin(), live.subjects.end());
        if (found != result.subjects.end()) all.insert(found->second.begin(), found->second.end());
        Result<Done> added = add_answer(live, part, {all.begin(), all.end()}, batch, now);
        if (!added) return added;
    }
    return Done{};
}

// What the leaf says of the middle's result.
audit::Facts Recorder::facts_of_end(const Live& live, const MiddleResult& result) const {
    audit::Facts facts = facts_of(live, std::string(name_of(result.state)));
    facts.mapping_out = result.mapping_out;
    for (audit::PartFact& part : facts.parts) {
        const auto used = result.mappings.find(part.part);
        if (used != result.mappings.end()) part.mapping = used->second;
    }
    for (const Delivered& field : result.fields) {
        const std::string path =
            field.path.substr(0, field.path.find('['));  // the leaf names a list once
        if (facts.delivered.empty() || facts.delivered.back() != path)
            facts.delivered.push_back(path);
    }
    std::map<std::pair<std::string, std::string>, std::int64_t> counts;
    for (const schemas::Finding& finding : result.findings) {
        ++counts[{finding.code, std::string(schemas::name_of(finding.severity))}];
    }
    for (const auto& [what, count] : counts)
        facts.findings.push_back({what.first, what.second, count});
    facts.officer_commitment = live.officer_commitment;
    for (const auto& [name, digests] : live.records) {
        facts.records.push_back(name);
        facts.commitments.insert(facts.commitments.end(), digests.begin(), digests.end());
    }
    return facts;
}

Result<Recorder::Ended> Recorder::commit(Live& live,
                                         const MiddleResult& result,
                                         std::vector<store::Mutation> more,
                                         Instant now) {
    store::Batch batch{live.shard, {}};
    const std::map<std::string, std::vector<Digest>> records = live.records;
    const auto undo = [&live, &records](Fault fault) {
        live.records = records;
        return fault;
    };
    if (Result<Done> added = add_request(live, batch); !added)
        return undo(std::move(added).fault());
    if (Result<Done> added = add_answers(live, result, batch, now); !added)
        return undo(std::move(added).fault());
    if (Result<Done> added = add_document(live, result, batch); !added)
        return undo(std::move(added).fault());

    const bool push = result.state == State::delivered && live.request.delivery == Delivery::push;
    const State state = push ? State::releasing : result.state;
    Detail detail = detail_of(live);
    detail.findings = result.findings;
    detail.verdicts = result.verdicts;
    detail.call = result.call;
    detail.document_schema = result.document.schema;
    if (result.state == State::delivered)
        detail.document_sha256 = hex(sha256(result.document.bytes));
    if (live.durable) batch.add(store::DropJobsOf{live.id});
    if (push) {
        store::JobRow job;
        job.op_key = delivery_job(live.id);
        job.exchange_id = live.id;
        job.dest = live.member;
        job.kind = static_cast<std::int32_t>(JobKind::deliver);
        job.expire_ms = now.ms + live.covering.resource->deliver_within.count();
        batch.add(store::PutJob{std::move(job)});
    }
    // What an office or a case has done stays done, and is told as it is; data goes out on a
    // standing consent alone, and that is decided here, in the store.
    const bool gives_data = live.effect() == policy::Effect::read && !live.goes_into_case();
    add_consent(live, gives_data, batch);
    add_exchange(live, detail, {state, push, now}, batch);
    add_journals(live, batch);
    for (store::Mutation& mutation : more)
        batch.mutations.push_back(std::move(mutation));

    audit::Facts facts = facts_of_end(live, result);
    facts.document_sha256 = detail.document_sha256;
    const store::Batch sent = batch;
    failpoint("exchange.before_end");
    Result<audit::Intent> intent = trail_.intend(facts, std::move(batch));
    failpoint("exchange.ended");
    if (!intent) return undo(std::move(intent).fault());
    journals_saved(sent);
    live.durable = true;
    return Ended{*std::move(intent), state, detail.document_sha256};
}

Result<Done> Recorder::deny(Live& live, const Refusal& refusal, Instant now) {
    store::Batch batch{live.shard, {}};
    Detail detail = detail_of(live);
    detail.refusal = refusal;
    if (live.durable) batch.add(store::DropJobsOf{live.id});
    add_exchange(live, detail, {State::denied, false, now}, batch);
    const Result<audit::LeafPlace> leaf =
        trail_.denied(facts_of(live, refusal.code), std::move(batch));
    if (!leaf) return leaf.fault();
    return Done{};
}

Result<Done> Recorder::deny_at_door(const Denied& denied) {
    const Result<std::int32_t> shard = store::shard_of_exchange(denied.exchange_id);
    if (!shard) return shard.fault();
    audit::Facts facts;
    facts.exchange_id = denied.exchange_id;
    facts.requester = denied.member;
    facts.decision = denied.refusal.code;
    facts.engine = std::to_string(mapping::engine_semantics);
    if (denied.request != nullptr) {
        const Request& request = *denied.request;
        facts.kind = policy::name_of(request.kind);
        facts.resource = allowed_word(request.resource);
        facts.purpose = allowed_word(request.purpose);
        if (request.consent) facts.consent = allowed_word(request.consent->consent_id);
        facts.request_suite = allowed_word(request.signature.suite);
        facts.request_key_id = allowed_word(request.signature.key_id);
        facts.request_sha256 = hex(sha256(request.body));
        const bool told = denied.refusal.code !=
                          "request.malformed";  // a number beyond all time has no place in a leaf
        facts.request_signed_ms = told ? request.signed_at_ms : 0;
    }
    const Result<audit::LeafPlace> leaf = trail_.denied(facts, store::Batch{*shard, {}});
    if (!leaf) return leaf.fault();
    return Done{};
}

}  // namespace tongban::exchange
