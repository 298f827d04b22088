#include "hub/cases/internal/records.h"

namespace tongban::cases::internal {

std::string record_name(std::int32_t no) {
    return "record/" + std::to_string(no);
}

Result<CaseRecords> open_records(const std::vector<store::CaseRecordRow>& rows, Sealer& sealer) {
    CaseRecords records;
    for (const store::CaseRecordRow& row : rows) {
        const Result<std::string> plain = sealer.open(row.case_id, record_name(row.n), row.body);
        if (!plain) return plain.fault();
        Result<CaseRecord> record = read_record(row.n, *plain);
        if (!record) return record.fault();
        records.emplace(row.n, *std::move(record));
    }
    return records;
}

}  // namespace tongban::cases::internal
