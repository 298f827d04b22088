// MappingFile: a mapping as its YAML file states it, compiled both ways and checked against both
// schemas.
//
// Every canonical path must exist with a type that the codec fits; every required field of a
// canonical group that the mapping writes must be written; every native name must stand somewhere
// in the native schema; a crosswalk must exist for every code. All faults are told, with their
// lines. Grammar: docs/formats/mapping.md.
//
// Threads: immutable after load.
// Faults:  ConfigError with every fault of the file.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "mapping/plan.h"
#include "schemas/catalogue.h"

namespace tongban {
class YamlFile;
}

namespace tongban::mapping {

// A mapping's own test: native text in, canonical values and findings out; or a round trip; or a
// question that another mapping's example asks. Run by run_examples (mapping/examples.h).
struct Example {
    std::string name;
    std::string native;  // whole record in UTF-8, after `like` and `replace`; the runner writes the
                         // declared encoding
    Date as_of;
    std::vector<std::pair<std::string, std::string>>
        canonical;  // path -> canonical text; "" = absent
    struct Expected {
        std::string code;
        std::string field;
        int line = 0;  // 0: any
    };
    std::vector<Expected> findings;  // exactly these, in any order
    bool round_trip = false;         // out again must give the same native tree
    std::string
        from_schema;  // outward: the native schema and example whose canonical record is converted
    std::string from_example;
    int line = 0;
};

struct Mapping {
    std::string id;       // "610100.housing-fund/certificate"
    std::string version;  // "610100.housing-fund/certificate@1"
    std::string native;
    std::string canonical;
    std::string digest;  // hex SHA-256 of the file
    std::string path;
    std::optional<Plan> in;
    std::optional<Plan> out;
    std::vector<Example> examples;
};

Mapping load_mapping(const std::string& path, const schemas::Catalogue& catalogue);
Mapping read_mapping(const YamlFile& file,
                     const schemas::Catalogue& catalogue);  // notes its faults in the file

}  // namespace tongban::mapping
