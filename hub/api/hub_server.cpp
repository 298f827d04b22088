#include "hub/api/hub_server.h"

namespace tongban::api {

HubServer::HubServer(const HubConfig& config, const GatewayLinks& links)
    : links_(links),
      rpc_("rpc", config.rpc, config.door, config.tls),
      lease_("lease", config.lease, config.door, config.tls) {}

HubServer::~HubServer() {
    stop();
}

Result<Done> HubServer::start() {
    if (Result<Done> opened = rpc_.start(rpc_processor(links_)); !opened) return opened;
    return lease_.start(lease_processor(links_));
}

void HubServer::stop() {
    rpc_.stop();
    lease_.stop();
}

}  // namespace tongban::api
