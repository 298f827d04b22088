#include "hub/cases/engine/case_record.h"

#include "base/json.h"
#include "hub/cases/engine/value_json.h"

namespace tongban::cases {
namespace {

constexpr std::size_t max_depth = 64;

}  // namespace

const schemas::Group& CaseRecord::group() const {
    static const schemas::Group nothing;
    return group_ ? *group_ : nothing;
}

bool CaseRecord::operator==(const CaseRecord& other) const {
    return no_ == other.no_ && (group_ == other.group_ || group() == other.group());
}

Result<std::string> write_record(const CaseRecord& record) {
    JsonText json;
    put(json, record.group());
    std::string bytes = json.take();
    if (bytes.size() > max_record_bytes)
        return Fault{FaultKind::refused, "case.record", "a case keeps no record over 64 KiB"};
    return bytes;
}

Result<CaseRecord> read_record(std::int32_t no, std::string_view bytes) {
    const Result<Json> json = parse_json(bytes, max_depth);
    Result<schemas::Group> group = json ? group_from(*json) : Result<schemas::Group>(json.fault());
    if (!group) return Fault{FaultKind::malformed, "case.record", "not a record of a case"};
    return CaseRecord(no, *std::move(group));
}

}  // namespace tongban::cases
