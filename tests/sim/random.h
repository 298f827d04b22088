// What chance decides in a run: one seeded source, so that a run is its seed.
#pragma once

#include <cstdint>

namespace tongban::sim {

class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15ULL + 1) {}

    std::uint64_t next() {  // splitmix64
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31U);
    }
    // Within [low, high].
    std::int64_t between(std::int64_t low, std::int64_t high) {
        const auto span = static_cast<std::uint64_t>(high - low) + 1;
        return low + static_cast<std::int64_t>(next() % span);
    }
    bool chance(int percent) { return between(1, 100) <= percent; }
    bool permille(int share) { return between(1, 1'000) <= share; }

private:
    std::uint64_t state_;
};

}  // namespace tongban::sim
