// FakeHub: just enough of a hub for the tests of a connector: both gateways over mutual TLS 1.3 on
// free ports, a queue of jobs, and a small log that can be made to fork.
//
// Threads: the gateways answer on their own threads; the functions here are safe from any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <openssl/ssl.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/server/TThreadedServer.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TSSLServerSocket.h>
#include <thrift/transport/TSSLSocket.h>

#include "tongban_wire/ConnectorGateway.h"
#include "tongban_wire/HubGateway.h"

#include "base/crypto.h"
#include "base/files.h"
#include "base/merkle.h"
#include "base/text.h"
#include "tests/support/temporary_folder.h"

namespace tongban::support {

// One authority, the hub's identity and one member's keys, as files.
struct TestAuthority {
    TemporaryFolder folder;
    PrivateKey authority = PrivateKey::generate(Suite::es256);
    std::string authority_pem;

    TestAuthority() {
        CertificateRequest request;
        request.common_name = "test authority";
        request.organisational_unit = "hub";
        request.authority = true;
        authority_pem = issue_self_signed(authority, request);
        write("ca.pem", authority_pem);
    }
    // <name>.pem and <name>.key
    PrivateKey issue(const std::string& name,
                     const std::string& common_name,
                     const std::string& role) const {
        const PrivateKey key = PrivateKey::generate(Suite::es256);
        CertificateRequest request;
        request.common_name = common_name;
        request.organisational_unit = role;
        write(name + ".pem",
              issue_certificate(authority, authority_pem, key.public_key(), request));
        write(name + ".key", key.pem());
        return key;
    }
    void write(const std::string& name, const std::string& text) const {
        static_cast<void>(write_file_durably(folder / name, text, Access::owner_only));
    }
};

// A log of numbered entries with its signed checkpoints.
class FakeLog {
public:
    explicit FakeLog(std::string name, char salt = 'a') : name_(std::move(name)), salt_(salt) {}

    [[nodiscard]] std::string vkey() const {
        const std::string raw = key_.public_key().raw_ed25519();
        return name_ + "+" + hex(id()) + "+" + base64("\x01" + raw);
    }
    [[nodiscard]] Digest subtree(unsigned level, std::uint64_t index) const {
        if (level == 0) return merkle_leaf(std::string(1, salt_) + std::to_string(index));
        return merkle_node(subtree(level - 1, index * 2), subtree(level - 1, index * 2 + 1));
    }
    [[nodiscard]] std::string checkpoint(std::uint64_t size) const {
        const Digest root =
            merkle_root(size, [this](unsigned l, std::uint64_t i) { return subtree(l, i); });
        const std::string text =
            name_ + "\n" + std::to_string(size) + "\n" + base64(bytes_of(root)) + "\n";
        return text + "\n\xE2\x80\x94 " + name_ + " " + base64(id() + key_.sign(text)) + "\n";
    }
    [[nodiscard]] std::vector<Digest> proof(std::uint64_t from, std::uint64_t to) const {
        return consistency_proof(
            from, to, [this](unsigned l, std::uint64_t i) { return subtree(l, i); });
    }
    // The same key over another history: what a hub must never do.
    [[nodiscard]] FakeLog forked() const {
        FakeLog other = *this;
        other.salt_ = 'b';
        return other;
    }

private:
    [[nodiscard]] std::string id() const {
        return std::string(
            bytes_of(sha256(name_ + "\n\x01" + key_.public_key().raw_ed25519())).substr(0, 4));
    }
    std::string name_;
    char salt_;
    PrivateKey key_ = PrivateKey::generate(Suite::ed25519);
};

namespace wire = ::tongban::wire;

class FakeHub : public wire::HubGatewayIf, public wire::ConnectorGatewayIf {
public:
    struct State {
        std::deque<wire::Job> jobs;
        std::vector<wire::Completion> completions;
        std::vector<wire::DeliveryReport> deliveries;
        std::vector<wire::Request> requests;
        std::vector<wire::JournalHead> heads;
        std::vector<std::string> cosignatures;
        int leases = 0;
        int extended = 0;
        int refuse_completions = 0;  // so many times "busy"
        bool lose_leases = false;    // extend() holds nothing
        std::int64_t lease_ms = 30'000;
        std::uint64_t log_size = 0;
        bool shows_fork = false;
        std::function<wire::Outcome(const wire::Request&)> on_exchange;
        std::function<wire::Outcome(const std::string&)> on_result;
    };

    FakeHub(const TestAuthority& authority, const FakeLog& log) : authority_(authority), log_(log) {
        open(0, 0);
    }
    ~FakeHub() override { close(); }

    [[nodiscard]] int rpc_port() const { return rpc_port_; }
    [[nodiscard]] int lease_port() const { return lease_port_; }

    // As a hub that dies and comes back at the same address.
    void close() {
        stopping_ = true;
        changed_.notify_all();
        for (auto& server : servers_)
            server->stop();
        for (auto& thread : threads_)
            thread.join();
        threads_.clear();
        servers_.clear();
    }
    void reopen() {
        stopping_ = false;
        open(rpc_port_, lease_port_);
    }

    template <typename Work>
    auto with(Work&& work) {
        std::lock_guard lock(mutex_);
        return work(state_);
    }
    void push(wire::Job job) {
        {
            std::lock_guard lock(mutex_);
            job.token.seq = ++seq_;
            state_.jobs.push_back(std::move(job));
        }
        changed_.notify_all();
    }

