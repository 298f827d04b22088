#include "connectors/sandbox/population.h"

#include <algorithm>

#include "connectors/sandbox/faults.h"
#include "connectors/sandbox/story.h"

namespace tongban::sandbox {

std::string story_of(std::string_view stories, std::uint64_t index) {
    for (std::size_t comma = stories.find(','); index > 0 && comma != std::string_view::npos;
         comma = stories.find(','), --index)
        stories.remove_prefix(comma + 1);
    return std::string(stories.substr(0, stories.find(',')));
}

std::size_t stories_in(std::string_view stories) {
    if (stories.empty()) return 0;
    return 1 + static_cast<std::size_t>(std::ranges::count(stories, ','));
}

World world_of(const PopulationPlan& plan, std::uint64_t index) {
    World world = make_world(plan.seed, index, plan.today);
    tell_in(world, story_of(plan.story, index));
    if (plan.dirty || !plan.only.empty()) plant_faults(world, plan.only);
    return world;
}

Population::Population(const PopulationPlan& plan) {
    worlds_.reserve(plan.people);
    for (std::uint64_t i = 0; i < plan.people; ++i) {
        worlds_.push_back(world_of(plan, i));
        by_number_.try_emplace(worlds_.back().enquiry.subject.id_number, i);
    }
}

const World* Population::find(std::string_view id_number) const {
    const auto at = by_number_.find(id_number);
    return at == by_number_.end() ? nullptr : &worlds_[at->second];
}

}  // namespace tongban::sandbox
