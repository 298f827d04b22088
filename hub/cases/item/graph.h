// Graph: a service item drawn: as DOT text for Graphviz, or as an SVG of our own, which needs
// nothing. Both are the same bytes for the same item, on every machine.
//
// Boxes are coloured by kind; an edge says when it is taken. The end of a branch is drawn to what
// follows its parallel.
//
// Threads: pure functions.
// Faults:  none.
#pragma once

#include <string>

#include "hub/cases/item/item.h"

namespace tongban::item {

std::string to_dot(const Item& item);
std::string to_svg(const Item& item);

}  // namespace tongban::item
