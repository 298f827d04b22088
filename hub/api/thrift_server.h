// ThriftServer: the one class that serves Thrift: every limit and every trap of the library is
// settled here (docs/adr/0007-thrift-server.md). Framed, compact, mutual TLS 1.3; one thread a
// connection.
//
// Threads: start and stop from one thread; the processor is called from many.
// Faults:  unavailable, when it cannot listen; ConfigError (exception) for keys that cannot be
// read.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "base/result.h"
#include "hub/api/hub_config.h"
#include "hub/exchange/request.h"

namespace apache::thrift {
class TProcessor;
}
namespace apache::thrift::server {
class TThreadedServer;
}

namespace tongban::api {

class PeerWatch;

class ThriftServer {
public:
    ThriftServer(std::string name, ListenConfig listen, DoorConfig door, TlsConfig tls);
    ~ThriftServer();
    ThriftServer(const ThriftServer&) = delete;
    ThriftServer& operator=(const ThriftServer&) = delete;

    Result<Done> start(const std::shared_ptr<apache::thrift::TProcessor>& processor);
    void stop();  // no new calls; waits for those under way
    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] std::size_t connections() const;

    // Who is calling, in a handler's thread; nothing when the certificate does not say.
    static std::optional<exchange::Caller> caller();
    // Is whoever called still on the line? For a handler that has waited.
    static std::function<bool()> line();
    // Runs when the reply to this call could not be written whole.
    static void if_unsent(std::function<void()> undo);

private:
    const std::string name_;
    const ListenConfig listen_;
    const DoorConfig door_;
    const TlsConfig tls_;
    std::shared_ptr<PeerWatch> watch_;
    std::shared_ptr<apache::thrift::server::TThreadedServer> server_;
    std::jthread thread_;
    int port_ = 0;
};

}  // namespace tongban::api
