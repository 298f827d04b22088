// Setup: what a connector works by at one moment: its configuration and, where that names an
// engine, the middle. A reload swaps the whole of it; whoever began under the old one ends under
// it.
//
// Threads: a Setup is immutable; CurrentSetup is safe from any thread.
// Faults:  none.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "connectors/runtime/connector_config.h"
#include "connectors/runtime/provider_middle.h"

namespace tongban::connectors {

struct Setup {
    ConnectorConfig config;
    std::unique_ptr<const ProviderMiddle> middle;  // placement provider, where it is configured
};

class CurrentSetup {
public:
    explicit CurrentSetup(std::shared_ptr<const Setup> first);
    [[nodiscard]] std::shared_ptr<const Setup> get() const;
    void swap(std::shared_ptr<const Setup> next);
    // The program ends: whoever waits for the office, under this setup or an earlier one, gives up.
    void stop_asking() const;

private:
    struct Kept {
        std::shared_ptr<const Setup> now;
        std::vector<std::weak_ptr<const Setup>> before;  // perhaps still worked by
    };
    mutable Guarded<Kept> kept_;
};

// The keys that stand while the program runs and differ between the two: who we are, where the hub
// is, our keys and folders, the number of lanes, the local endpoint.
[[nodiscard]] std::vector<std::string> changed_for_good(const ConnectorConfig& now,
                                                        const ConnectorConfig& next);

}  // namespace tongban::connectors
