// tongban trace: who saw what about whom, on which ground, from which source, by which versions;
// from a running hub.
#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>

#include "base/files.h"
#include "hub/app/command.h"
#include "hub/app/hub_client.h"
#include "hub/app/trace_text.h"

namespace tongban::app {

namespace {

struct TraceOptions {
    HubAddress hub;
    std::string exchange;
    std::string envelopes;
    std::string format = "text";
};

Result<Done> write_envelopes(const Json& trace, const std::string& folder) {
    if (auto made = make_folders(folder); !made) return made;
    for (const auto& envelope : trace_envelopes(trace)) {
        if (auto done = write_file_durably(folder + "/" + envelope.part + ".json", envelope.text);
            !done)
            return done;
        if (auto done =
                write_file_durably(folder + "/" + envelope.part + ".sig", envelope.signature);
            !done)
            return done;
    }
    return Done{};
}

int show(const TraceOptions& options) {
    auto client = HubClient::open(options.hub);
    if (!client) return report_input(client.fault());
    auto trace = (*client)->trace(options.exchange);
    if (!trace) return report(trace.fault());
    if (!options.envelopes.empty()) {
        if (auto done = write_envelopes(*trace, options.envelopes); !done)
            return report(done.fault());
    }
    std::printf("%s\n",
                options.format == "json" ? trace->dump().c_str() : trace_text(*trace).c_str());
    return fine;
}

}  // namespace

void add_trace_command(CLI::App& root, Action& action) {
    auto options = std::make_shared<TraceOptions>();
    auto* trace = root.add_subcommand("trace", "What the log and the hub say about one exchange");
    trace->add_option("exchange", options->exchange, "Exchange id")->required();
    options->hub.identity_option = "--as";
    trace->add_option("--as,--member", options->hub.identity, "Whose keys to use, in DATA/pki")
        ->default_val("auditor");
    trace->add_option("--data", options->hub.data, "Data folder")->capture_default_str();
    trace->add_option("--hub-id", options->hub.hub_id, "Hub id")->capture_default_str();
    trace->add_option("--port", options->hub.rpc_port, "Port of the hub (from DATA/hub/ready.json)")
        ->check(CLI::Range(0, 65'535));
    trace->add_option(
        "--envelopes", options->envelopes, "Write the providers' signed texts and signatures here");
    trace->add_option("--format", options->format, "text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    trace->callback([options, &action] { action = [options] { return show(*options); }; });
}

}  // namespace tongban::app
