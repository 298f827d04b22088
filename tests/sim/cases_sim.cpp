// cases_sim [--runs N] [--seed S] [--demand] [--twice] [--talk]: N runs from seed S on. A run that
// breaks an invariant is told with its seed; `--runs 1 --seed THAT` is the same run again. What
// happened is counted at the end; with --demand it is an error when a fault that is simulated never
// occurred, with --twice when a seed, run again, commits anything else.
#include <array>
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
    bool demand = false;
    bool twice = false;
    bool good = true;
};

Options parse(int count, char** words) {
    Options options;
    for (int i = 1; i < count; ++i) {
        const std::string_view word = words[i];
        const bool more = i + 1 < count;
        if (word == "--talk")
            options.talk = true;
        else if (word == "--twice")
            options.twice = true;
        else if (word == "--demand")
            options.demand = true;
        else if (word == "--runs" && more)
            options.runs = std::strtoull(words[++i], nullptr, 10);
        else if (word == "--seed" && more)
            options.seed = std::strtoull(words[++i], nullptr, 10);
        else
            options.good = false;
    }
    return options;
}

// Every fault that a run may meet, and what a case may come to; each must be seen.
constexpr std::array demanded{"calendar: published",
                              "clock: wrong at a start",
                              "clock: back",
                              "clock: forward",
                              "died at cases.after_call",
                              "died at cases.after_commit",
                              "died at cases.before_call",
                              "died at cases.before_commit",
                              "died at cases.remembered",
                              "died at store.after",
                              "died at store.before",
                              "hub: died",
                              "hub: fenced",
                              "hub: zombie",
                              "incident call.in_doubt",
                              "incident call.refused",
                              "incident deadline.breach",
                              "incident deadline.breach again",
                              "item: a second version to its end",
                              "item: housing-fund/remote-loan",
                              "item: published",
                              "item: real-estate/joint-sale",
                              "item: the first version to its end beside the second",
                              "case: cancelled and undone",
                              "joint: confirmed",
                              "network: answer untold",
                              "network: doubled",
                              "network: lost",
                              "network: nobody took the job",
                              "network: overtaken",
                              "network: slow",
                              "office: closed for hours or days",
                              "office: office.refuses",
                              "office: the same key again",
                              "sale: entered",
                              "sale: not entered",
                              "store: busy",
                              "store: commit lost",
                              "store: commit untold",
                              "store: read refused",
                              "task: passed on"};

int missing(const std::map<std::string, std::int64_t>& seen) {
    int never = 0;
    for (const char* what : demanded) {
        if (seen.contains(what)) continue;
        std::printf("never occurred: %s\n", what);
        ++never;
    }
    return never;
}

}  // namespace

int main(int count, char** words) {
    const Options options = parse(count, words);
    if (!options.good) {
        std::fprintf(stderr, "cases_sim [--runs N] [--seed S] [--demand] [--twice] [--talk]\n");
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
        tongban::sim::Report report = simulation.run();
        if (options.twice && tongban::sim::Simulation(seed).run().digest != report.digest)
            report.violations.emplace_back("the same seed gave another run");
        commits += report.commits;
        for (const auto& [what, times] : report.seen)
            seen[what] += times;
        seen["hub: died"] += report.deaths;
        if (report.violations.empty()) continue;
        ++failed;
        std::printf("seed %llu:\n", static_cast<unsigned long long>(seed));
        for (const std::string& what : report.violations)
            std::printf("  %s\n", what.c_str());
    }
    for (const auto& [what, times] : seen)
        std::printf("%8lld  %s\n", static_cast<long long>(times), what.c_str());
    std::printf("seeds %llu to %llu: %lld commits, %llu failed\n",
                static_cast<unsigned long long>(options.seed),
                static_cast<unsigned long long>(options.seed + options.runs - 1),
                static_cast<long long>(commits),
                static_cast<unsigned long long>(failed));
    const int never = options.demand ? missing(seen) : 0;
    return failed == 0 && never == 0 ? 0 : 1;
}
