#include "hub/cases/desk.h"

#include <algorithm>
#include <charconv>

#include "base/json.h"
#include "hub/cases/engine/value_json.h"

namespace tongban::cases {

using exchange::Caller;
using exchange::refusal;
using exchange::refusal_of;
using exchange::Reply;

namespace {

constexpr std::int32_t most = 200;

bool sees_all(const Caller& caller) {
    return caller.role == "auditor" || caller.role == "operator";
}

bool is_party(const CaseState& state, const Caller& caller) {
    if (sees_all(caller) || state.owner == caller.member) return true;
    return std::any_of(state.runs.begin(), state.runs.end(), [&](const StepRun& run) {
        return run.member == caller.member;
    });
}

std::string day_of(std::int64_t due_ms) {
    return due_ms == 0 ? "" : iso(shanghai_date(Instant{due_ms - 1}));
}

// running | waiting | paused | incident | done | cancelled
std::string status_of(const CaseState& state) {
    if (state.status == CaseStatus::closed) return state.end == "cancelled" ? "cancelled" : "done";
    if (state.status == CaseStatus::paused) return "paused";
    for (const Incident& one : state.incidents)
        if (one.closed_ms == 0 && one.severity < 3) return "incident";
    for (const StepRun& run : state.runs)
        if (is_open(run.status) && (run.kind == StepKind::task || run.kind == StepKind::wait))
            return "waiting";
    return "running";
}

exchange::CaseSummary summary_of(const CaseView& view) {
    const CaseState& state = view.state;
    exchange::CaseSummary summary;
    summary.case_number = state.number;
    summary.item = state.item + "@" + std::to_string(state.item_version);
    summary.item_zh = view.item->words.zh;
    summary.item_en = view.item->words.en;
    summary.state = state.domain_state;
    if (const item::Words* words = view.item->state(state.domain_state)) {
        summary.state_zh = words->zh;
        summary.state_en = words->en;
    }
    summary.status = status_of(state);
    summary.light = std::string(name_of(state.light()));
    summary.owner = state.owner;
    summary.opened_ms = state.opened_ms;
    if (const Limit* limit = state.limit(0, LimitKind::due)) summary.due = day_of(limit->due_ms);
    summary.revision = view.rev;
    return summary;
}

std::int32_t number_in(std::string_view text) {
    std::int32_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

Json step_json(const CaseView& view, const StepRun& run) {
    const item::Step* step = view.item->step(run.step);
    Json json = {{"no", run.no},
                 {"step", run.step},
                 {"kind", name_of(run.kind)},
                 {"status", name_of(run.status)},
                 {"member", run.member},
                 {"started_ms", run.started_ms},
                 {"ended_ms", run.ended_ms},
                 {"outcome", run.outcome}};
    if (step != nullptr) {
        json["zh"] = step->words.zh;
        json["en"] = step->words.en;
        if (run.status == StepStatus::done) json["state"] = step->state;
    }
    if (const Limit* limit = view.state.limit(run.no, LimitKind::due)) {
        json["due"] = day_of(limit->due_ms);
        json["light"] = name_of(limit->light);
    }
    return json;
}

Json document_of(const CaseView& view) {
    const CaseState& state = view.state;
    const exchange::CaseSummary summary = summary_of(view);
    Json json = {{"number", state.number},
                 {"item", summary.item},
                 {"state", summary.state},
                 {"state_zh", summary.state_zh},
                 {"state_en", summary.state_en},
                 {"status", summary.status},
                 {"light", summary.light},
                 {"owner", state.owner},
                 {"due", summary.due},
                 {"reason", state.reason},
                 {"ending", state.ending},
                 {"external_number", state.external_number},
                 {"revision", view.rev},
                 {"steps", Json::array()},
                 {"incidents", Json::array()},
                 {"findings", Json::array()},
                 {"materials", Json::array()}};
    for (const StepRun& run : state.runs)
        json["steps"].push_back(step_json(view, run));
    for (const Incident& one : state.incidents)
        json["incidents"].push_back({{"no", one.seq},
                                     {"code", one.code},
                                     {"severity", one.severity},
                                     {"owner", one.owner},
                                     {"open", one.closed_ms == 0}});
    for (const NotedFinding& one : state.findings)
        json["findings"].push_back(
            {{"code", one.code}, {"severity", one.severity}, {"zh", one.zh}, {"en", one.en}});
    for (const item::Material& one : view.item->materials)
        json["materials"].push_back(
            {{"id", one.id}, {"zh", one.words.zh}, {"en", one.words.en}, {"from", one.from}});
    return json;
}

// "retry" "skip" "set_result" "reassign" "claim" "extend" ... beside the six actions: mend's
// choice.
std::optional<Order> order_named(const exchange::CaseOrder& order) {
    switch (order.action) {
        case exchange::CaseAction::pause:
            return Order::pause;
        case exchange::CaseAction::resume:
            return Order::resume;
        case exchange::CaseAction::cancel:
            return Order::cancel;
        case exchange::CaseAction::signal:
            return Order::signal;
        default:
            break;
    }
    for (int one = 0; one <= static_cast<int>(Order::external); ++one)
        if (name_of(static_cast<Order>(one)) == order.choice) return static_cast<Order>(one);
    return std::nullopt;
}

schemas::Group form_of(const Json& detail) {
    schemas::Group form;
    if (!detail.is_object()) return form;
    for (const auto& [name, value] : detail.items()) {
        schemas::Value field;
        if (value.is_string()) field.data = value.get<std::string>();
        if (value.is_boolean()) field.data = value.get<bool>();
        if (value.is_number_integer()) field.data = schemas::Decimal{value.get<std::int64_t>(), 0};
        if (value.is_object()) field.data = form_of(value);
        if (!field.absent()) form.set(name, std::move(field));
    }
    return form;
}

std::string text_in(const Json& detail, const char* name) {
    const auto found = detail.is_object() ? detail.find(name) : detail.end();
    return found != detail.end() && found->is_string() ? found->get<std::string>() : "";
}

bool flag_in(const Json& detail, const char* name) {
    const auto found = detail.is_object() ? detail.find(name) : detail.end();
    return found != detail.end() && found->is_boolean() && found->get<bool>();
}

std::int32_t count_in(const Json& detail, const char* name) {
    const auto found = detail.is_object() ? detail.find(name) : detail.end();
    return found != detail.end() && found->is_number_integer() ? found->get<std::int32_t>() : 0;
}

std::optional<Cause> cause_of(const exchange::CaseOrder& order, const Caller& caller) {
    Cause cause;
    cause.source = "orders/" + caller.member;
    cause.id = order.request_id;
    cause.actor = caller.member;
    cause.officer = order.officer;
    const Result<Json> parsed = order.detail.empty() ? Json::object() : parse_json(order.detail);
    if (!parsed) return std::nullopt;
    if (order.action == exchange::CaseAction::decide) {
        Decided decision;
        decision.step_no = number_in(order.subject);
        decision.action = order.choice;
        decision.reason = order.reason;
        decision.form = form_of(*parsed);
        cause.what = std::move(decision);
        return cause;
    }
    const std::optional<Order> named = order_named(order);
    if (!named) return std::nullopt;
    Ordered what;
    what.order = *named;
    what.reason = *named == Order::pause && !order.choice.empty() ? order.choice : order.reason;
    if (*named == Order::signal) what.name = order.subject;
    if (*named == Order::signal) what.member = caller.member;
    // "i3" is an incident, "7" a step.
    if (order.subject.starts_with('i'))
        what.incident = number_in(std::string_view(order.subject).substr(1));
    else
        what.step_no = number_in(order.subject);
    what.ground = text_in(*parsed, "ground");
    what.approver = text_in(*parsed, "approver");
    if (what.name.empty()) what.name = text_in(*parsed, "name");
    if (what.member.empty()) what.member = text_in(*parsed, "member");
    what.binding = flag_in(*parsed, "binding") && caller.role == "operator";
    what.count = count_in(*parsed, "count");
    if (parsed->is_object() && parsed->contains("record"))
        what.record = form_of((*parsed)["record"]);
    cause.what = std::move(what);
    return cause;
}

}  // namespace

Reply<CaseView> Desk::find(const std::string& case_number, const Caller& caller) {
    const auto rows = cases_.store().cases_of_number(case_number, most);
    if (!rows) return refusal_of(rows.fault());
    for (const store::CaseRow& row : *rows) {
        Result<CaseView> view = cases_.view(row.case_id);
        if (!view) return refusal_of(view.fault());
        if (is_party(view->state, caller)) return *std::move(view);
    }
    return refusal("case.unknown", "case_number");
}

Reply<exchange::CasePage> Desk::list(const exchange::CaseQuery& query, const Caller& caller) {
    store::BoardQuery board;
    board.item = query.item;
    board.now_ms = clock_.now().ms;
    board.limit = static_cast<std::size_t>(std::clamp(query.limit, 1, most));
    if (!sees_all(caller)) board.owner = caller.member;
    const auto rows = query.attribute.empty() ? cases_.store().board(board)
                                              : cases_.search(query.attribute, query.value);
    if (!rows) return refusal_of(rows.fault());
    exchange::CasePage page;
    for (const store::CaseRow& row : *rows) {
        const Result<CaseView> view = cases_.view(row.case_id);
        if (!view || !is_party(view->state, caller)) continue;
        exchange::CaseSummary summary = summary_of(*view);
        const bool fits = (query.state.empty() || query.state == summary.state) &&
                          (query.status.empty() || query.status == summary.status) &&
                          (query.light.empty() || query.light == summary.light);
        if (fits) page.cases.push_back(std::move(summary));
    }
    return page;
}

Reply<std::string> Desk::show(const std::string& case_number, const Caller& caller) {
    Reply<CaseView> found = find(case_number, caller);
    if (!found) return std::move(found).refusal();
    return document_of(*found).dump();
}

Reply<std::vector<exchange::CaseTask>> Desk::tasks(const std::string& role,
                                                   std::int32_t limit,
                                                   const Caller& caller) {
    store::WorkQuery query;
    query.member = caller.member;
    query.role = role;
    query.limit = static_cast<std::size_t>(std::clamp(limit, 1, most));
    const auto rows = cases_.store().work(query);
    if (!rows) return refusal_of(rows.fault());
    std::vector<exchange::CaseTask> tasks;
    for (const store::StepRow& row : *rows) {
        const Result<CaseView> view = cases_.view(row.case_id);
        const item::Step* step = view ? view->item->step(row.step_id) : nullptr;
        const auto* task = step == nullptr ? nullptr : std::get_if<item::Task>(&step->what);
        if (task == nullptr) continue;
        exchange::CaseTask one;
        one.task = std::to_string(row.step_no);
        one.case_number = view->state.number;
        one.item = view->state.item;
        one.role = task->role;
        one.zh = step->words.zh;
        one.en = step->words.en;
        one.actions = task->actions;
        one.four_eyes = task->four_eyes;
        if (const Limit* due = view->state.limit(row.step_no, LimitKind::due)) {
            one.light = std::string(name_of(due->light));
            one.due = day_of(due->due_ms);
        }
        one.case_revision = view->rev;
        tasks.push_back(std::move(one));
    }
    return tasks;
}

Reply<std::vector<exchange::CaseIncident>> Desk::incidents(const std::string& case_number,
                                                           std::int32_t limit,
                                                           const Caller& caller) {
    Reply<CaseView> found = find(case_number, caller);
    if (!found) return std::move(found).refusal();
    std::vector<exchange::CaseIncident> incidents;
    for (const Incident& one : found->state.incidents) {
        if (one.closed_ms != 0 || incidents.size() >= static_cast<std::size_t>(std::max(limit, 1)))
            continue;
        const StepRun* run = found->state.run(one.step_no);
        exchange::CaseIncident incident;
        incident.incident = "i" + std::to_string(one.seq);
        incident.case_number = case_number;
        incident.step = run == nullptr ? "" : run->step;
        incident.code = one.code;
        incident.severity = std::to_string(one.severity);
        incident.opened_ms = one.opened_ms;
        incident.choices = {"retry", "skip", "set_result"};
        incident.case_revision = found->rev;
        incidents.push_back(std::move(incident));
    }
    return incidents;
}

Reply<exchange::CaseSummary> Desk::order(const exchange::CaseOrder& order, const Caller& caller) {
    Reply<CaseView> found = find(order.case_number, caller);
    if (!found) return std::move(found).refusal();
    if (order.case_revision != 0 && order.case_revision < found->rev)
        return refusal("case.moved", "case_revision");
    std::optional<Cause> cause = cause_of(order, caller);
    if (!cause) return refusal("case.order", "choice");
    const Result<exchange::CaseReply> done =
        cases_.command(found->state.case_id, *std::move(cause));
    if (!done) {
        const Fault& fault = done.fault();
        if (fault.kind == FaultKind::refused || fault.kind == FaultKind::conflict ||
            fault.kind == FaultKind::malformed || fault.kind == FaultKind::not_found)
            return refusal("case.order", fault.where);
        return refusal_of(fault);
    }
    found = find(order.case_number, caller);
    if (!found) return std::move(found).refusal();
    return summary_of(*found);
}

}  // namespace tongban::cases
