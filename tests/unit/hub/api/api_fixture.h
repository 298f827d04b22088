// A hub with its two doors open on free ports, real certificates, and clients as others would write
// them.
#pragma once

#include <memory>
#include <string>

#include <openssl/ssl.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TSSLSocket.h>
#include <tongban_wire/AuditGateway.h>
#include <tongban_wire/ConnectorGateway.h>
#include <tongban_wire/HubGateway.h>

#include "hub/api/hub_server.h"
#include "tests/unit/hub/exchange/exchange_fixture.h"

namespace tongban::test {

struct Door {
    TestHub hub;
    api::HubConfig config;
    std::unique_ptr<api::HubServer> server;

    explicit Door(
        const std::function<void(api::HubConfig&)>& change = [](api::HubConfig&) {},
        exchange::CaseDesk* desk = nullptr) {
        issue("hub", "hub.yc", "hub", hub.city.authority, hub.city.authority_pem);
        issue("connector", TestHub::asker, "connector", hub.city.authority, hub.city.authority_pem);
        issue("auditor", "640100.tax", "auditor", hub.city.authority, hub.city.authority_pem);
        const PrivateKey other = PrivateKey::generate(Suite::es256);
        issue("stranger",
              TestHub::asker,
              "connector",
              other,
              issue_self_signed(other, {"another authority", "authority", {}, 30, true}));
        config.hub = "hub.yc";
        config.tls = {"hub.pem", "hub.key", "pki/ca.pem", "pki/crl.pem"};
        change(config);
        config = config.below(hub.city.folder.path());
        server = std::make_unique<api::HubServer>(
            config,
            api::GatewayLinks{*hub.exchanges, *hub.trail, *hub.log, *hub.revocations, desk});
        need(server->start());
    }
    ~Door() {
        hub.exchanges->stop();
        server->stop();
    }
    void issue(const std::string& file,
               const std::string& member,
               const std::string& role,
               const PrivateKey& by,
               const std::string& by_pem) {
        const PrivateKey key = PrivateKey::generate(Suite::es256);
        spill(hub.city.folder / (file + ".key"), key.pem());
        spill(hub.city.folder / (file + ".pem"),
              issue_certificate(
                  by, by_pem, key.public_key(), {member, role, {"localhost"}, 30, false}));
    }
    [[nodiscard]] std::string serial(const std::string& file) const {
        return need(read_certificate(slurp(hub.city.folder / (file + ".pem")))).serial;
    }
};

class AnyHost final : public apache::thrift::transport::AccessManager {
public:
    Decision verify(const sockaddr_storage&) noexcept override { return ALLOW; }
    Decision verify(const std::string&, const char*, int) noexcept override { return ALLOW; }
    Decision verify(const sockaddr_storage&, const char*, int) noexcept override { return ALLOW; }
};

template <typename Service>
struct Client {  // `file` names the client's certificate; "" none
    Client(Door& door, int port, const std::string& file)
        : factory(std::make_shared<apache::thrift::transport::TSSLSocketFactory>(
              apache::thrift::transport::SSLTLS)) {
        factory->loadTrustedCertificates((door.hub.city.folder / "pki/ca.pem").c_str());
        factory->authenticate(true);
        factory->access(std::make_shared<AnyHost>());
        if (!file.empty()) {
            factory->loadCertificate((door.hub.city.folder / (file + ".pem")).c_str());
            factory->loadPrivateKey((door.hub.city.folder / (file + ".key")).c_str());
        }
        socket = factory->createSocket("localhost", port);
        socket->setRecvTimeout(20'000);
        transport = std::make_shared<apache::thrift::transport::TFramedTransport>(socket);
        service = std::make_unique<Service>(
            std::make_shared<apache::thrift::protocol::TCompactProtocol>(transport));
        transport->open();
    }
    Service* operator->() { return service.get(); }

    std::shared_ptr<apache::thrift::transport::TSSLSocketFactory> factory;
    std::shared_ptr<apache::thrift::transport::TSSLSocket> socket;
    std::shared_ptr<apache::thrift::transport::TFramedTransport> transport;
    std::unique_ptr<Service> service;
};

// TLS by hand, for peers that do not behave.
class RawPeer {
public:
    RawPeer(Door& door, int port, const std::string& file);
    ~RawPeer();
    RawPeer(const RawPeer&) = delete;
    RawPeer& operator=(const RawPeer&) = delete;
    [[nodiscard]] bool handshake();
    void reset() const;                               // the end of this peer will be a TCP reset
    void send(const std::string& bytes);              // through TLS
    void send_plain(const std::string& bytes) const;  // past it
    // The next TLS record is written into memory and sent in that many pieces.
    void send_in_pieces(const std::string& bytes, std::size_t pieces);
    std::string receive(std::size_t count);  // "" when closed
    [[nodiscard]] bool closed_within(int ms);

private:
    SSL_CTX* context_ = nullptr;
    SSL* ssl_ = nullptr;
    int socket_ = -1;
};

}  // namespace tongban::test
