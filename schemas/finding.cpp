#include "schemas/finding.h"

#include <algorithm>

namespace tongban::schemas {

std::string_view name_of(Severity severity) {
    switch (severity) {
        case Severity::block:
            return "block";
        case Severity::return_:
            return "return";
        case Severity::review:
            return "review";
        case Severity::warn:
            return "warn";
        case Severity::info:
            return "info";
    }
    return "";
}

std::string_view name_of(Mender mender) {
    switch (mender) {
        case Mender::sender:
            return "sender";
        case Mender::mapping_owner:
            return "mapping_owner";
        case Mender::code_list_owner:
            return "code_list_owner";
        case Mender::receiver:
            return "receiver";
    }
    return "";
}

bool stops(const Finding& finding) {
    return finding.severity == Severity::block || finding.severity == Severity::return_;
}

bool any_stops(const std::vector<Finding>& findings) {
    return std::any_of(findings.begin(), findings.end(), stops);
}

}  // namespace tongban::schemas
