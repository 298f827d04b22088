// A step's codec, read from its text in a mapping file: "money(wan)", "date(yyyyMMdd|yyyy-MM-dd)",
// "boolean(1/2)".
#pragma once

#include <string_view>

#include "base/result.h"
#include "mapping/codec.h"
#include "schemas/canonical_type.h"

namespace tongban::mapping {

// Empty text: the codec that the field's type implies. Units are stated, never assumed: money,
// date, period, timestamp and boolean imply none. Fault.reason says what was expected.
Result<Codec> parse_codec(std::string_view text, const schemas::FieldType& type);
// For a variable of an outward plan, where no canonical field says the type.
Result<Codec> parse_free_codec(std::string_view text, schemas::FieldKind kind);

}  // namespace tongban::mapping
