// What the leaf of a transition says, from the difference it made: ids, codes and counts alone.
#include "base/crypto.h"
#include "base/json_text.h"
#include "base/text.h"
#include "hub/audit/commitment.h"
#include "hub/cases/engine/value_json.h"
#include "hub/cases/internal/case_batch.h"

namespace tongban::cases::internal {
namespace {

std::string action_of(const Cause& cause) {
    if (const auto* decision = std::get_if<Decided>(&cause.what)) return decision->action;
    if (const auto* command = std::get_if<Ordered>(&cause.what))
        return std::string(name_of(command->order));
    if (const auto* event = std::get_if<EventCame>(&cause.what)) return event->name;
    if (const auto* answer = std::get_if<Answered>(&cause.what))
        return std::string(name_of(answer->status));
    return "";
}

void add_steps_of(const Written& written, audit::CaseFacts& facts) {
    for (const StepRun& run : written.after.runs) {
        const StepRun* before = written.before == nullptr ? nullptr : written.before->run(run.no);
        if (before != nullptr && before->status == run.status && before->member == run.member)
            continue;
        facts.steps.push_back(
            {run.step, run.no, std::string(name_of(run.kind)), std::string(name_of(run.status))});
    }
}

void add_decisions_of(const Written& written, audit::CaseFacts& facts) {
    for (const Joint& joint : written.after.joints) {
        const Joint* before =
            written.before == nullptr ? nullptr : written.before->joint(joint.step_no);
        if (joint.decision == Decision::open) continue;
        if (before != nullptr && before->decision != Decision::open) continue;
        facts.joints.push_back({std::to_string(joint.step_no),
                                joint.decision == Decision::confirm ? "confirm" : "cancel"});
    }
}

bool was_open(const Written& written, std::int32_t seq) {
    if (written.before == nullptr) return false;
    for (const Incident& one : written.before->incidents)
        if (one.seq == seq) return one.closed_ms == 0;
    return false;
}

void add_incidents_of(const Written& written, audit::CaseFacts& facts) {
    for (const Incident& one : written.after.incidents) {
        const bool before = was_open(written, one.seq);
        if (!before) facts.incidents.push_back({one.seq, one.code, "opened"});
        if (one.closed_ms != 0) facts.incidents.push_back({one.seq, one.code, "closed"});
    }
}

void put_record(JsonText& json, const schemas::Group& record) {
    json.name("record");
    put(json, record);
}

// As it was written, where somebody wrote it: what it is read as depends on the case.
void put_content(JsonText& json, const Cause& cause) {
    if (!cause.content.empty()) json.name("content").value(cause.content);
}

void put_decision(JsonText& json, const Cause& cause, const Decided& decision) {
    put_content(json, cause);
    json.name("officer").value(cause.officer).name("reason").value(decision.reason);
    if (cause.content.empty()) put_record(json, decision.form);
    json.name("step").value(decision.step_no);
}

void put_order(JsonText& json, const Cause& cause, const Ordered& order) {
    json.name("approver").value(order.approver).name("binding").value(order.binding);
    put_content(json, cause);
    json.name("count").value(order.count).name("ground").value(order.ground);
    json.name("incident").value(order.incident).name("member").value(order.member);
    json.name("name").value(order.name).name("officer").value(cause.officer);
    json.name("reason").value(order.reason);
    if (cause.content.empty()) put_record(json, order.record);
    json.name("step").value(order.step_no);
}

}  // namespace

std::string officer_salt(const Written& written, const Sealer& sealer) {
    if (written.cause.officer.empty() || written.cause.id.empty()) return "";
    const Digest digest = sha256(sealer.hash("officer/" + std::to_string(written.after.case_id) +
                                             "/" + std::to_string(written.rev + 1)));
    return {digest.begin(), digest.end()};
}

audit::CaseFacts facts_of(const Written& written, const Sealer& sealer) {
    audit::CaseFacts facts;
    facts.case_id = written.after.case_id;
    facts.rev = written.rev + 1;
    facts.case_ms = written.now_ms;
    facts.item = written.after.item + "@" + std::to_string(written.after.item_version);
    facts.item_sha256 = written.item.digest;
    facts.cause = std::string(name_of(written.cause));
    facts.action = action_of(written.cause);
    facts.status = std::string(name_of(written.after.status));
    facts.state_before = written.before == nullptr ? "" : written.before->domain_state;
    facts.state_after = written.after.domain_state;
    facts.actor = written.cause.actor;
    if (const std::string salt = officer_salt(written, sealer); !salt.empty())
        facts.officer_commitment =
            tongban::hex(audit::commitment("officer", salt, written.cause.officer));
    facts.follows = written.cause.exchange_id;
    add_steps_of(written, facts);
    add_decisions_of(written, facts);
    add_incidents_of(written, facts);
    return facts;
}

// What makes it the same message: its content, not when or by whom it was carried. Members stand in
// the order of their names: a message that comes again years later must be known by the same bytes.
std::string digest_text(const Cause& cause) {
    JsonText json;
    json.begin_object().name("action").value(action_of(cause)).name("actor").value(cause.actor);
    if (const auto* opening = std::get_if<Opened>(&cause.what))
        put_record(json, opening->application);
    if (const auto* event = std::get_if<EventCame>(&cause.what)) put_record(json, event->record);
    if (const auto* decision = std::get_if<Decided>(&cause.what))
        put_decision(json, cause, *decision);
    if (const auto* order = std::get_if<Ordered>(&cause.what)) put_order(json, cause, *order);
    json.name("what").value(name_of(cause));
    return json.end_object().take();
}

}  // namespace tongban::cases::internal
