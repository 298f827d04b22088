#include "connectors/runtime/connector_runtime.h"

#include <atomic>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <csignal>
#include <pthread.h>
#include <thrift/Thrift.h>
#include <tongban_wire/ConnectorGateway.h>
#include <tongban_wire/tongban_constants.h>

#include "base/failpoint.h"
#include "base/log.h"
#include "base/text.h"
#include "connectors/runtime/bell.h"
#include "connectors/runtime/connector_keys.h"
#include "connectors/runtime/connector_store.h"
#include "connectors/runtime/hub_link.h"
#include "connectors/runtime/office_endpoint.h"
#include "connectors/runtime/office_jobs.h"
#include "connectors/runtime/own_requests.h"
#include "connectors/runtime/pause.h"
#include "connectors/runtime/setup.h"
#include "connectors/runtime/witness.h"

namespace tongban::connectors {
namespace {

using std::chrono::milliseconds;
using GatewayLink = HubLink<wire::ConnectorGatewayClient>;

constexpr milliseconds first_pause{100};
constexpr milliseconds longest_pause{10'000};
constexpr milliseconds call_deadline{10'000};
constexpr milliseconds idle_look{1'000};
constexpr std::int64_t batch = 32;

wire::JournalHead on_wire(const ChainHead& head) {
    wire::JournalHead journal;
    journal.number = head.number;
    journal.hash = std::string(bytes_of(head.hash));
    return journal;
}

void log_trouble(const char* event, const Fault& fault) {
    log::warn(event, {{"where", fault.where}, {"reason", fault.reason}});
}

void log_trouble(const char* event, const wire::Refusal& refusal) {
    log::warn(event, {{"code", refusal.code}, {"where", refusal.where}});
}

// Logs whatever is not the value.
template <typename Value>
const Value* value_of(const HubReply<Value>& reply, const char* event) {
    if (const auto* fault = std::get_if<Fault>(&reply)) log_trouble(event, *fault);
    if (const auto* refusal = std::get_if<wire::Refusal>(&reply)) log_trouble(event, *refusal);
    return std::get_if<Value>(&reply);
}

}  // namespace

struct ConnectorRuntime::State {
    State(ConnectorConfig connector_config, const Clock& system_clock)
        : config(std::move(connector_config)), clock(system_clock) {}

    // Fixed once started
    const ConnectorConfig config;  // of the start: what a reload may not change is read here
    const Clock& clock;
    Interrupter interrupter;
    std::unique_ptr<ConnectorStore> store;
    std::optional<Signer> signer;
    std::shared_ptr<const mapping::Engine> first_engine;  // until the setup has it
    std::string salt_key;
    std::unique_ptr<CurrentSetup> setup;
    std::unique_ptr<Witness> witness;
    std::unique_ptr<OfficeJobs> jobs;
    std::unique_ptr<OwnRequests> requests;
    std::unique_ptr<OfficeEndpoint> endpoint;

    Bell outgoing;  // something waits for the report thread
    Bell duties;    // the duty thread has to look: a newer checkpoint, another length of leases
    std::atomic<std::int64_t> lease_ms{30'000};
    std::atomic<std::uint64_t> offered_size{0};
    std::atomic<bool> forked{false};
    std::atomic<bool> stopping{false};
    std::vector<std::jthread> threads;

    Result<Done> open();
    [[nodiscard]] std::shared_ptr<const Setup> made_from(
        ConnectorConfig of, std::shared_ptr<const mapping::Engine> engine) const;
    void run(const char* name, void (State::*work)(const std::stop_token&));
    void lease(const std::stop_token& stop);
    void report(const std::stop_token& stop);
    void duty(const std::stop_token& stop);
    void send_requests(const std::stop_token& stop);
    bool lease_once(GatewayLink& link, int room);
    bool report_once(GatewayLink& link, const std::vector<StoredOutgoing>& items);
    void extend_once(GatewayLink& link);
    bool witness_once(GatewayLink& link);
};

ConnectorRuntime::ConnectorRuntime(ConnectorConfig config, const Clock& clock)
    : state_(std::make_unique<State>(std::move(config), clock)) {
    if (!state_->config.engine.empty())
        state_->first_engine = mapping::load_engine(state_->config.engine);
}

ConnectorRuntime::~ConnectorRuntime() {
    stop();
}

int ConnectorRuntime::requests_port() const {
    return state_->endpoint ? state_->endpoint->port() : 0;
}
bool ConnectorRuntime::saw_fork() const {
    return state_->forked;
}

Result<Done> ConnectorRuntime::State::open() {
    auto keys = open_connector_keys(config.data, config.member, config.witness_key);
    if (!keys) return std::move(keys).fault();
    auto signing = PrivateKey::from_file(config.signing_key);
    if (!signing) return std::move(signing).fault();
    signer.emplace(config.member, config.hub.id, *std::move(signing));
    auto opened = ConnectorStore::open(config.data + "/connector.db", keys->seal_key);
    if (!opened) return std::move(opened).fault();
    store = *std::move(opened);
    if (!config.hub.log_vkey.empty()) {
        auto log = NoteVerifier::of_log(config.hub.log_vkey);
        if (!log) return std::move(log).fault();
        witness = std::make_unique<Witness>(*store,
                                            *std::move(log),
                                            keys->witness_key,
                                            keys->witness_name,
                                            config.data + "/fork-evidence.txt");
        forked = witness->saw_fork();
        if (forked) log::error("witness.fork", {{"evidence", config.data + "/fork-evidence.txt"}});
    }
    salt_key = std::string(bytes_of(hmac_sha256(keys->seal_key, "commitment salts")));
    setup = std::make_unique<CurrentSetup>(made_from(config, std::move(first_engine)));
    jobs =
        std::make_unique<OfficeJobs>(*setup, *signer, *store, clock, [this] { outgoing.ring(); });
    if (config.requests) {
        requests = std::make_unique<OwnRequests>(*setup, *signer, *store, interrupter, clock);
        endpoint = std::make_unique<OfficeEndpoint>(*config.requests, *requests);
    }
    return Done{};
}

std::shared_ptr<const Setup> ConnectorRuntime::State::made_from(
    ConnectorConfig of, std::shared_ptr<const mapping::Engine> engine) const {
    auto made = std::make_shared<Setup>();
    made->config = std::move(of);
    if (engine) made->middle = std::make_unique<ProviderMiddle>(std::move(engine), salt_key);
    return made;
}

void ConnectorRuntime::State::run(const char* name, void (State::*work)(const std::stop_token&)) {
    threads.emplace_back([this, name, work](const std::stop_token& stop) {
        pthread_setname_np(pthread_self(), name);
        (this->*work)(stop);
    });
}

Result<Done> ConnectorRuntime::start() {
    State& state = *state_;
    // OpenSSL writes to a socket that the hub has closed: without this the process would end there.
    std::signal(SIGPIPE, SIG_IGN);
    // Thrift would write every broken connection to standard error beside our log, which says it
    // better.
    apache::thrift::GlobalOutput.setOutputFunction([](const char*) {});
    if (auto opened = state.open(); !opened) return opened;
    if (state.endpoint) {
        if (auto started = state.endpoint->start(); !started) return started;
    }
    state.jobs->start();
    state.run("lease", &State::lease);
    state.run("report", &State::report);
    state.run("duty", &State::duty);
    if (state.requests) state.run("send", &State::send_requests);
    log::info("connector.started",
              {{"member", state.config.member}, {"requests_port", requests_port()}});
    return Done{};
}

Result<Done> ConnectorRuntime::reload(ConnectorConfig next) {
    State& state = *state_;
    const auto changed = changed_for_good(state.config, next);
    if (!changed.empty())
        return Fault{FaultKind::refused, join(changed, ", "), "changes with a restart alone"};
    std::shared_ptr<const mapping::Engine> engine;
    if (!next.engine.empty()) engine = mapping::load_engine(next.engine);
    state.setup->swap(state.made_from(std::move(next), std::move(engine)));
    return Done{};
}

void ConnectorRuntime::stop() {
    State& state = *state_;
    if (!state.jobs) return;
    state.stopping = true;
    for (std::jthread& thread : state.threads)
        thread.request_stop();
    state.interrupter.fire();
    if (state.endpoint) state.endpoint->stop();
    state.jobs->stop();
    const bool was_running = !state.threads.empty();
    state.threads.clear();  // joins
    if (was_running) log::info("connector.stopped", {{"member", state.config.member}});
}

// --- lease

void ConnectorRuntime::State::lease(const std::stop_token& stop) {
    GatewayLink link(config.hub, config.hub.lease_port, interrupter);
    Pause pause(first_pause, longest_pause);
    while (!stop.stop_requested()) {
        if (forked) {  // a hub that shows two histories gets no answers, and our office no
                       // documents from it
            Pause::sleep(idle_look, stop);
            continue;
        }
        const int room = jobs->room();
        if (room == 0) {
            Pause::sleep(milliseconds(20), stop);
            continue;
        }
        if (lease_once(link, room)) {
            pause.reset();
        } else {
            pause.wait(stop);
        }
    }
}

bool ConnectorRuntime::State::lease_once(GatewayLink& link, int room) {
    wire::LeaseRequest request;
    request.revision = wire::g_tongban_constants.REVISION;
    request.max_jobs = room;
    const std::int64_t wait_ms = setup->get()->config.lease_wait_ms;
    request.wait_ms = wait_ms;
    request.journal = on_wire(store->head());
    const auto deadline = Deadline::after(milliseconds(wait_ms) + call_deadline);
    const auto reply = link.call(deadline, [&](wire::ConnectorGatewayClient& client) {
        wire::LeaseReply leased;
        client.lease(leased, request);
        return leased;
    });
    if (stopping) return false;  // interrupted: nothing has failed
    const auto* leased = value_of(reply, "lease.failed");
    if (leased == nullptr) return false;
    if (leased->lease_ms > 0 && lease_ms.exchange(leased->lease_ms) != leased->lease_ms)
        duties.ring();
    if (leased->checkpoint_size > 0) {
        const auto size = static_cast<std::uint64_t>(leased->checkpoint_size);
        if (offered_size.exchange(size) != size) duties.ring();
    }
    if (leased->jobs.empty()) return true;
    auto taken = jobs->take(leased->jobs);
    if (!taken) {
        log::error("lease.not_kept", {{"reason", taken.fault().reason}});
        return false;
    }
    return true;
}

// --- report

void ConnectorRuntime::State::report(const std::stop_token& stop) {
    GatewayLink link(config.hub, config.hub.lease_port, interrupter);
    Pause pause(first_pause, longest_pause);
    while (!stop.stop_requested()) {
        auto items = store->all_outgoing(batch);
        if (!items) {
            log_trouble("report.store", items.fault());
            pause.wait(stop);
            continue;
        }
        if (items->empty()) {
            outgoing.wait(idle_look, stop);
            continue;
        }
        if (report_once(link, *items)) {
            pause.reset();
        } else {
            pause.wait(stop);
        }
    }
}

bool ConnectorRuntime::State::report_once(GatewayLink& link,
                                          const std::vector<StoredOutgoing>& items) {
    std::vector<wire::Completion> completions;
    std::vector<wire::DeliveryReport> deliveries;
    for (const StoredOutgoing& item : items) {
        if (item.delivery) {
            if (auto report = report_from(item.bytes)) deliveries.push_back(*std::move(report));
        } else if (auto completion = completion_from(item.bytes)) {
            completions.push_back(*std::move(completion));
        }
    }
    const auto head = on_wire(store->head());
    const auto reply =
        link.call(Deadline::after(call_deadline), [&](wire::ConnectorGatewayClient& client) {
            client.complete(completions, deliveries, head);
            return true;
        });
    if (std::get_if<bool>(&reply) != nullptr) {
        failpoint("connector.reported");
        const auto forgotten = store->forget_outgoing(items);
        if (!forgotten) log_trouble("report.store", forgotten.fault());
        return forgotten.ok();
    }
    const auto* refusal = std::get_if<wire::Refusal>(&reply);
    value_of(reply, "report.failed");
    if (refusal == nullptr || refusal->retry_after_ms > 0) return false;
    if (items.size() == 1) {
        // The hub will never take this one; keeping it would keep everything behind it.
        log::error("report.refused",
                   {{"exchange", items.front().exchange}, {"code", refusal->code}});
        return store->forget_outgoing(items).ok();
    }
    bool all = true;
    for (const StoredOutgoing& item : items)
        all = report_once(link, {item}) && all;
    return all;
}

// --- duty

void ConnectorRuntime::State::duty(const std::stop_token& stop) {
    GatewayLink link(config.hub, config.hub.lease_port, interrupter);
    Pause pause(first_pause, longest_pause);
    auto extended_at = std::chrono::steady_clock::now();
    auto witness_at = extended_at;
    while (!stop.stop_requested()) {
        const auto now = std::chrono::steady_clock::now();
        auto extend_at = extended_at + milliseconds(lease_ms.load() / 3);
        if (now >= extend_at) {
            extend_once(link);
            extended_at = now;
            extend_at = now + milliseconds(lease_ms.load() / 3);
        }
        if (witness && !forked && now >= witness_at) {
            if (witness_once(link)) {
                pause.reset();
                witness_at = now;
            } else {
                witness_at = now + pause.take();
            }
        }
        const auto to_extend = std::chrono::duration_cast<milliseconds>(extend_at - now);
        duties.wait(std::clamp(to_extend, milliseconds(10), idle_look), stop);
    }
}

void ConnectorRuntime::State::extend_once(GatewayLink& link) {
    const auto tokens = jobs->tokens();
    if (tokens.empty()) return;
    const auto head = on_wire(store->head());
    const auto reply =
        link.call(Deadline::after(call_deadline), [&](wire::ConnectorGatewayClient& client) {
            std::vector<wire::Token> held;
            client.extend(held, tokens, head);
            return held;
        });
    // Only the hub's word loses a lease; silence does not: the answer may still arrive in time.
    if (const auto* held = value_of(reply, "extend.failed")) jobs->keep_only(*held, tokens);
}

// False: try again later.
bool ConnectorRuntime::State::witness_once(GatewayLink& link) {
    auto seen = witness->seen_size();
    if (!seen) return false;
    if (offered_size <= *seen && witness->cosigned_all()) return true;
    const auto reply =
        link.call(Deadline::after(call_deadline), [&](wire::ConnectorGatewayClient& client) {
            wire::CheckpointReply offered;
            client.checkpoint(offered, static_cast<std::int64_t>(*seen));
            return offered;
        });
    const auto* offered = value_of(reply, "witness.failed");
    if (offered == nullptr) return false;
    OfferedCheckpoint checkpoint_offer;
    checkpoint_offer.note = offered->note;
    checkpoint_offer.old_size = static_cast<std::uint64_t>(offered->old_size);
    for (const std::string& step : offered->consistency) {
        auto hash = digest_from(step);
        if (!hash) {
            log_trouble("witness.failed", hash.fault());
            return false;
        }
        checkpoint_offer.consistency.push_back(*hash);
    }
    auto cosignature = witness->observe(checkpoint_offer, clock.now());
    if (!cosignature) {
        log_trouble("witness.refused", cosignature.fault());
        forked = witness->saw_fork();
        return false;
    }
    const auto accepted =
        link.call(Deadline::after(call_deadline), [&](wire::ConnectorGatewayClient& client) {
            client.cosign(static_cast<std::int64_t>(cosignature->size), cosignature->line);
            return true;
        });
    const auto* refused = std::get_if<wire::Refusal>(&accepted);
    const bool unwanted =
        refused != nullptr && refused->retry_after_ms == 0;  // the hub does not know this witness
    if (value_of(accepted, "cosign.failed") == nullptr && !unwanted) return false;
    return witness->cosigned(*cosignature).ok();
}

// --- requests

void ConnectorRuntime::State::send_requests(const std::stop_token& stop) {
    Pause pause(first_pause, longest_pause);
    while (!stop.stop_requested()) {
        if (requests->send_queued(stop)) {
            pause.reset();
            Pause::sleep(idle_look, stop);
        } else {
            pause.wait(stop);
        }
    }
}

}  // namespace tongban::connectors
