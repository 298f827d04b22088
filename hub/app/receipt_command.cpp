// tongban receipt: fetches a receipt from a running hub; verifies one offline, years later, with no
// hub at all.
#include <cstdio>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "base/files.h"
#include "base/json.h"
#include "base/text.h"
#include "hub/app/command.h"
#include "hub/app/hub_client.h"
#include "hub/audit/receipt.h"
#include "hub/audit/witness.h"

namespace tongban::app {

namespace {

struct ReceiptOptions {
    HubAddress hub;
    std::string exchange;
    std::string kind = "intent";
    std::string out;
    std::string leaf_out;
    std::string file;
    std::string leaf;
    std::string vkey;
    std::string policy;
    std::string format = "text";
};

Result<audit::WitnessPolicy> policy_of(const ReceiptOptions& options) {
    if (!options.policy.empty()) {
        auto text = read_file(options.policy);
        if (!text) return std::move(text).fault();
        return audit::WitnessPolicy::parse(*text);
    }
    auto vkey = read_file(options.vkey);
    if (!vkey) return std::move(vkey).fault();
    return audit::WitnessPolicy::of_log(trim(*vkey));
}

int verify(const ReceiptOptions& options) {
    auto receipt = read_file(options.file);
    if (!receipt) {
        report(receipt.fault());
        return usage;  // nothing was verified, and nothing found wrong
    }
    // The leaf lies beside the receipt unless it is named.
    auto leaf = read_file(options.leaf.empty() ? options.file + ".leaf" : options.leaf);
    if (!leaf) {
        report(leaf.fault());
        return usage;
    }
    auto policy = policy_of(options);
    if (!policy) {
        report(policy.fault());
        return usage;
    }
    auto facts = audit::receipt_verify(*receipt, *leaf, *policy);
    if (!facts) {
        if (options.format == "json")
            std::printf("%s\n",
                        Json{{"verified", false},
                             {"where", facts.fault().where},
                             {"reason", facts.fault().reason}}
                            .dump()
                            .c_str());
        return report(facts.fault());
    }
    if (options.format == "json") {
        std::printf(
            "%s\n",
            Json{{"verified", true},
                 {"origin", facts->origin},
                 {"index", facts->index},
                 {"size", facts->size},
                 {"witnesses", facts->witnesses},
                 // Without a policy nobody says how many witnesses it takes.
                 {"witnessed", options.policy.empty() ? Json(nullptr) : Json(facts->witnessed)}}
                .dump()
                .c_str());
        return fine;
    }
    std::printf(
        "verified: leaf %llu of log %s, in a checkpoint of size %llu, cosigned by %zu witnesses\n",
        static_cast<unsigned long long>(facts->index),
        facts->origin.c_str(),
        static_cast<unsigned long long>(facts->size),
        facts->witnesses.size());
    return fine;
}

// The trace shows the leaf as JSON; a leaf is RFC 8785, so its canonical form is its bytes.
Result<std::string> leaf_of(const Json& trace, const std::string& kind) {
    for (const auto& leaf : trace.value("leaves", Json::array())) {
        if (leaf.value("kind", "") == kind && leaf.contains("leaf"))
            return canonical_json(leaf["leaf"]);
    }
    return Fault{FaultKind::not_found, kind, "the exchange has no leaf of this kind"};
}

int get(const ReceiptOptions& options) {
    auto client = HubClient::open(options.hub);
    if (!client) return report_input(client.fault());
    auto receipt = (*client)->receipt(options.exchange, options.kind);
    if (!receipt) return report(receipt.fault());
    auto trace = (*client)->trace(options.exchange);
    if (!trace) return report(trace.fault());
    auto leaf = leaf_of(*trace, options.kind);
    if (!leaf) return report(leaf.fault());
    if (options.out.empty()) {
        std::fputs(receipt->c_str(), stdout);
        return fine;
    }
    if (auto done = write_file_durably(options.out, *receipt); !done) return report(done.fault());
    const auto leaf_path = options.leaf_out.empty() ? options.out + ".leaf" : options.leaf_out;
    if (auto done = write_file_durably(leaf_path, *leaf); !done) return report(done.fault());
    return fine;
}

}  // namespace

void add_receipt_command(CLI::App& root, Action& action) {
    auto options = std::make_shared<ReceiptOptions>();
    auto* receipt = root.add_subcommand("receipt", "Receipts: get one, verify one offline");
    receipt->require_subcommand(1);

    auto* verifying = receipt->add_subcommand("verify", "Verify a receipt offline");
    verifying->add_option("file", options->file, "The receipt (.tlog-proof)")->required();
    verifying->add_option("--leaf", options->leaf, "The leaf that it proves (FILE.leaf)");
    auto* vkey = verifying->add_option("--vkey", options->vkey, "File with the log's verifier key");
    auto* policy = verifying->add_option(
        "--policy", options->policy, "Witness policy (tlog-policy) instead of a key");
    vkey->excludes(policy);
    verifying->add_option("--format", options->format, "text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    verifying->callback([options, &action] { action = [options] { return verify(*options); }; });

    auto* getting =
        receipt->add_subcommand("get", "Fetch the receipt of an exchange's leaf from the hub");
    getting->add_option("exchange", options->exchange, "Exchange id")->required();
    options->hub.identity_option = "--as";
    getting->add_option("--as", options->hub.identity, "Whose keys to use, in DATA/pki")
        ->default_val("auditor");
    getting->add_option("--kind", options->kind, "denied, intent or outcome")
        ->capture_default_str();
    getting->add_option("--data", options->hub.data, "Data folder")->capture_default_str();
    getting->add_option("--hub-id", options->hub.hub_id, "Hub id")->capture_default_str();
    getting
        ->add_option("--port", options->hub.rpc_port, "Port of the hub (from DATA/hub/ready.json)")
        ->check(CLI::Range(0, 65'535));
    getting->add_option("--out", options->out, "Write it here (standard output)");
    getting->add_option("--leaf-out", options->leaf_out, "Write the leaf here (OUT.leaf)");
    getting->callback([options, &action] { action = [options] { return get(*options); }; });
}

}  // namespace tongban::app
