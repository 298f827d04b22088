#include "hub/app/proof.h"

#include "base/files.h"
#include "base/text.h"
#include "hub/audit/receipt.h"
#include "hub/audit/witness.h"

namespace tongban::app {

namespace {

Result<ProvenLeaf> prove_leaf(HubClient& client,
                              const std::string& exchange,
                              const Json& leaf,
                              const audit::WitnessPolicy& policy) {
    ProvenLeaf proven;
    proven.kind = leaf.value("kind", "");
    proven.leaf = canonical_json(leaf["leaf"]);
    auto receipt = client.receipt(exchange, proven.kind);
    if (!receipt) return std::move(receipt).fault();
    proven.receipt = *std::move(receipt);
    const auto facts = audit::receipt_verify(proven.receipt, proven.leaf, policy);
    proven.entry = {{"exchange", exchange}, {"kind", proven.kind}, {"verified", facts.ok()}};
    if (facts) {
        proven.entry["index"] = facts->index;
        proven.entry["size"] = facts->size;
    } else {
        proven.entry["reason"] = facts.fault().reason;
    }
    return proven;
}

}  // namespace

Result<ProvenExchange> prove_exchange(HubClient& client,
                                      const std::string& exchange,
                                      const std::string& data) {
    auto vkey = read_file(data + "/pki/hub/log.vkey");
    if (!vkey) return std::move(vkey).fault();
    auto policy = audit::WitnessPolicy::of_log(trim(*vkey));
    if (!policy) return std::move(policy).fault();
    auto trace = client.trace(exchange);
    if (!trace) return std::move(trace).fault();
    ProvenExchange proven;
    proven.trace = *std::move(trace);
    for (const auto& leaf : proven.trace.value("leaves", Json::array())) {
        auto one = prove_leaf(client, exchange, leaf, *policy);
        if (!one) return std::move(one).fault();
        proven.leaves.push_back(*std::move(one));
    }
    return proven;
}

}  // namespace tongban::app
