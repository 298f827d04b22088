// Format: bytes to a native tree with every place kept, and back. One reader and one writer for
// xml, json and rows; the stages decode, validate and encode (mapping/stages.h) choose among them.
//
// A reader tells all that is wrong. What cannot be read at all (syntax, encoding, limits) gives no
// tree; what can be read but breaks the schema gives a tree and `schema_findings`, so that one
// answer names everything a clerk must mend. No finding holds a value: only its place and shape.
//
// Threads: pure functions of immutable arguments.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/finding.h"
#include "schemas/native_schema.h"
#include "schemas/node.h"

namespace tongban::mapping {

struct Reading {
    std::optional<schemas::Node> root;              // none when any of `findings` stops
    std::vector<schemas::Finding> findings;         // of bytes, encoding, syntax, limits
    std::vector<schemas::Finding> schema_findings;  // of the XSD, JSON Schema or column list
};

Reading read_xml(std::string_view bytes, const schemas::NativeSchema& schema);
Reading read_json(std::string_view bytes, const schemas::NativeSchema& schema);
Reading read_rows(std::string_view bytes, const schemas::NativeSchema& schema);
Reading read_format(std::string_view bytes,
                    const schemas::NativeSchema& schema);  // by schema.format()

struct Writing {
    std::string bytes;  // in the schema's encoding; meaningless when any finding stops
    std::vector<schemas::Finding>
        findings;  // characters that the format cannot carry, numbers that are none
};

// Namespaces are declared once, at the root: as the default when the record uses one alone, else by
// prefixes.
Writing write_xml(const schemas::Node& root, const schemas::NativeSchema& schema);
// A member that repeats, or says in_array, becomes an array; an array_item outside an array is an
// array itself.
Writing write_json(const schemas::Node& root, const schemas::NativeSchema& schema);
// A root "rows" becomes JSON lines; an object becomes one line: the parameters of a query.
Writing write_rows(const schemas::Node& root, const schemas::NativeSchema& schema);
// By schema.format(); then the bytes are read again, and whatever is wrong with them is for the
// mapping's owner.
Writing write_format(const schemas::Node& root, const schemas::NativeSchema& schema);

// The findings of one record are cut here: nobody mends more at a time, and a hostile record must
// not fill memory.
inline constexpr std::size_t findings_limit = 200;

}  // namespace tongban::mapping
