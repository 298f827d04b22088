// Clocks of a benchmark of one process.
#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>

#include <ctime>
#include <unistd.h>

namespace tongban::bench {

using Steady = std::chrono::steady_clock;

inline double seconds_since(Steady::time_point from) {
    return std::chrono::duration<double>(Steady::now() - from).count();
}

inline double cpu_seconds() {
    struct timespec spent{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) * 1e-9;
}

// CPU so far of the threads that live, by name; to a hundredth of a second.
inline std::map<std::string, double> cpu_by_thread() {
    std::map<std::string, double> spent;
    const double ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
        std::ifstream file(task.path() / "stat");
        const std::string text((std::istreambuf_iterator<char>(file)),
                               std::istreambuf_iterator<char>());
        const std::size_t open = text.find('(');
        const std::size_t close = text.rfind(')');
        if (open == std::string::npos || close == std::string::npos) continue;
        std::istringstream rest(text.substr(close + 2));
        std::string skipped;
        for (int i = 0; i < 11; ++i)
            rest >> skipped;
        double user = 0;
        double system = 0;
        rest >> user >> system;
        spent[text.substr(open + 1, close - open - 1)] += (user + system) / ticks;
    }
    return spent;
}

}  // namespace tongban::bench
