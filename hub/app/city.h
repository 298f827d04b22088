// City: the demo's city pair on loopback: five offices, the hub, five connectors, each a process on
// a free port.
//
// It leaves demo.json in the data folder, which says how each was started and where it listens, so
// that a test or a curious person can stop any of them and start it again on the same data and
// port.
//
// Threads: one thread. Faults: what Process and Authority say.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "hub/app/process.h"

namespace tongban::app {

struct CityPlan {
    std::string root;     // holds schemas/, mapping/, configs/
    std::string configs;  // root/configs unless another
    std::string data;
    std::uint64_t seed = 1;
    bool dirty = false;
    Lifetime lifetime = Lifetime::with_parent;
    std::string odbc_connection;  // of the social-security office; empty: its own SQLite view
};

class City {
public:
    explicit City(CityPlan plan) : plan_(std::move(plan)) {}
    // Keys, offices, hub, connectors, in this order; says each step through `say`.
    Result<Done> start(const std::function<void(const std::string&)>& say);
    void stop();  // connectors, hub, offices
    void leave_running();
    Result<Done> describe() const;  // writes demo.json

    [[nodiscard]] int requests_port() const;  // the asker's connector
    [[nodiscard]] int rpc_port() const { return rpc_port_; }
    [[nodiscard]] const CityPlan& plan() const { return plan_; }
    // What the asker's own system would send, and what it has received since.
    Result<std::string> enquiry() const;
    Result<std::string> received() const;

    static const std::string asker;
    static const std::vector<std::string> members;

private:
    struct Running {
        std::string name;
        Process process;
        std::vector<std::string> restart;
        std::string ready_file;
        std::string log;
        Json facts;
    };
    Result<Done> prepare_keys();
    Result<Json> launch(const std::string& name,
                        std::vector<std::string> command,
                        const std::string& ready_file);
    Result<Done> start_office(const std::string& member);
    Result<Done> start_hub();
    Result<Done> start_connector(const std::string& member);
    std::vector<std::string> connector_settings(const std::string& member) const;
    const Json* facts_of(const std::string& name) const;

    CityPlan plan_;
    std::vector<Running> running_;  // in order of start
    int rpc_port_ = 0;
    int lease_port_ = 0;
};

}  // namespace tongban::app
