// StatusDoor: plain HTTP for those who run the hub, on loopback unless its address says otherwise;
// nothing of an exchange, a case or a person is to be had there.
//
//   GET /metrics  Prometheus text
//   GET /health   200 {"state":"alive"}: the process answers, and needs no restart
//   GET /ready    200 {"state":"ready"}, or 503 {"state":"not_ready","why":["log.frozen"]}
//
// It asks two functions, at every request, from its own threads; they must be safe there until
// stop() has returned.
//
// Threads: start and stop from one thread.
// Faults:  unavailable, when the port cannot be had.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace tongban::api {

struct StatusConfig {
    std::string address = "127.0.0.1";
    int port = 0;  // 0: any free one
};

struct StatusLinks {
    std::function<std::string()> metrics;                     // Prometheus text
    std::function<std::vector<std::string>()> why_not_ready;  // codes; none: ready
};

class StatusDoor {
public:
    StatusDoor(StatusConfig config, StatusLinks links);
    ~StatusDoor();
    StatusDoor(const StatusDoor&) = delete;
    StatusDoor& operator=(const StatusDoor&) = delete;

    Result<Done> start();
    void stop();
    [[nodiscard]] int port() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace tongban::api
