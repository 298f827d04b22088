// Hub: builds every part of a hub in the order of their dependence, and lets them end in reverse.
// The one owner of the lot.
//
// Threads: one thread, main. Faults: start: unavailable, refused (keys), ConfigError (exception)
// for configuration.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/result.h"

namespace tongban::app {

struct HubPlan {
    std::string config;   // hub.yaml
    std::string configs;  // holds members/, resources/, agreements/, calendars/, items/
    std::string root;     // holds schemas/, mapping/
    std::string data;
    int rpc_port = -1;  // -1: as the configuration says
    int lease_port = -1;
    int status_port = -1;
    std::string case_clock;  // "": as the configuration says
};

class Hub {
public:
    explicit Hub(HubPlan plan);  // loads and checks all configuration, touches no data
    ~Hub();
    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;

    Result<Done> start();
    // Instead of start(): destroys what is sealed about one person, with its leaf; stop() has the
    // log sign it. not_found: nothing is held about that person.
    struct Erased {
        std::size_t exchanges = 0;  // that held something
        std::size_t leaves = 0;     // places in the log whose records it touched
    };
    Result<Erased> erase(const std::string& identity_number,
                         const std::string& order,
                         const std::string& basis);
    // A new snapshot of policy, engine, calendars, items and the log's witnesses, checked whole;
    // whatever is wrong keeps the old one and is reported.
    void reload();
    void confirm_clock();  // the wall clock was looked at and is right
    // Exchanges take nothing more in, the cases' turn ends, doors close, lanes drain, the log signs
    // what is there, the store closes.
    void stop();
    [[nodiscard]] int rpc_port() const;
    [[nodiscard]] int lease_port() const;
    [[nodiscard]] int status_port() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace tongban::app
