// tongban exchange: sends one request as a member's own client and prints the record and the
// receipt.
#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>

#include "base/crypto.h"
#include "base/files.h"
#include "base/text.h"
#include "base/time.h"
#include "hub/app/command.h"
#include "hub/app/hub_client.h"

namespace tongban::app {

namespace {

constexpr std::int64_t consent_valid_ms = 30LL * 24 * 3600 * 1000;

struct ExchangeOptions {
    HubAddress hub;
    Enquiry enquiry;
    std::string body_file;
    std::string consent_id;
    std::string consent_evidence;  // SHA-256 of the signed form
    std::string out;
    std::string receipt_out;
    std::string leaf_out;
    std::string format = "text";
};

void print(const ExchangeOptions& options, const Answered& answer) {
    if (options.format == "json") {
        Json whole{{"exchange", answer.exchange_id},
                   {"outcome", answer.state},
                   {"findings", answer.findings},
                   {"verdicts", answer.verdicts},
                   {"envelopes", answer.envelopes},
                   {"receipt", answer.receipt},
                   {"leaf", answer.leaf},
                   {"document_schema", answer.document_schema}};
        if (answer.document && options.out.empty()) whole["document"] = *answer.document;
        std::printf("%s\n", whole.dump().c_str());
        return;
    }
    std::printf("exchange %s: %s\n", answer.exchange_id.c_str(), answer.state.c_str());
    for (const auto& finding : answer.findings) {
        std::printf("[%s] %s %s\n    %s\n    %s\n",
                    finding["severity"].get<std::string>().c_str(),
                    finding["code"].get<std::string>().c_str(),
                    finding["part"].get<std::string>().c_str(),
                    finding["zh"].get<std::string>().c_str(),
                    finding["en"].get<std::string>().c_str());
    }
    for (const auto& verdict : answer.verdicts)
        std::printf("%s: %s\n",
                    verdict["field"].get<std::string>().c_str(),
                    verdict["verdict"].get<std::string>().c_str());
    if (answer.document && options.out.empty()) std::printf("%s\n", answer.document->c_str());
    if (!answer.receipt.empty()) std::printf("%s\n", answer.receipt.c_str());
}

Result<Done> keep(const ExchangeOptions& options, const Answered& answer) {
    if (!options.out.empty() && answer.document) {
        if (auto done = write_file_durably(options.out, *answer.document, Access::owner_only);
            !done)
            return done;
    }
    if (!options.receipt_out.empty()) {
        if (auto done = write_file_durably(options.receipt_out, answer.receipt); !done) return done;
    }
    if (!options.leaf_out.empty()) return write_file_durably(options.leaf_out, answer.leaf);
    return Done{};
}

int send(ExchangeOptions& options) {
    auto body = read_file(options.body_file, 16ULL << 20);
    if (!body) return report_input(named("body", body.fault()));
    options.enquiry.body = *std::move(body);
    const auto now = SystemClock().now();
    if (options.enquiry.request_id.empty()) options.enquiry.request_id = uuid_v7(now);
    if (!options.consent_id.empty()) {
        options.enquiry.consent = Json{{"consent_id", options.consent_id},
                                       {"resource", options.enquiry.resource},
                                       {"purpose", options.enquiry.purpose},
                                       {"receiver", options.hub.identity},
                                       {"given_at_ms", now.ms},
                                       {"valid_until_ms", now.ms + consent_valid_ms},
                                       {"channel", "counter"},
                                       {"evidence_sha256", options.consent_evidence}};
    }
    auto client = HubClient::open(options.hub);
    if (!client) return report_input(client.fault());
    auto answer = (*client)->exchange(options.enquiry);
    if (!answer) return report(answer.fault());
    if (auto done = keep(options, *answer); !done) return report(done.fault());
    // Only what is safely in our hands is acknowledged.
    if (answer->document) {
        if (auto done = (*client)->acknowledge(answer->exchange_id, *answer->document); !done)
            return report(done.fault());
    }
    print(options, *answer);
    if (answer->state == "pending") return unavailable;
    return answer->state == "delivered" || answer->state == "verified" ? fine : findings;
}

}  // namespace

void add_exchange_command(CLI::App& root, Action& action) {
    auto options = std::make_shared<ExchangeOptions>();
    auto* exchange = root.add_subcommand(
        "exchange", "Send one request as a member, print the record and the receipt");
    exchange->add_option("body", options->body_file, "The request in the member's own format")
        ->required();
    exchange
        ->add_option(
            "--member", options->hub.identity, "Who asks; its keys are in DATA/pki/<member>")
        ->required();
    exchange->add_option("--resource", options->enquiry.resource, "What is asked for")->required();
    exchange->add_option("--purpose", options->enquiry.purpose, "What for")->required();
    exchange->add_option("--schema", options->enquiry.schema, "Native schema of the request")
        ->required();
    exchange->add_option("--kind", options->enquiry.kind, "fetch the record, or verify claims")
        ->check(CLI::IsMember({"fetch", "verify"}))
        ->capture_default_str();
    exchange->add_option(
        "--request-id", options->enquiry.request_id, "Idempotency key (a new one)");
    exchange->add_option("--officer", options->enquiry.officer, "Pseudonym of the officer")
        ->required();
    exchange->add_option("--case", options->enquiry.case_ref, "The member's case number");
    exchange->add_option("--consent", options->consent_id, "Id of the citizen's consent");
    exchange->add_option(
        "--consent-evidence", options->consent_evidence, "SHA-256 of the signed consent form");
    exchange->add_option("--wait-ms", options->enquiry.wait_ms, "How long to wait")
        ->capture_default_str();
    exchange->add_option("--data", options->hub.data, "Data folder")->capture_default_str();
    exchange->add_option("--hub-id", options->hub.hub_id, "Hub id")->capture_default_str();
    exchange
        ->add_option("--port", options->hub.rpc_port, "Port of the hub (from DATA/hub/ready.json)")
        ->check(CLI::Range(0, 65'535));
    exchange->add_option("--out", options->out, "Write the record here instead of printing it");
    exchange->add_option("--receipt", options->receipt_out, "Write the receipt here");
    exchange->add_option("--leaf", options->leaf_out, "Write the leaf here");
    exchange->add_option("--format", options->format, "text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    exchange->callback([options, &action] { action = [options] { return send(*options); }; });
}

}  // namespace tongban::app
