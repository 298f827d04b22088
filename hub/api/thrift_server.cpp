#include "hub/api/thrift_server.h"

#include <future>
#include <limits>

#include <csignal>
#include <openssl/err.h>
#include <thrift/TOutput.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/server/TThreadedServer.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TSSLServerSocket.h>

#include "base/log.h"
#include "hub/api/peer.h"

namespace tongban::api {

namespace thrift = apache::thrift;
namespace transport = apache::thrift::transport;

namespace {

constexpr int most_in_a_list = 100'000;  // elements a message may announce

// In this thread's connection; set before each call is read.
thread_local PeerSocket* current_peer = nullptr;

// The library counts bytes read over a connection's whole life and closes it at 100 MB; ours counts
// each message.
class Frames final : public transport::TFramedTransport {
public:
    Frames(std::shared_ptr<transport::TTransport> below,
           std::shared_ptr<thrift::TConfiguration> limits)
        : TFramedTransport(std::move(below), buffer, keep, std::move(limits)) {}

protected:
    bool readFrame() override {
        resetConsumedMessageSize();
        return TFramedTransport::readFrame();
    }

private:
    static constexpr std::uint32_t buffer = 4'096;
    static constexpr std::uint32_t keep =
        256U << 10;  // larger read buffers are given back after the call
};

class FramesFactory final : public transport::TTransportFactory {
public:
    explicit FramesFactory(std::size_t frame_bytes)
        : limits_(std::make_shared<thrift::TConfiguration>(static_cast<int>(frame_bytes) + 4'096,
                                                           static_cast<int>(frame_bytes))) {}
    std::shared_ptr<transport::TTransport> getTransport(
        std::shared_ptr<transport::TTransport> below) override {
        return std::make_shared<Frames>(std::move(below), limits_);
    }

private:
    std::shared_ptr<thrift::TConfiguration> limits_;
};

class Events final : public thrift::server::TServerEventHandler {
public:
    std::promise<void> ready;
    void preServe() override { ready.set_value(); }
    void processContext(void*, std::shared_ptr<transport::TTransport> connection) override {
        current_peer = dynamic_cast<PeerSocket*>(connection.get());
    }
    void deleteContext(void*,
                       std::shared_ptr<thrift::protocol::TProtocol>,
                       std::shared_ptr<thrift::protocol::TProtocol>) override {
        current_peer = nullptr;
    }
};

}  // namespace

ThriftServer::ThriftServer(std::string name, ListenConfig listen, DoorConfig door, TlsConfig tls)
    : name_(std::move(name)), listen_(std::move(listen)), door_(door), tls_(std::move(tls)) {
    std::signal(SIGPIPE, SIG_IGN);  // a peer that resets would end the whole process
    thrift::GlobalOutput.setOutputFunction(
        [](const char*) {});  // peers must not be able to fill our log
}

ThriftServer::~ThriftServer() {
    stop();
}

Result<Done> ThriftServer::start(const std::shared_ptr<thrift::TProcessor>& processor) {
    try {
        watch_ = std::make_shared<PeerWatch>(door_);
        auto sockets = std::make_shared<PeerSocketFactory>(tls_, watch_);
        auto listener =
            std::make_shared<transport::TSSLServerSocket>(listen_.address, listen_.port, sockets);
        listener->setSendTimeout(static_cast<int>(door_.send.count()));
        listener->setRecvTimeout(static_cast<int>(door_.idle.count()));
        listener->setKeepAlive(true);
        server_ = std::make_shared<thrift::server::TThreadedServer>(
            processor,
            listener,
            std::make_shared<FramesFactory>(door_.frame_bytes),
            std::make_shared<thrift::protocol::TCompactProtocolFactory>(
                static_cast<int>(door_.frame_bytes), most_in_a_list));
        server_->setConcurrentClientLimit(static_cast<std::int64_t>(listen_.connections));
        auto listening = std::make_shared<Events>();
        std::future<void> ready = listening->ready.get_future();
        server_->setServerEventHandler(listening);
        thread_ = std::jthread([this, listening] {
            ::pthread_setname_np(::pthread_self(), name_.substr(0, 15).c_str());
            try {
                server_->serve();
            } catch (const std::exception& error) {
                log::error("api.server.ended", {{"server", name_}});
                try {
                    listening->ready.set_exception(
                        std::make_exception_ptr(std::runtime_error(error.what())));
                } catch (const std::future_error&) {
                    return;  // it had been ready: ended while serving
                }
            }
        });
        ready.get();
        port_ = listener->getPort();
        return Done{};
    } catch (const std::exception& error) {
        ERR_clear_error();
        return Fault{FaultKind::unavailable, "api." + name_, error.what()};
    }
}

void ThriftServer::stop() {
    if (!server_) return;
    server_->stop();
    if (watch_) watch_->close_all();
    if (thread_.joinable()) thread_.join();
    server_.reset();
}

std::size_t ThriftServer::connections() const {
    return watch_ ? watch_->count() : 0;
}

std::optional<exchange::Caller> ThriftServer::caller() {
    return current_peer == nullptr ? std::nullopt : current_peer->caller();
}

std::function<bool()> ThriftServer::line() {
    if (current_peer == nullptr) return nullptr;
    return [peer = current_peer] { return peer->there(); };
}

void ThriftServer::if_unsent(std::function<void()> undo) {
    if (current_peer != nullptr) current_peer->if_unsent(std::move(undo));
}

}  // namespace tongban::api
