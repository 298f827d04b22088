// Incidents: what the engine may not decide by itself waits here for a person: asked too often, in
// doubt, a hazard, a missing way on. Severity 1 is a broken promise to an office, 2 stops the case,
// 3 is a light or a limit.
#include "hub/cases/engine/internal/work.h"

namespace tongban::cases::internal {
namespace {

void clear_trouble(Work& work, std::int32_t no) {
    StepRun* run = work.state.run(no);
    if (run != nullptr && run->status == StepStatus::trouble) run->status = StepStatus::running;
}

bool other_open(const Work& work, std::int32_t no) {
    for (const Incident& one : work.state.incidents)
        if (one.step_no == no && one.closed_ms == 0 && one.severity < 3) return true;
    return false;
}

}  // namespace

std::int32_t open_incident(Work& work,
                           std::int32_t no,
                           const std::string& code,
                           std::int32_t severity,
                           const std::string& op_key) {
    for (const Incident& one : work.state.incidents)  // the same trouble is one incident
        if (one.closed_ms == 0 && one.step_no == no && one.code == code && one.op_key == op_key)
            return one.seq;
    StepRun* run = work.state.run(no);
    Incident incident;
    incident.seq = ++work.state.incidents_made;
    incident.step_no = no;
    incident.op_key = op_key;
    incident.code = code;
    incident.severity = severity;
    incident.owner = run != nullptr && !run->member.empty() ? run->member : work.state.owner;
    incident.opened_ms = work.now();
    work.state.incidents.push_back(incident);
    if (run != nullptr && is_open(run->status) && severity < 3) run->status = StepStatus::trouble;
    work.note("incident:" + code);
    return incident.seq;
}

void close_incident(Work& work, std::int32_t seq, const std::string& outcome) {
    Incident* incident = work.state.incident(seq);
    if (incident == nullptr || incident->closed_ms != 0) return;
    incident->closed_ms = work.now();
    incident->outcome = outcome;
    work.note("mended:" + incident->code + ":" + outcome);
    if (!other_open(work, incident->step_no)) clear_trouble(work, incident->step_no);
}

void close_incidents_of(Work& work, std::int32_t no, const std::string& outcome) {
    std::vector<std::int32_t> open;
    for (const Incident& one : work.state.incidents)
        if (one.step_no == no && one.closed_ms == 0) open.push_back(one.seq);
    for (const std::int32_t seq : open)
        close_incident(work, seq, outcome);
}

}  // namespace tongban::cases::internal
