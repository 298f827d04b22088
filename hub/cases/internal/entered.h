// Entered: what an officer wrote down by hand (a task's form, an event told at the desk, the answer
// that an office gave on paper) as a record of its canonical type. Whatever the type does not know
// or says otherwise is refused with its place, in words for who wrote it; nothing is left out.
//
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "hub/exchange/refusal.h"
#include "schemas/catalogue.h"

namespace tongban::cases::internal {

enum class Whole {
    required,  // every required field must be there
    may_lack   // of an answer, which is as much as its grant gave
};

// `type` "": nothing is to be entered here. Numbers may stand as JSON numbers or in the canonical
// text
// ("1234.56" yuan, "2026-03-02", "1/2").
exchange::Reply<schemas::Group> entered(const Json& json,
                                        std::string_view type,
                                        const schemas::Catalogue* types,
                                        Whole whole);
// Without a type (a verdict, a joint member's answer): every value as JSON has it.
schemas::Group untyped(const Json& json);

}  // namespace tongban::cases::internal
