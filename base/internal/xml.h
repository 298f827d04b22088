// What xml*.cpp share: decoding before the parser, the wording of problems, the compiled schema.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <libxml/xmlerror.h>
#include <libxml/xmlschemas.h>

#include "base/xml.h"

namespace tongban::xml_internal {

struct Wording {
    std::string code;
    std::string zh;
    std::string en;
};

XmlProblem problem_of(Wording wording, std::uint32_t line, std::uint32_t column);

struct Decoded {
    std::string utf8;  // its XML declaration says UTF-8, whatever the bytes said
    std::vector<XmlProblem> problems;
    bool readable = false;
};

// Finds the encoding (byte order mark, declaration, promise), checks it against the bytes, decodes.
Decoded decode(std::string_view bytes, std::string_view expected_encoding);

struct Place {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
};
Place place_in(std::string_view bytes, std::size_t offset);

// Where in an element's life the validator spoke: it uses one code for "unexpected child" and
// "missing child".
enum class Phase { start, text, end };

struct SchemaProblem {
    Wording wording;
    std::string attribute;     // local name, when it is about one
    bool about_value = false;  // a shape is worth giving
};

// libxml2's messages quote values; what is taken from them comes from the schema only.
SchemaProblem describe_schema_error(const xmlError& error, Phase phase);
Wording describe_syntax_error(const xmlError& error);

// Null when matching is linear enough for hostile values; otherwise what is wrong with the
// expression.
const char* dangerous_pattern(std::string_view pattern);

}  // namespace tongban::xml_internal

namespace tongban {

struct XmlSchema::State {
    ~State() { xmlSchemaFree(schema); }
    xmlSchemaPtr schema = nullptr;
};

}  // namespace tongban
