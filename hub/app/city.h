// City: the demo's city pair on loopback: offices, the hub, and a connector for each office, each a
// process on a free port. Five offices for one exchange, or the whole city for cases, with a clock
// of its own (DATA/clock.ms, base/shifted_clock.h).
//
// It leaves demo.json in the data folder, which says how each was started and where it listens, so
// that a test or a curious person can stop any of them and start it again on the same data and
// port.
//
// Threads: one thread. Faults: what Process and Authority say; conflict "--data" (it runs already).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/file_lock.h"
#include "base/json.h"
#include "base/result.h"
#include "hub/app/process.h"

namespace tongban::app {

struct CityPlan {
    std::string root;     // holds schemas/, mapping/, configs/
    std::string configs;  // root/configs unless another
    std::string data;
    bool temporary = false;  // `data` is the city's own: it goes with it
    std::uint64_t seed = 1;
    bool dirty = false;
    Lifetime lifetime = Lifetime::with_parent;
    std::string odbc_connection;  // of the social-security office; empty: its own SQLite view
    bool whole = false;           // every office that there is
    std::string story;            // the offices' books are as in it (tongban-sandbox --story)
    // The offices' first day, yyyy-MM-dd, not before the machine's. A whole city's clock begins on
    // it, at nine; empty: on the next nine o'clock. Of a city pair, empty is today.
    std::string today;
};

class City {
public:
    explicit City(CityPlan plan) : plan_(std::move(plan)) {}
    // First of all: that no city runs on this data, and that none begins to while this one lives.
    // Whatever runs there is not touched.
    Result<Done> claim();
    // Keys, offices, hub, connectors, in this order; says each step through `say`.
    Result<Done> start(const std::function<void(const std::string&)>& say);
    void stop();    // connectors, hub, offices
    void vanish();  // stops, and takes a temporary data folder with it
    void leave_running();
    Result<Done> describe() const;  // writes demo.json

    [[nodiscard]] const std::vector<std::string>& here() const;  // members of this city
    [[nodiscard]] int requests_port() const;                     // the asker's connector
    [[nodiscard]] int rpc_port() const { return rpc_port_; }
    [[nodiscard]] const CityPlan& plan() const { return plan_; }
    // Of a whole city: how many milliseconds its clock is ahead.
    [[nodiscard]] std::string clock_file() const { return plan_.data + "/clock.ms"; }
    // What the asker's own system would send, and what it has received since.
    Result<std::string> enquiry() const;
    Result<std::string> received() const;

    static const std::string asker;
    static const std::vector<std::string> members;        // of a city pair
    static const std::vector<std::string> whole_members;  // of the whole city

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
    Result<Done> set_clock();
    Result<Json> launch(const std::string& name,
                        std::vector<std::string> command,
                        const std::string& ready_file);
    Result<Done> start_office(const std::string& member);
    Result<Done> start_hub();
    Result<Done> start_connector(const std::string& member);
    std::vector<std::string> connector_settings(const std::string& member) const;
    const Json* facts_of(const std::string& name) const;

    CityPlan plan_;
    std::unique_ptr<FileLock> claim_;
    std::vector<Running> running_;  // in order of start
    int rpc_port_ = 0;
    int lease_port_ = 0;
};

// The data folder as the city names it: whole, so that it can be found in a process's arguments;
// empty: a temporary one.
std::string city_folder(const std::string& given);

}  // namespace tongban::app
