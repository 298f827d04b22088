// ValueJson: a record's values as JSON that gives the same values back, kinds included.
//
// A text is a string, a boolean a boolean, absent null; every other kind is an object with one
// member that names it: {"m": fen}, {"c": code}, {"n": [units, scale]}, {"h": [part, whole]},
// {"d": "2024-03-15"}, {"p": 202403}, {"t": ms}, {"g": [[name, value] ...]}, {"l": [value ...]}.
// Places are left out: what a case keeps is no longer somebody's native bytes.
//
// Threads: pure functions.
// Faults:  malformed, when the JSON is not what `put` writes.
#pragma once

#include "base/json.h"
#include "base/json_text.h"
#include "base/result.h"
#include "schemas/value.h"

namespace tongban::cases {

void put(JsonText& json, const schemas::Value& value);
void put(JsonText& json, const schemas::Group& group);
Result<schemas::Value> value_from(const Json& json);
Result<schemas::Group> group_from(const Json& json);

}  // namespace tongban::cases
