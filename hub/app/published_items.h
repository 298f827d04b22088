// The service items that cases may run by, as the store remembers them.
//
// Every version is kept with its text when it first comes into force. A hub that finds one changed
// or without its file does not start, and does not take a reload: its running cases would go on by
// something else than they began with.
//
// Threads: one thread, main.
// Faults:  conflict: every version that changed or is gone, with what to do; of the store.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "hub/cases/item/item_book.h"
#include "hub/store/store.h"

namespace tongban::app {

Result<Done> publish_items(store::Store& store, const item::ItemBook& book, Instant now);

}  // namespace tongban::app
