// Validity: from when to when something in the directory holds: both days belong to it; no last day
// = until further notice.
//
// Threads: value.
#pragma once

#include <optional>

#include "base/time.h"

namespace tongban::policy {

struct Validity {
    Date from;
    std::optional<Date> to;

    [[nodiscard]] bool covers(Date day) const { return from <= day && (!to || day <= *to); }
    [[nodiscard]] bool overlaps(const Validity& other) const {
        return (!to || other.from <= *to) && (!other.to || from <= *other.to);
    }
};

}  // namespace tongban::policy
