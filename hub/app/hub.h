// Hub: builds every part of a hub in the order of their dependence, and lets them end in reverse.
// The one owner of the lot.
//
// Threads: one thread, main. Faults: start: unavailable, refused (keys), ConfigError (exception)
// for configuration.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"

namespace tongban::app {

struct HubPlan {
    std::string config;   // hub.yaml
    std::string configs;  // holds members/, resources/, agreements/
    std::string root;     // holds schemas/, mapping/
    std::string data;
    int rpc_port = -1;  // -1: as the configuration says
    int lease_port = -1;
};

class Hub {
public:
    explicit Hub(HubPlan plan);  // loads and checks all configuration, touches no data
    ~Hub();
    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;

    Result<Done> start();
    // New snapshots of policy and engine, checked whole; whatever is wrong keeps the old ones and
    // is reported.
    void reload();
    void
    stop();  // doors close, waits end, lanes drain, the log signs what is there, the store closes
    [[nodiscard]] int rpc_port() const;
    [[nodiscard]] int lease_port() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace tongban::app
