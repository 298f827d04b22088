#include "connectors/sandbox/population.h"

#include "connectors/sandbox/faults.h"
#include "connectors/sandbox/story.h"

namespace tongban::sandbox {

World world_of(const PopulationPlan& plan, std::uint64_t index) {
    World world = make_world(plan.seed, index, plan.today);
    tell_in(world, plan.story);
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
