// ConnectorRuntime: START HERE. One connector of one member: it dials out to the hub, leases jobs,
// has its office answer them, carries its office's requests and the hub's deliveries, keeps the
// journal, and witnesses the log.
//
//   lease      long-polls the hub for jobs, and gives them to the office lanes
//   office     `lanes` threads that ask the office or hand documents to it
//   report     sends what the lanes have kept, in batches, until the hub has accepted it
//   duty       extends the leases of what is in hand; fetches, checks and cosigns checkpoints
//   requests   sends our office's requests that the hub has not answered yet
//   endpoint   the office's own HTTP threads and drop folder
// All retries grow with jitter, and only towards the hub. Every thread wakes at stop().
//
// Threads: start, reload and stop from one thread.
// Faults:  start: unavailable, refused (keys); reload: refused; the constructor and reload throw
// ConfigError for the engine's files.
#pragma once

#include <memory>

#include "base/result.h"
#include "base/time.h"
#include "connectors/runtime/connector_config.h"

namespace tongban::connectors {

class ConnectorRuntime {
public:
    ConnectorRuntime(ConnectorConfig config, const Clock& clock);
    ~ConnectorRuntime();
    ConnectorRuntime(const ConnectorRuntime&) = delete;
    ConnectorRuntime& operator=(const ConnectorRuntime&) = delete;

    Result<Done> start();
    // Another configuration and, where it names an engine, its files as they are now. All of it
    // comes into force, or nothing: refused when it differs in what stands while we run.
    Result<Done> reload(ConnectorConfig next);
    void stop();  // graceful; idempotent

    [[nodiscard]] int requests_port() const;  // of the local endpoint; 0 when there is none
    [[nodiscard]] bool saw_fork() const;      // it leases nothing any more

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace tongban::connectors
