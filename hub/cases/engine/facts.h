// Facts: what the interpreter may know besides the item, the state and the cause. All of it is
// fixed for one transition: no clock, no directory and no file is read while a case moves.
//
// Threads: values; what they point to is immutable and outlives the call.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/time.h"
#include "hub/cases/calendar/calendar_book.h"
#include "mapping/rule_set.h"

namespace tongban::cases {

class Directory {  // who is who on the day of the case
public:
    virtual ~Directory() = default;
    // The member of this kind that answers for a division ("640100"), "" when there is none.
    [[nodiscard]] virtual std::string member_of(std::string_view kind,
                                                std::string_view division) const = 0;
    [[nodiscard]] virtual bool is_member(std::string_view id) const = 0;
    [[nodiscard]] virtual std::string division_of(std::string_view member) const = 0;
};

struct Facts {
    Instant now;  // engine time: never before the last transition of the shard
    std::shared_ptr<const calendar::CalendarBook> calendars;
    std::shared_ptr<const mapping::RuleLibrary> rules;  // null: gates find nothing
    const Directory* directory = nullptr;
};

}  // namespace tongban::cases
