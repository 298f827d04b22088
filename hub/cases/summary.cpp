#include "hub/cases/internal/summary.h"

namespace tongban::cases::internal {

std::string day_of(std::int64_t due_ms) {
    return due_ms == 0 ? "" : iso(shanghai_date(Instant{due_ms - 1}));
}

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

exchange::CaseSummary summary_of(const CaseState& state, std::int64_t rev, const item::Item& item) {
    exchange::CaseSummary summary;
    summary.case_number = state.number;
    summary.item = state.item + "@" + std::to_string(state.item_version);
    summary.item_zh = item.words.zh;
    summary.item_en = item.words.en;
    summary.state = state.domain_state;
    if (const item::Words* words = item.state(state.domain_state)) {
        summary.state_zh = words->zh;
        summary.state_en = words->en;
    }
    summary.status = status_of(state);
    summary.light = std::string(name_of(state.light()));
    summary.owner = state.owner;
    summary.hall = state.hall;
    summary.opened_ms = state.opened_ms;
    if (const Limit* limit = state.limit(0, LimitKind::due)) summary.due = day_of(limit->due_ms);
    summary.revision = rev;
    return summary;
}

Json summary_json(const exchange::CaseSummary& summary) {
    return Json{{"number", summary.case_number},
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
                {"due", summary.due},
                {"rev", summary.revision}};
}

Result<exchange::CaseSummary> summary_from(const Json& json) {
    const Fault malformed{FaultKind::malformed, "case.answer", "not an answer that a case gave"};
    exchange::CaseSummary summary;
    try {
        summary.case_number = json.at("number").get<std::string>();
        summary.item = json.at("item").get<std::string>();
        summary.item_zh = json.at("item_zh").get<std::string>();
        summary.item_en = json.at("item_en").get<std::string>();
        summary.state = json.at("state").get<std::string>();
        summary.state_zh = json.at("state_zh").get<std::string>();
        summary.state_en = json.at("state_en").get<std::string>();
        summary.status = json.at("status").get<std::string>();
        summary.light = json.at("light").get<std::string>();
        summary.owner = json.at("owner").get<std::string>();
        summary.hall = json.at("hall").get<std::string>();
        summary.opened_ms = json.at("opened_ms").get<std::int64_t>();
        summary.due = json.at("due").get<std::string>();
        summary.revision = json.at("rev").get<std::int64_t>();
    } catch (const Json::exception&) {  // nlohmann's accessors throw: not ours
        return malformed;
    }
    return summary;
}

std::string officer_name(std::int64_t rev) {
    return "officer/" + std::to_string(rev);
}

}  // namespace tongban::cases::internal
