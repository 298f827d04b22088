// The trace: all that the log and the store say about one exchange, as one JSON document. Ids,
// codes, paths, hashes; never a personal value.
#include <algorithm>

#include "hub/exchange/exchange_inner.h"

namespace tongban::exchange {

namespace {

Json part_json(const std::string& name, const PartDetail& part) {
    Json json = {{"part", name},
                 {"provider", part.provider},
                 {"status", part.open ? "open" : std::string(mapping::name_of(part.status))},
                 {"reason", part.reason},
                 {"source_time_ms", part.source_time_ms},
                 {"journal", part.journal.number}};
    if (part.envelope) json["envelope"] = to_json(*part.envelope);
    return json;
}

Json leaf_json(const store::AuditRow& row) {
    Json json = {{"kind", audit::name_of(static_cast<audit::LeafKind>(row.kind))},
                 {"shard", row.shard},
                 {"seq", row.seq},
                 {"time_ms", row.ts_ms},
                 {"index", row.index ? Json(*row.index) : Json(nullptr)}};
    const Result<Json> leaf = parse_json(row.leaf);
    json["leaf"] = leaf ? *leaf : Json(nullptr);
    return json;
}

// The consent that a leaf of the exchange names, as it stands now; null: none.
Result<Json> consent_json(const store::ExchangeRow& exchange,
                          const std::vector<store::AuditRow>& leaves,
                          store::Store& store) {
    for (const store::AuditRow& row : leaves) {
        const Result<Json> leaf = parse_json(row.leaf);
        if (!leaf || !leaf->is_object() || !leaf->contains("consent")) continue;
        const std::string id = leaf->at("consent").get<std::string>();
        const Result<std::optional<store::ConsentRow>> kept = store.consent(exchange.requester, id);
        if (!kept) return kept.fault();
        Json json = {{"consent", id}};
        if (*kept) {
            json["given_ms"] = (*kept)->given_ms;
            json["withdrawn_ms"] = (*kept)->withdrawn_ms;
        }
        return json;
    }
    return Json(nullptr);
}

}  // namespace

Reply<Done> Exchanges::may_see(const std::string& exchange_id, const Caller& caller) {
    if (!store::shard_of_exchange(exchange_id)) return refusal("exchange.unknown", "exchange_id");
    if (caller.role == "auditor" || caller.role == "operator") return Done{};
    const Result<std::optional<store::ExchangeRow>> row = inner_->links.store.exchange(exchange_id);
    if (!row) return refusal_of(row.fault());
    if (!*row) return refusal("exchange.unknown", "exchange_id");
    if ((*row)->requester == caller.member) return Done{};
    const Result<Detail> detail = read_detail((*row)->detail);
    const bool asked =
        detail &&
        std::any_of(detail->parts.begin(), detail->parts.end(), [&caller](const auto& part) {
            return part.second.provider == caller.member;
        });
    if (!asked) return refusal("exchange.unknown", "exchange_id");
    return Done{};
}

Reply<std::string> Exchanges::trace(const std::string& exchange_id, const Caller& caller) {
    if (Reply<Done> may = may_see(exchange_id, caller); !may) return std::move(may).refusal();
    const Result<std::optional<store::ExchangeRow>> row = inner_->links.store.exchange(exchange_id);
    const Result<std::vector<store::AuditRow>> leaves = inner_->links.store.leaves_of(exchange_id);
    if (!row) return refusal_of(row.fault());
    if (!leaves) return refusal_of(leaves.fault());
    if (!*row && leaves->empty()) return refusal("exchange.unknown", "exchange_id");
    Json json = {{"exchange", exchange_id}, {"hub", inner_->hub}, {"leaves", Json::array()}};
    for (const store::AuditRow& leaf : *leaves)
        json["leaves"].push_back(leaf_json(leaf));
    if (!*row) return json.dump();  // turned away at the door: its leaf is all there is

    const store::ExchangeRow& exchange = **row;
    json["requester"] = exchange.requester;
    json["request_id"] = exchange.request_id;
    json["kind"] = policy::name_of(static_cast<policy::Kind>(exchange.kind));
    json["resource"] = exchange.resource;
    json["purpose"] = exchange.purpose;
    json["state"] = name_of(static_cast<State>(exchange.state));
    json["delivery"] = name_of(static_cast<Delivery>(exchange.delivery));
    json["created_ms"] = exchange.created_ms;
    json["updated_ms"] = exchange.updated_ms;
    json["deadline_ms"] = exchange.deadline_ms;
    const Result<Detail> detail = read_detail(exchange.detail);
    if (!detail) return refusal_of(detail.fault());
    json["document"] = {{"schema", detail->document_schema}, {"sha256", detail->document_sha256}};
    json["parts"] = Json::array();
    for (const auto& [name, part] : detail->parts)
        json["parts"].push_back(part_json(name, part));
    json["findings"] = Json::array();
    for (const schemas::Finding& finding : detail->findings)
        json["findings"].push_back(to_json(finding));
    json["verdicts"] = Json::array();
    for (const FieldVerdict& verdict : detail->verdicts)
        json["verdicts"].push_back(to_json(verdict));
    if (detail->refusal)
        json["refusal"] = {{"code", detail->refusal->code}, {"where", detail->refusal->where}};
    const Result<Json> consent = consent_json(exchange, *leaves, inner_->links.store);
    if (!consent) return refusal_of(consent.fault());
    if (!consent->is_null()) json["consent"] = *consent;
    const Result<std::vector<store::RecordRow>> records =
        inner_->links.store.records_of(exchange_id);
    if (!records) return refusal_of(records.fault());
    json["sealed"] = Json::array();
    for (const store::RecordRow& record : *records) {
        json["sealed"].push_back(
            {{"record", record.name}, {"commitments", record.commitments.size()}});
    }
    const Result<std::vector<store::JobRow>> jobs = inner_->links.store.jobs_of(exchange_id);
    if (!jobs) return refusal_of(jobs.fault());
    json["open_jobs"] = Json::array();
    for (const store::JobRow& job : *jobs) {
        json["open_jobs"].push_back(
            {{"job", job.op_key}, {"member", job.dest}, {"attempt", job.attempt}});
    }
    return json.dump();
}

}  // namespace tongban::exchange
