// Sample: one exchange at every point of its way, made once by the hub's own code, so that each
// stage can be run alone on what the stage before it really made.
//
// Threads: immutable once made; safe from any thread.
#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "hub/exchange/live.h"
#include "hub/exchange/middle.h"
#include "hub/policy/policy.h"
#include "mapping/engine.h"
#include "tests/bench/people.h"

namespace tongban::bench {

struct BenchPlan {
    std::string data;
    std::string people;
    std::string configs;
    std::string root;
};

struct World {
    std::shared_ptr<const mapping::Engine> engine;
    std::shared_ptr<const policy::Policy> policy;
    connectors::Signer asker_signer;
    connectors::Signer provider_signer;
    Instant now;
};
World load_world(const BenchPlan& plan);

struct Sample {
    exchange::Request request;
    policy::Covering covering;
    std::optional<schemas::Grant> grant;
    std::optional<mapping::CanonicalRecord> question;
    std::vector<std::string> subjects;
    std::string subject_hash;
    std::string certificate;
    exchange::MiddleResult result;
};
Sample make_sample(const World& world, std::size_t person, const Person& who);
// The question for the provider, in its own words.
exchange::RoutedPart routed(const World& world,
                            const Sample& sample,
                            const std::string& exchange_id);
// The exchange just before it is written down; with an id and a request id of its own.
std::shared_ptr<exchange::Live> make_live(const World& world,
                                          const Sample& sample,
                                          const std::string& request_id);

template <typename Value>
Value must(Result<Value> result) {
    if (!result) throw std::runtime_error(result.fault().where + ": " + result.fault().reason);
    return *std::move(result);
}
template <typename Value>
Value must(mapping::Checked<Value> checked) {
    if (checked.ok()) return *std::move(checked.value);
    std::string codes;
    for (const schemas::Finding& finding : checked.findings)
        codes += " " + finding.code;
    throw std::runtime_error("a record of the benchmark is not clean:" + codes);
}

}  // namespace tongban::bench
