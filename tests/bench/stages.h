// Stages: what each part of an exchange costs in one process, in microseconds of CPU.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include <ctime>

#include "tests/bench/sample.h"

namespace tongban::bench {

using Figures = std::map<std::string, double>;

inline double process_cpu_us() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

inline double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

// CPU of one call of `work(i)`, median of the trials.
template <typename Work>
double cpu_us_of(Work&& work) {
    constexpr int trials = 7;
    constexpr double trial_us = 60'000;
    std::size_t i = 0;
    std::vector<double> costs;
    for (int trial = 0; trial <= trials; ++trial) {
        const double start = process_cpu_us();
        double spent = 0;
        std::size_t calls = 0;
        while (spent < trial_us) {
            work(i++);
            ++calls;
            spent = process_cpu_us() - start;
        }
        if (trial > 0)
            costs.push_back(spent / static_cast<double>(calls));  // the first one warms up
    }
    return median(costs);
}

Figures engine_stages(const World& world, const std::vector<Sample>& samples);
Figures proof_stages(const World& world,
                     const std::vector<Sample>& samples,
                     const std::string& folder);
Figures physical_limits(const std::string& folder);

}  // namespace tongban::bench
