// tongban connector: one member's connector, beside its office system. The only place that names
// the protocols. SIGHUP reads its file, and its engine's, again; SIGTERM stops it gracefully.
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/file_lock.h"
#include "base/files.h"
#include "base/log.h"
#include "connectors/file_drop/file_drop_connector.h"
#include "connectors/http/http_deliverer.h"
#include "connectors/http_json/http_json_connector.h"
#include "connectors/odbc/odbc_connector.h"
#include "connectors/runtime/connector_runtime.h"
#include "connectors/soap/soap_connector.h"
#include "hub/app/command.h"
#include "hub/app/serve.h"

namespace tongban::app {

namespace {

struct ConnectorOptions {
    std::string config;
    std::string ready_file;
    std::vector<std::string> settings;
    bool check = false;
};

connectors::Protocols all_protocols() {
    connectors::Protocols protocols;
    protocols.connectors = {{"soap", connectors::make_soap_connector},
                            {"http_json", connectors::make_http_json_connector},
                            {"odbc", connectors::make_odbc_connector},
                            {"file_drop", connectors::make_file_drop_connector}};
    protocols.deliverers = {{"http", connectors::make_http_deliverer},
                            {"file_drop", connectors::make_file_drop_deliverer}};
    return protocols;
}

int serve(const ConnectorOptions& options) {
    connectors::Variables variables;
    for (const auto& setting : options.settings) {
        const auto equals = setting.find('=');
        if (equals == std::string::npos) {
            std::fprintf(stderr, "tongban: --set %s: write NAME=VALUE\n", setting.c_str());
            return usage;
        }
        variables[setting.substr(0, equals)] = setting.substr(equals + 1);
    }
    const auto load = [&options, &variables] {
        return connectors::load_connector_config(options.config, variables, all_protocols());
    };
    const auto config = load();
    if (options.check) {
        std::printf("%s: fine\n", options.config.c_str());
        return fine;
    }
    log::start(log::Level::info, "connector " + config.member);
    hold_signals();
    if (auto made = make_folders(config.data, Access::owner_only); !made)
        return report(made.fault());
    const auto alone = FileLock::take(config.data + "/connector.lock");
    if (!alone) return report(alone.fault());
    const SystemClock clock;
    connectors::ConnectorRuntime runtime(config, clock);
    if (auto started = runtime.start(); !started) return report(started.fault());
    if (auto done = write_ready(options.ready_file,
                                {{"member", config.member}, {"port", runtime.requests_port()}});
        !done)
        return report(done.fault());
    wait_for_stop([&load, &runtime] {
        try {
            if (auto done = runtime.reload(load()); !done) return log_refused(done.fault());
            log::info("reloaded");
        } catch (const ConfigError& error) {
            log_refused(error);
        }
    });
    runtime.stop();
    forget_ready(options.ready_file);
    return fine;
}

}  // namespace

void add_connector_command(CLI::App& root, Action& action) {
    auto options = std::make_shared<ConnectorOptions>();
    auto* connector =
        root.add_subcommand("connector", "Run one member's connector until it is told to stop");
    connector->add_option("--config", options->config, "configs/connectors/<member>.yaml")
        ->required();
    connector->add_option("--set",
                          options->settings,
                          "NAME=VALUE for a ${NAME} of the configuration; may be repeated");
    connector->add_option(
        "--ready-file", options->ready_file, "Written when it serves: {member, port, pid}");
    connector->add_flag("--check", options->check, "Only load and check the configuration");
    connector->callback([options, &action] { action = [options] { return serve(*options); }; });
}

}  // namespace tongban::app
