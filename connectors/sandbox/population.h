// Population: the citizens that one sandbox knows, each with the faults planted for it.
//
// All offices of one seed make the same population, so they agree without talking to each other.
//
// Threads: immutable after construction; safe from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "connectors/sandbox/world.h"

namespace tongban::sandbox {

struct PopulationPlan {
    std::uint64_t seed = 1;
    std::uint64_t people = 1;
    bool dirty = false;
    std::string only;  // not empty: this one class of fault
    // Not empty: everybody's books are those of this story (story.h). "G10,G14": the first one's
    // and the second one's; the last of them goes on for all others.
    std::string story;
    Date today;
};

std::string story_of(std::string_view stories, std::uint64_t index);
std::size_t stories_in(std::string_view stories);  // how many are named

class Population {
public:
    explicit Population(const PopulationPlan& plan);
    [[nodiscard]] const std::vector<World>& worlds() const { return worlds_; }
    // By the identity number that the loan centre knows; null when nobody has it.
    [[nodiscard]] const World* find(std::string_view id_number) const;

private:
    std::vector<World> worlds_;
    std::map<std::string, std::size_t, std::less<>> by_number_;
};

// One citizen's world as the offices hold it: clean, or with its faults.
World world_of(const PopulationPlan& plan, std::uint64_t index);

}  // namespace tongban::sandbox
