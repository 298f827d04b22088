#include "hub/cases/internal/case_document.h"

#include <algorithm>

#include "hub/cases/internal/materials.h"
#include "hub/cases/internal/summary.h"
#include "hub/cases/internal/words.h"

namespace tongban::cases::internal {

namespace {

std::string local(std::int64_t ms) {
    return ms == 0 ? "" : shanghai(Instant{ms});
}

std::string_view name_of_kind(LimitKind kind) {
    switch (kind) {
        case LimitKind::due:
            return "due";
        case LimitKind::timer:
            return "timer";
        case LimitKind::decide:
            return "decide";
    }
    return "";
}

Json stop_json(const calendar::Stop& stop) {
    return {{"reason", calendar::name_of(stop.reason)},
            {"zh", calendar::chinese(stop.reason)},
            {"from", local(stop.from.ms)},
            {"to", stop.to ? local(stop.to->ms) : ""},
            {"ground", stop.ground}};
}

Json pause_json(const Pause& pause) {
    const auto reason = calendar::stop_reason_named(pause.reason);
    return {{"reason", pause.reason},
            {"zh", reason ? calendar::chinese(*reason) : ""},
            {"from", local(pause.from_ms)},
            {"to", local(pause.to_ms)},
            {"clock", pause.stops_clock ? "stands" : "runs"}};
}

// A deadline with what it was reckoned from, so that a clerk can reckon it again.
Json limit_json(const CaseView& view, const Limit& limit) {
    const calendar::Basis& basis = limit.basis;
    Json json = {{"step_no", limit.step_no},
                 {"kind", name_of_kind(limit.kind)},
                 {"within", basis.n},
                 {"unit", calendar::name_of(basis.unit)},
                 {"calendar", basis.calendar},
                 {"editions", basis.editions},
                 {"from", iso(shanghai_date(basis.start))},
                 {"due", day_of(limit.due_ms)},
                 {"due_at", local(limit.due_ms)},
                 {"light", name_of(limit.light)},
                 {"stopped", limit.stopped()},
                 {"provisional", limit.provisional},
                 {"stops", Json::array()}};
    for (const calendar::Stop& stop : basis.stops)
        json["stops"].push_back(stop_json(stop));
    if (basis.extension)
        json["extension"] = {{"n", basis.extension->n},
                             {"decided", local(basis.extension->decided.ms)},
                             {"ground", basis.extension->ground}};
    const StepRun* run = view.state.run(limit.step_no);
    if (run != nullptr) json["step"] = run->step;
    return json;
}

void add_task(Json& json, const StepRun& run, const item::Task& task) {
    json["role"] = task.role;
    json["four_eyes"] = task.four_eyes;
    json["decided_once"] = run.first.has_value();
    json["actions"] = Json::array();
    for (std::size_t i = 0; i < task.actions.size(); ++i) {
        Json action = {{"action", task.actions[i]}};
        if (i < task.action_words.size()) {
            action["zh"] = task.action_words[i].zh;
            action["en"] = task.action_words[i].en;
        }
        json["actions"].push_back(std::move(action));
    }
}

void add_what_it_waits_for(Json& json, const StepRun& run, const item::Step& step) {
    if (!is_open(run.status)) return;
    if (const auto* task = std::get_if<item::Task>(&step.what)) add_task(json, run, *task);
    if (const auto* wait = std::get_if<item::Wait>(&step.what)) {
        json["waits_for"] = Json::array();
        for (const item::Expected& one : wait->any)
            json["waits_for"].push_back(one.event);
    }
}

Json branches_json(const Joint& joint) {
    Json branches = Json::array();
    for (const Branch& branch : joint.branches)
        branches.push_back({{"part", branch.part},
                            {"member", branch.member},
                            {"phase", name_of(branch.phase)},
                            {"irrevocable", branch.irrevocable},
                            {"hold_until", local(branch.hold_until_ms)},
                            {"trouble", branch.trouble}});
    return branches;
}

void add_state(Json& json, const CaseView& view, const std::string& state) {
    json["state"] = state;
    const item::Words* words = view.item->state(state);
    if (words == nullptr) return;
    json["state_zh"] = words->zh;
    json["state_en"] = words->en;
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
    if (run.undo_of != 0) json["undo_of"] = run.undo_of;
    if (!run.branch.empty()) json["branch"] = run.branch;
    if (step != nullptr) {
        json["zh"] = step->words.zh;
        json["en"] = step->words.en;
        if (run.status == StepStatus::done) add_state(json, view, step->state);
        add_what_it_waits_for(json, run, *step);
    }
    if (const Limit* limit = view.state.limit(run.no, LimitKind::due)) {
        json["due"] = day_of(limit->due_ms);
        json["light"] = name_of(limit->light);
    }
    if (const Joint* joint = view.state.joint(run.no)) json["branches"] = branches_json(*joint);
    return json;
}

Json finding_json(const CaseView& view, const NotedFinding& finding) {
    const StepRun* run = view.state.run(finding.step_no);
    return {{"code", finding.code},
            {"severity", finding.severity},
            {"step_no", finding.step_no},
            {"step", run == nullptr ? "" : run->step},
            {"rule", finding.rule},
            {"jurisdictions", finding.jurisdictions},
            {"ground", finding.ground},
            {"zh", finding.zh},
            {"en", finding.en}};
}

Json incident_json(const CaseView& view, const Incident& incident) {
    const exchange::CaseIncident told = incident_of(view.state, view.rev, incident);
    return {{"incident", told.incident},
            {"no", incident.seq},
            {"open", true},
            {"step", told.step},
            {"code", told.code},
            {"severity", incident.severity},
            {"owner", incident.owner},
            {"zh", told.zh},
            {"en", told.en},
            {"opened_ms", told.opened_ms},
            {"choices", told.choices}};
}

void add_materials(Json& json, const CaseView& view, Date today) {
    const std::vector<Brought> all = materials_of(view.state, *view.item, today);
    json["materials"] = Json::array();
    for (const Brought& one : all) {
        const item::Material& material = *one.material;
        json["materials"].push_back({{"id", material.id},
                                     {"zh", material.words.zh},
                                     {"en", material.words.en},
                                     {"from", material.from},
                                     {"how", one.how},
                                     {"member", one.member},
                                     {"at_ms", one.at_ms},
                                     {"trips", material.trips},
                                     {"copies", material.copies}});
    }
    const Spared spared = spared_by(all);
    json["spared"] = {{"papers", spared.papers},
                      {"copies", spared.copies},
                      {"trips", spared.trips},
                      {"counters", spared.counters.size()}};
}

std::string text_of(const Json& leaf, const char* name) {
    const auto found = leaf.find(name);
    return found != leaf.end() && found->is_string() ? found->get<std::string>() : "";
}

bool by_officer(const Json& leaf) {
    const std::string cause = text_of(leaf, "cause");
    return cause == "decision" || cause == "command";
}

// By the cases' clock, which deadlines go by; leaves of before it stood in them have the hub's
// alone.
std::int64_t time_of(const Json& leaf, const store::AuditRow& row) {
    const auto found = leaf.find("case_ms");
    return found != leaf.end() && found->is_number_integer() ? found->get<std::int64_t>()
                                                             : row.ts_ms;
}

// Why, as far as the case keeps it: in the law's words, or as the case ended. `pauses`: how many
// were ordered before.
void add_ground(Json& one, const CaseState& state, const Json& leaf, std::size_t& pauses) {
    const std::string action = text_of(leaf, "action");
    if (action == "cancel") one["reason"] = state.reason;
    if (action == "pause" && pauses < state.pauses.size())
        one["reason"] = state.pauses[pauses++].reason;
    if (action != "extend") return;
    for (const Limit& limit : state.limits) {
        const auto& extension = limit.basis.extension;
        if (!extension || extension->decided.ms != one["at_ms"].get<std::int64_t>()) continue;
        one["ground"] = extension->ground;
        one["by"] = extension->n;
    }
}

// What moved the case, as its leaves say, by whom, and by which exchanges.
void add_history(Json& json,
                 const CaseView& view,
                 const std::vector<store::AuditRow>& leaves,
                 const std::map<std::int64_t, std::string>& officers) {
    json["history"] = Json::array();
    json["exchanges"] = Json::array();
    std::size_t pauses = 0;
    for (const store::AuditRow& row : leaves) {
        const Result<Json> leaf = parse_json(row.leaf);
        if (!leaf || !leaf->is_object()) continue;
        const std::string state = text_of(*leaf, "state_after");
        const std::string exchange = text_of(*leaf, "follows");
        Json one = {{"revision", row.rev},
                    {"at_ms", time_of(*leaf, row)},
                    {"logged_ms", row.ts_ms},
                    {"cause", text_of(*leaf, "cause")},
                    {"action", text_of(*leaf, "action")},
                    {"actor", text_of(*leaf, "actor")},
                    {"state", state},
                    {"exchange", exchange}};
        if (const item::Words* words = view.item->state(state)) {
            one["zh"] = words->zh;
            one["en"] = words->en;
        }
        if (by_officer(*leaf)) {
            const auto officer = officers.find(row.rev);
            if (officer != officers.end()) one["officer"] = officer->second;
            add_ground(one, view.state, *leaf, pauses);
        }
        json["history"].push_back(std::move(one));
        const Json& known = json["exchanges"];
        if (!exchange.empty() && std::find(known.begin(), known.end(), exchange) == known.end())
            json["exchanges"].push_back(exchange);
    }
}

Json head_of(const CaseView& view) {
    const CaseState& state = view.state;
    const exchange::CaseSummary summary = summary_of(state, view.rev, *view.item);
    return {{"number", summary.case_number},
            {"item", summary.item},
            {"item_zh", summary.item_zh},
            {"item_en", summary.item_en},
            {"state", summary.state},
            {"state_zh", summary.state_zh},
            {"state_en", summary.state_en},
            {"status", summary.status},
            {"light", summary.light},
            {"owner", summary.owner},
            {"hall", summary.hall},
            {"opened_ms", summary.opened_ms},
            {"closed_ms", state.closed_ms},
            {"due", summary.due},
            {"reason", state.reason},
            {"ending", state.ending},
            {"external_number", state.external_number},
            {"priority", item::name_of(static_cast<item::Priority>(state.priority))},
            {"revision", summary.revision}};
}

}  // namespace

std::set<std::string> orderers_in(const std::vector<store::AuditRow>& leaves) {
    std::set<std::string> members;
    for (const store::AuditRow& row : leaves) {
        const Result<Json> leaf = parse_json(row.leaf);
        if (leaf && leaf->is_object() && by_officer(*leaf)) members.insert(text_of(*leaf, "actor"));
    }
    return members;
}

Json document_of(const CaseView& view,
                 const std::vector<store::AuditRow>& leaves,
                 const std::map<std::int64_t, std::string>& officers,
                 Date today) {
    Json json = head_of(view);
    json["pauses"] = Json::array();
    for (const Pause& pause : view.state.pauses)
        json["pauses"].push_back(pause_json(pause));
    for (const char* list : {"steps", "deadlines", "incidents", "findings"})
        json[list] = Json::array();
    for (const StepRun& run : view.state.runs)
        json["steps"].push_back(step_json(view, run));
    for (const Limit& limit : view.state.limits)
        json["deadlines"].push_back(limit_json(view, limit));
    for (const Incident& one : view.state.incidents)
        if (one.closed_ms == 0) json["incidents"].push_back(incident_json(view, one));
    for (const NotedFinding& one : view.state.findings)
        json["findings"].push_back(finding_json(view, one));
    add_materials(json, view, today);
    add_history(json, view, leaves, officers);
    return json;
}

}  // namespace tongban::cases::internal
