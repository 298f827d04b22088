#include "hub/app/hub.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/files.h"
#include "base/guarded.h"
#include "base/log.h"
#include "base/text.h"
#include "hub/api/hub_server.h"
#include "hub/api/status_door.h"
#include "hub/app/case_parts.h"
#include "hub/app/in_force.h"
#include "hub/app/published_items.h"
#include "hub/app/serve.h"
#include "hub/audit/log.h"
#include "hub/audit/sealing.h"
#include "hub/audit/trail.h"
#include "hub/exchange/exchange.h"
#include "hub/policy/policy.h"
#include "hub/store/sqlite/sqlite_store.h"
#include "schemas/identifiers.h"

namespace tongban::app {

namespace {

api::HubConfig placed(const HubPlan& plan) {
    api::HubConfig config = api::HubConfig::load(plan.config).below(plan.data);
    if (plan.rpc_port >= 0) config.rpc.port = plan.rpc_port;
    if (plan.lease_port >= 0) config.lease.port = plan.lease_port;
    if (plan.status_port >= 0) config.status.port = plan.status_port;
    if (!plan.case_clock.empty()) config.cases.clock = plan.case_clock;
    return config;
}

}  // namespace

struct Hub::Parts {
    explicit Parts(HubPlan given)
        : plan(std::move(given)),
          config(placed(plan)),
          in_force(InForce::load(sources())),
          engine(in_force.engine),
          policy(in_force.policy),
          revocations(config.tls.authority, config.tls.revocations) {}

    [[nodiscard]] InForceSources sources() const { return {plan.root, plan.configs, config.pki}; }

    // The configured ones, and every member that was issued a witness key with its certificates.
    [[nodiscard]] std::vector<std::string> witnesses(const policy::Policy& members) const {
        std::vector<std::string> vkeys = config.log.witnesses;
        for (const auto& member : members.member_ids()) {
            const auto vkey = read_file(config.pki + "/" + member + "/witness.vkey");
            if (vkey && std::find(vkeys.begin(), vkeys.end(), trim(*vkey)) == vkeys.end())
                vkeys.push_back(trim(*vkey));
        }
        return vkeys;
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
        audit::LogOptions options;
        options.origin = config.hub + "/log";
        options.high_water_path = config.log.high_water;
        options.witness_vkeys = witnesses(*in_force.policy);
        options.witnesses_needed = config.log.witnesses_needed;
        options.gather = config.log.gather;
        options.gather_for = config.log.gather_for;
        auto grown = audit::Log::open(*store, *std::move(key), clock, std::move(options));
        if (!grown) return std::move(grown).fault();
        log = *std::move(grown);
        trail = std::make_unique<audit::Trail>(*store, *log, clock, config.hub);
        return Done{};
    }

    void open_exchanges() {
        exchanges = std::make_unique<exchange::Exchanges>(
            exchange::ExchangeLinks{
                *store, *trail, *sealing, policy, engine, revocations, clock, metrics},
            config.exchange);
        cases = std::make_unique<CaseParts>(
            CaseLinks{*store, *sealing, *trail, *exchanges}, in_force, config.cases);
        exchanges->take_in_by(cases->intake());
        // Witnesses sign with their own time, and sign what is new.
        log->on_cosigned([this](std::string_view witness, Instant time) {
            cases->cases().heard_time(witness, time);
        });
        cases->cases().on_clock_doubted([this] {
            const auto versions = *versions_in_force.lock();  // a reload may be under way
            if (auto written = trail->restate_config(versions); !written)
                log::error("config leaf", {{"reason", written.fault().reason}});
        });
    }

    // What Prometheus scrapes: the counters of the exchanges, and where the log stands.
    [[nodiscard]] std::string metrics_text() {
        const auto gauge = [](const std::string& name, const std::string& help, std::uint64_t is) {
            return "# HELP " + name + " " + help + "\n# TYPE " + name + " gauge\n" + name + " " +
                   std::to_string(is) + "\n";
        };
        return metrics.render() +
               gauge("tongban_log_size", "Leaves under a signed checkpoint.", log->head().size) +
               gauge(
                   "tongban_ready", "1: new requests are taken.", why_not_ready().empty() ? 1 : 0);
    }
    [[nodiscard]] std::vector<std::string> why_not_ready() const {
        std::vector<std::string> why;
        if (stopping) why.emplace_back("stopping");
        if (log->frozen()) why.emplace_back("log.frozen");
        return why;
    }

