// FaultList: the classes of faults by where they are made; faults.h joins them, and has what a
// class is.
//
// Threads: pure functions; the lists are made once.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "connectors/sandbox/faults.h"

namespace tongban::sandbox {

const std::vector<FaultClass>& person_faults();  // who somebody is, and to whom married
const std::vector<FaultClass>& family_faults();
const std::vector<FaultClass>& contribution_faults();  // what the fund certifies
const std::vector<FaultClass>& estate_and_loan_faults();

inline constexpr std::int64_t fen_of_yuan = 100;

inline bool always(const World& /*world*/) {
    return true;
}
bool owns_a_home(const World& world);
Home& home_of(World& world);
Person stranger(const World& world, Random& random);  // a parent's age; nobody else in the world

}  // namespace tongban::sandbox
