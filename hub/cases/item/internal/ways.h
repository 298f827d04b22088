// Ways: the graph of an item's steps, as the checks and the drawing walk it.
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "hub/cases/item/item.h"

namespace tongban::item {

inline constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

enum class WayKind { transition, breach, branch };

struct Way {
    std::size_t from = 0;
    std::size_t to = nowhere;  // nowhere: $join
    WayKind kind = WayKind::transition;
    std::size_t number = 0;  // of the transition or branch
};

// Ways to steps that are not there are left out.
std::vector<Way> ways_of(const Item& item);
std::vector<std::vector<Way>> ways_from(const Item& item);  // by step

// Steps that can come after `from` (itself, too, if a circle leads back).
std::vector<bool> reached_from(const std::vector<std::vector<Way>>& ways, std::size_t from);

bool pauses(const Step& step);  // a wait, a task or a timer
// What it does stays done, and a case may have it once.
bool irrevocable(const Step& step);
bool effect_stays(const Step& step);  // it has an effect that nothing undoes

}  // namespace tongban::item
