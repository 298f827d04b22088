// Random: a stream of numbers that depends on nothing but its seed, so that any generated case can
// be made again alone.
//
// SplitMix64. The stream of case `index` of a population starts at splitmix(seed ^
// splitmix(index)); a named branch of it (a person, a ledger) starts at its own place, so that a
// change in one part of the generator leaves the others alone.
//
// Of two draws in one expression compilers choose the order: every draw has a statement of its own.
//
// Threads: one thread a stream; streams are values.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace tongban::sandbox {

class Random {
public:
    Random(std::uint64_t seed, std::uint64_t index);
    [[nodiscard]] Random branch(std::string_view name) const;

    std::uint64_t next();
    std::int64_t between(std::int64_t low, std::int64_t high);  // both included
    bool one_in(std::int64_t n) { return between(1, n) == 1; }
    template <typename T>
    const T& pick(const std::vector<T>& from) {
        return from[static_cast<std::size_t>(
            between(0, static_cast<std::int64_t>(from.size()) - 1))];
    }
    std::size_t weighted(const std::vector<int>& weights);  // an index

private:
    explicit Random(std::uint64_t state) : state_(state) {}
    std::uint64_t state_;
};

}  // namespace tongban::sandbox
