#include "hub/cases/internal/call_agenda.h"

#include <algorithm>

namespace tongban::cases::internal {

void CallAgenda::put(CallDue due) {
    offices_[std::move(due.office)].insert({due.at_ms, std::move(due.op_key)});
}

void CallAgenda::drop(const CallDue& due) {
    const auto office = offices_.find(due.office);
    if (office == offices_.end()) return;
    office->second.erase({due.at_ms, due.op_key});
    if (office->second.empty()) offices_.erase(office);
}

void CallAgenda::clear() {
    offices_.clear();
}

std::optional<CallDue> CallAgenda::next(std::int64_t now_ms) {
    auto office = offices_.upper_bound(last_);
    for (std::size_t i = 0; i < offices_.size(); ++i, ++office) {
        if (office == offices_.end()) office = offices_.begin();
        const auto& [at_ms, op_key] = *office->second.begin();
        if (at_ms > now_ms) continue;
        last_ = office->first;
        return CallDue{office->first, at_ms, op_key};
    }
    return std::nullopt;
}

std::optional<std::int64_t> CallAgenda::earliest() const {
    std::optional<std::int64_t> first;
    for (const auto& [office, calls] : offices_)
        first = std::min(first.value_or(calls.begin()->first), calls.begin()->first);
    return first;
}

}  // namespace tongban::cases::internal
