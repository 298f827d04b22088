// Examples: every mapping and every rule carries its own tests; `tongban mapping test` and the unit
// tests run them here.
//
// Threads: pure function of immutable arguments.
#pragma once

#include <string>
#include <vector>

#include "mapping/library.h"
#include "mapping/mapping_file.h"
#include "mapping/rule.h"

namespace tongban::mapping {

struct ExampleOutcome {
    std::string of;    // "640100.tax/deed-tax@1", "C-07@1"
    std::string file;  // and where in it the example stands
    int line = 0;
    std::string example;  // its name
    std::vector<std::string>
        differences;  // empty: passed; examples hold no real person, so values may be shown
    [[nodiscard]] bool passed() const { return differences.empty(); }
};

// The native text of a mapping's example in its schema's encoding, with an XML declaration that
// says so.
std::string example_bytes(const Example& example, const schemas::NativeSchema& schema);

std::vector<ExampleOutcome> run_examples(const Mapping& mapping, const Library& library);

// What must fire fires as the example says; a near miss finds nothing and is decided; what lacks
// data is undecided and says so, or is silent as the file wants.
std::vector<ExampleOutcome> run_examples(const Rule& rule);

}  // namespace tongban::mapping
