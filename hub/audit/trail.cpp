#include "hub/audit/trail.h"

#include <utility>

#include "base/text.h"
#include "hub/audit/internal/leaf.h"
#include "hub/audit/log.h"

namespace tongban::audit {
namespace {

constexpr std::pair<LeafKind, std::string_view> kinds[] = {
    {LeafKind::denied, "denied"},
    {LeafKind::intent, "intent"},
    {LeafKind::outcome, "outcome"},
    {LeafKind::case_step, "case"},
    {LeafKind::erasure, "erasure"},
    {LeafKind::key, "key"},
    {LeafKind::config, "config"},
    {LeafKind::freeze, "freeze"},
    {LeafKind::consent, "consent"},
};

constexpr std::string_view config_key = "audit/config";
constexpr std::chrono::seconds intent_wait{10};

}  // namespace

std::string_view name_of(LeafKind kind) {
    for (const auto& [value, name] : kinds)
        if (value == kind) return name;
    return "unknown";
}

Result<LeafKind> leaf_kind_named(std::string_view name) {
    for (const auto& [value, text] : kinds)
        if (text == name) return value;
    return Fault{FaultKind::malformed, "kind", "no such kind of leaf"};
}

Trail::Trail(store::Store& store, Log& log, const Clock& clock, std::string hub)
    : store_(store), log_(log), clock_(clock), hub_(std::move(hub)) {}

Result<LeafPlace> Trail::put(LeafKind kind,
                             const std::string& exchange_id,
                             const std::string& actor,
                             store::Batch business,
                             const internal::LeafBody& body) {
    if (const auto frozen = log_.frozen()) return Fault{FaultKind::unavailable, "log", *frozen};
    const auto shard = store::shard_of_exchange(exchange_id);
    if (!shard) return shard.fault();
    business.shard = *shard;
    const std::int64_t now = clock_.now().ms;
    auto leaf = internal::write_leaf({kind, hub_, exchange_id, *shard, now}, body);
    if (!leaf) return leaf.fault();
    LeafPlace place{*shard, 0, {}};
    business.add(store::PutAudit{
        exchange_id, static_cast<std::int32_t>(kind), now, actor, leaf->before, leaf->after});
    const auto committed = store_.apply(std::move(business));
    if (!committed) return committed.fault();
    log_.wake();
    place.seq = committed->audit_seqs.back();
    place.leaf = leaf->before + std::to_string(place.seq) + leaf->after;
    return place;
}

Result<Intent> Trail::intend(const Facts& facts, store::Batch business) {
    auto place = put(LeafKind::intent,
                     facts.exchange_id,
                     facts.requester,
                     std::move(business),
                     internal::body_of(facts));
    if (!place) return place.fault();
    return Intent(facts.exchange_id, *std::move(place));
}

Result<LeafPlace> Trail::denied(const Facts& facts, store::Batch business) {
    return put(LeafKind::denied,
               facts.exchange_id,
               facts.requester,
               std::move(business),
               internal::body_of(facts));
}

Result<LeafPlace> Trail::outcome(const OutcomeFacts& facts, store::Batch business) {
    const auto intent = store_.leaf(facts.exchange_id, static_cast<std::int32_t>(LeafKind::intent));
    if (!intent) return intent.fault();
    if (!*intent)
        return Fault{
            FaultKind::not_found, "audit", "an outcome follows an intent, and there is none"};
    const auto index = log_.wait_for(**intent, Deadline::after(intent_wait));
    if (!index) return index.fault();
    internal::LeafBody body = internal::body_of(facts);
    body.json["previous"] = static_cast<std::int64_t>(*index);
    body.json["requester"] = (*intent)->actor;
    return put(LeafKind::outcome, facts.exchange_id, (*intent)->actor, std::move(business), body);
}

Result<LeafPlace> Trail::erasure(const ErasureFacts& facts, store::Batch business) {
    const std::string id = store::new_exchange_id(clock_.now(), business.shard);
    return put(
        LeafKind::erasure, id, facts.ordered_by, std::move(business), internal::body_of(facts));
}

Result<LeafPlace> Trail::consent_withdrawn(const ConsentFacts& facts, store::Batch business) {
    const std::string id = store::new_exchange_id(clock_.now(), business.shard);
    return put(LeafKind::consent, id, facts.member, std::move(business), internal::body_of(facts));
}

Result<Done> Trail::config(const std::map<std::string, std::string>& versions) {
    const std::string hash = internal::hash_of_versions(versions);
    const auto last = store_.meta(config_key);
    if (!last) return last.fault();
    if (*last && **last == hash) return Done{};
    return restate_config(versions);
}

Result<Done> Trail::restate_config(const std::map<std::string, std::string>& versions) {
    const std::string id = store::new_exchange_id(clock_.now(), 0);
    store::Batch batch;
    batch.add(store::PutMeta{std::string(config_key), internal::hash_of_versions(versions)});
    const auto place =
        put(LeafKind::config, id, hub_, std::move(batch), internal::body_of_versions(versions));
    if (!place) return place.fault();
    return Done{};
}

Result<LeafPlace> Trail::key(const std::string& role,
                             const std::string& key_text,
                             const std::string& change) {
    internal::LeafBody body;
    body.json["role"] = role;
    body.json["key"] = key_text;
    body.json["change"] = change;
    return put(LeafKind::key, store::new_exchange_id(clock_.now(), 0), hub_, store::Batch{}, body);
}

Result<store::PutCaseLeaf> Trail::case_leaf(const CaseFacts& facts) const {
    if (const auto frozen = log_.frozen()) return Fault{FaultKind::unavailable, "log", *frozen};
    return audit::case_leaf(facts, hub_, clock_.now());
}

void Trail::wake() {
    log_.wake();
}

Result<LeafPlace> Trail::case_step(const CaseFacts& facts, store::Batch business) {
    auto leaf = case_leaf(facts);
    if (!leaf) return leaf.fault();
    LeafPlace place{store::shard_of_case(facts.case_id), 0, {}};
    business.shard = place.shard;
    business.add(*leaf);
    const auto committed = store_.apply(std::move(business));
    if (!committed) return committed.fault();
    log_.wake();
    place.seq = committed->audit_seqs.back();
    place.leaf = leaf->leaf_before + std::to_string(place.seq) + leaf->leaf_after;
    return place;
}

Result<Receipt> Trail::case_receipt(std::int64_t case_id,
                                    std::int64_t rev,
                                    Deadline deadline,
                                    Proof proof) {
    const auto row = store_.case_leaf(case_id, rev);
    if (!row) return row.fault();
    if (!*row) return Fault{FaultKind::not_found, "audit", "this case has no such transition"};
    return log_.receipt(**row, deadline, proof);
}

Result<std::optional<Intent>> Trail::intent_of(std::string_view exchange_id) {
    const auto row = store_.leaf(exchange_id, static_cast<std::int32_t>(LeafKind::intent));
    if (!row) return row.fault();
    if (!*row) return std::optional<Intent>();
    return std::optional<Intent>(
        Intent(std::string(exchange_id), LeafPlace{(*row)->shard, (*row)->seq, (*row)->leaf}));
}

Result<Receipt> Trail::receipt(std::string_view exchange_id,
                               LeafKind kind,
                               Deadline deadline,
                               Proof proof) {
    const auto row = store_.leaf(exchange_id, static_cast<std::int32_t>(kind));
    if (!row) return row.fault();
    if (!*row)
        return Fault{FaultKind::not_found, "audit", "this exchange has no leaf of that kind"};
    return log_.receipt(**row, deadline, proof);
}

}  // namespace tongban::audit
