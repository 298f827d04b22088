#include "connectors/sandbox/random.h"

#include <numeric>

namespace tongban::sandbox {

namespace {

std::uint64_t mix(std::uint64_t z) {
    z += 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
}

}  // namespace

Random::Random(std::uint64_t seed, std::uint64_t index) : state_(mix(seed ^ mix(index))) {}

Random Random::branch(std::string_view name) const {
    std::uint64_t state = state_;
    for (const char c : name)
        state = mix(state ^ static_cast<unsigned char>(c));
    return Random(state);
}

std::uint64_t Random::next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
}

std::int64_t Random::between(std::int64_t low, std::int64_t high) {
    const auto span = static_cast<std::uint64_t>(high - low) + 1;
    return low + static_cast<std::int64_t>(next() % span);
}

std::size_t Random::weighted(const std::vector<int>& weights) {
    std::int64_t at = between(1, std::accumulate(weights.begin(), weights.end(), std::int64_t{0}));
    for (std::size_t i = 0; i < weights.size(); ++i) {
        at -= weights[i];
        if (at <= 0) return i;
    }
    return weights.size() - 1;
}

}  // namespace tongban::sandbox
