// HubServer: the hub's two doors: `rpc` for requesters and auditors, `lease` for connectors. A long
// poll never takes a place from a request.
//
// Threads: start and stop from one thread.
// Faults:  unavailable, when a door cannot be opened.
#pragma once

#include "base/result.h"
#include "hub/api/gateways.h"
#include "hub/api/hub_config.h"
#include "hub/api/thrift_server.h"

namespace tongban::api {

class HubServer {
public:
    // Paths in `config.tls` as they are to be opened: absolute, or relative to the working folder.
    HubServer(const HubConfig& config, const GatewayLinks& links);
    ~HubServer();
    HubServer(const HubServer&) = delete;
    HubServer& operator=(const HubServer&) = delete;

    Result<Done> start();
    // Call Exchanges::stop() first: it ends every wait, so that the calls under way can be
    // answered.
    void stop();
    [[nodiscard]] int rpc_port() const { return rpc_.port(); }
    [[nodiscard]] int lease_port() const { return lease_.port(); }

private:
    const GatewayLinks links_;
    ThriftServer rpc_;
    ThriftServer lease_;
};

}  // namespace tongban::api
