// A case that another system masters tells it every state, in their order and each once: one report
// is under way, the next waits for it. It is asked until it has taken it, as what was decided is;
// what it will not take waits for a person. The case closes when its last state was told.
#include "hub/cases/engine/internal/work.h"

namespace tongban::cases::internal {
namespace {

void send_first(Work& work) {
    if (work.state.reports.empty()) return;
    const item::Call& call = *work.item.report;
    const Report& first = work.state.reports.front();
    order(work,
          0,
          Ask{"report." + std::to_string(first.no),
              call.resource,
              call.kind,
              call.effect,
              call.purpose,
              call.to,
              call.by,
              first.request,
              true});
}

void next_report(Work& work, const std::string& op_key) {
    drop_call(work, op_key);
    if (!work.state.reports.empty()) work.state.reports.erase(work.state.reports.begin());
    send_first(work);
}

}  // namespace

void set_state(Work& work, const std::string& state) {
    if (work.state.domain_state == state) return;
    work.state.domain_state = state;
    if (!work.item.report) return;
    work.state.reports.push_back(
        {++work.state.reports_made, state, record_of(work, work.item.report->request)});
    if (work.state.reports.size() == 1) send_first(work);
}

void report_answered(Work& work, const std::string& op_key, const Answered& answer) {
    OpenCall* call = work.state.call(op_key);
    const std::string op = call->op;
    const std::int32_t tries = answer.attempt - call->spent;
    if (after(answer.status, call->effect, true, tries, {}) == Next::ask_again)
        return again(work, op_key, work.now() + backoff_ms({}, op_key, answer.attempt));
    if (answer.status == AnswerStatus::answered) {
        work.note("told:" + op);
        return next_report(work, op_key);
    }
    park(work, *call, answer.attempt);
    open_incident(work, 0, "report.refused", 2, op_key);
}

void leave_report(Work& work, const std::string& op_key) {
    if (work.state.call(op_key) == nullptr) return;
    work.note("untold:" + work.state.call(op_key)->op);
    next_report(work, op_key);
}

}  // namespace tongban::cases::internal
