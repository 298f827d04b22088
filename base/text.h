// Text: UTF-8 inside, GB18030 only at the edges.
//
// GB18030-2022 with our own table: both forms of the 24 two-byte and 18 four-byte codes on which
// glibc and ICU disagree are accepted on input (private-use code points are folded to the standard
// ones); see docs/formats.
//
// Threads: pure functions.
// Faults:  malformed, with the byte offset in `where` ("byte 123").
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tongban {

enum class Encoding { utf8, gb18030 };

Result<Encoding> encoding_named(std::string_view name);  // UTF-8, GB18030, GBK, GB2312 (any case)
std::string_view name_of(Encoding encoding);

// Offset of the first byte that is not well-formed UTF-8, or npos.
std::size_t invalid_utf8(std::string_view bytes);
Result<std::string> gb18030_to_utf8(std::string_view bytes);
Result<std::string> utf8_to_gb18030(std::string_view utf8);
Result<std::string> to_utf8(std::string_view bytes, Encoding encoding);
Result<std::string> from_utf8(std::string_view utf8, Encoding encoding);

// Signatures of text that was decoded wrongly somewhere before us: U+FFFD, 锟斤拷,
// 烫烫烫, 屯屯屯.
bool looks_like_mojibake(std::string_view utf8);

std::u32string code_points(std::string_view utf8);  // of valid UTF-8
std::string to_utf8(std::u32string_view points);
std::size_t length(std::string_view utf8);      // in code points
std::string fold_width(std::string_view utf8);  // full-width ASCII forms, U+3000 -> ASCII
std::string strip_invisible(
    std::string_view utf8);  // U+200B.., U+FEFF, U+00A0 -> removed / blank, trimmed both ends
std::string trim(std::string_view text);  // ASCII blanks
std::vector<std::string> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string hex(std::string_view bytes);
Result<std::string> from_hex(std::string_view text);
std::string base64(std::string_view bytes);
Result<std::string> from_base64(std::string_view text);

// A value's shape for findings and logs: "18 characters: 17 digits, 1 letter". Never the value.
std::string shape_of(std::string_view utf8);

}  // namespace tongban
