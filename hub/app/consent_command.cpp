// tongban consent: withdraws a citizen's consent in the name of the member that recorded it, when
// she says so at its window. From then on nothing is admitted on it, and what is still being asked
// is not given out.
#include <cstdio>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "base/json.h"
#include "hub/app/command.h"
#include "hub/app/hub_client.h"

namespace tongban::app {

namespace {

struct ConsentOptions {
    HubAddress hub;
    std::string consent_id;
    std::string format = "text";
};

int withdraw(const ConsentOptions& options) {
    auto client = HubClient::open(options.hub);
    if (!client) return report_input(client.fault());
    if (auto done = (*client)->withdraw_consent(options.consent_id); !done)
        return report(done.fault());
    if (options.format == "json") {
        const Json said{{"consent", options.consent_id}, {"state", "withdrawn"}};
        std::printf("%s\n", said.dump().c_str());
    } else {
        std::printf(
            "授权书 %s 已撤回，此后不再据此提供数据。\n"
            "Consent %s is withdrawn: no data is given on it from now on.\n",
            options.consent_id.c_str(),
            options.consent_id.c_str());
    }
    return fine;
}

}  // namespace

void add_consent_command(CLI::App& root, Action& action) {
    auto options = std::make_shared<ConsentOptions>();
    auto* consent = root.add_subcommand("consent", "A citizen's consent: withdraw it");
    consent->require_subcommand(1);
    auto* withdrawing = consent->add_subcommand(
        "withdraw", "Withdraw a consent that the member recorded; again changes nothing");
    withdrawing->add_option("consent", options->consent_id, "The member's id of it")->required();
    withdrawing
        ->add_option(
            "--member", options->hub.identity, "Who recorded it; its keys are in DATA/pki/<member>")
        ->required();
    withdrawing->add_option("--data", options->hub.data, "Data folder")->capture_default_str();
    withdrawing->add_option("--hub-id", options->hub.hub_id, "Hub id")->capture_default_str();
    withdrawing
        ->add_option("--port", options->hub.rpc_port, "Port of the hub (from DATA/hub/ready.json)")
        ->check(CLI::Range(0, 65'535));
    withdrawing->add_option("--format", options->format, "text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    withdrawing->callback(
        [options, &action] { action = [options] { return withdraw(*options); }; });
}

}  // namespace tongban::app
