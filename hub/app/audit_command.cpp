// tongban audit: re-reads the whole log and all that it proves; exports it as a directory that
// others' tools read. Both work on the data folder, beside a running hub too.
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "base/files.h"
#include "base/json.h"
#include "base/text.h"
#include "hub/app/command.h"
#include "hub/audit/export.h"
#include "hub/audit/verify.h"
#include "hub/store/sqlite/sqlite_store.h"

namespace tongban::app {

namespace {

struct AuditOptions {
    std::string data = "data";
    std::string folder;
    std::string vkey;
    bool journals = false;
    bool sealed = true;
    std::string format = "text";
};

Result<std::string> vkey_of(const AuditOptions& options) {
    const auto path = options.vkey.empty() ? options.data + "/pki/hub/log.vkey" : options.vkey;
    auto vkey = read_file(path);
    if (!vkey)
        return Fault{FaultKind::malformed,
                     "input.vkey",
                     path + ": " + vkey.fault().reason +
                         ": --data names the hub's folder, --vkey the key file"};
    return trim(*vkey);
}

Result<audit::VerifyInputs> inputs_of(const AuditOptions& options) {
    auto vkey = vkey_of(options);
    if (!vkey) return std::move(vkey).fault();
    audit::VerifyInputs inputs;
    inputs.database = options.data + "/hub/hub.db";
    inputs.log_vkey = *vkey;
    inputs.high_water_path = options.data + "/hub/log.mark";
    if (options.sealed) inputs.seal_key_path = options.data + "/hub/sealing.key";
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(options.data + "/pki", none)) {
        const auto file = entry.path() / "witness.vkey";
        if (!std::filesystem::exists(file, none)) continue;
        auto witness = read_file(file.string());
        if (!witness)
            return Fault{FaultKind::malformed,
                         "input.witness_vkey",
                         file.string() + ": " + witness.fault().reason};
        inputs.witness_vkeys.push_back(trim(*witness));
    }
    inputs.with_journals = options.journals;
    if (!options.journals) return inputs;
    for (const auto& entry :
         std::filesystem::directory_iterator(options.data + "/connectors", none)) {
        const auto journal = entry.path() / "connector.db";
        if (std::filesystem::exists(journal))
            inputs.journals[entry.path().filename().string()] = journal.string();
    }
    return inputs;
}

Json json_of(const audit::VerifyReport& found) {
    Json problems = Json::array();
    for (const auto& problem : found.problems)
        problems.push_back(
            {{"code", problem.code}, {"where", problem.where}, {"what", problem.what}});
    return {{"ok", found.ok()},
            {"leaves", found.leaves},
            {"waiting", found.waiting},
            {"checkpoints", found.checkpoints},
            {"cosignatures", found.cosignatures},
            {"cosignatures_unknown", found.cosignatures_unknown},
            {"exchanges", found.exchanges},
            {"records", found.records},
            {"groups_opened", found.groups_opened},
            {"groups_erased", found.groups_erased},
            {"journal_entries", found.journal_entries},
            {"journal_unlogged", found.journal_unlogged},
            {"unlogged", found.unlogged},
            {"problem_count", found.problem_count},
            {"problems", problems}};
}

int verify(const AuditOptions& options) {
    auto inputs = inputs_of(options);
    // Nothing was looked at, and nothing found wrong: that is no finding.
    if (!inputs) return report_input(inputs.fault());
    auto found = audit::verify_log(*inputs);
    if (!found) return report_input(found.fault());
    const auto whole = json_of(*found);
    if (options.format == "json") {
        std::printf("%s\n", whole.dump().c_str());
    } else {
        for (const auto& problem : found->problems)
            std::printf(
                "%s %s: %s\n", problem.code.c_str(), problem.where.c_str(), problem.what.c_str());
        for (const auto* name : {"leaves",
                                 "waiting",
                                 "checkpoints",
                                 "cosignatures",
                                 "exchanges",
                                 "records",
                                 "groups_opened",
                                 "groups_erased",
                                 "journal_entries",
                                 "journal_unlogged"})
            std::printf("%-16s %s\n", name, whole[name].dump().c_str());
        for (const std::string& entry : found->unlogged)
            std::printf("not in the log: %s\n", entry.c_str());
        std::printf("%s\n", found->ok() ? "the log holds" : "the log does NOT hold");
    }
    return found->ok() ? fine : findings;
}

int export_to(const AuditOptions& options) {
    auto vkey = vkey_of(options);
    if (!vkey) return report_input(vkey.fault());
    auto store = store::open_sqlite_read_only(options.data + "/hub/hub.db");
    if (!store) return report_input(store.fault());
    auto exported = audit::export_log(**store, *vkey, options.folder);
    if (!exported) return report(exported.fault());
    std::printf("%llu leaves, %zu tiles, %zu bundles written to %s\n",
                static_cast<unsigned long long>(exported->size),
                exported->tiles,
                exported->bundles,
                options.folder.c_str());
    return fine;
}

}  // namespace

void add_audit_command(CLI::App& root, Action& action) {
    auto options = std::make_shared<AuditOptions>();
    auto* audit = root.add_subcommand("audit", "The log: verify all of it, export it");
    audit->require_subcommand(1);

    auto* verifying = audit->add_subcommand("verify", "Re-read everything and check everything");
    verifying->add_option("--data", options->data, "Data folder")->capture_default_str();
    verifying->add_option(
        "--vkey", options->vkey, "The log's verifier key (DATA/pki/hub/log.vkey)");
    verifying->add_flag("--journals",
                        options->journals,
                        "Hold the connectors' journals below DATA against the log");
    verifying->add_flag("!--without-key",
                        options->sealed,
                        "Do not open sealed records: hold them against their roots only");
    verifying->add_option("--format", options->format, "text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    verifying->callback([options, &action] { action = [options] { return verify(*options); }; });

    auto* exporting =
        audit->add_subcommand("export", "Write the log as a tlog-tiles directory with its key");
    exporting->add_option("folder", options->folder, "Where to")->required();
    exporting->add_option("--data", options->data, "Data folder")->capture_default_str();
    exporting->add_option(
        "--vkey", options->vkey, "The log's verifier key (DATA/pki/hub/log.vkey)");
    exporting->callback([options, &action] { action = [options] { return export_to(*options); }; });
}

}  // namespace tongban::app
