// What the files of HubClient share: its links to the hub's services, and how a hub's answer
// becomes a Result.
//
// Threads: one thread, the client's.
#pragma once

#include <chrono>
#include <utility>
#include <variant>

#include <tongban_wire/AuditGateway.h>
#include <tongban_wire/CaseGateway.h>
#include <tongban_wire/HubGateway.h>

#include "base/crypto.h"
#include "base/text.h"
#include "connectors/runtime/hub_link.h"
#include "connectors/runtime/signing.h"
#include "hub/app/hub_client.h"

namespace tongban::app {

namespace wire = ::tongban::wire;

namespace of_client {

constexpr std::chrono::seconds grace{10};  // for the network, beyond what the hub may wait

Fault refused(const wire::Refusal& refusal);

template <typename Value>
Result<Value> value_of(connectors::HubReply<Value> reply) {
    if (auto* refusal = std::get_if<wire::Refusal>(&reply)) return refused(*refusal);
    if (auto* fault = std::get_if<Fault>(&reply)) return std::move(*fault);
    return std::get<Value>(std::move(reply));
}

}  // namespace of_client

struct HubClient::State {
    State(connectors::HubPlace hub_place, connectors::Signer hub_signer)
        : place(std::move(hub_place)),
          signer(std::move(hub_signer)),
          hub(place, place.rpc_port, interrupter),
          audit(place, place.rpc_port, interrupter),
          cases(place, place.rpc_port, interrupter) {}

    connectors::HubPlace place;
    connectors::Signer signer;
    connectors::Interrupter interrupter;
    connectors::HubLink<wire::HubGatewayClient> hub;
    connectors::HubLink<wire::AuditGatewayClient> audit;
    connectors::HubLink<wire::CaseGatewayClient> cases;
};

}  // namespace tongban::app
