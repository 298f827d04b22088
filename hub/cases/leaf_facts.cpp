// What the leaf of a transition says, from the difference it made: ids, codes and counts alone.
#include "base/crypto.h"
#include "base/json.h"
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

// As it was written, where somebody wrote it: what it is read as depends on the case.
void add_content(const Cause& cause, const schemas::Group& record, Json& json) {
    if (cause.content.empty())
        json["record"] = to_json(record);
    else
        json["content"] = cause.content;
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

// What makes it the same message: its content, not when or by whom it was carried.
std::string digest_text(const Cause& cause) {
    Json json = {{"what", name_of(cause)}, {"action", action_of(cause)}, {"actor", cause.actor}};
    if (const auto* opening = std::get_if<Opened>(&cause.what))
        json["record"] = to_json(opening->application);
    if (const auto* event = std::get_if<EventCame>(&cause.what))
        json["record"] = to_json(event->record);
    if (const auto* decision = std::get_if<Decided>(&cause.what)) {
        json["officer"] = cause.officer;
        json["reason"] = decision->reason;
        json["step"] = decision->step_no;
        add_content(cause, decision->form, json);
    }
    if (const auto* command = std::get_if<Ordered>(&cause.what)) {
        json["approver"] = command->approver;
        json["binding"] = command->binding;
        json["count"] = command->count;
        json["ground"] = command->ground;
        json["member"] = command->member;
        json["officer"] = cause.officer;
        json["step"] = command->step_no;
        json["incident"] = command->incident;
        json["name"] = command->name;
        json["reason"] = command->reason;
        add_content(cause, command->record, json);
    }
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace tongban::cases::internal
