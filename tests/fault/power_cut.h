// Power cut: what is put on the disk that loses its power (power_cut_vfs.h). A scenario lives in a
// folder until the power goes, remembers what it was promised while there was power, and says
// afterwards what of that is gone and what is not whole.
//
// Threads: one thread drives a scenario; it may have its own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/fault/power_cut_vfs.h"

namespace tongban::fault {

struct Verdict {
    std::uint64_t lost = 0;           // promises
    std::vector<std::string> broken;  // what no power cut may do, whatever is synced
};

class Scenario {
public:
    virtual ~Scenario() = default;
    // Works until the power is gone or it has done enough; life 0 begins with nothing.
    virtual void live(const std::string& folder, int life, std::uint64_t seed) = 0;
    // `folder` holds what the disk had of the databases; the next life begins there.
    virtual Verdict look(const std::string& folder) = 0;
    [[nodiscard]] virtual std::uint64_t promised() const = 0;
};

// Batches as a hub's parts make them, from two threads.
std::unique_ptr<Scenario> store_scenario(PowerCutDisk& disk);
// Cases of a shipped item by the engine, with sealing, and the log that grows by their leaves.
std::unique_ptr<Scenario> hub_scenario(PowerCutDisk& disk);
// A connector's journal, requests, answers, deliveries and checkpoints.
std::unique_ptr<Scenario> connector_scenario(PowerCutDisk& disk);

// SQLite's own opinion of a file.
void look_at_file(const std::string& path, Verdict& verdict);

}  // namespace tongban::fault
