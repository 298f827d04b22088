#include "connectors/runtime/hub_link.h"

#include <algorithm>
#include <stdexcept>
#include <string_view>

#include <openssl/ssl.h>
#include <sys/socket.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TSSLSocket.h>
#include <unistd.h>

namespace tongban::connectors {
namespace {

namespace thrift = apache::thrift;
constexpr std::int64_t most_connecting_ms = 5000;

// The hub is who its certificate names, not where we found it: offices reach it through gateways
// and port forwards.
class HubIdentity final : public thrift::transport::AccessManager {
public:
    explicit HubIdentity(std::string id) : id_(std::move(id)) {}
    Decision verify(const sockaddr_storage&) noexcept override { return SKIP; }
    Decision verify(const std::string&, const char* name, int size) noexcept override {
        return size > 0 && std::string_view(name, static_cast<std::size_t>(size)) == id_ ? ALLOW
                                                                                         : SKIP;
    }
    Decision verify(const sockaddr_storage&, const char*, int) noexcept override { return SKIP; }

private:
    const std::string id_;
};

class Tls13Factory final : public thrift::transport::TSSLSocketFactory {
public:
    explicit Tls13Factory(const HubPlace& hub)
        : TSSLSocketFactory(thrift::transport::SSLTLS) {  // "LATEST" would mean TLS 1.2
        SSL_CTX_set_min_proto_version(ctx_->get(), TLS1_3_VERSION);
        server(false);
        authenticate(true);
        loadTrustedCertificates(hub.ca.c_str());
        loadCertificate(hub.certificate.c_str());
        loadPrivateKey(hub.key.c_str());
        access(std::make_shared<HubIdentity>(hub.id));
    }
};

int bounded_ms(Deadline deadline, std::int64_t most) {
    return static_cast<int>(std::clamp<std::int64_t>(deadline.left().count(), 1, most));
}

}  // namespace

Interrupter::Interrupter() {
    int pair[2] = {-1, -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        throw std::runtime_error("no socket pair for the interrupter");
    }
    trigger_ = pair[0];
    listener_ = std::shared_ptr<int>(new int(pair[1]), [](const int* socket) {
        close(*socket);
        delete socket;
    });
}

Interrupter::~Interrupter() {
    close(trigger_);
}

void Interrupter::fire() {
    static_cast<void>(send(trigger_, "x", 1, MSG_NOSIGNAL));
}

Channel open_channel(const HubPlace& hub,
                     int port,
                     const Interrupter& interrupter,
                     Deadline deadline) {
    auto factory = std::make_shared<Tls13Factory>(hub);
    auto socket = factory->createSocket(hub.host, port, interrupter.listener());
    socket->setConnTimeout(bounded_ms(deadline, most_connecting_ms));
    socket->setRecvTimeout(bounded_ms(deadline, 120'000));
    socket->setSendTimeout(bounded_ms(deadline, 120'000));
    auto framed = std::make_shared<thrift::transport::TFramedTransport>(socket);
    framed->open();
    Channel channel;
    channel.protocol = std::make_shared<thrift::protocol::TCompactProtocol>(framed);
    channel.socket = socket;
    channel.factory = factory;
    return channel;
}

void set_channel_timeout(Channel& channel, Deadline deadline) {
    auto& socket = *static_cast<thrift::transport::TSSLSocket*>(channel.socket.get());
    socket.setRecvTimeout(bounded_ms(deadline, 120'000));
    socket.setSendTimeout(bounded_ms(deadline, 120'000));
}

}  // namespace tongban::connectors
