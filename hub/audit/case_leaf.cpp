#include "hub/audit/case_leaf.h"

#include "hub/audit/internal/leaf.h"
#include "hub/store/case_id.h"

namespace tongban::audit {
namespace {

void put(Json& json, const char* name, const std::string& value) {
    if (!value.empty()) json[name] = value;
}

internal::LeafBody body_of(const CaseFacts& facts) {
    internal::LeafBody body;
    Json& json = body.json;
    json["rev"] = facts.rev;
    if (facts.case_ms != 0) json["case_ms"] = facts.case_ms;
    put(json, "item", facts.item);
    put(json, "item_sha256", facts.item_sha256);
    put(json, "cause", facts.cause);
    put(json, "action", facts.action);
    put(json, "status", facts.status);
    put(json, "state_before", facts.state_before);
    put(json, "state_after", facts.state_after);
    put(json, "actor", facts.actor);
    put(json, "officer", facts.officer_commitment);
    put(json, "follows", facts.follows);
    for (const StepFact& step : facts.steps)
        json["steps"].push_back({{"kind", step.kind},
                                 {"number", step.number},
                                 {"status", step.status},
                                 {"step", step.step}});
    for (const JointFact& joint : facts.joints)
        json["joints"].push_back({{"decision", joint.decision}, {"group", joint.group}});
    for (const IncidentFact& incident : facts.incidents)
        json["incidents"].push_back(
            {{"change", incident.change}, {"code", incident.code}, {"number", incident.number}});
    return body;
}

}  // namespace

Result<store::PutCaseLeaf> case_leaf(const CaseFacts& facts, std::string_view hub, Instant now) {
    const std::int32_t shard = store::shard_of_case(facts.case_id);
    if (shard < 0) return Fault{FaultKind::malformed, "case", "not a case id"};
    if (facts.rev < 1) return Fault{FaultKind::malformed, "rev", "a case begins with rev 1"};
    const std::string name = store::name_of_case(facts.case_id);
    auto leaf = internal::write_leaf({LeafKind::case_step, std::string(hub), name, shard, now.ms},
                                     body_of(facts));
    if (!leaf) return leaf.fault();
    return store::PutCaseLeaf{facts.case_id,
                              facts.rev,
                              static_cast<std::int32_t>(LeafKind::case_step),
                              now.ms,
                              facts.actor,
                              std::move(leaf->before),
                              std::move(leaf->after)};
}

}  // namespace tongban::audit
