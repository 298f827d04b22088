// AskerLoad: the asking side in a closed loop: `outstanding` clients, each with one connection and
// one exchange under way.
//
// Threads: one a client; counted under one lock, once a call.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "connectors/runtime/journal.h"
#include "tests/bench/people.h"

namespace tongban::bench {

struct LoadPlan {
    std::string data;
    std::string people;
    int rpc_port = 0;
    int lease_port = 0;
    int outstanding = 32;
    double warm_seconds = 2;
    double seconds = 10;
    int lease_jobs = 32;
    int lanes = 2;                  // of the provider's connector
    connectors::ChainHead journal;  // where an earlier run against the same hub ended
};

struct Measured {
    std::vector<std::int64_t> latencies_us;  // of delivered exchanges that began within the window
    std::map<std::string, std::int64_t>
        failures;  // refusal code, state or fault -> how many, in the whole run
    double seconds = 0;
    std::int64_t document_bytes = 0;  // of one
};

// Prints "begin" and "end" around the measured window, so that whoever watches the hub reads its
// counters then.
Measured run_exchanges(const LoadPlan& plan, PreparedRequests& requests);
// The same loop over a call that does next to nothing in the hub: what TLS, Thrift and threads
// cost.
Measured run_empty_calls(const LoadPlan& plan);

}  // namespace tongban::bench
