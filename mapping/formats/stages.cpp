// The three stages that know bytes: decode and validate at the way in, encode at the way out.
#include "mapping/stages.h"

#include <algorithm>
#include <utility>

#include "mapping/formats/format.h"
#include "schemas/native_schema.h"

namespace tongban::mapping {

Checked<NativeRecord> decode(const Document& document, const schemas::NativeSchema& schema) {
    Reading reading = read_format(document.bytes, schema);
    if (!reading.root) {
        // One answer tells all: what the schema found before the syntax broke still helps a clerk.
        // What is refused as hostile is nobody's to mend line by line.
        const bool hostile = std::any_of(
            reading.findings.begin(), reading.findings.end(), [](const Finding& finding) {
                return finding.severity == schemas::Severity::block;
            });
        for (Finding& finding : reading.schema_findings) {
            if (!hostile) reading.findings.push_back(std::move(finding));
        }
        return {std::nullopt, std::move(reading.findings)};
    }
    NativeRecord record(schema.id(), std::move(*reading.root));
    record.schema_findings_ = std::move(reading.schema_findings);
    return {std::move(record), std::move(reading.findings)};
}

Checked<ValidRecord> validate(NativeRecord record) {
    std::vector<Finding> findings = std::move(record.schema_findings_);
    if (schemas::any_stops(findings)) return {std::nullopt, std::move(findings)};
    return {ValidRecord(std::move(record.schema_), std::move(record.root_)), std::move(findings)};
}

Checked<Document> encode(const OutboundRecord& record, const schemas::NativeSchema& schema) {
    Writing writing = write_format(record.root(), schema);
    if (schemas::any_stops(writing.findings)) return {std::nullopt, std::move(writing.findings)};
    return {Document{schema.id(), std::move(writing.bytes)}, std::move(writing.findings)};
}

}  // namespace tongban::mapping
