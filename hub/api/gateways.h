// Gateways: the services as Thrift handlers. Each call: who is it, is the certificate still
// good, may this role ask that; then one call into the hub; whatever goes wrong becomes the one
// Refusal.
//
// The rpc listener serves HubGateway, CaseGateway and AuditGateway, whose methods differ in name;
// the lease listener ConnectorGateway.
//
// Threads: safe from any thread; one call runs in its connection's thread.
#pragma once

#include <memory>

#include "hub/audit/log.h"
#include "hub/audit/trail.h"
#include "hub/exchange/exchange.h"
#include "hub/policy/policy.h"
#include "hub/policy/revocations.h"

namespace apache::thrift {
class TProcessor;
}

namespace tongban::exchange {
class CaseDesk;
}

namespace tongban::api {

struct GatewayLinks {  // all must outlive the servers
    exchange::Exchanges& exchanges;
    audit::Trail& trail;
    audit::Log& log;
    policy::Revocations& revocations;
    exchange::CaseDesk* cases = nullptr;  // none: this hub keeps no cases
};

std::shared_ptr<apache::thrift::TProcessor> rpc_processor(const GatewayLinks& links);
std::shared_ptr<apache::thrift::TProcessor> lease_processor(const GatewayLinks& links);

}  // namespace tongban::api
