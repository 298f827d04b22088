#include "hub/cases/internal/case_batch.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/json.h"
#include "base/json_text.h"
#include "base/text.h"
#include "hub/cases/engine/rows.h"
#include "hub/cases/engine/value_json.h"
#include "hub/cases/internal/records.h"
#include "hub/cases/internal/step_rows.h"
#include "hub/cases/internal/summary.h"
#include "hub/store/case_id.h"

namespace tongban::cases::internal {
namespace {

store::TimerKey key_of(const CaseState& state, const TimerView& timer) {
    return {timer.due_ms, state.case_id, timer.step_no, static_cast<std::int32_t>(timer.kind)};
}

std::map<store::TimerKey, const Limit*> timer_rows(const CaseState* state) {
    std::map<store::TimerKey, const Limit*> rows;
    if (state == nullptr) return rows;
    for (const TimerView& timer : timers_of(*state))
        rows[key_of(*state, timer)] = timer.limit;
    return rows;
}

// Of the calendar's editions the newest: the number that a recomputation looks for.
std::int32_t newest_edition(const calendar::Basis& basis) {
    std::int32_t newest = 0;
    for (const auto& [year, version] : basis.editions)
        newest = std::max(newest, version);
    return newest;
}

void add_timers(const Written& written, store::Batch& batch) {
    const auto before = timer_rows(written.before);
    const auto after = timer_rows(&written.after);
    for (const auto& [key, limit] : before)
        if (!after.contains(key)) batch.add(store::DropTimer{key});
    for (const auto& [key, limit] : after) {
        if (before.contains(key)) continue;
        store::TimerRow row;
        row.key = key;
        if (limit != nullptr) {
            row.calendar = limit->basis.calendar;
            row.calendar_version = newest_edition(limit->basis);
        }
        batch.add(store::PutTimer{std::move(row)});
    }
}

Result<Done> add_calls(const Written& written, Sealer& sealer, store::Batch& batch) {
    for (const std::string& op_key : written.transition.answered)
        batch.add(store::DropCall{op_key});
    for (const CallOut& call : written.transition.calls) {
        Result<std::string> body = sealer.seal(
            written.after.case_id, "call/" + call.op_key, written.subject, write_call(call));
        if (!body) return body.fault();
        store::CallRow row;
        row.op_key = call.op_key;
        row.dest = call.division;
        row.case_id = written.after.case_id;
        row.step_no = call.step_no;
        row.attempt = 1;
        row.next_ms = written.now_ms;
        row.expire_ms = call.expire_ms;
        row.body = *std::move(body);
        batch.add(store::PutCall{std::move(row)});
    }
    for (const CallAgain& again : written.transition.again) {
        const auto attempt =
            std::find_if(written.attempts.begin(), written.attempts.end(), [&](const auto& one) {
                return one.first == again.op_key;
            });
        if (attempt == written.attempts.end()) continue;
        batch.add(
            store::UpdateCall{again.op_key,
                              again.park ? store::CallState::in_doubt : store::CallState::pending,
                              attempt->second,
                              again.next_ms});
    }
    return Done{};
}

bool by_officer(const Cause& cause) {
    return std::holds_alternative<Decided>(cause.what) ||
           std::holds_alternative<Ordered>(cause.what);
}

// Kept beside the message's name, so that the leaf's commitment can be opened to a court; of an
// order also what it was answered, so that the same order is told the same.
Result<std::string> sealed_officer(const Written& written, Sealer& sealer) {
    const std::string salt = officer_salt(written, sealer);
    if (salt.empty()) return std::string();
    const std::int64_t rev = written.rev + 1;
    Json json{{"officer", written.cause.officer}, {"salt", tongban::hex(salt)}};
    if (by_officer(written.cause))
        json["answer"] = summary_json(summary_of(written.after, rev, written.item));
    return sealer.seal(written.after.case_id,
                       officer_name(rev),
                       "",
                       json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

bool has_inbox(const Written& written) {
    return !std::holds_alternative<TimerFired>(written.cause.what) && !written.cause.id.empty();
}

Result<Done> add_inbox(const Written& written, Sealer& sealer, store::Batch& batch) {
    if (!has_inbox(written)) return Done{};
    Result<std::string> officer = sealed_officer(written, sealer);
    if (!officer) return officer.fault();
    store::CaseInboxRow row;
    row.body = *std::move(officer);
    row.src = written.cause.source;
    row.msg_id = written.cause.id;
    row.digest = sha256(digest_text(written.cause));
    row.case_id = written.after.case_id;
    row.rev = written.rev + 1;
    row.recv_ms = written.now_ms;
    batch.add(store::PutCaseInbox{std::move(row)});
    return Done{};
}

// A record is written by the transition that keeps it, and never again.
Result<Done> add_records(const Written& written, Sealer& sealer, store::Batch& batch) {
    std::set<std::int32_t> added;
    for (const CaseRecord* record : written.after.records()) {
        if (record->no() <= written.saved_records || !added.insert(record->no()).second) continue;
        const Result<std::string> plain = write_record(*record);
        if (!plain) return plain.fault();
        Result<std::string> sealed =
            sealer.seal(written.after.case_id, record_name(record->no()), written.subject, *plain);
        if (!sealed) return sealed.fault();
        batch.add(store::PutCaseRecord{{written.after.case_id, record->no(), *std::move(sealed)}});
    }
    return Done{};
}

// Who takes part: the owner, the hall, and whoever owes or owed a step.
std::set<std::string> members_of(const CaseState& state) {
    std::set<std::string> members{state.owner, state.hall};
    for (const StepRun& run : state.runs)
        members.insert(run.member);
    members.erase("");
    return members;
}

void add_members(const Written& written, const Sealer& sealer, store::Batch& batch) {
    const std::set<std::string> before =
        written.before == nullptr ? std::set<std::string>() : members_of(*written.before);
    for (const std::string& member : members_of(written.after))
        if (!before.contains(member))
            batch.add(store::PutAttr{{written.after.case_id,
                                      std::string(store::member_attribute),
                                      sealer.hash(member)}});
}

Result<Done> add_case(const Written& written, Sealer& sealer, store::Batch& batch) {
    Result<store::CaseRow> row = case_row(written, sealer);
    if (!row) return row.fault();
    if (written.before != nullptr) {
        batch.add(store::UpdateCase{*std::move(row)});
    } else {
        store::PutCase put;
        put.row = *std::move(row);
        if (written.start) {
            put.scope = written.start->scope;
            put.biz_key = written.start->key;
        }
        batch.add(std::move(put));
    }
    for (const auto& [name, value] : written.search)
        if (!value.empty())
            batch.add(store::PutAttr{{written.after.case_id, name, sealer.hash(value)}});
    add_members(written, sealer, batch);
    return Done{};
}

}  // namespace

Result<store::CaseRow> case_row(const Written& written, Sealer& sealer) {
    const CaseState& state = written.after;
    Result<std::string> plain = write_state(state);
    if (!plain) return plain.fault();
    Result<std::string> sealed = sealer.seal(state.case_id, "state", written.subject, *plain);
    if (!sealed) return sealed.fault();
    store::CaseRow row;
    row.case_id = state.case_id;
    row.number = state.number;
    row.item = state.item;
    row.version = state.item_version;
    row.status = static_cast<std::int32_t>(state.status);
    row.phase = state.domain_state;
    row.priority = state.priority;
    row.subject_hash = written.subject_hash;
    row.owner = state.owner;
    row.hall = state.hall;
    row.external_number = state.external_number;
    row.hops = state.transfers;
    row.no_return = state.bound;
    row.open = state.status != CaseStatus::closed;
    row.created_ms = state.opened_ms;
    row.updated_ms = written.now_ms;
    const Limit* limit = state.limit(0, LimitKind::due);
    if (limit != nullptr && !limit->stopped()) {
        row.due_ms = limit->due_ms;
        row.orange_ms = limit->orange_ms == 0 ? limit->due_ms : limit->orange_ms;
        row.yellow_ms = limit->yellow_ms == 0 ? row.orange_ms : limit->yellow_ms;
    }
    row.closed_ms = state.closed_ms;
    row.rev = written.rev;
    row.state = *std::move(sealed);
    return row;
}

Result<store::Batch> batch_of(const Written& written, Sealer& sealer, LeafWriter& leaves) {
    store::Batch batch;
    batch.shard = store::shard_of_case(written.after.case_id);
    Result<Done> done = add_inbox(written, sealer, batch);
    if (!done) return done.fault();
    done = add_case(written, sealer, batch);
    if (!done) return done.fault();
    done = add_records(written, sealer, batch);
    if (!done) return done.fault();
    done = add_steps(written, sealer, batch);
    if (!done) return done.fault();
    add_timers(written, batch);
    done = add_calls(written, sealer, batch);
    if (!done) return done.fault();
    add_joints(written, batch);
    done = add_incidents(written, sealer, batch);
    if (!done) return done.fault();
    Result<store::PutCaseLeaf> leaf = leaves.leaf(facts_of(written, sealer));
    if (!leaf) return leaf.fault();
    batch.add(*std::move(leaf));
    return batch;
}

Result<store::Batch> batch_of_unreadable(const store::CaseRow& row,
                                         const BareIncident& incident,
                                         Instant now,
                                         LeafWriter& leaves) {
    store::Batch batch;
    batch.shard = store::shard_of_case(row.case_id);
    batch.add(store::UpdateCase{row});
    store::IncidentRow opened;
    opened.case_id = row.case_id;
    opened.n = incident.n;
    opened.code = incident.code;
    opened.severity = 1;
    opened.owner = row.owner;
    opened.opened_ms = now.ms;
    batch.add(store::PutIncident{std::move(opened)});
    audit::CaseFacts facts;
    facts.case_id = row.case_id;
    facts.rev = row.rev + 1;
    facts.item = row.item + "@" + std::to_string(row.version);
    facts.item_sha256 = incident.item_digest;
    facts.cause = "unreadable";
    facts.status = std::string(name_of(static_cast<CaseStatus>(row.status)));
    facts.state_before = row.phase;
    facts.state_after = row.phase;
    facts.incidents.push_back({incident.n, incident.code, "opened"});
    Result<store::PutCaseLeaf> leaf = leaves.leaf(facts);
    if (!leaf) return leaf.fault();
    batch.add(*std::move(leaf));
    return batch;
}

std::string write_call(const CallOut& call) {
    JsonText json;
    json.begin_object().name("k").value(call.op_key).name("s").value(call.step_no);
    json.name("o").value(call.op).name("m").value(call.member).name("g").value(call.opening);
    json.name("r").value(call.resource).name("i").value(call.kind).name("p").value(call.purpose);
    json.name("d").value(call.division).name("t").value(call.to).name("e").value(call.effect);
    put(json.name("q"), call.request);
    return json.name("x").value(call.expire_ms).end_object().take();
}

Result<CallOut> read_call(std::string_view bytes) {
    const Fault malformed{FaultKind::malformed, "case.call", "not a call that a case ordered"};
    const Result<Json> json = parse_json(bytes);
    if (!json || !json->is_object()) return malformed;
    CallOut call;
    try {
        call.op_key = json->at("k").get<std::string>();
        call.step_no = json->at("s").get<std::int32_t>();
        call.op = json->at("o").get<std::string>();
        call.member = json->at("m").get<std::string>();
        call.opening = json->at("g").get<std::string>();
        call.resource = json->at("r").get<std::string>();
        call.kind = json->at("i").get<std::string>();
        call.purpose = json->at("p").get<std::string>();
        call.division = json->at("d").get<std::string>();
        call.to = json->value("t", "");  // not in rows of before it was written
        call.effect = json->at("e").get<std::string>();
        call.expire_ms = json->at("x").get<std::int64_t>();
        Result<schemas::Group> request = group_from(json->at("q"));
        if (!request) return malformed;
        call.request = *std::move(request);
    } catch (const Json::exception&) {  // nlohmann's accessors throw: not ours
        return malformed;
    }
    return call;
}

}  // namespace tongban::cases::internal
