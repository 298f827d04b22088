#include <string>
#include <utility>

#include "base/text.h"
#include "mapping/formats/encoding_check.h"
#include "mapping/formats/format.h"
#include "mapping/formats/json_problems.h"
#include "mapping/formats/json_reader.h"

namespace tongban::mapping {

using schemas::NativeSchema;

Reading read_json(std::string_view bytes, const NativeSchema& schema) {
    Reading reading;
    auto text = text_of(bytes, schema);
    if (!text.value) {
        reading.findings = std::move(text.findings);
        return reading;
    }
    JsonReading json = read_json_text(*text.value, schema);
    reading.findings = std::move(json.findings);
    if (!json.root) return reading;
    if (auto mojibake = check_mojibake(*json.root, schema)) {
        reading.findings.push_back(std::move(*mojibake));
        return reading;
    }
    reading.schema_findings = json_findings(json.value, *json.root, schema);
    reading.root = std::move(json.root);
    return reading;
}

}  // namespace tongban::mapping
