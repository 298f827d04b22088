// Proof: the receipts of one exchange, fetched and verified as anybody can: offline, against the
// log's own key.
//
// Threads: one thread.
// Faults:  those of HubClient; a receipt that does not verify is no fault, its entry says so.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "hub/app/hub_client.h"

namespace tongban::app {

struct ProvenLeaf {
    std::string kind;  // intent | denied | outcome
    std::string receipt;
    std::string leaf;
    Json entry;  // {"exchange","kind","verified","index","size"} or with "reason"
};

struct ProvenExchange {
    Json trace;
    std::vector<ProvenLeaf> leaves;
};

// `data`: holds pki/hub/log.vkey.
Result<ProvenExchange> prove_exchange(HubClient& client,
                                      const std::string& exchange,
                                      const std::string& data);

}  // namespace tongban::app
