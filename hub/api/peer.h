// Peer: one TLS connection of a member, and who the certificate says it is.
//
// Thrift's TSSLSocket hides its SSL, so ours is a subclass (docs/adr/0007). The watch closes
// whoever is slow: in the handshake, in the middle of a request, or silent between requests; a call
// being handled is never cut.
//
// Threads: a PeerSocket belongs to its connection's thread; PeerWatch is safe from any thread and
// has one of its own.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <thrift/transport/TSSLSocket.h>

#include "base/guarded.h"
#include "hub/api/hub_config.h"
#include "hub/exchange/request.h"

namespace tongban::api {

class PeerSocket;

class PeerWatch {
public:
    explicit PeerWatch(const DoorConfig& door);
    ~PeerWatch();
    PeerWatch(const PeerWatch&) = delete;
    PeerWatch& operator=(const PeerWatch&) = delete;

    enum class Phase { handshake, receiving, handling, idle };
    void enter(int socket, Phase phase);
    void leave(int socket);
    void close_all();  // everybody but those being handled; they find their connection closed after
                       // their answer
    [[nodiscard]] std::size_t count();

private:
    using Steady = std::chrono::steady_clock;
    struct Watched {
        Phase phase = Phase::handshake;
        Steady::time_point since;
    };
    void run(const std::stop_token& stop);
    const DoorConfig door_;
    Guarded<std::map<int, Watched>> watched_;
    std::jthread thread_;
};

class PeerSocket final : public apache::thrift::transport::TSSLSocket {
public:
    PeerSocket(std::shared_ptr<apache::thrift::transport::SSLContext> context,
               THRIFT_SOCKET socket,
               std::shared_ptr<THRIFT_SOCKET> interrupt,
               std::shared_ptr<PeerWatch> watch);
    ~PeerSocket() override;
    uint32_t read(uint8_t* buffer, uint32_t length) override;
    void flush() override;
    void close() override;
    // Of the certificate that the handshake verified; the caller is being handled from now on.
    [[nodiscard]] std::optional<exchange::Caller> caller();
    // Has it not hung up? A caller that waits for a reply sends nothing.
    [[nodiscard]] bool there() const;
    // Once: when the connection ends before the present call's reply was written whole.
    void if_unsent(std::function<void()> undo) { unsent_ = std::move(undo); }

private:
    std::shared_ptr<PeerWatch> watch_;
    std::optional<exchange::Caller> caller_;
    int watched_socket_ = -1;
    std::function<void()> unsent_;
};

class PeerSocketFactory final : public apache::thrift::transport::TSSLSocketFactory {
public:
    PeerSocketFactory(const TlsConfig& tls, std::shared_ptr<PeerWatch> watch);
    std::shared_ptr<apache::thrift::transport::TSSLSocket> createSocket(
        THRIFT_SOCKET socket) override;
    std::shared_ptr<apache::thrift::transport::TSSLSocket> createSocket(
        THRIFT_SOCKET socket, std::shared_ptr<THRIFT_SOCKET> interrupt) override;
    using apache::thrift::transport::TSSLSocketFactory::createSocket;

private:
    std::shared_ptr<PeerWatch> watch_;
};

}  // namespace tongban::api
