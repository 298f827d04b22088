// cases_sim [--runs N] [--seed S] [--talk]: N runs from seed S on. A run that breaks an invariant
// is told with its seed; `--runs 1 --seed THAT` is the same run again.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

#include "base/log.h"
#include "tests/sim/simulation.h"

namespace {

struct Options {
    std::uint64_t runs = 200;
    std::uint64_t seed = 1;
    bool talk = false;
    bool good = true;
};

Options parse(int count, char** words) {
    Options options;
    for (int i = 1; i < count; ++i) {
        const std::string_view word = words[i];
        const bool more = i + 1 < count;
        if (word == "--talk")
            options.talk = true;
        else if (word == "--runs" && more)
            options.runs = std::strtoull(words[++i], nullptr, 10);
        else if (word == "--seed" && more)
            options.seed = std::strtoull(words[++i], nullptr, 10);
        else
            options.good = false;
    }
    return options;
}

}  // namespace

int main(int count, char** words) {
    const Options options = parse(count, words);
    if (!options.good) {
        std::fprintf(stderr, "cases_sim [--runs N] [--seed S] [--talk]\n");
        return 2;
    }
    tongban::log::start(options.talk ? tongban::log::Level::info : tongban::log::Level::error,
                        "cases_sim");
    std::map<std::string, std::int64_t> seen;
    std::uint64_t failed = 0;
    std::int64_t commits = 0;
    for (std::uint64_t i = 0; i < options.runs; ++i) {
        const std::uint64_t seed = options.seed + i;
        tongban::sim::Simulation simulation(seed, options.talk);
        const tongban::sim::Report report = simulation.run();
        commits += report.commits;
        for (const auto& [what, times] : report.seen)
            seen[what] += times;
        seen["deaths"] += report.deaths;
        if (report.violations.empty()) continue;
        ++failed;
        std::printf("seed %llu:\n", static_cast<unsigned long long>(seed));
        for (const std::string& what : report.violations)
            std::printf("  %s\n", what.c_str());
    }
    for (const auto& [what, times] : seen)
        std::printf("%8lld  %s\n", static_cast<long long>(times), what.c_str());
    std::printf("%llu runs, %lld commits, %llu failed\n",
                static_cast<unsigned long long>(options.runs),
                static_cast<long long>(commits),
                static_cast<unsigned long long>(failed));
    return failed == 0 ? 0 : 1;
}
