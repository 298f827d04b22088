#include "hub/cases/engine/case_state.h"

#include <algorithm>
#include <array>

namespace tongban::cases {
namespace {

template <typename T, typename Match>
auto find_by(T& all, const Match& match) -> decltype(&*all.begin()) {
    const auto found = std::find_if(all.begin(), all.end(), match);
    return found == all.end() ? nullptr : &*found;
}

}  // namespace

std::string_view name_of(CaseStatus status) {
    switch (status) {
        case CaseStatus::open:
            return "open";
        case CaseStatus::paused:
            return "paused";
        case CaseStatus::cancelling:
            return "cancelling";
        case CaseStatus::closed:
            return "closed";
    }
    return "open";
}

std::string_view name_of(StepKind kind) {
    static constexpr std::array<std::string_view, 9> names{
        "", "call", "task", "gate", "wait", "joint", "parallel", "timer", "end"};
    return names[static_cast<std::size_t>(kind)];
}

std::string_view name_of(StepStatus status) {
    static constexpr std::array<std::string_view, 7> names{
        "ready", "running", "trouble", "done", "skipped", "cancelled", "undone"};
    return names[static_cast<std::size_t>(status)];
}

std::string_view name_of(Light light) {
    static constexpr std::array<std::string_view, 4> names{"green", "yellow", "orange", "red"};
    return names[static_cast<std::size_t>(light)];
}

std::string_view name_of(Phase phase) {
    static constexpr std::array<std::string_view, 9> names{"reserve_sent",
                                                           "reserved",
                                                           "refused",
                                                           "confirm_sent",
                                                           "confirmed",
                                                           "cancel_sent",
                                                           "cancelled",
                                                           "hazard",
                                                           "confirm_due"};
    return names[static_cast<std::size_t>(phase)];
}

StepRun* CaseState::run(std::int32_t no) {
    return find_by(runs, [no](const StepRun& one) { return one.no == no; });
}
const StepRun* CaseState::run(std::int32_t no) const {
    return find_by(runs, [no](const StepRun& one) { return one.no == no; });
}
OpenCall* CaseState::call(std::string_view op_key) {
    return find_by(calls, [op_key](const OpenCall& one) { return one.op_key == op_key; });
}
const OpenCall* CaseState::call(std::string_view op_key) const {
    return find_by(calls, [op_key](const OpenCall& one) { return one.op_key == op_key; });
}
Joint* CaseState::joint(std::int32_t step_no) {
    return find_by(joints, [step_no](const Joint& one) { return one.step_no == step_no; });
}
const Joint* CaseState::joint(std::int32_t step_no) const {
    return find_by(joints, [step_no](const Joint& one) { return one.step_no == step_no; });
}
Incident* CaseState::incident(std::int32_t seq) {
    return find_by(incidents, [seq](const Incident& one) { return one.seq == seq; });
}

const schemas::Group* CaseState::result(std::string_view name) const {
    const auto* found = find_by(results, [name](const auto& one) { return one.first == name; });
    return found == nullptr ? nullptr : &found->second.group();
}

CaseRecord CaseState::keep(schemas::Group group) {
    return {++records_made, std::move(group)};
}

void CaseState::set_result(const std::string& name, CaseRecord record) {
    if (auto* found = find_by(results, [&](const auto& one) { return one.first == name; }))
        found->second = std::move(record);
    else
        results.emplace_back(name, std::move(record));
}

std::vector<const CaseRecord*> CaseState::records() const {
    std::vector<const CaseRecord*> all{&application};
    for (const auto& [name, record] : results)
        all.push_back(&record);
    for (const Joint& joint : joints)
        for (const Branch& branch : joint.branches)
            all.insert(all.end(), {&branch.reserved, &branch.confirmed});
    for (const EarlyEvent& event : early)
        all.push_back(&event.record);
    std::erase_if(all, [](const CaseRecord* one) { return one->no() == 0; });
    return all;
}

Light CaseState::light() const {
    Light worst = Light::green;
    for (const Limit& limit : limits)
        worst = std::max(worst, limit.light);
    return worst;
}

const Limit* CaseState::limit(std::int32_t step_no, LimitKind kind) const {
    return find_by(limits,
                   [&](const Limit& one) { return one.step_no == step_no && one.kind == kind; });
}

}  // namespace tongban::cases
