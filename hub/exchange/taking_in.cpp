// What goes into cases: an application or a report that has been admitted, authorised and checked
// is handed to the cases, and what they say becomes the acknowledgement. The exchange is durable
// first, so that a crash between the two hands it in again under the same id.
#include <algorithm>

#include "base/log.h"
#include "hub/exchange/exchange_inner.h"
#include "schemas/canonical_type.h"

namespace tongban::exchange {

namespace {

using schemas::Finding;
using schemas::Value;

Submission submission_of(const Live& live) {
    Submission submission;
    submission.exchange_id = live.id;
    submission.member = live.member;
    submission.request_id = live.request.request_id;
    submission.officer = live.request.officer;
    if (live.request.consent) submission.consent_id = live.request.consent->consent_id;
    submission.case_ref = live.request.case_ref;
    submission.purpose = live.request.purpose;
    submission.type = live.question->type();
    submission.body = live.question->fields();
    submission.received = live.admitted;
    return submission;
}

Result<CaseReply> ask_cases(Intake& cases, const Live& live) {
    const policy::Intake& way = *live.covering.resource->intake;
    if (!way.open.empty()) return cases.open({way.open, submission_of(live)});
    const Value* value = schemas::at_path(live.question->fields(), way.correlate);
    return cases.event({way.event,
                        way.item,
                        way.by,
                        value == nullptr ? "" : schemas::canonical_text(*value),
                        submission_of(live)});
}

schemas::Group acknowledgement_of(const CaseReply& reply, Instant received) {
    schemas::Group group;
    const auto put = [&group](const char* name, const std::string& text) {
        if (!text.empty()) group.set(name, Value{text, {}});
    };
    group.set("reception", Value{schemas::Code{std::string(name_of(reply.reception))}, {}});
    put("case_number", reply.case_number);
    put("state", reply.state);
    put("state_zh", reply.state_zh);
    put("state_en", reply.state_en);
    if (reply.due) group.set("due", Value{*reply.due, {}});
    group.set("received_at", Value{received, {}});
    return group;
}

Finding not_taken(const std::string& code, const std::string& zh, const std::string& en) {
    Finding finding;
    finding.code = code;
    finding.severity = schemas::Severity::block;
    finding.part = "request";
    finding.zh = zh;
    finding.en = en;
    return finding;
}

bool comes_again(const Fault& fault) {
    return fault.kind == FaultKind::busy || fault.kind == FaultKind::unavailable ||
           fault.kind == FaultKind::expired;
}

}  // namespace

void Exchanges::take_in_by(Intake& intake) {
    inner_->intake = &intake;
}

void Exchanges::Inner::hand_in(const LivePtr& live, MiddleResult checked) {
    const std::lock_guard transition(live->transition);
    if (live->ended) return;
    if (!live->durable && keep_durable(*live)) {
        if (live->ended) return;
        live->concluding = false;  // the store is away: the timetable comes back
        return;
    }
    const bool too_late = live->deadline <= links.clock.now();
    Result<CaseReply> reply = Fault{FaultKind::unavailable, "cases", "no cases on this hub"};
    if (intake != nullptr) reply = ask_cases(*intake, *live);
    if (!reply && comes_again(reply.fault()) && !too_late) {
        live->next = std::chrono::steady_clock::now() + pause_before(++live->handed);
        live->concluding = false;
        return;
    }
    MiddleResult result;
    if (reply) {
        const mapping::Checked<mapping::CanonicalRecord> acknowledged =
            canonical_of(acknowledgement_of(*reply, live->admitted),
                         *live->engine->catalogue->type(live->covering.resource->record));
        MiddleInput input = middle_input(*live);
        if (acknowledged.ok()) {
            input.case_reply = &*acknowledged.value;
            result = run_middle(input);
        } else {
            result.findings = acknowledged.findings;
        }
    } else if (reply.fault().kind == FaultKind::refused) {
        result.state = State::refused;
        result.findings.push_back(not_taken(
            reply.fault().where, "办件未能受理，请核对后重新提交。", reply.fault().reason));
    } else {
        log::warn("exchange.intake.failed",
                  {{"exchange", live->id}, {"where", reply.fault().where}});
        result.findings.push_back(
            not_taken("intake.unavailable",
                      "办件系统暂不可用，未能受理，请稍后重新提交。",
                      "The cases could not take it in; send it again later."));
    }
    result.findings.insert(
        result.findings.begin(), checked.findings.begin(), checked.findings.end());
    result.rules = checked.rules;
    settle_now(live, std::move(result));
}

}  // namespace tongban::exchange