    // --- HubGateway
    void exchange(wire::Outcome& outcome, const wire::Request& request) override {
        std::lock_guard lock(mutex_);
        state_.requests.push_back(request);
        state_.heads.push_back(request.journal);
        if (state_.on_exchange) {
            outcome = state_.on_exchange(request);
            return;
        }
        outcome.exchange_id = "EX-" + request.request_id;
        outcome.state = wire::ExchangeState::pending;
    }
    void result(wire::Outcome& outcome, const std::string& exchange_id, std::int64_t) override {
        std::lock_guard lock(mutex_);
        if (state_.on_result) outcome = state_.on_result(exchange_id);
    }
    void acknowledge(std::string&,
                     const std::string&,
                     const std::string&,
                     const wire::Signature&) override {}
    void withdraw_consent(const std::string&) override {}

    // --- ConnectorGateway
    void lease(wire::LeaseReply& reply, const wire::LeaseRequest& request) override {
        std::unique_lock lock(mutex_);
        ++state_.leases;
        state_.heads.push_back(request.journal);
        changed_.wait_for(lock,
                          std::chrono::milliseconds(std::min<std::int64_t>(request.wait_ms, 300)),
                          [&] { return stopping_ || !state_.jobs.empty(); });
        while (!state_.jobs.empty() &&
               reply.jobs.size() < static_cast<std::size_t>(request.max_jobs)) {
            reply.jobs.push_back(state_.jobs.front());
            state_.jobs.pop_front();
        }
        reply.lease_ms = state_.lease_ms;
        reply.checkpoint_size = static_cast<std::int64_t>(state_.log_size);
    }
    void extend(std::vector<wire::Token>& held,
                const std::vector<wire::Token>& tokens,
                const wire::JournalHead&) override {
        std::lock_guard lock(mutex_);
        ++state_.extended;
        if (!state_.lose_leases) held = tokens;
    }
    void complete(const std::vector<wire::Completion>& completions,
                  const std::vector<wire::DeliveryReport>& deliveries,
                  const wire::JournalHead& journal) override {
        std::lock_guard lock(mutex_);
        if (state_.refuse_completions > 0) {
            --state_.refuse_completions;
            wire::Refusal busy;
            busy.code = "busy";
            busy.retry_after_ms = 10;
            throw busy;
        }
        state_.heads.push_back(journal);
        for (const auto& completion : completions)
            state_.completions.push_back(completion);
        for (const auto& delivery : deliveries)
            state_.deliveries.push_back(delivery);
    }
    void checkpoint(wire::CheckpointReply& reply, const std::int64_t old_size) override {
        std::lock_guard lock(mutex_);
        const FakeLog log = state_.shows_fork ? log_.forked() : log_;
        reply.note = log.checkpoint(state_.log_size);
        reply.old_size = old_size;
        if (static_cast<std::uint64_t>(old_size) > state_.log_size) return;
        for (const Digest& step :
             log.proof(static_cast<std::uint64_t>(old_size), state_.log_size)) {
            reply.consistency.emplace_back(bytes_of(step));
        }
    }
    void cosign(const std::int64_t, const std::string& line) override {
        std::lock_guard lock(mutex_);
        state_.cosignatures.push_back(line);
    }

private:
    class Tls13ServerFactory final : public apache::thrift::transport::TSSLSocketFactory {
    public:
        explicit Tls13ServerFactory(const TestAuthority& authority)
            : TSSLSocketFactory(apache::thrift::transport::SSLTLS) {
            SSL_CTX_set_min_proto_version(ctx_->get(), TLS1_3_VERSION);
            SSL_CTX_set_num_tickets(ctx_->get(), 0);
            server(true);
            authenticate(true);
            loadTrustedCertificates((authority.folder / "ca.pem").c_str());
            loadCertificate((authority.folder / "hub.pem").c_str());
            loadPrivateKey((authority.folder / "hub.key").c_str());
        }
    };
    class Anybody final : public apache::thrift::transport::AccessManager {
    public:
        Decision verify(const sockaddr_storage&) noexcept override { return ALLOW; }
    };

    template <typename Processor, typename Interface>
    int serve(int port) {
        namespace thrift = apache::thrift;
        auto factory = std::make_shared<Tls13ServerFactory>(authority_);
        factory->access(std::make_shared<Anybody>());
        auto socket =
            std::make_shared<thrift::transport::TSSLServerSocket>("127.0.0.1", port, factory);
        auto server = std::make_shared<thrift::server::TThreadedServer>(
            std::make_shared<Processor>(std::shared_ptr<Interface>(this, [](Interface*) {})),
            socket,
            std::make_shared<thrift::transport::TFramedTransportFactory>(),
            std::make_shared<thrift::protocol::TCompactProtocolFactory>());
        struct Ready final : thrift::server::TServerEventHandler {
            std::mutex mutex;
            std::condition_variable changed;
            bool ready = false;
            void preServe() override {
                std::lock_guard lock(mutex);
                ready = true;
                changed.notify_all();
            }
        };
        auto ready = std::make_shared<Ready>();
        server->setServerEventHandler(ready);
        threads_.emplace_back([server] { server->serve(); });
        servers_.push_back(server);
        std::unique_lock lock(ready->mutex);
        ready->changed.wait(lock, [&] { return ready->ready; });
        return socket->getPort();
    }
    void open(int rpc_port, int lease_port) {
        rpc_port_ = serve<wire::HubGatewayProcessor, wire::HubGatewayIf>(rpc_port);
        lease_port_ = serve<wire::ConnectorGatewayProcessor, wire::ConnectorGatewayIf>(lease_port);
    }

    const TestAuthority& authority_;
    const FakeLog& log_;
    int rpc_port_ = 0;
    int lease_port_ = 0;
    std::atomic<bool> stopping_{false};
    std::mutex mutex_;
    std::condition_variable changed_;
    State state_;
    std::int64_t seq_ = 0;
    std::vector<std::shared_ptr<apache::thrift::server::TThreadedServer>> servers_;
    std::vector<std::thread> threads_;
};

}  // namespace tongban::support
