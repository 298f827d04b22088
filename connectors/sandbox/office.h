// Office: one office system as a process: its protocol, its data, its wrongs. `run` serves until
// the process is told to stop (SIGTERM, SIGINT) or is killed; it restarts on the same data, on the
// same port where it is still free.
//
// Threads: run() on the main thread.
// Faults:  unavailable (port, disk), refused (no such member).
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "connectors/sandbox/misconduct.h"
#include "connectors/sandbox/office_book.h"
#include "connectors/sandbox/population.h"

namespace httplib {
class Server;  // its header is heavy, and only the sources that serve need it
}

namespace tongban::sandbox {

struct OfficePlan {
    std::string member;
    std::string data;        // the office's own folder
    std::string ready_file;  // written when it serves; may be empty
    int port = 0;
    std::int64_t delay_ms = 150;  // of offices that answer through folders
    std::string clock;            // the city's clock file; empty: the machine's clock
    PopulationPlan population;
};

struct OfficeSetting {  // what every office has
    const OfficePlan& plan;
    Population population;
    Misconduct misconduct;
    std::unique_ptr<OfficeBook> book;
    const std::atomic<bool>& stop;
};

Result<Done> run_office(const OfficePlan& plan, const std::atomic<bool>& stop);

// One an office; run_office picks.
Result<Done> run_xian_fund(OfficeSetting& setting);
Result<Done> run_yinchuan_fund(OfficeSetting& setting);
Result<Done> run_social_security(OfficeSetting& setting);
Result<Done> run_real_estate(OfficeSetting& setting);
Result<Done> run_tax(OfficeSetting& setting);
Result<Done> run_construction(OfficeSetting& setting);
Result<Done> run_civil_affairs(OfficeSetting& setting);
Result<Done> run_counter(OfficeSetting& setting);  // those that ask and tell alone

// Serves until told to stop; not listening while the misconduct is "down". `make` builds a server
// with its handlers. `extra` joins {member, pid, port, data} in the ready file.
Result<Done> serve_http(OfficeSetting& setting,
                        const std::function<std::unique_ptr<httplib::Server>()>& make,
                        const Json& extra);
Result<Done> announce(const OfficePlan& plan, int port, const Json& extra);

// The view's DDL and rows as a PostgreSQL script.
std::string social_security_script(const Population& population);

}  // namespace tongban::sandbox
