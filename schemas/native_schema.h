// NativeSchema: what one endpoint of one office promises about its bytes: format, encoding, limits,
// and the XSD, JSON Schema or column list they obey.
//
// A folder schemas/native/<member>/<name>/v<version>/ holds schema.yaml and the files it names.
// Offices of one kind differ, so a schema belongs to an endpoint and never to a kind of office.
// Grammar: docs/formats/native-schema.md.
//
// Threads: immutable after load; safe from any thread. prepare_xml() must have run before the first
// load. Faults:  ConfigError from load, with every fault of schema.yaml and of the file that it
// names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "base/xml.h"

namespace tongban {
class YamlMap;
}

namespace tongban::schemas {

class JsonSchema;  // schemas/json_schema.h

enum class Format : std::uint8_t { xml, json, rows };
std::string_view name_of(Format format);  // "xml" "json" "rows"

// What a record may take of us before anybody has judged it. For rows, `nodes` counts values of all
// rows, `text` the bytes of one value and `depth` does not apply.
struct FormatLimits {
    std::size_t bytes = 16U << 20;
    std::size_t depth = 64;
    std::size_t attributes = 128;
    std::size_t text = 1U << 20;
    std::size_t nodes = 500'000;
};

struct RootName {
    std::string name;
    std::string ns;
};

class NativeSchema {
public:
    static std::shared_ptr<const NativeSchema> load(const std::string& folder);
    ~NativeSchema();
    NativeSchema(const NativeSchema&) = delete;
    NativeSchema& operator=(const NativeSchema&) = delete;

    [[nodiscard]] const std::string& id() const {
        return id_;
    }  // "610100.housing-fund/certificate@1"
    [[nodiscard]] const std::string& member() const { return member_; }  // "610100.housing-fund"
    [[nodiscard]] const std::string& name() const { return name_; }      // "certificate"
    [[nodiscard]] std::int64_t version() const { return version_; }
    [[nodiscard]] Format format() const { return format_; }
    [[nodiscard]] Encoding encoding() const { return encoding_; }
    [[nodiscard]] const FormatLimits& limits() const { return limits_; }
    [[nodiscard]] const RootName& root() const { return root_; }       // xml
    [[nodiscard]] const XmlSchema* xsd() const { return xsd_.get(); }  // xml; else null
    [[nodiscard]] const JsonSchema* json_schema() const {
        return json_schema_.get();
    }  // json; rows: of one row, or null
    [[nodiscard]] const std::vector<std::string>& columns() const {
        return columns_;
    }  // rows: each row has them all
    [[nodiscard]] const std::string& description() const { return description_; }
    [[nodiscard]] const std::string& source() const {
        return source_;
    }  // standard or document it was taken from

private:
    struct Beside {  // paths of the files beside schema.yaml; empty: none
        std::string xsd;
        std::string json_schema;
    };
    NativeSchema();
    Beside read_form(const YamlMap& map, const std::string& folder);
    std::string id_, member_, name_, description_, source_;
    std::int64_t version_ = 0;
    Format format_ = Format::xml;
    Encoding encoding_ = Encoding::utf8;
    FormatLimits limits_;
    RootName root_;
    std::vector<std::string> columns_;
    std::shared_ptr<const XmlSchema> xsd_;
    std::unique_ptr<const JsonSchema> json_schema_;
};

}  // namespace tongban::schemas
