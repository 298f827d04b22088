// InForce: all that a hub decides by, as one snapshot: types, mappings and rules; members,
// resources and agreements; calendars; service items.
//
// It is read whole and checked against itself: a fault anywhere is a ConfigError with the file,
// line and column of every fault found there, and nothing of it comes into force.
//
// Threads: values, immutable.
// Faults:  ConfigError (exception).
#pragma once

#include <map>
#include <memory>
#include <string>

#include "hub/cases/calendar/calendar_book.h"
#include "hub/cases/item/item_book.h"
#include "hub/policy/policy.h"
#include "mapping/engine.h"

namespace tongban::app {

struct InForceSources {
    std::string root;     // holds schemas/, mapping/
    std::string configs;  // holds members/, resources/, agreements/, calendars/, items/
    std::string pki;
};

struct InForce {
    std::shared_ptr<const mapping::Engine> engine;
    std::shared_ptr<const policy::Policy> policy;
    std::shared_ptr<const calendar::CalendarBook> calendars;
    std::shared_ptr<const item::ItemBook> items;

    static InForce load(const InForceSources& sources);
    // Every artefact's id -> hex SHA-256 of its file, for the config leaf.
    [[nodiscard]] std::map<std::string, std::string> versions() const;
};

}  // namespace tongban::app
