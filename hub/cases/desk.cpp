#include "hub/cases/desk.h"

#include <algorithm>

#include "hub/cases/internal/board_walk.h"
#include "hub/cases/internal/case_document.h"
#include "hub/cases/internal/officers_order.h"
#include "hub/cases/internal/summary.h"
#include "hub/cases/internal/words.h"

namespace tongban::cases {

using exchange::Caller;
using exchange::refusal;
using exchange::refusal_of;
using exchange::Reply;

namespace {

constexpr std::int32_t most = 200;
constexpr std::size_t most_leaves = 1'000;

bool sees_all(const Caller& caller) {
    return caller.role == "auditor" || caller.role == "operator";
}

bool is_party(const CaseState& state, const Caller& caller) {
    if (sees_all(caller) || state.owner == caller.member || state.hall == caller.member)
        return true;
    return std::any_of(state.runs.begin(), state.runs.end(), [&](const StepRun& run) {
        return run.member == caller.member;
    });
}

std::size_t at_most(std::int32_t limit) {
    return static_cast<std::size_t>(std::clamp(limit, 1, most));
}

exchange::CaseTask task_of(const CaseView& view,
                           const item::Step& step,
                           const item::Task& task,
                           std::int32_t no) {
    exchange::CaseTask one;
    one.task = std::to_string(no);
    one.case_number = view.state.number;
    one.item = view.state.item;
    one.role = task.role;
    one.zh = step.words.zh;
    one.en = step.words.en;
    one.actions = task.actions;
    one.four_eyes = task.four_eyes;
    if (const Limit* due = view.state.limit(no, LimitKind::due)) {
        one.light = std::string(name_of(due->light));
        one.due = internal::day_of(due->due_ms);
    }
    one.case_revision = view.rev;
    return one;
}

// Of a case whose state does not open: what the rows alone tell.
exchange::CaseIncident unreadable(store::CaseStore& store, const store::IncidentRow& row) {
    exchange::CaseIncident one;
    one.incident = "i" + std::to_string(row.n);
    if (const auto found = store.find_case(row.case_id); found && *found)
        one.case_number = (*found)->number;
    one.code = row.code;
    one.severity = std::to_string(row.severity);
    one.zh = internal::incident_words(row.code).zh;
    one.en = internal::incident_words(row.code).en;
    one.opened_ms = row.opened_ms;
    return one;
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
    std::optional<internal::BoardWalk> walk = internal::BoardWalk::of(query, clock_.now());
    if (!walk) return refusal("request.malformed", "after");
    if (!sees_all(caller)) walk->only_of(caller.member);
    exchange::CasePage page;
    while (!walk->over()) {
        const auto rows = cases_.board(walk->next());
        if (!rows) return refusal_of(rows.fault());
        for (const store::CaseRow& row : *rows) {
            if (page.cases.size() == at_most(query.limit)) {
                page.next = walk->place();
                return page;
            }
            if (!walk->passed(row)) continue;
            if (!query.state.empty() && row.phase != query.state) continue;
            const Result<CaseView> view = cases_.view(row.case_id);
            if (!view || !is_party(view->state, caller)) continue;
            exchange::CaseSummary one = internal::summary_of(view->state, view->rev, *view->item);
            if (internal::fits(one, query)) page.cases.push_back(std::move(one));
        }
        walk->end_of_rows(rows->size());
    }
    if (!walk->exhausted()) page.next = walk->place();
    return page;
}

Reply<std::string> Desk::show(const std::string& case_number, const Caller& caller) {
    Reply<CaseView> found = find(case_number, caller);
    if (!found) return std::move(found).refusal();
    const auto leaves = cases_.store().case_leaves(found->state.case_id, 0, most_leaves);
    if (!leaves) return refusal_of(leaves.fault());
    const auto officers = cases_.officers_of(found->state, internal::orderers_in(*leaves));
    if (!officers) return refusal_of(officers.fault());
    return internal::document_of(*found, *leaves, *officers, shanghai_date(clock_.now()))
        .dump(-1, ' ', false, Json::error_handler_t::replace);
}

Reply<std::vector<exchange::CaseTask>> Desk::tasks(const std::string& role,
                                                   std::int32_t limit,
                                                   const Caller& caller) {
    store::WorkQuery query;
    query.member = caller.member;
    query.role = role;
    query.limit = at_most(limit);
    const auto rows = cases_.store().work(query);
    if (!rows) return refusal_of(rows.fault());
    std::vector<exchange::CaseTask> tasks;
    for (const store::StepRow& row : *rows) {
        const Result<CaseView> view = cases_.view(row.case_id);
        const item::Step* step = view ? view->item->step(row.step_id) : nullptr;
        const auto* task = step == nullptr ? nullptr : std::get_if<item::Task>(&step->what);
        if (task != nullptr) tasks.push_back(task_of(*view, *step, *task, row.step_no));
    }
    return tasks;
}

// What the member itself must see to, over all cases, the oldest first; for operators everybody's.
Reply<std::vector<exchange::CaseIncident>> Desk::incidents_of_member(std::int32_t limit,
                                                                     const Caller& caller) {
    const auto rows =
        cases_.store().open_incidents(sees_all(caller) ? "" : caller.member, {}, at_most(limit));
    if (!rows) return refusal_of(rows.fault());
    std::vector<exchange::CaseIncident> all;
    for (const store::IncidentRow& row : *rows) {
        const Result<CaseView> view = cases_.view(row.case_id);
        if (!view) {
            all.push_back(unreadable(cases_.store(), row));
            continue;
        }
        for (const Incident& one : view->state.incidents)
            if (one.seq == row.n && one.closed_ms == 0)
                all.push_back(internal::incident_of(view->state, view->rev, one));
    }
    return all;
}

Reply<std::vector<exchange::CaseIncident>> Desk::incidents(const std::string& case_number,
                                                           std::int32_t limit,
                                                           const Caller& caller) {
    if (case_number.empty()) return incidents_of_member(limit, caller);
    Reply<CaseView> found = find(case_number, caller);
    if (!found) return std::move(found).refusal();
    std::vector<exchange::CaseIncident> all;
    for (const Incident& one : found->state.incidents)
        if (one.closed_ms == 0 && all.size() < at_most(limit))
            all.push_back(internal::incident_of(found->state, found->rev, one));
    return all;
}

Reply<exchange::CaseSummary> Desk::order(const exchange::CaseOrder& order, const Caller& caller) {
    Reply<CaseView> found = find(order.case_number, caller);
    if (!found) return std::move(found).refusal();
    const std::int64_t case_id = found->state.case_id;
    const std::string source = internal::order_source(caller);
    const std::string id = internal::order_id(order);
    const auto before = cases_.answer_to(case_id, source, id);
    if (!before) return refusal_of(before.fault());
    Reply<Cause> cause = internal::cause_of(
        order, caller, *found, *before ? internal::Entry::repeated : internal::Entry::fresh);
    if (!cause) return std::move(cause).refusal();
    if (!*before && !internal::may_order(found->state, *cause, caller))
        return internal::order_refused({FaultKind::refused, "order.member", "not the owner"});
    const Result<exchange::CaseReply> done = cases_.command(case_id, *std::move(cause));
    if (!done) {
        const FaultKind kind = done.fault().kind;
        const bool told = kind == FaultKind::refused || kind == FaultKind::conflict ||
                          kind == FaultKind::malformed || kind == FaultKind::not_found;
        return told ? internal::order_refused(done.fault()) : refusal_of(done.fault());
    }
    const auto answer = cases_.answer_to(case_id, source, id);
    if (!answer) return refusal_of(answer.fault());
    if (*answer) return **answer;
    found = find(order.case_number, caller);  // it moved nothing: the case as it stands
    if (!found) return std::move(found).refusal();
    return internal::summary_of(found->state, found->rev, *found->item);
}

}  // namespace tongban::cases
