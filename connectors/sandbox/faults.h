// Faults: what the generator plants in a dirty world, each with the finding that it must bring.
//
// A fault is something that really happens in an office, planted in that office's
// copy so that exactly one rule has something to say. Two faults of one world never touch the same
// thing.
//
// Threads: pure functions.
#pragma once

#include <string>
#include <vector>

#include "connectors/sandbox/random.h"
#include "connectors/sandbox/world.h"

namespace tongban::sandbox {

struct FaultClass {
    std::string name;                  // "C-09", "C-05-frozen"
    std::string code;                  // the finding's
    std::string part;                  // the finding's
    bool stops = false;                // block or return: nothing is delivered
    std::vector<std::string> touches;  // no other fault of the world may touch these
    std::string story;                 // what happened in the office
    bool (*fits)(const World& world);
    void (*plant)(World& world, Random& random);
};

const std::vector<FaultClass>& fault_classes();

// One to four of them, by the world's own seed; `only` names one instead ("" : any).
void plant_faults(World& world, const std::string& only);

}  // namespace tongban::sandbox
