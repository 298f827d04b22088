// Story: a golden case from end to end: what the offices' books look like in it,
// which messages the lending centre sends on which day, and what must come of it.
//
//   G1  Xi'an certifies, Yinchuan lends, the mark is set and lifted; nothing to find
//   G1-rejected  G1, but the lending centre does not approve the loan
//   G1-arrears  G1, but three instalments are not paid; in the sixth month they are, and a part
//       early; each month that changes something is told
//   G2  G1, but two months were paid back too late, the certificate is printed 其他, and the
//       citizen has neither contract nor unit number of an old house: returned once, then as G1
//   G2-registry  old papers alone; the construction office has no contract, the registry has the
//       unit of the old certificate
//   G2-supplied  old papers alone; neither office has any, the citizen hands them in
//   G3  G1, but the lending centre does not report the loan for twelve working days
//
// Threads: pure functions.
// Faults:  refused (no such story).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "connectors/sandbox/remote_loan.h"
#include "connectors/sandbox/world.h"

namespace tongban::sandbox {

const std::vector<std::string>& story_names();

// Changes the offices' copies to those of the story; of a name that is none, nothing.
void tell_in(World& world, std::string_view story);

struct StoryPlan {
    std::string name;
    std::int64_t report_after = -1;  // working days between pay-out and receipt; -1: the story's
    bool at_once = false;            // every day is the first: for a hub on the real clock
};

struct StoryMessage {
    std::string kind;    // native schema of 640100.housing-fund: "loan-issued"
    std::string serial;  // the message's own number
    Date on;
    std::string body;
};

// `world` as the story's offices hold it.
Result<std::vector<StoryMessage>> story_messages(const World& world,
                                                 const StoryPlan& plan,
                                                 std::string_view case_number);

// {"story","seed","index","item","application","messages":[{"n","kind","member","serial","on","body"}],
//  "decisions":[{"step","action"}],
//  "expect":{"state","end","states","findings":[{"code","severity"}],"returns","lights"}}
Result<Json> story_sheet(const World& world, const StoryPlan& plan);

}  // namespace tongban::sandbox
