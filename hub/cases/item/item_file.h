// The file of a service item: read, checked as a whole, compiled.
//
// Every mistake is told, not the first alone. Nothing is thrown: a file that cannot even be read
// has one mistake. Grammar: docs/formats/service-item.md.
//
// Threads: pure function.
// Faults:  none; see Mistake.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hub/cases/calendar/calendar_book.h"
#include "hub/cases/item/item.h"
#include "hub/cases/item/known_names.h"
#include "hub/cases/item/mistake.h"
#include "schemas/catalogue.h"

namespace tongban::item {

struct Surroundings {
    const schemas::Catalogue& catalogue;
    const KnownNames* known = nullptr;                  // null: not checked
    const calendar::CalendarBook* calendars = nullptr;  // null: not checked
};

struct ItemFile {
    std::shared_ptr<const Item> item;  // null when a mistake stops it
    std::vector<Mistake> mistakes;     // by place; of a good file, warnings alone
};

ItemFile read_item(std::string bytes, const std::string& name, const Surroundings& around);

}  // namespace tongban::item
