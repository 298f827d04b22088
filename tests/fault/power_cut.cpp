// What the hub and its connectors keep, on a disk that loses its power (power_cut_vfs.h), seed by
// seed: what was acknowledged before the cut must be there after it, whole, and the database sound.
//
//   power_cut --scenario hub --sync full --seeds 50     every acknowledged commit survives
//   power_cut --scenario hub --sync normal --seeds 50   exit code 0 when one was lost: the test
//                                                       can fail
#include "tests/fault/power_cut.h"

#include <cstdio>
#include <random>

#include <CLI/CLI.hpp>
#include <sqlite3.h>

#include "base/sqlite.h"
#include "tests/support/temporary_folder.h"

namespace tongban::fault {

void look_at_file(const std::string& path, Verdict& verdict) {
    const auto database = Sqlite::open(path, SqliteMode::write);
    auto row = database ? (*database)->prepare("PRAGMA integrity_check")
                        : Result<SqliteStatement>(database.fault());
    const auto found = row ? row->step() : Result<bool>(row.fault());
    if (!found || !*found || row->text(0) != "ok") verdict.broken.emplace_back("integrity_check");
}

namespace {

int ignore_synchronous(void* /*context*/,
                       int action,
                       const char* name,
                       const char* /*value*/,
                       const char* /*database*/,
                       const char* /*trigger*/) {
    return action == SQLITE_PRAGMA && std::string_view(name) == "synchronous" ? SQLITE_IGNORE
                                                                              : SQLITE_OK;
}

// Every connection that opens from now on stays at synchronous=NORMAL, whatever it asks for.
int weaken(sqlite3* database, const char** /*error*/, const sqlite3_api_routines* /*routines*/) {
    const int code = sqlite3_exec(database, "PRAGMA synchronous=NORMAL", nullptr, nullptr, nullptr);
    return code == SQLITE_OK ? sqlite3_set_authorizer(database, ignore_synchronous, nullptr) : code;
}

std::unique_ptr<Scenario> scenario_named(const std::string& name, PowerCutDisk& disk) {
    if (name == "hub") return hub_scenario(disk);
    return name == "connector" ? connector_scenario(disk) : store_scenario(disk);
}

struct Totals {
    std::uint64_t cuts = 0;
    std::uint64_t acknowledged = 0;
    std::uint64_t lost = 0;
    std::uint64_t broken = 0;
};

// One seed: three lives, each ended by a cut.
void run_seed(const std::string& name, PowerCutDisk& disk, std::uint64_t seed, Totals& totals) {
    std::mt19937_64 dice(seed);
    const auto scenario = scenario_named(name, disk);
    std::vector<std::unique_ptr<support::TemporaryFolder>> folders;
    folders.push_back(std::make_unique<support::TemporaryFolder>());
    for (int life = 0; life < 3; ++life) {
        const std::string from = folders.back()->path();
        disk.begin(dice(), 1 + dice() % (life == 0 ? 6000 : 2000));
        scenario->live(from, life, dice());
        disk.cut();
        folders.push_back(std::make_unique<support::TemporaryFolder>());
        disk.leave(from, folders.back()->path());
        ++totals.cuts;
        disk.begin(0, 0);  // the power is back; nobody counts while we look
        const Verdict verdict = scenario->look(folders.back()->path());
        totals.lost += verdict.lost;
        totals.broken += verdict.broken.size();
        for (const std::string& what : verdict.broken)
            std::fprintf(stderr,
                         "seed %llu, life %d: %s\n",
                         static_cast<unsigned long long>(seed),
                         life,
                         what.c_str());
        if (verdict.lost > 0 || !verdict.broken.empty()) break;
    }
    totals.acknowledged += scenario->promised();
}

}  // namespace
}  // namespace tongban::fault

int main(int argc, char** argv) {
    CLI::App app{"Hub and connector on a disk that loses its power"};
    std::string scenario = "store";
    std::string sync = "full";
    std::uint64_t seeds = 10;
    std::uint64_t first = 1;
    app.add_option("--scenario", scenario)->check(CLI::IsMember({"store", "hub", "connector"}));
    app.add_option("--sync", sync)->check(CLI::IsMember({"full", "normal"}));
    app.add_option("--seeds", seeds);
    app.add_option("--first", first, "seed to begin with");
    CLI11_PARSE(app, argc, argv);
    using namespace tongban::fault;
    PowerCutDisk& disk = PowerCutDisk::install();
    const bool full = sync == "full";
    if (!full) {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): SQLite's own signature
        sqlite3_auto_extension(reinterpret_cast<void (*)()>(weaken));
    }
    Totals totals;
    std::uint64_t seed = first;
    for (; seed < first + seeds; ++seed) {
        const std::uint64_t lost = totals.lost;
        run_seed(scenario, disk, seed, totals);
        if (full && totals.lost > lost)
            std::fprintf(stderr,
                         "seed %llu: lost %llu\n",
                         static_cast<unsigned long long>(seed),
                         static_cast<unsigned long long>(totals.lost - lost));
        if (!full && totals.lost > 0) break;
    }
    std::printf("%s, synchronous=%s: %llu cuts, %llu acknowledged, %llu lost, %llu broken\n",
                scenario.c_str(),
                sync.c_str(),
                static_cast<unsigned long long>(totals.cuts),
                static_cast<unsigned long long>(totals.acknowledged),
                static_cast<unsigned long long>(totals.lost),
                static_cast<unsigned long long>(totals.broken));
    if (totals.broken > 0) return 1;
    return full == (totals.lost == 0) ? 0 : 1;
}
