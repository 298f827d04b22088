// Reads one calendar file (docs/formats/calendar.md): what can be said of it without the others.
//
// Threads: one thread. Faults: noted in the file.
#pragma once

#include "base/yaml.h"
#include "hub/cases/calendar/calendar.h"

namespace tongban::calendar {

struct EditionFile {
    YamlFile file;
    Edition edition;

    // Notes a fault at the value of `key`, or at the file's head when the key is missing.
    void fault(const char* key, std::string message) const;
};

EditionFile read_edition(const YamlFile& file);

}  // namespace tongban::calendar
