// ItemNames: what service items may name, out of the folders that decide it: members and resources
// of configs/, the rules of mapping/.
//
// Members and resources are only looked at: whether they are sound is Policy's to say, with the
// keys that a check of items needs no more than a city's clerk has them.
//
// Threads: one thread.
// Faults:  ConfigError when a file is not YAML, or a rule or type does not load.
#pragma once

#include <memory>
#include <string>

#include "hub/cases/calendar/calendar_book.h"
#include "hub/cases/item/item_file.h"
#include "mapping/rule_set.h"
#include "schemas/catalogue.h"

namespace tongban::app {

item::KnownNames read_item_names(const std::string& configs, const mapping::RuleLibrary& rules);

// All that a check of items stands on, kept together.
struct ItemWorld {
    std::shared_ptr<const schemas::Catalogue> catalogue;
    std::shared_ptr<const calendar::CalendarBook> calendars;
    item::KnownNames known;

    static ItemWorld load(const std::string& root, const std::string& configs);
    [[nodiscard]] item::Surroundings around() const {
        return {*catalogue, &known, calendars.get()};
    }
};

}  // namespace tongban::app
