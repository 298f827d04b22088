// sender_finding: a finding about an office's own bytes: the sender mends it, the schema is its
// version.
//
// Threads: pure function.
#pragma once

#include <string>
#include <utility>

#include "schemas/finding.h"
#include "schemas/native_schema.h"

namespace tongban::mapping {

struct Telling {
    std::string code;
    schemas::Severity severity = schemas::Severity::return_;
    std::string zh;
    std::string en;
};

inline schemas::Finding sender_finding(const schemas::NativeSchema& schema,
                                       schemas::Place place,
                                       Telling telling) {
    schemas::Finding finding;
    finding.code = std::move(telling.code);
    finding.severity = telling.severity;
    finding.mender = schemas::Mender::sender;
    finding.place = std::move(place);
    finding.version = schema.id();
    finding.zh = std::move(telling.zh);
    finding.en = std::move(telling.en);
    return finding;
}

}  // namespace tongban::mapping
