// RuntimeBench: a connector's runtime between a fake hub and a fake office.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/files.h"
#include "base/time.h"
#include "connectors/runtime/connector_runtime.h"
#include "tests/support/fake_hub.h"
#include "tests/support/fake_office.h"

namespace tongban::support {

struct RuntimeBench {
    TestAuthority authority;
    PrivateKey hub_key = authority.issue("hub", "hub.test", "hub");
    PrivateKey tls = authority.issue("member", "610100.tax", "connector");
    PrivateKey signing = authority.issue("signing", "610100.tax", "signing");
    FakeLog log{"log.test"};
    FakeHub hub{authority, log};
    SystemClock clock;
    std::shared_ptr<FakeOffice> office = std::make_shared<FakeOffice>();
    std::shared_ptr<FakeReceiver> receiver = std::make_shared<FakeReceiver>();
    connectors::ConnectorConfig config;

    RuntimeBench() {
        config.member = "610100.tax";
        config.data = authority.folder / "data";
        config.hub.id = "hub.test";
        config.hub.host = "127.0.0.1";
        config.hub.rpc_port = hub.rpc_port();
        config.hub.lease_port = hub.lease_port();
        config.hub.ca = authority.folder / "ca.pem";
        config.hub.certificate = authority.folder / "member.pem";
        config.hub.key = authority.folder / "member.key";
        config.hub.log_vkey = log.vkey();
        config.signing_key = authority.folder / "signing.key";
        config.operations["tax"] = {office, 5000, ""};
        config.delivery = connectors::DeliveryConfig{receiver, 5000};
    }

    [[nodiscard]] std::string data() const { return config.data; }

    std::unique_ptr<connectors::ConnectorRuntime> start() {
        auto runtime = std::make_unique<connectors::ConnectorRuntime>(config, clock);
        auto started = runtime->start();
        if (!started)
            throw std::runtime_error(started.fault().where + ": " + started.fault().reason);
        return runtime;
    }

    [[nodiscard]] wire::Job ask(const std::string& id) const {
        wire::Job job;
        job.kind = wire::JobKind::ask;
        job.exchange_id = "EX1";
        job.job_id = id;
        job.hub = "hub.test";
        job.operation = "tax";
        job.body = "the question";
        job.schema = "610100.tax/q@1";
        job.deadline_ms = clock.now().ms + 60'000;
        job.message_no = "00000000000000000042";
        job.placement = wire::Placement::hub;
        return job;
    }
    [[nodiscard]] wire::Job deliver(const std::string& id, const std::string& document) const {
        wire::Job job = ask(id);
        job.kind = wire::JobKind::deliver;
        job.body = document;
        return job;
    }

    [[nodiscard]] std::vector<wire::Completion> completions() {
        return hub.with([](auto& state) { return state.completions; });
    }
    [[nodiscard]] std::vector<wire::DeliveryReport> deliveries() {
        return hub.with([](auto& state) { return state.deliveries; });
    }
    [[nodiscard]] int cosignatures() {
        return hub.with([](auto& state) { return static_cast<int>(state.cosignatures.size()); });
    }

    template <typename Condition>
    [[nodiscard]] static bool eventually(Condition&& condition) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!condition()) {
            if (std::chrono::steady_clock::now() > end) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        return true;
    }

    // Some file of the connector's data folder holds these bytes.
    [[nodiscard]] bool at_rest(const std::string& bytes) const {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(config.data)) {
            if (!entry.is_regular_file()) continue;
            auto content = read_file(entry.path().string());
            if (content && content->find(bytes) != std::string::npos) return true;
        }
        return false;
    }
};

}  // namespace tongban::support
