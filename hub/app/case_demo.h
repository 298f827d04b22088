// CaseDemo: one golden case to its end in a whole city, shown state by state in legal time, and
// what the citizen did not have to carry. `tongban demo --case certificate | joint-filing`.
//
// Threads: one thread, main.
#pragma once

#include <cstdint>
#include <string>

namespace tongban::app {

struct CaseDemoOptions {
    std::string flow;   // certificate | joint-filing
    std::string story;  // another golden case of the flow; "": its clean one
    std::string data;
    std::string root;
    std::string configs;
    std::string format = "text";
    std::string today;
    std::uint64_t seed = 1;
    bool keep = false;
};

// The exit code.
int run_case_demo(const CaseDemoOptions& options);

}  // namespace tongban::app
