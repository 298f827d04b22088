#include "hub/audit/internal/leaf.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "hub/audit/commitment.h"

namespace tongban::audit::internal {
namespace {

constexpr std::size_t longest_entry = 65'535;
constexpr std::int64_t largest_integer = (std::int64_t{1} << 53) - 1;

void put(Json& json, const char* name, const std::string& value) {
    if (!value.empty()) json[name] = value;
}
void put(Json& json, const char* name, std::int64_t value) {
    if (value != 0) json[name] = value;
}
void put_journal(Json& json, const JournalFact& journal) {
    if (journal.number != 0)
        json["journal"] = {{"hash", hex(journal.hash)}, {"number", journal.number}};
}
void put_signature(Json& json, const std::string& suite, const std::string& key_id) {
    put(json, "suite", suite);
    put(json, "key_id", key_id);
}

// W3C trace context: 00-<32 hex>-<16 hex>-<2 hex>. The caller chose it: it correlates, it is never
// trusted.
std::string trace_id(const std::string& traceparent) {
    if (traceparent.size() < 55 || traceparent[2] != '-' || traceparent[35] != '-') return {};
    const std::string id = traceparent.substr(3, 32);
    return from_hex(id).ok() ? id : std::string();
}

Json part_of(const PartFact& fact) {
    Json part = Json::object();
    put(part, "part", fact.part);
    put(part, "provider", fact.provider);
    put(part, "status", fact.status);
    put(part, "schema", fact.schema);
    put(part, "mapping", fact.mapping);
    put(part, "native_sha256", fact.native_sha256);
    put(part, "canonical_sha256", fact.canonical_sha256);
    put(part, "commitments_root", fact.commitments_root);
    put(part, "judgement_sha256", fact.judgement_sha256);
    put(part, "source_ms", fact.source_ms);
    if (!fact.envelope_key_id.empty()) {
        put_signature(part["envelope"], fact.envelope_suite, fact.envelope_key_id);
        put(part["envelope"], "time_ms", fact.envelope_ms);
    }
    put_journal(part, fact.journal);
    return part;
}

Result<Done> sound(const Json& json) {
    const Fault refusal{
        FaultKind::refused, "leaf", "a leaf never holds what reads as a citizen's number"};
    if (json.is_string()) {
        const auto& text = json.get_ref<const std::string&>();
        if (invalid_utf8(text) != std::string_view::npos)
            return Fault{FaultKind::malformed, "leaf", "not UTF-8"};
        if (holds_citizen_number(text)) return refusal;
    } else if (json.is_number_integer()) {
        const auto value = json.get<std::int64_t>();
        if (value > largest_integer || value < -largest_integer)
            return Fault{FaultKind::malformed, "leaf", "a number over 2^53"};
    }
    if (json.is_object())
        for (const auto& [name, below] : json.items())
            if (std::any_of(name.begin(), name.end(), [](char c) { return c < 0x20 || c == 0x7F; }))
                return Fault{FaultKind::malformed, "leaf", "a name that is not plain ASCII"};
    if (json.is_structured())
        for (const Json& below : json) {
            const auto done = sound(below);
            if (!done) return done;
        }
    return Done{};
}

bool is_hash(std::string_view text) {  // hex of 32 bytes: whatever digits stand in it say nothing
    return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

}  // namespace

bool holds_citizen_number(std::string_view text) {
    if (is_hash(text)) return false;
    constexpr int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    constexpr std::string_view checks = "10X98765432";
    for (std::size_t at = 0; at + 18 <= text.size(); ++at) {
        int sum = 0;
        std::size_t i = 0;
        for (; i < 17 && text[at + i] >= '0' && text[at + i] <= '9'; ++i)
            sum += (text[at + i] - '0') * weights[i];
        if (i < 17) continue;
        const char last = text[at + 17] == 'x' ? 'X' : text[at + 17];
        const std::string_view century = text.substr(at + 6, 2);
        const std::string_view month = text.substr(at + 10, 2);
        const std::string_view day = text.substr(at + 12, 2);
        if ((century == "18" || century == "19" || century == "20") && month >= "01" &&
            month <= "12" && day >= "01" && day <= "31" &&
            last == checks[static_cast<std::size_t>(sum % 11)])
            return true;
    }
    return false;
}

std::string hash_of_versions(const std::map<std::string, std::string>& versions) {
    return versions.empty() ? std::string() : hex(sha256(canonical_json(Json(versions))));
}

LeafBody body_of_versions(const std::map<std::string, std::string>& versions) {
    LeafBody body;
    body.json["versions"] = versions;
    body.json["versions_sha256"] = hash_of_versions(versions);
    return body;
}

LeafBody body_of(const Facts& facts) {
    LeafBody body;
    Json& json = body.json;
    put(json, "exchange_kind", facts.kind);
    put(json, "requester", facts.requester);
    put(json, "resource", facts.resource);
    put(json, "purpose", facts.purpose);
    put(json, "ground", facts.ground);
    put(json, "agreement", facts.agreement);
    put(json, "consent", facts.consent);
    put(json, "decision", facts.decision);
    put(json, "trace_id", trace_id(facts.traceparent));
    put(json, "engine", facts.engine);
    put(json, "mapping_out", facts.mapping_out);
    put(json, "document_sha256", facts.document_sha256);
    put(json, "versions_sha256", hash_of_versions(facts.versions));
    put(json, "officer", facts.officer_commitment);
    put_journal(json, facts.journal);
    if (!facts.request_sha256.empty() || !facts.request_key_id.empty()) {
        Json& request = json["request"];
        put(request, "body_sha256", facts.request_sha256);
        put_signature(request, facts.request_suite, facts.request_key_id);
        put(request, "signed_ms", facts.request_signed_ms);
    }
    if (!facts.call.op_key.empty()) {
        json["for_case"] = {{"attempt", facts.call.attempt},
                            {"case", facts.call.case_id},
                            {"item", facts.call.item},
                            {"op_key", facts.call.op_key},
                            {"opening", facts.call.opening}};
    }
    for (const PartFact& part : facts.parts)
        json["parts"].push_back(part_of(part));
    if (!facts.delivered.empty()) json["delivered"] = facts.delivered;
    for (const FindingFact& finding : facts.findings)
        json["findings"].push_back(
            {{"code", finding.code}, {"count", finding.count}, {"severity", finding.severity}});
    if (!facts.records.empty()) {
        auto records = facts.records;
        std::sort(records.begin(), records.end());
        json["records"] = records;
        json["commitments"] = {{"count", static_cast<std::int64_t>(facts.commitments.size())},
                               {"root", hex(commitment_root(facts.commitments))},
                               {"suite", "hub/commit/v1"}};
    }
    return body;
}

LeafBody body_of(const OutcomeFacts& facts) {
    LeafBody body;
    Json& json = body.json;
    put(json, "outcome", facts.outcome);
    put(json, "reason", facts.reason);
    put(json, "document_sha256", facts.document_sha256);
    if (!facts.signature_key_id.empty() || !facts.acknowledgement_sha256.empty()) {
        Json& acknowledgement = json["acknowledgement"];
        put(acknowledgement, "sha256", facts.acknowledgement_sha256);
        put_signature(acknowledgement, facts.signature_suite, facts.signature_key_id);
    }
    put_journal(json, facts.journal);
    return body;
}

LeafBody body_of(const ErasureFacts& facts) {
    LeafBody body;
    Json& json = body.json;
    put(json, "ordered_by", facts.ordered_by);
    put(json, "basis", facts.basis);
    put(json, "key_id", facts.key_id);
    json["leaves"] = Json::array();
    for (const std::uint64_t index : facts.leaves)
        json["leaves"].push_back(static_cast<std::int64_t>(index));
    return body;
}

LeafBody body_of(const ConsentFacts& facts) {
    LeafBody body;
    Json& json = body.json;
    put(json, "change", "withdrawn");
    put(json, "member", facts.member);
    put(json, "consent", facts.consent_id);
    put(json, "resource", facts.resource);
    put(json, "purpose", facts.purpose);
    put(json, "receiver", facts.receiver);
    put(json, "given_ms", facts.given_ms);
    return body;
}

Result<LeafHalves> write_leaf(const LeafFrame& frame, const LeafBody& body) {
    Json json = body.json;
    json["v"] = "tongban/leaf/v1";
    json["kind"] = name_of(frame.kind);
    json["hub"] = frame.hub;
    json[frame.kind == LeafKind::case_step ? "case" : "exchange"] = frame.exchange_id;
    json["shard"] = frame.shard;
    json["time_ms"] = frame.time_ms;
    json["seq"] = 0;
    const auto fit = sound(json);
    if (!fit) return fit.fault();
    const std::string text = canonical_json(json);
    if (text.size() + 19 > longest_entry)
        return Fault{FaultKind::refused, "leaf", "longer than a log entry may be"};
    // A quote inside a string is escaped, so this is the member itself; no nested object has one of
    // that name.
    constexpr std::string_view member = "\"seq\":";
    const std::size_t at = text.find(member);
    TONGBAN_CHECK(at != std::string::npos && text.find(member, at + 1) == std::string::npos,
                  "audit.one_seq");
    return LeafHalves{text.substr(0, at + member.size()), text.substr(at + member.size() + 1)};
}

}  // namespace tongban::audit::internal
