// PartReasons: what a connector's or the hub's own reason code says to a clerk: why a part was not
// answered, and whether asking again later can help.
//
// Threads: pure functions.
#pragma once

#include <string_view>

namespace tongban::exchange {

struct PartReason {
    std::string_view code;  // of which all codes that begin so are one
    std::string_view zh;    // reads after "原因："
    std::string_view en;    // reads after "because "
    bool lasting = false;   // somebody must mend something first
};

// Of the longest code that `reason` begins with; nullptr for one that nobody has explained.
const PartReason* part_reason(std::string_view reason);

}  // namespace tongban::exchange
