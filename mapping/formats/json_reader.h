// JsonReader: one JSON text (RFC 8259) to a native tree and, beside it, to a Json value for the
// JSON Schema.
//
// Every value keeps its line and column; a number is kept as it is written and never becomes a
// double in the tree; a member named twice is refused, because two readers would disagree on which
// one counts. Limits hold while reading.
//
// Threads: pure function.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "schemas/finding.h"
#include "schemas/native_schema.h"
#include "schemas/node.h"

namespace tongban::mapping {

struct JsonReading {
    std::optional<schemas::Node> root;  // none when anything is wrong
    Json value;
    std::vector<schemas::Finding>
        findings;  // one of syntax or limits at most, but every repeated member
    std::size_t nodes = 0;
};

struct JsonStart {
    std::uint32_t line = 1;        // of the first byte
    std::size_t nodes_before = 0;  // read before in the same record: the limit is for all of it
};

// `utf8` is valid UTF-8.
JsonReading read_json_text(std::string_view utf8,
                           const schemas::NativeSchema& schema,
                           JsonStart start = {});

// The node that a JSON Schema problem speaks of, or the nearest one above it.
const schemas::Node& node_at(const schemas::Node& root, const std::vector<std::string>& tokens);
std::string json_pointer(const std::vector<std::string>& tokens);

}  // namespace tongban::mapping
