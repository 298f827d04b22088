// Xml: libxml2's SAX2 parser and XSD validator, wrapped: no DTD, no entities beyond the five, no
// network, bounded size, depth, attributes, text and nodes; every event knows its line and column.
// All problems are reported, not the first.
//
// Bytes are decoded to UTF-8 by base/text before libxml2 sees them (its iconv refuses some GB18030
// codes), after the declared encoding was checked against the bytes; lines stay true, columns count
// bytes of the UTF-8 form.
//
// Threads: prepare_xml() once in main before any thread; then parse_xml is safe from any thread, an
// XmlSchema is
//          immutable and shared.
// Faults:  XmlProblem values; XmlSchema::load throws ConfigError.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tongban {

void prepare_xml();

struct XmlLimits {
    std::size_t bytes = 16U << 20;
    std::size_t depth = 64;
    std::size_t attributes = 128;  // per element
    std::size_t text = 1U << 20;   // per text run or attribute value
    std::size_t nodes = 500'000;
};

struct XmlProblem {
    std::string code;  // "xml.syntax" "xml.doctype" "xml.depth" "xml.size" "xml.attributes"
                       // "xml.attribute" "xml.encoding" "xsd.type" "xsd.facet" "xsd.missing"
                       // "xsd.unexpected" "xsd.attribute" "xsd.root" ...
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::string path;   // /Envelope/Body/x[2]/GRZH or .../@QLBL, local names
    std::string shape;  // of the offending value, never the value
    std::string zh;
    std::string en;
};

struct XmlAttribute {
    std::string_view name;
    std::string_view ns;
    std::string_view value;
};

class XmlHandler {
public:
    virtual ~XmlHandler() = default;
    virtual void start(std::string_view name,
                       std::string_view ns,
                       const std::vector<XmlAttribute>& attributes,
                       std::uint32_t line,
                       std::uint32_t column) = 0;
    virtual void text(std::string_view run) = 0;
    virtual void end() = 0;
};

class XmlSchema {
public:
    // Imports and includes are read beside the file only.
    static std::shared_ptr<const XmlSchema> load(const std::string& xsd_path);
    struct State;
    explicit XmlSchema(std::unique_ptr<State> state);
    ~XmlSchema();
    [[nodiscard]] const State& state() const { return *state_; }

private:
    std::unique_ptr<State> state_;
};

// Parses bytes (any declared encoding that base/text knows; `expected_encoding` empty or the one
// the native schema promises). With a schema, validates in the same pass. `handler` may be null.
std::vector<XmlProblem> parse_xml(std::string_view bytes,
                                  const XmlLimits& limits,
                                  std::string_view expected_encoding,
                                  const XmlSchema* schema,
                                  XmlHandler* handler);

std::string escape_xml_text(std::string_view utf8);
std::string escape_xml_attribute(std::string_view utf8);

}  // namespace tongban
