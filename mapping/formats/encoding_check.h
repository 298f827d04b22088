// EncodingCheck: are the bytes in the encoding that the schema promises, and is the text in them
// what somebody typed?
//
// Declared and real encoding differ in some percent of all files, and text that was decoded wrongly
// once (锟斤拷, 涔颁拱) looks like text to every parser. Both reject the whole file, never a row of
// it: the other rows are damaged too.
//
// Threads: pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "schemas/finding.h"
#include "schemas/native_schema.h"
#include "schemas/node.h"

namespace tongban::mapping {

// Size, NUL bytes, UTF-16, and another encoding than promised: one finding, severity block, or
// none.
std::optional<schemas::Finding> check_bytes(std::string_view bytes,
                                            const schemas::NativeSchema& schema);

// check_bytes, then the text in UTF-8 without a byte order mark: for the formats that we parse
// ourselves.
schemas::Checked<std::string> text_of(std::string_view bytes, const schemas::NativeSchema& schema);

schemas::Finding cut_character(const schemas::NativeSchema& schema, schemas::Place place);

// The first text or attribute of the tree that was decoded wrongly before it reached us.
std::optional<schemas::Finding> check_mojibake(const schemas::Node& root,
                                               const schemas::NativeSchema& schema);

// UTF-8 bytes that were read as GBK and written as UTF-8 again: 买买提 seen as 涔颁拱鎻. Counts the
// characters that come to light when `utf8` is turned back; 0 when it does not turn back whole.
std::size_t characters_misread(std::string_view utf8);

}  // namespace tongban::mapping
