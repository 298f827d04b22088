#include "connectors/runtime/setup.h"

#include <utility>

namespace tongban::connectors {

CurrentSetup::CurrentSetup(std::shared_ptr<const Setup> first)
    : kept_(Kept{std::move(first), {}}) {}

std::shared_ptr<const Setup> CurrentSetup::get() const {
    return kept_.lock()->now;
}

void CurrentSetup::swap(std::shared_ptr<const Setup> next) {
    auto kept = kept_.lock();
    std::erase_if(kept->before, [](const auto& earlier) { return earlier.expired(); });
    kept->before.emplace_back(std::exchange(kept->now, std::move(next)));
}

void CurrentSetup::stop_asking() const {
    std::vector<std::shared_ptr<const Setup>> all;
    {
        auto kept = kept_.lock();
        all.push_back(kept->now);
        for (const auto& earlier : kept->before)
            if (auto still = earlier.lock()) all.push_back(std::move(still));
    }
    for (const auto& setup : all) {
        for (const auto& [name, operation] : setup->config.operations)
            operation.connector->stop();
        if (setup->config.delivery) setup->config.delivery->deliverer->stop();
    }
}

std::vector<std::string> changed_for_good(const ConnectorConfig& now, const ConnectorConfig& next) {
    std::vector<std::string> changed;
    const auto compare = [&changed](const char* key, bool same) {
        if (!same) changed.emplace_back(key);
    };
    compare("member", now.member == next.member);
    compare("data", now.data == next.data);
    compare("hub", now.hub == next.hub);
    compare("signing_key", now.signing_key == next.signing_key);
    compare("witness_key", now.witness_key == next.witness_key);
    compare("lanes", now.lanes == next.lanes);
    compare("lease_jobs", now.lease_jobs == next.lease_jobs);
    compare("requests", now.requests.has_value() == next.requests.has_value());
    if (!now.requests || !next.requests) return changed;
    compare("requests.port", now.requests->port == next.requests->port);
    compare("requests.port_file", now.requests->port_file == next.requests->port_file);
    compare("requests.drop_in", now.requests->drop_in == next.requests->drop_in);
    compare("requests.drop_out", now.requests->drop_out == next.requests->drop_out);
    compare("requests.max_body", now.requests->max_body == next.requests->max_body);
    return changed;
}

}  // namespace tongban::connectors
