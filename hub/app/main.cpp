// tongban: one program; see command.h for the commands and exit codes.
#include <cstdio>
#include <exception>
#include <iostream>

#include <CLI/CLI.hpp>
#include <csignal>

#include "base/log.h"
#include "base/xml.h"
#include "base/yaml.h"
#include "hub/app/command.h"

namespace {

int run(int argc, char** argv) {
    CLI::App root{"Tongban: data exchange between government departments, with proof"};
    root.require_subcommand(1);
    root.set_version_flag("--version", "tongban 0.1.0");
    tongban::app::Action action;
    tongban::app::add_demo_command(root, action);
    tongban::app::add_hub_command(root, action);
    tongban::app::add_connector_command(root, action);
    tongban::app::add_pki_command(root, action);
    tongban::app::add_exchange_command(root, action);
    tongban::app::add_consent_command(root, action);
    tongban::app::add_erase_command(root, action);
    tongban::app::add_item_command(root, action);
    tongban::app::add_case_command(root, action);
    tongban::app::add_convert_command(root, action);
    tongban::app::add_mapping_command(root, action);
    tongban::app::add_trace_command(root, action);
    tongban::app::add_audit_command(root, action);
    tongban::app::add_receipt_command(root, action);
    try {
        root.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return root.exit(error) == 0 ? tongban::app::fine : tongban::app::usage;
    }
    if (!action) return tongban::app::usage;
    const int ended = action();
    // A full disk shows when the last of it is written.
    const bool written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
    if (written && std::cout.flush()) return ended;
    std::fprintf(stderr, "tongban: the output cannot be written\n");
    return ended == tongban::app::fine ? static_cast<int>(tongban::app::unavailable) : ended;
}

}  // namespace

int main(int argc, char** argv) {
    // With the default disposition a peer that resets a TLS connection would kill the process.
    if (std::signal(SIGPIPE, SIG_IGN) == SIG_ERR) return tongban::app::internal;
    tongban::prepare_xml();
    try {
        return run(argc, argv);
    } catch (const tongban::ConfigError& error) {
        for (const auto& fault : error.faults()) {
            std::fprintf(stderr,
                         "%s:%d:%d: %s\n",
                         fault.file.c_str(),
                         fault.line,
                         fault.column,
                         fault.message.c_str());
        }
        return tongban::app::usage;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "tongban: %s\n", error.what());
        return tongban::app::internal;
    }
}
