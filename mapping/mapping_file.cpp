#include "mapping/mapping_file.h"

#include <algorithm>

#include "base/crypto.h"
#include "base/text.h"
#include "base/yaml.h"
#include "mapping/internal/plan_compiler.h"
#include "schemas/native_schema.h"

namespace tongban::mapping {
namespace {

constexpr Date default_as_of{2026, 3, 16};

std::string replace_all(std::string text,
                        const std::string& what,
                        const std::string& by,
                        const YamlValue& at) {
    std::size_t found = text.find(what);
    if (what.empty() || found == std::string::npos) {
        at.fault("the text to replace does not stand in the example");
        return text;
    }
    for (; found != std::string::npos; found = text.find(what, found + by.size()))
        text.replace(found, what.size(), by);
    return text;
}

Example read_example(const YamlValue& value, const std::vector<Example>& before) {
    const YamlMap map = value.map({"name",
                                   "as_of",
                                   "native",
                                   "like",
                                   "replace",
                                   "canonical",
                                   "findings",
                                   "round_trip",
                                   "from"});
    Example example;
    example.name = map.text("name");
    example.as_of = map.date_if("as_of").value_or(default_as_of);
    example.native = map.text_or("native", "");
    example.line = value.line();
    if (map.has("like")) {
        const std::string like = map.text("like");
        const auto same = [&like](const Example& other) { return other.name == like; };
        const auto found = std::find_if(before.begin(), before.end(), same);
        if (found == before.end()) {
            map.at("like").fault("no example above has this name");
        } else {
            example.native = found->native;
            example.as_of = map.date_if("as_of").value_or(found->as_of);
        }
    }
    for (const auto& [what, by] : map.has("replace")
                                      ? map.at("replace").open_map().entries()
                                      : std::vector<std::pair<std::string, YamlValue>>{}) {
        example.native = replace_all(example.native, what, by.text(), by);
    }
    if (map.has("canonical")) {
        for (const auto& [path, text] : map.at("canonical").open_map().entries()) {
            example.canonical.emplace_back(path, text.text());
        }
    }
    for (const YamlValue& finding : map.list_if("findings")) {
        const YamlMap row = finding.map({"code", "field", "line"});
        example.findings.push_back({row.text("code"),
                                    row.text_or("field", ""),
                                    static_cast<int>(row.integer_or("line", 0))});
    }
    example.round_trip = map.boolean_or("round_trip", false);
    if (map.has("from")) {
        const YamlMap from = map.at("from").map({"schema", "example"});
        example.from_schema = from.text("schema");
        example.from_example = from.text("example");
    }
    if (example.native.empty()) value.fault("an example has native text, or is like another");
    return example;
}

std::vector<YamlValue> together(std::vector<YamlValue> first,
                                const std::vector<YamlValue>& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

PlanHead read_head(const YamlMap& map, const schemas::Catalogue& catalogue) {
    PlanHead head;
    head.mapping = map.text("mapping");
    head.version = head.mapping + "@" + std::to_string(map.integer("version"));
    head.native = map.text("native");
    head.valid_from = map.date("valid_from");
    head.valid_to = map.date_if("valid_to");
    head.lossless = map.boolean_or("lossless", false);
    if (head.valid_to && *head.valid_to < head.valid_from)
        map.at("valid_to").fault("the mapping ends before it begins");
    if (head.mapping != head.native.substr(0, head.native.find('@'))) {
        map.at("mapping").fault("a mapping is named for its native schema");
    }
    head.schema = catalogue.native(head.native);
    head.type = catalogue.type(map.text("canonical"));
    if (head.schema == nullptr) map.at("native").fault("there is no native schema " + head.native);
    if (head.type == nullptr)
        map.at("canonical").fault("there is no canonical type " + map.text("canonical"));
    if (map.has("namespaces")) {
        for (const auto& [prefix, uri] : map.at("namespaces").open_map().entries())
            head.namespaces[prefix] = uri.text();
    }
    if (map.has("blocks")) {
        for (const auto& [name, steps] : map.at("blocks").open_map().entries()) {
            head.blocks[name] = steps.list();
        }
    }
    if (map.has("clean")) {
        for (const std::string& name : map.at("clean").texts()) {
            if (const std::optional<Normaliser> how = normaliser_named(name)) {
                head.clean.push_back(*how);
            } else {
                map.at("clean").fault("unknown normaliser " + name);
            }
        }
    }
    return head;
}

}  // namespace

Mapping read_mapping(const YamlFile& file, const schemas::Catalogue& catalogue) {
    const YamlMap map = file.root().map({"mapping",
                                         "version",
                                         "native",
                                         "canonical",
                                         "valid_from",
                                         "valid_to",
                                         "source",
                                         "namespaces",
                                         "clean",
                                         "blocks",
                                         "both",
                                         "in",
                                         "out",
                                         "lossless",
                                         "examples"});
    Mapping mapping;
    mapping.path = file.path();
    mapping.digest = hex(sha256(file.bytes()));
    const PlanHead head = read_head(map, catalogue);
    mapping.id = head.mapping;
    mapping.version = head.version;
    mapping.native = head.native;
    mapping.canonical = map.text("canonical");
    if (head.schema == nullptr || head.type == nullptr) return mapping;
    const std::vector<YamlValue> both = map.list_if("both");
    PlanCompiler inward(catalogue, head, Direction::in);
    Plan in = inward.compile(together(both, map.list_if("in")));
    if (inward.any_step()) mapping.in = std::move(in);
    PlanCompiler outward(catalogue, head, Direction::out);
    Plan out = outward.compile(together(both, map.list_if("out")));
    if (outward.any_step()) mapping.out = std::move(out);
    if (!mapping.in && !mapping.out) file.root().fault("a mapping has both, in or out");
    if (head.lossless && (!mapping.in || !mapping.out))
        map.at("lossless").fault("lossless needs both directions");
    for (const YamlValue& value : map.list_if("examples")) {
        mapping.examples.push_back(read_example(value, mapping.examples));
    }
    if (mapping.examples.empty()) file.root().fault("a mapping carries at least one example");
    const auto proves = [](const Example& example) { return example.round_trip; };
    if (head.lossless && std::none_of(mapping.examples.begin(), mapping.examples.end(), proves)) {
        map.at("lossless").fault("lossless needs an example with round_trip: true");
    }
    return mapping;
}

Mapping load_mapping(const std::string& path, const schemas::Catalogue& catalogue) {
    const YamlFile file(path);
    Mapping mapping = read_mapping(file, catalogue);
    file.check();
    return mapping;
}

}  // namespace tongban::mapping
