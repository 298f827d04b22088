// What the tests of service items share: a world small enough to read (six canonical types, six
// resources, two kinds of member), and an item in it that has every kind of step and no mistake.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "hub/cases/item/item_file.h"

namespace tongban::item::test {

const schemas::Catalogue& catalogue();
const KnownNames& known();
const calendar::CalendarBook& calendars();
Surroundings around();

// tests/unit/hub/cases/item/rent-withdrawal.yaml
const std::string& good_text();
ItemFile read(const std::string& text, const std::string& name = "rent-withdrawal.yaml");

// `text` with one place changed; the place must be there once.
std::string changed(const std::string& text, const std::string& from, const std::string& to);
// The line of the first occurrence of `part`, from 1; 0: nowhere.
int line_of(const std::string& text, const std::string& part);
// "step.unreachable:12 ..." for a message when something else was found.
std::string told(const std::vector<Mistake>& mistakes);

}  // namespace tongban::item::test
