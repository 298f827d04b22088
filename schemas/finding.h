// Finding: what a rule or a schema says is wrong, where, why, and who can mend it. Checked<T>:
// maybe a value, and all findings. A Fault, in contrast, is for one request that cannot go on.
//
// Threads: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "schemas/value.h"

namespace tongban::schemas {

enum class Severity {
    block,
    return_,
    review,
    warn,
    info
};  // return_: send back for correction (补正)
enum class Mender { sender, mapping_owner, code_list_owner, receiver };

std::string_view name_of(Severity severity);  // "block" "return" "review" "warn" "info"
std::string_view name_of(Mender mender);      // "sender" "mapping_owner" ...

struct Finding {
    std::string
        code;  // rule id "C-07", or "xsd.type", "map.code.unmapped", "encoding.declared" ...
    Severity severity = Severity::return_;
    Mender mender = Mender::sender;
    std::string part;     // resource part, "request", or ""
    std::string field;    // canonical path, where there is one
    Place place;          // in the native bytes
    std::string shape;    // of the value; never the value
    std::string version;  // "C-07@1", "610100.housing-fund/certificate@1"
    std::string zh;       // what is wrong and what to do, for a clerk
    std::string en;
    bool operator==(const Finding&) const = default;
};

// block or return: the record cannot go on.
bool stops(const Finding& finding);
bool any_stops(const std::vector<Finding>& findings);

template <typename T>
struct [[nodiscard]] Checked {
    std::optional<T> value;
    std::vector<Finding> findings;
    [[nodiscard]] bool ok() const { return value.has_value(); }
};

}  // namespace tongban::schemas
