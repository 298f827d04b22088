// Calls: ordered by a transition, sent after its commit, asked for until their answer is in. A call
// under the same name and attempt is the same call, so sending it again after a crash is harmless;
// an answer that nobody brought is asked for.
#include <charconv>
#include <utility>

#include "base/failpoint.h"
#include "base/log.h"
#include "hub/cases/internal/inner.h"
#include "hub/store/case_id.h"
#include "schemas/value.h"

namespace tongban::cases {

using internal::PendingCall;

namespace {

constexpr std::int64_t pause_ms = 1'000;  // when the exchanges cannot take a call

AnswerStatus status_of(exchange::CallStatus status) {
    using exchange::CallStatus;
    switch (status) {
        case CallStatus::answered:
        case CallStatus::verified:
            return AnswerStatus::answered;
        case CallStatus::no_record:
            return AnswerStatus::no_record;
        case CallStatus::ambiguous:
        case CallStatus::not_covered:
        case CallStatus::refused:
            return AnswerStatus::refused;
        case CallStatus::returned:
            return AnswerStatus::returned;
        case CallStatus::unavailable:
            return AnswerStatus::unavailable;
        case CallStatus::in_doubt:
            return AnswerStatus::in_doubt;
        case CallStatus::denied:
            return AnswerStatus::denied;
    }
    return AnswerStatus::unavailable;
}

policy::Kind kind_of(const std::string& kind) {
    if (kind == "verify") return policy::Kind::verify;
    return kind == "submit" ? policy::Kind::submit : policy::Kind::fetch;
}

schemas::Value text_value(std::string_view text) {
    schemas::Value value;
    value.data = std::string(text);
    return value;
}

// A verify's verdicts as expressions see them: the worst as the outcome, and each field's.
schemas::Group verdict_record(const std::vector<exchange::FieldVerdict>& verdicts) {
    exchange::Verdict worst = exchange::Verdict::match;
    schemas::List fields;
    for (const exchange::FieldVerdict& one : verdicts) {
        worst = std::max(worst, one.verdict);
        schemas::Group field;
        field.set("field", text_value(one.field));
        field.set("outcome", text_value(exchange::name_of(one.verdict)));
        schemas::Value item;
        item.data = std::move(field);
        fields.items.push_back(std::move(item));
    }
    schemas::Group record;
    record.set("outcome", text_value(exchange::name_of(worst)));
    schemas::Value list;
    list.data = std::move(fields);
    record.set("fields", std::move(list));
    return record;
}

// "<case id>/<step no>/<op>"; 0: no such name
std::int64_t case_of_key(const std::string& op_key) {
    std::int64_t case_id = 0;
    const char* end = op_key.data() + op_key.size();
    const auto [at, fault] = std::from_chars(op_key.data(), end, case_id);
    return fault == std::errc() && at != end && *at == '/' ? case_id : 0;
}

exchange::CallName name_of(const PendingCall& call) {
    return {call.out.member, call.out.op_key, call.attempt};
}

}  // namespace

void Cases::Inner::put_call(PendingCall call) {
    const std::string op_key = call.out.op_key;
    drop_call(op_key);
    if (!call.parked) to_act.put(call.due());
    calls.insert_or_assign(op_key, std::move(call));
}

void Cases::Inner::drop_call(const std::string& op_key) {
    const auto found = calls.find(op_key);
    if (found == calls.end()) return;
    to_act.drop(found->second.due());
    calls.erase(found);
}

void Cases::Inner::park_calls_of(std::int64_t case_id) {
    for (auto& [op_key, call] : calls) {
        if (call.case_id != case_id) continue;
        to_act.drop(call.due());
        call.parked = true;
    }
}

void Cases::Inner::act_at(PendingCall& call, std::int64_t at) {
    to_act.drop(call.due());
    call.act_ms = at;
    if (!call.parked) to_act.put(call.due());
}

std::size_t Cases::Inner::dispatch() {
    std::size_t done = 0;
    while (done < terms.calls_a_turn) {
        const std::optional<internal::CallDue> due = to_act.next(clock.now().ms);
        if (!due) break;
        const auto found = calls.find(due->op_key);
        if (found == calls.end()) {
            to_act.drop(*due);
            continue;
        }
        act(found->second);
        ++done;
    }
    return done;
}

void Cases::Inner::act(PendingCall& call) {
    if (call.sent)
        ask(call);
    else
        send(call);
}

// What was to be asked cannot be read any more (the person was erased, or the bytes are damaged):
// nobody is asked, and a person must look.
void Cases::Inner::deny_unreadable(PendingCall& call) {
    exchange::CaseAnswer answer;
    answer.name = name_of(call);
    answer.status = exchange::CallStatus::denied;
    answer.reason = "call.unreadable";
    act_at(call, clock.now().ms + terms.ask_after_ms);
    hear(answer);
}

void Cases::Inner::send(PendingCall& call) {
    if (call.unreadable) return deny_unreadable(call);
    exchange::CaseCall out;
    out.name = name_of(call);
    out.case_id = store::name_of_case(call.case_id);
    out.item = call.item;
    out.opening = call.out.opening;
    out.resource = call.out.resource;
    out.kind = kind_of(call.out.kind);
    out.purpose = call.out.purpose;
    out.request = call.out.request;
    out.division = call.out.division;
    out.deadline = Instant{call.out.expire_ms};
    failpoint("cases.before_call");
    const Result<Done> called = links.calls.call(std::move(out));
    failpoint("cases.after_call");
    if (called) {
        call.sent = true;
        return act_at(call, clock.now().ms + terms.ask_after_ms);
    }
    const Fault& fault = called.fault();
    act_at(call, clock.now().ms + pause_ms);
    if (fault.kind == FaultKind::busy || fault.kind == FaultKind::unavailable) return;
    log::error("cases.call", {{"op", call.out.op_key}, {"where", fault.where}});
    exchange::CaseAnswer answer;  // it can never go out as it is: a person must look
    answer.name = name_of(call);
    answer.status = exchange::CallStatus::denied;
    answer.reason = fault.where;
    act_at(call, clock.now().ms + terms.ask_after_ms);
    hear(answer);
}

void Cases::Inner::ask(PendingCall& call) {
    act_at(call, clock.now().ms + terms.ask_after_ms);
    const Result<std::optional<exchange::CaseAnswer>> answer = links.calls.answer_of(name_of(call));
    if (!answer) return;
    if (*answer) return hear(**answer);
    call.sent = false;  // the same call again: known there, or lost
    act_at(call, clock.now().ms);
}

void Cases::Inner::hear(const exchange::CaseAnswer& answer) {
    const auto found = calls.find(answer.name.op_key);
    if (found != calls.end() && found->second.attempt != answer.name.attempt) return;
    internal::Post post;
    // Of a call that is over: a duplicate, or a late answer. The inbox of the case knows.
    post.case_id = found == calls.end() ? case_of_key(answer.name.op_key) : found->second.case_id;
    if (post.case_id == 0 || !ours(post.case_id)) return;
    if (found != calls.end()) {
        post.turn = found->second.due().office;
        post.rank = found->second.rank;
    }
    post.cause.source = "calls";
    post.cause.id = answer.name.op_key + "#" + std::to_string(answer.name.attempt);
    post.cause.exchange_id = answer.exchange_id;
    Answered what;
    what.op_key = answer.name.op_key;
    what.attempt = answer.name.attempt;
    what.status = status_of(answer.status);
    what.reason = answer.reason;
    what.record = answer.status == exchange::CallStatus::verified ? verdict_record(answer.verdicts)
                                                                  : answer.record;
    what.findings = answer.findings;
    post.cause.what = std::move(what);
    put(std::move(post));
}

}  // namespace tongban::cases
