// A wait: an office's own system tells when it is so. What comes before the step waits for it is
// kept; what no step of the item waits for is not.
#include <algorithm>

#include "hub/cases/engine/internal/work.h"

namespace tongban::cases::internal {
namespace {

constexpr std::size_t most_early = 16;

const item::Expected* expected_by(const Work& work,
                                  const item::Step& step,
                                  const std::string& name,
                                  const std::string& from) {
    const auto* wait = std::get_if<item::Wait>(&step.what);
    if (wait == nullptr) return nullptr;
    for (const item::Expected& one : wait->any) {
        if (one.event != name) continue;
        if (one.from.empty()) return &one;
        const Party* sender = party(work, one.from);
        if (sender != nullptr && sender->member == from) return &one;
    }
    return nullptr;
}

void take(Work& work, std::int32_t no, const item::Expected& expected, CaseRecord record) {
    if (!expected.as.empty()) work.state.set_result(expected.as, std::move(record));
    finish(work, no, StepStatus::done, expected.event);
}

bool item_waits_for(const Work& work, const EventCame& event) {
    return std::any_of(work.item.steps.begin(), work.item.steps.end(), [&](const auto& step) {
        return expected_by(work, step, event.name, event.from) != nullptr;
    });
}

}  // namespace

void enter_wait(Work& work, std::int32_t no, const item::Step& step) {
    for (std::size_t i = 0; i < work.state.early.size(); ++i) {
        const EarlyEvent& early = work.state.early[i];
        const item::Expected* expected = expected_by(work, step, early.name, early.from);
        if (expected == nullptr) continue;
        CaseRecord record = early.record;
        work.state.early.erase(work.state.early.begin() + static_cast<std::ptrdiff_t>(i));
        return take(work, no, *expected, std::move(record));
    }
}

void event_came(Work& work, const EventCame& event) {
    for (const StepRun& run : work.state.runs) {
        if (run.kind != StepKind::wait || !is_open(run.status)) continue;
        const item::Step* step = step_of(work, run);
        const item::Expected* expected =
            step == nullptr ? nullptr : expected_by(work, *step, event.name, event.from);
        if (expected == nullptr) continue;
        work.note("event:" + event.name);
        return take(work, run.no, *expected, work.state.keep(event.record));
    }
    if (!item_waits_for(work, event))
        return refuse(work, FaultKind::refused, "event.unknown", "no step waits for this event");
    if (work.state.early.size() == most_early)
        return refuse(work, FaultKind::busy, "event.early", "too many events before their time");
    work.state.early.push_back({event.name, event.from, work.state.keep(event.record)});
    work.note("early:" + event.name);
}

}  // namespace tongban::cases::internal
