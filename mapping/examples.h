// Examples: every mapping carries its own tests; `tongban mapping test` and the unit tests run them
// here.
//
// Threads: pure function of immutable arguments.
#pragma once

#include <string>
#include <vector>

#include "mapping/library.h"
#include "mapping/mapping_file.h"

namespace tongban::mapping {

struct ExampleOutcome {
    std::string mapping;  // version
    std::string example;
    std::vector<std::string>
        differences;  // empty: passed; examples hold no real person, so values may be shown
    [[nodiscard]] bool passed() const { return differences.empty(); }
};

// The native text of a mapping's example in its schema's encoding, with an XML declaration that
// says so.
std::string example_bytes(const Example& example, const schemas::NativeSchema& schema);

std::vector<ExampleOutcome> run_examples(const Mapping& mapping, const Library& library);

}  // namespace tongban::mapping
