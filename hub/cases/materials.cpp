#include "hub/cases/internal/materials.h"

#include "mapping/cel/datum.h"
#include "mapping/cel/program.h"

namespace tongban::cases::internal {

namespace {

using mapping::cel::Datum;

// Undecided is needed: what is asked for once too often is seen, what is missing is not.
bool needed(const item::Material& material,
            const CaseState& state,
            const item::Item& item,
            Date today) {
    if (!material.when) return true;
    std::vector<Datum> frame;
    frame.reserve(item.frame.size());
    for (const std::string& name : item.frame)
        frame.push_back(name == "application"
                            ? Datum{static_cast<const schemas::Group*>(&state.application.group())}
                            : Datum{});
    mapping::cel::Scene scene{today};
    const Datum answer = material.when->run(frame, scene);
    const bool* held = answer.get<bool>();
    return held == nullptr || *held;
}

// The last visit of the step that brought something. That an office has no record may be what was
// to be shown: then the case went on to its end without the paper. Of a paper that the citizen
// brings unless an office has it, it shows nothing.
const StepRun* fetched_by(const CaseState& state, const std::string& step, bool none_shows) {
    const StepRun* found = nullptr;
    for (const StepRun& run : state.runs)
        if (run.step == step && run.undo_of == 0 && run.status == StepStatus::done &&
            (run.outcome == "answered" ||
             (none_shows && run.outcome == "no_record" && state.ending == "completed")))
            found = &run;
    return found;
}

const StepRun* fetched(const CaseState& state, const item::Material& material) {
    const bool own = material.from == "citizen";
    if (!own)
        if (const StepRun* run = fetched_by(state, material.from, true)) return run;
    for (const std::string& step : material.alternatives) {
        if (step == "citizen") continue;
        if (const StepRun* run = fetched_by(state, step, !own)) return run;
    }
    return nullptr;
}

}  // namespace

std::vector<Brought> materials_of(const CaseState& state, const item::Item& item, Date today) {
    std::vector<Brought> all;
    for (const item::Material& material : item.materials) {
        Brought one{&material, "", "", 0};
        const StepRun* run = fetched(state, material);
        const bool over = state.status == CaseStatus::closed;
        if (run != nullptr) {
            one.how = "fetched";
            one.member = run->member;
            one.at_ms = run->ended_ms;
        } else if (!needed(material, state, item, today)) {
            one.how = "not_needed";
        } else if (material.from == "citizen" && material.alternatives.empty()) {
            one.how = "brought";
            one.member = state.hall;
            one.at_ms = state.opened_ms;
        } else {
            const bool by_hand = material.from == "citizen" && state.ending == "completed";
            one.how = !over ? "pending" : by_hand ? "brought" : "not_needed";
        }
        all.push_back(std::move(one));
    }
    return all;
}

Spared spared_by(const std::vector<Brought>& materials) {
    Spared spared;
    for (const Brought& one : materials) {
        if (one.how != "fetched") continue;
        ++spared.papers;
        spared.copies += one.material->copies;
        spared.trips += one.material->trips;
        if (one.material->trips > 0) spared.counters.insert(one.member);
    }
    return spared;
}

}  // namespace tongban::cases::internal
