// CaseRecord: what a case was told once and for all: its application, an answer, a decision, an
// event. It never changes; the states of a case share it, and the store keeps its bytes once, under
// its number.
//
// Threads: values; what they share is immutable.
// Faults:  malformed (bytes that no case wrote), refused "case.record" (over 64 KiB).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "schemas/value.h"

namespace tongban::cases {

inline constexpr std::size_t max_record_bytes = 65'536;

class CaseRecord {
public:
    CaseRecord() = default;  // nothing was told
    CaseRecord(std::int32_t no, schemas::Group group)
        : no_(no), group_(std::make_shared<const schemas::Group>(std::move(group))) {}

    [[nodiscard]] std::int32_t no() const { return no_; }  // 1, 2, ... in the case; 0: nothing
    [[nodiscard]] const schemas::Group& group() const;
    bool operator==(const CaseRecord& other) const;

private:
    std::int32_t no_ = 0;
    std::shared_ptr<const schemas::Group> group_;
};

using CaseRecords = std::map<std::int32_t, CaseRecord>;  // by number

// Canonical JSON; refused when it is larger than max_record_bytes.
Result<std::string> write_record(const CaseRecord& record);
Result<CaseRecord> read_record(std::int32_t no, std::string_view bytes);

}  // namespace tongban::cases
