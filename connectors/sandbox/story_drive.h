// StoryDrive: plays the offices' own systems: posts the messages of a story to the local endpoints
// of their connectors, and tells what came back. Of G1 to G3 the lending centre's to one address;
// of a sale each office's to its own.
//
// Threads: one thread.
// Faults:  refused (no such story, no such address), unavailable (nobody listens there).
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "connectors/sandbox/sale.h"
#include "connectors/sandbox/story.h"

namespace tongban::sandbox {

struct DrivePlan {
    StoryPlan story;
    std::string url;       // "http://127.0.0.1:PORT/requests"
    std::size_t from = 1;  // numbers of the story's messages, both included
    std::size_t until = 100;
    std::string case_number;  // that the hub told; empty: the messages go without
    std::string connectors;   // folder with <member>/requests.port, for the messages of a sale
};

// `told` takes {"n","kind","serial","status","answer"} of each message, in order.
Result<Done> drive_story(const World& world,
                         const DrivePlan& plan,
                         const std::function<void(const Json&)>& told);

// And "member" and "waits". Which state of the case a message waits for is the caller's affair: it
// sends `from` to `until`.
Result<Done> drive_sale(const Sale& sale,
                        const DrivePlan& plan,
                        const std::function<void(const Json&)>& told);

}  // namespace tongban::sandbox
