// Materials: the whole list of what an item takes, and of this case: who brought each, or where the
// hub fetched it, so that nobody carried it.
//
// Threads: pure functions.
// Source:  优化营商环境条例 Art. 37 (一次告知).
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "hub/cases/engine/case_state.h"
#include "hub/cases/item/item.h"

namespace tongban::cases::internal {

struct Brought {
    const item::Material* material = nullptr;
    // fetched: by the hub, from `member`; brought: by the citizen; pending: not yet; not_needed: in
    // this case, or not any more.
    std::string how;
    std::string member;
    std::int64_t at_ms = 0;
};
std::vector<Brought> materials_of(const CaseState& state, const item::Item& item, Date today);

struct Spared {  // what the citizen did not have to do
    std::int32_t papers = 0;
    std::int32_t copies = 0;
    std::int32_t trips = 0;
    std::set<std::string> counters;  // members whose counter nobody stood at
};
Spared spared_by(const std::vector<Brought>& materials);

}  // namespace tongban::cases::internal
