// tongban hub: the hub itself. SIGHUP reloads policy, schemas, mappings, rules, calendars and
// items; SIGUSR1 confirms the wall clock when the cases do not believe it; SIGTERM stops it
// gracefully.
#include <cstdio>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "base/log.h"
#include "hub/app/command.h"
#include "hub/app/hub.h"
#include "hub/app/serve.h"

namespace tongban::app {

namespace {

struct HubOptions {
    HubPlan plan;
    std::string ready_file;
    bool check = false;
};

int serve(HubOptions& options) {
    options.plan.root = find_root(options.plan.root);
    if (options.plan.configs.empty()) options.plan.configs = options.plan.root + "/configs";
    if (options.plan.config.empty()) options.plan.config = options.plan.configs + "/hub.yaml";
    if (options.ready_file.empty()) options.ready_file = options.plan.data + "/hub/ready.json";
    log::start(log::Level::info, "hub");
    hold_signals();
    Hub hub(options.plan);
    if (options.check) {
        std::printf("%s: fine\n", options.plan.config.c_str());
        return fine;
    }
    if (auto started = hub.start(); !started) return report(started.fault());
    if (auto done = write_ready(options.ready_file,
                                {{"rpc_port", hub.rpc_port()},
                                 {"lease_port", hub.lease_port()},
                                 {"status_port", hub.status_port()}});
        !done)
        return report(done.fault());
    log::info("serving",
              {{"rpc_port", hub.rpc_port()},
               {"lease_port", hub.lease_port()},
               {"status_port", hub.status_port()}});
    wait_for_stop([&hub] { hub.reload(); }, [&hub] { hub.confirm_clock(); });
    log::info("stopping");
    forget_ready(options.ready_file);
    hub.stop();
    return fine;
}

}  // namespace

void add_hub_command(CLI::App& root, Action& action) {
    auto options = std::make_shared<HubOptions>();
    auto* hub = root.add_subcommand("hub", "Run a hub until it is told to stop");
    hub->add_option("--config", options->plan.config, "hub.yaml (CONFIGS/hub.yaml)");
    hub->add_option("--configs",
                    options->plan.configs,
                    "Folder with members/, resources/, agreements/, calendars/, items/ "
                    "(ROOT/configs)");
    hub->add_option("--root", options->plan.root, "Folder with schemas/ and mapping/");
    hub->add_option("--data", options->plan.data, "Data folder")->default_val("data");
    const auto add_port = [hub](const char* name, int& port) {
        hub->add_option(name, port, "Instead of the configuration's; 0: any free one")
            ->check(CLI::Range(0, 65'535));
    };
    add_port("--rpc-port", options->plan.rpc_port);
    add_port("--lease-port", options->plan.lease_port);
    add_port("--status-port", options->plan.status_port);
    hub->add_option("--case-clock",
                    options->plan.case_clock,
                    "Demos and drills: the file of cases.clock in hub.yaml");
    hub->add_option(
        "--ready-file", options->ready_file, "Written when it serves (DATA/hub/ready.json)");
    hub->add_flag("--check", options->check, "Only load and check the configuration");
    hub->callback([options, &action] { action = [options] { return serve(*options); }; });
}

}  // namespace tongban::app
