// The limits of this machine, measured in the same run, with the same libraries and nothing of the
// hub but its wrappers.
#include <chrono>
#include <stdexcept>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/sqlite.h"
#include "tests/bench/stages.h"

namespace tongban::bench {

namespace {

using Steady = std::chrono::steady_clock;

double us_since(Steady::time_point start) {
    return std::chrono::duration<double, std::micro>(Steady::now() - start).count();
}

// Overwrites a preallocated 4 KB and makes it durable; the wall time of that, median.
double fdatasync_us(const std::string& path) {
    const int file = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (file < 0) throw std::runtime_error("no file to sync");
    const std::string block(4096, 'x');
    std::vector<double> took;
    bool fine = ::pwrite(file, block.data(), block.size(), 0) == 4096 && ::fsync(file) == 0;
    for (int i = 0; i < 300 && fine; ++i) {
        const Steady::time_point start = Steady::now();
        fine = ::pwrite(file, block.data(), block.size(), 0) == 4096 && ::fdatasync(file) == 0;
        took.push_back(us_since(start));
    }
    ::close(file);
    if (!fine) throw std::runtime_error("the disk does not sync");
    return median(took);
}

// Rows of 3,000 bytes, `group` to a commit, synchronous=FULL: CPU and wall time of one row.
std::pair<double, double> sqlite_row_us(const std::string& path, int group) {
    auto database = must(Sqlite::open(path, SqliteMode::write));
    must(
        database->execute("PRAGMA synchronous=FULL; CREATE TABLE IF NOT EXISTS row(seq INTEGER "
                          "PRIMARY KEY, body BLOB)"));
    const std::string body(3000, 'x');
    const int commits = group == 1 ? 400 : 40;
    const double cpu = process_cpu_us();
    const Steady::time_point start = Steady::now();
    for (int i = 0; i < commits; ++i) {
        must(database->execute("BEGIN IMMEDIATE"));
        for (int j = 0; j < group; ++j) {
            auto insert = must(database->prepare("INSERT INTO row(body) VALUES(?1)"));
            must(insert.bind_blob(1, body).run());
        }
        must(database->execute("COMMIT"));
    }
    const double rows = static_cast<double>(commits) * group;
    return {(process_cpu_us() - cpu) / rows, us_since(start) / rows};
}

}  // namespace

Figures physical_limits(const std::string& folder) {
    const std::string message(3200, 'm');
    const PrivateKey key = PrivateKey::generate(Suite::es256);
    const std::string signature = key.sign(message);
    Figures us;
    us["es256_sign"] = cpu_us_of([&](std::size_t) { return key.sign(message); });
    us["es256_verify"] = cpu_us_of([&](std::size_t) {
        if (!key.public_key().verify(message, signature))
            throw std::runtime_error("a signature does not verify");
    });
    us["sha256_3200"] = cpu_us_of([&](std::size_t) { return sha256(message); });
    us["fdatasync_wall"] = fdatasync_us(folder + "/sync.bin");
    const auto [single_cpu, single_wall] = sqlite_row_us(folder + "/limit.db", 1);
    us["sqlite_single_cpu"] = single_cpu;
    us["sqlite_single_wall"] = single_wall;
    us["sqlite_group10_cpu"] = sqlite_row_us(folder + "/limit.db", 10).first;
    us["sqlite_group100_cpu"] = sqlite_row_us(folder + "/limit.db", 100).first;
    return us;
}

}  // namespace tongban::bench
