#include "hub/app/hub.h"

#include <filesystem>
#include <utility>

#include "base/files.h"
#include "base/log.h"
#include "base/text.h"
#include "hub/api/hub_server.h"
#include "hub/audit/log.h"
#include "hub/audit/sealing.h"
#include "hub/audit/trail.h"
#include "hub/exchange/exchange.h"
#include "hub/policy/policy.h"
#include "hub/store/sqlite/sqlite_store.h"
#include "mapping/engine.h"

namespace tongban::app {

namespace {

std::string below(const std::string& data, const std::string& path) {
    return path.starts_with('/') ? path : data + "/" + path;
}

api::HubConfig placed(const HubPlan& plan) {
    auto config = api::HubConfig::load(plan.config);
    for (auto* path : {&config.database,
                       &config.sealing_key,
                       &config.pki,
                       &config.tls.certificate,
                       &config.tls.key,
                       &config.tls.authority,
                       &config.tls.revocations,
                       &config.log.key,
                       &config.log.high_water})
        *path = below(plan.data, *path);
    if (plan.rpc_port >= 0) config.rpc.port = plan.rpc_port;
    if (plan.lease_port >= 0) config.lease.port = plan.lease_port;
    return config;
}

}  // namespace

struct Hub::Parts {
    explicit Parts(HubPlan given)
        : plan(std::move(given)),
          config(placed(plan)),
          engine(mapping::load_engine(plan.root)),
          policy(policy::Policy::load(sources(), *engine.get()->catalogue)),
          revocations(config.tls.authority, config.tls.revocations) {}

    [[nodiscard]] policy::PolicySources sources() const { return {plan.configs, config.pki}; }

    // A member that was issued a witness key with its certificates is a witness of the log.
    void add_member_witnesses() {
        for (const auto& member : policy.get()->member_ids()) {
            if (auto vkey = read_file(config.pki + "/" + member + "/witness.vkey"))
                config.log.witnesses.push_back(trim(*vkey));
        }
    }

    Result<Done> open_proof() {
        if (auto made = make_folders(std::filesystem::path(config.database).parent_path().string(),
                                     Access::owner_only);
            !made)
            return made;
        auto opened = store::open_sqlite(config.database, {.queue = config.store_queue});
        if (!opened) return std::move(opened).fault();
        store = *std::move(opened);
        if (!std::filesystem::exists(config.sealing_key)) {
            if (auto made = audit::Sealing::make_key_file(config.sealing_key); !made) return made;
        }
        auto sealed = audit::Sealing::open(*store, clock, config.sealing_key);
        if (!sealed) return std::move(sealed).fault();
        sealing = *std::move(sealed);
        auto key = PrivateKey::from_file(config.log.key);
        if (!key) return std::move(key).fault();
        add_member_witnesses();
        audit::LogOptions options;
        options.origin = config.hub + "/log";
        options.high_water_path = config.log.high_water;
        options.witness_vkeys = config.log.witnesses;
        options.witnesses_needed = config.log.witnesses_needed;
        options.gather = config.log.gather;
        options.gather_for = config.log.gather_for;
        auto grown = audit::Log::open(*store, *std::move(key), clock, std::move(options));
        if (!grown) return std::move(grown).fault();
        log = *std::move(grown);
        trail = std::make_unique<audit::Trail>(*store, *log, clock, config.hub);
        return Done{};
    }

    Result<Done> write_config_leaf() {
        auto versions = engine.get()->versions();
        const auto snapshot = policy.get();
        versions.insert(snapshot->versions().begin(), snapshot->versions().end());
        return trail->config(versions);
    }

    // In the order of their dependence; destroyed in reverse.
    const HubPlan plan;
    const SystemClock clock;
    Metrics metrics;
    api::HubConfig config;
    exchange::CurrentEngine engine;
    policy::CurrentPolicy policy;
    policy::Revocations revocations;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<audit::Sealing> sealing;
    std::unique_ptr<audit::Log> log;
    std::unique_ptr<audit::Trail> trail;
    std::unique_ptr<exchange::Exchanges> exchanges;
    std::unique_ptr<api::HubServer> server;
};

Hub::Hub(HubPlan plan) : parts_(std::make_unique<Parts>(std::move(plan))) {}

Hub::~Hub() {
    stop();
}

Result<Done> Hub::start() {
    auto& parts = *parts_;
    if (auto opened = parts.open_proof(); !opened) return opened;
    if (auto written = parts.write_config_leaf(); !written) return written;
    parts.exchanges =
        std::make_unique<exchange::Exchanges>(exchange::ExchangeLinks{*parts.store,
                                                                      *parts.trail,
                                                                      *parts.sealing,
                                                                      parts.policy,
                                                                      parts.engine,
                                                                      parts.revocations,
                                                                      parts.clock,
                                                                      parts.metrics},
                                              parts.config.exchange);
    if (auto resumed = parts.exchanges->resume(); !resumed) return resumed;
    parts.server = std::make_unique<api::HubServer>(
        parts.config,
        api::GatewayLinks{*parts.exchanges, *parts.trail, *parts.log, parts.revocations});
    return parts.server->start();
}

void Hub::reload() {
    auto& parts = *parts_;
    try {
        auto next = mapping::load_engine(parts.plan.root);
        // The new policy must fit the new schemas; only then do both come into force.
        if (auto done = parts.policy.reload(parts.sources(), *next->catalogue); !done) {
            log::error("reload refused", {{"reason", done.fault().reason}});
            return;
        }
        parts.engine.swap(std::move(next));
    } catch (const ConfigError& error) {
        log::error("reload refused", {{"reason", error.what()}});
        return;
    }
    if (auto written = parts.write_config_leaf(); !written)
        log::error("config leaf", {{"reason", written.fault().reason}});
    log::info("reloaded");
}

void Hub::stop() {
    auto& parts = *parts_;
    if (parts.exchanges) parts.exchanges->stop();
    if (parts.server) parts.server->stop();
    parts.server.reset();
    parts.exchanges.reset();
    parts.trail.reset();
    parts.log.reset();
    parts.sealing.reset();
    parts.store.reset();
}

int Hub::rpc_port() const {
    return parts_->server ? parts_->server->rpc_port() : 0;
}
int Hub::lease_port() const {
    return parts_->server ? parts_->server->lease_port() : 0;
}

}  // namespace tongban::app
