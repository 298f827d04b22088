// A trace as people read it: the hub's JSON (hub/exchange) as lines, and the signed texts in it for
// other tools.
//
// Threads: pure functions.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"

namespace tongban::app {

// One line an event, in the order of time: "12:03:44.120 intent leaf 3: delivered".
std::vector<std::string> trace_events(const Json& trace);
std::string trace_text(const Json& trace);

struct EnvelopeText {  // what `openssl dgst -sha256 -verify` is given
    std::string part;
    std::string member;     // who signed
    std::string text;       // the exact bytes that were signed
    std::string signature;  // DER
};
std::vector<EnvelopeText> trace_envelopes(const Json& trace);

}  // namespace tongban::app
