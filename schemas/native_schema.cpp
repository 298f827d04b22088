#include "schemas/native_schema.h"

#include <filesystem>
#include <optional>
#include <utility>

#include "base/yaml.h"
#include "schemas/json_schema.h"

namespace tongban::schemas {
namespace {

// A file that schema.yaml names stands beside it: no folder in the name, so that a folder is one
// reviewable whole.
std::string beside(const std::string& folder, const YamlValue& name) {
    const std::string file = name.text();
    if (file.empty() || file.find('/') != std::string::npos) {
        name.fault("a file name beside schema.yaml is expected");
        return "";
    }
    std::string path = folder + "/" + file;
    if (!std::filesystem::is_regular_file(path)) {
        name.fault("there is no such file beside schema.yaml");
        return "";
    }
    return path;
}

void read_limit(const YamlMap& map, std::string_view key, std::size_t& limit) {
    if (!map.has(key)) return;
    const std::int64_t value = map.integer(key);
    if (value < 1 || value > (1LL << 31))
        return map.at(key).fault("a limit is between 1 and 2147483648");
    limit = static_cast<std::size_t>(value);
}

FormatLimits read_limits(const YamlValue& value) {
    FormatLimits limits;
    if (!value.exists()) return limits;
    const YamlMap map = value.map({"bytes", "depth", "attributes", "text", "nodes"});
    read_limit(map, "bytes", limits.bytes);
    read_limit(map, "depth", limits.depth);
    read_limit(map, "attributes", limits.attributes);
    read_limit(map, "text", limits.text);
    read_limit(map, "nodes", limits.nodes);
    if (limits.depth > 256) value.fault("depth is at most 256: a record is read by recursion");
    return limits;
}

struct Id {
    std::string member, name;
    std::int64_t version = 0;
};

// "610100.housing-fund/certificate@1"
Id split_id(const YamlValue& value, const std::string& folder) {
    const std::string text = value.text();
    const auto slash = text.find('/');
    const auto at = text.find('@');
    Id id;
    if (slash == std::string::npos || at == std::string::npos || at < slash || slash == 0 ||
        at == slash + 1 || at + 1 == text.size() || at + 10 < text.size() ||
        text.find_first_not_of("0123456789", at + 1) != std::string::npos) {
        value.fault("a schema id is <member>/<name>@<version>");
        return id;
    }
    id.member = text.substr(0, slash);
    id.name = text.substr(slash + 1, at - slash - 1);
    id.version = std::stoll(text.substr(at + 1));
    const std::string expected = id.member + "/" + id.name + "/v" + std::to_string(id.version);
    const std::string real = std::filesystem::weakly_canonical(folder).generic_string();
    if (!real.ends_with("/" + expected))
        value.fault("the folder of this schema must be .../" + expected);
    return id;
}

std::optional<Format> format_named(std::string_view name) {
    for (const Format format : {Format::xml, Format::json, Format::rows}) {
        if (name_of(format) == name) return format;
    }
    return std::nullopt;
}

}  // namespace

std::string_view name_of(Format format) {
    switch (format) {
        case Format::xml:
            return "xml";
        case Format::json:
            return "json";
        case Format::rows:
            return "rows";
    }
    return "";
}

NativeSchema::NativeSchema() = default;
NativeSchema::~NativeSchema() = default;

// What the format needs beside the head: a root and an XSD, a JSON Schema, columns.
NativeSchema::Beside NativeSchema::read_form(const YamlMap& map, const std::string& folder) {
    Beside files;
    if (format_ == Format::xml) {
        files.xsd = beside(folder, map.at("xsd"));
        const YamlMap root = map.at("root").map({"name", "ns"});
        root_ = {root.text("name"), root.text_or("ns", "")};
    } else if (format_ == Format::json || map.has("json_schema")) {
        files.json_schema = beside(folder, map.at("json_schema"));
    }
    if (format_ == Format::rows) {
        for (const YamlValue& column : map.list("columns"))
            columns_.push_back(column.text());
        if (map.has("columns") && columns_.empty())
            map.at("columns").fault("at least one column is expected");
        if (encoding_ == Encoding::gb18030)
            map.at("encoding").fault("rows are UTF-8: the connector writes them");
    }
    // A key of another format is a thought left behind, so it is refused and not ignored.
    const auto only = [&map](std::string_view key, bool allowed) {
        if (!allowed && map.has(key)) map.at(key).fault("this key does not belong to this format");
    };
    only("xsd", format_ == Format::xml);
    only("root", format_ == Format::xml);
    only("json_schema", format_ != Format::xml);
    only("columns", format_ == Format::rows);
    return files;
}

std::shared_ptr<const NativeSchema> NativeSchema::load(const std::string& folder) {
    const YamlFile file(folder + "/schema.yaml");
    const YamlMap map = file.root().map({"schema",
                                         "description",
                                         "source",
                                         "format",
                                         "encoding",
                                         "xsd",
                                         "json_schema",
                                         "root",
                                         "columns",
                                         "limits"});
    std::shared_ptr<NativeSchema> schema(new NativeSchema);
    const Id id = split_id(map.at("schema"), folder);
    schema->id_ = map.text("schema");
    schema->member_ = id.member;
    schema->name_ = id.name;
    schema->version_ = id.version;
    schema->description_ = map.text("description");
    schema->source_ = map.text("source");
    schema->limits_ = read_limits(map.find("limits"));

    const std::string encoding = map.text("encoding");
    if (encoding == "UTF-8") {
        schema->encoding_ = Encoding::utf8;
    } else if (encoding == "GB18030") {
        schema->encoding_ = Encoding::gb18030;
    } else if (map.has("encoding")) {
        map.at("encoding").fault("UTF-8 or GB18030 is expected (GB18030 reads GBK and GB2312 too)");
    }
    const auto format = format_named(map.text("format"));
    if (!format) {
        if (map.has("format")) map.at("format").fault("xml, json or rows is expected");
        file.check();
        return nullptr;  // check() has thrown
    }
    schema->format_ = *format;

    const Beside files = schema->read_form(map, folder);
    file.check();

    if (!files.xsd.empty()) schema->xsd_ = XmlSchema::load(files.xsd);
    if (!files.json_schema.empty()) schema->json_schema_ = JsonSchema::load(files.json_schema);
    return schema;
}

}  // namespace tongban::schemas
