// PowerCutDisk: a file system under SQLite that can lose its power.
//
// It stands between SQLite and the real files. What was synced is durable; every write since is
// kept aside, in sectors of 512 bytes. At a power cut the disk stops listening: of the writes kept
// aside each sector survives or not, and a late one may lie under an earlier one, drawn from a
// seed; a file that was made or removed without a sync of its folder may or may not be there.
// SQLite's assumption that a write leaves the rest of its sector alone (powersafe overwrite) is
// honoured, nothing more.
//
// The real files go on working after the cut, so that the program under test can be stopped in the
// ordinary way; what the disk would hold is written elsewhere by leave().
//
// Threads: safe from any thread; one disk a process.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace tongban::fault {

class PowerCutDisk {
public:
    // Becomes SQLite's default file system, for as long as the process lives.
    static PowerCutDisk& install();

    // What stands in the real files is durable; the power goes before write, sync or removal number
    // `cut_at` (1 is the next).
    void begin(std::uint64_t seed, std::uint64_t cut_at);
    void cut();  // now, if it has not gone yet
    [[nodiscard]] bool is_cut() const;
    [[nodiscard]] std::uint64_t operations() const;  // since begin()
    // Writes what survived of the files in folder `from` into folder `to`.
    void leave(const std::string& from, const std::string& to);

    struct State;

private:
    PowerCutDisk();
    std::unique_ptr<State> state_;
};

}  // namespace tongban::fault
