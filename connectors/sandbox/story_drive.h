// StoryDrive: plays the lending centre: posts the messages of a story to its connector's local
// endpoint, as its loan system would, and tells what came back.
//
// Threads: one thread.
// Faults:  refused (no such story, no such address), unavailable (nobody listens there).
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "connectors/sandbox/story.h"

namespace tongban::sandbox {

struct DrivePlan {
    StoryPlan story;
    std::string url;       // "http://127.0.0.1:PORT/requests"
    std::size_t from = 1;  // numbers of the story's messages, both included
    std::size_t until = 100;
    std::string case_number;  // that the hub told; empty: the messages go without
};

// `told` takes {"n","kind","serial","status","answer"} of each message, in order.
Result<Done> drive_story(const World& world,
                         const DrivePlan& plan,
                         const std::function<void(const Json&)>& told);

}  // namespace tongban::sandbox