    Result<Done> write_config_leaf() {
        auto versions = in_force.versions();
        *versions_in_force.lock() = versions;
        return trail->config(versions);
    }

    // In the order of their dependence; destroyed in reverse.
    const HubPlan plan;
    const SystemClock clock;
    Metrics metrics;
    api::HubConfig config;
    InForce in_force;                                          // main thread
    Guarded<decltype(in_force.versions())> versions_in_force;  // for other threads
    exchange::CurrentEngine engine;
    policy::CurrentPolicy policy;
    policy::Revocations revocations;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<audit::Sealing> sealing;
    std::unique_ptr<audit::Log> log;
    std::unique_ptr<audit::Trail> trail;
    std::unique_ptr<CaseParts> cases;  // outlives the exchanges, whose lanes bring it answers
    std::unique_ptr<exchange::Exchanges> exchanges;
    std::unique_ptr<api::HubServer> server;
    std::atomic<bool> stopping{false};
    std::unique_ptr<api::StatusDoor> status;  // asks the log until it is stopped
};

Hub::Hub(HubPlan plan) : parts_(std::make_unique<Parts>(std::move(plan))) {}

Hub::~Hub() {
    stop();
}

Result<Done> Hub::start() {
    auto& parts = *parts_;
    if (auto opened = parts.open_proof(); !opened) return opened;
    if (auto kept = publish_items(*parts.store, *parts.in_force.items, parts.clock.now()); !kept)
        return kept;
    if (auto written = parts.write_config_leaf(); !written) return written;
    parts.open_exchanges();
    if (auto resumed = parts.exchanges->resume(); !resumed) return resumed;
    if (auto resumed = parts.cases->resume(); !resumed) return resumed;
    parts.cases->start();
    parts.server = std::make_unique<api::HubServer>(
        parts.config,
        api::GatewayLinks{
            *parts.exchanges, *parts.trail, *parts.log, parts.revocations, &parts.cases->desk()});
    if (auto started = parts.server->start(); !started) return started;
    parts.status = std::make_unique<api::StatusDoor>(
        parts.config.status,
        api::StatusLinks{[&parts] { return parts.metrics_text(); },
                         [&parts] { return parts.why_not_ready(); }});
    return parts.status->start();
}

Result<Hub::Erased> Hub::erase(const std::string& identity_number,
                               const std::string& order,
                               const std::string& basis) {
    auto& parts = *parts_;
    if (auto opened = parts.open_proof(); !opened) return std::move(opened).fault();
    auto erased = parts.sealing->erase(
        schemas::normalise_identity(identity_number), order, basis, *parts.trail);
    if (!erased) return std::move(erased).fault();
    return Erased{erased->exchanges.size(), erased->leaves.size()};
}

void Hub::reload() {
    auto& parts = *parts_;
    try {
        InForce next = InForce::load(parts.sources());
        auto witnesses = parts.log->with_witnesses(parts.witnesses(*next.policy));
        if (!witnesses) return log_refused(witnesses.fault());
        // Published is published: the last check, and nothing fails after it.
        if (auto kept = publish_items(*parts.store, *next.items, parts.clock.now()); !kept)
            return log_refused(kept.fault());
        parts.in_force = std::move(next);
        parts.log->adopt(*std::move(witnesses));
    } catch (const ConfigError& error) {
        return log_refused(error);
    }
    parts.policy.swap(parts.in_force.policy);
    parts.engine.swap(parts.in_force.engine);
    if (parts.cases) parts.cases->reload(parts.in_force);
    if (auto written = parts.write_config_leaf(); !written)
        log::error("config leaf", {{"reason", written.fault().reason}});
    log::info("reloaded");
}

void Hub::confirm_clock() {
    if (parts_->cases) parts_->cases->cases().confirm_clock();
    log::info("clock confirmed");
}

void Hub::stop() {
    auto& parts = *parts_;
    parts.stopping = true;
    if (parts.exchanges) parts.exchanges->stop();
    if (parts.cases) parts.cases->stop();
    if (parts.server) parts.server->stop();
    parts.server.reset();
    parts.exchanges.reset();
    parts.cases.reset();
    parts.trail.reset();
    parts.status.reset();
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
int Hub::status_port() const {
    return parts_->status ? parts_->status->port() : 0;
}

}  // namespace tongban::app
