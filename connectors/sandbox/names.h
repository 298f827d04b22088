// Names: of invented people, employers and places, with the characters that break office systems.
//
// One name in ten has a character that GBK cannot hold (䶮, 㛃, 𬭬); one in twelve is a name with a
// middle dot. The real shares are a hundredth of that: a test population has to meet them.
//
// Threads: pure functions.
#pragma once

#include <string>

#include "connectors/sandbox/numbers.h"
#include "connectors/sandbox/random.h"

namespace tongban::sandbox {

std::string person_name(Random& random, Sex sex, int birth_year);
std::string employer_name(Random& random);
std::string home_address(Random& random);

}  // namespace tongban::sandbox
