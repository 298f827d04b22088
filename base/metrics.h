// Metrics: counters and histograms of this process, rendered in the Prometheus text form.
//
// Names are ours (tongban_...), labels come from small fixed sets (member, resource, stage,
// outcome): never from input, so that the number of series is bounded and nothing personal stands
// in them.
//
// Threads: safe from any thread; a Counter or Histogram that was looked up stays valid as long as
// its Metrics. Faults:  none.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/guarded.h"

namespace tongban {

using Labels = std::vector<std::pair<std::string, std::string>>;

class Counter {
public:
    void add(std::uint64_t count = 1) { value_.fetch_add(count, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

// Durations in microseconds, rendered as seconds.
class Histogram {
public:
    static constexpr std::array<std::uint64_t, 16> bounds_us = {50,
                                                                100,
                                                                250,
                                                                500,
                                                                1'000,
                                                                2'500,
                                                                5'000,
                                                                10'000,
                                                                25'000,
                                                                50'000,
                                                                100'000,
                                                                250'000,
                                                                500'000,
                                                                1'000'000,
                                                                5'000'000,
                                                                30'000'000};

    void observe_us(std::uint64_t us);
    [[nodiscard]] std::uint64_t count() const;

private:
    friend class Metrics;
    std::array<std::atomic<std::uint64_t>, bounds_us.size() + 1> buckets_{};
    std::atomic<std::uint64_t> sum_us_{0};
};

class Metrics {
public:
    // The same name and labels give the same series. `help` is kept from the first call for a name.
    Counter& counter(std::string_view name, std::string_view help, const Labels& labels = {});
    Histogram& histogram(std::string_view name, std::string_view help, const Labels& labels = {});
    [[nodiscard]] std::string render();

private:
    template <typename Series>
    struct Family {
        std::string help;
        std::map<std::string, std::unique_ptr<Series>> series;  // by rendered labels
    };
    struct Families {
        std::map<std::string, Family<Counter>> counters;
        std::map<std::string, Family<Histogram>> histograms;
    };
    Guarded<Families> families_;
};

}  // namespace tongban
