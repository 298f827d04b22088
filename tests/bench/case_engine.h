// What the engine makes of cases beside the store alone: the batches that it commits for a loan of
// configs/items are counted, and given to an empty store again.
#pragma once

#include <cstddef>
#include <string>

#include "base/json.h"

namespace tongban::bench {

struct EnginePlan {
    std::string root;    // of the source tree
    std::string folder;  // empty
    double seconds = 5;  // each measurement
    std::size_t few = 1'000;
    std::size_t many = 100'000;    // open cases beside those that move
    std::size_t replayed = 4'000;  // cases, from their opening to their end
};

Json bench_engine(const EnginePlan& plan);

}  // namespace tongban::bench
