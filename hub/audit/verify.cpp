#include "hub/audit/verify.h"

#include <filesystem>

#include "base/files.h"
#include "base/text.h"
#include "hub/audit/internal/verify/look.h"
#include "hub/audit/internal/verify/note.h"

namespace tongban::audit {

namespace {

Fault bad_input(const char* code, const std::string& what) {
    return Fault{FaultKind::malformed, code, what};
}

// A key that cannot be read says nothing of the log: it is told before anything is looked at.
Result<Done> keys_can_be_read(const VerifyInputs& inputs) {
    if (!verify::read_vkey(inputs.log_vkey))
        return bad_input("input.vkey",
                         "the log's verifier key is no vkey line (name+id+base64): give the file "
                         "that `tongban pki` wrote, pki/hub/log.vkey");
    for (const std::string& vkey : inputs.witness_vkeys)
        if (!verify::read_vkey(vkey))
            return bad_input("input.witness_vkey",
                             vkey.substr(0, vkey.find('+')) +
                                 ": a witness's verifier key is no vkey line: restore its "
                                 "pki/<member>/witness.vkey, or take the file away");
    if (inputs.seal_key_path.empty()) return Done{};
    const auto file = read_file(inputs.seal_key_path, 1024);
    const auto key = file ? from_hex(trim(*file)) : Result<std::string>(file.fault());
    if (!key || key->size() != 32)
        return bad_input("input.seal_key",
                         inputs.seal_key_path + ": the hub's sealing key cannot be read (" +
                             (file ? "not 64 hex digits" : file.fault().reason) +
                             "): restore the file, or leave sealed records closed");
    return Done{};
}

// A file that is no hub's database holds no log that could be broken.
Result<Done> is_a_hubs(Sqlite& database, const std::string& path) {
    auto tables = database.prepare(
        "SELECT count(*) FROM sqlite_master WHERE type='table' AND name IN "
        "('exchange','audit','shard_ctl','log_head','log_entry')");
    if (!tables) return tables.fault();
    const auto row = tables->step();
    if (!row) return row.fault();
    if (tables->integer(0) != 5)
        return bad_input("input.database",
                         path +
                             ": holds none of the hub's tables: name the folder whose "
                             "hub/hub.db a hub has written");
    return Done{};
}

Result<std::unique_ptr<Sqlite>> open_database(const std::string& path) {
    std::error_code error;
    if (!std::filesystem::exists(path, error))
        return bad_input("input.database",
                         path + ": there is no such file: --data names the folder of the hub");
    auto database = Sqlite::open(path, SqliteMode::read_only);
    auto looked = database ? is_a_hubs(**database, path) : Result<Done>(database.fault());
    if (looked) return database;
    const Fault& fault = looked.fault();
    if (fault.where == "input.database") return fault;
    const bool later = fault.kind == FaultKind::unavailable || fault.kind == FaultKind::busy;
    return Fault{later ? fault.kind : FaultKind::malformed,
                 "input.database",
                 path + ": the hub's database cannot be read (" + fault.reason +
                     "): is --data the hub's folder?"};
}

}  // namespace

Result<VerifyReport> verify_log(const VerifyInputs& inputs) {
    if (auto done = keys_can_be_read(inputs); !done) return done.fault();
    auto database = open_database(inputs.database);
    if (!database) return database.fault();
    // The mark follows the database, so it is read first: a checkpoint in between must not look
    // like a restored copy.
    const Result<std::string> mark = read_file(inputs.high_water_path, 1U << 20);
    const auto journals_end = verify::journal_ends(inputs);
    // One read transaction: a hub that goes on writing does not make two moments of it.
    const auto begun = (*database)->execute("BEGIN; SELECT count(*) FROM log_head");
    if (!begun) return begun.fault();
    VerifyReport report;
    verify::Look look(**database, inputs, report);
    verify::look_at_shards(look);
    verify::look_at_tree(look, mark);
    verify::look_at_order(look);
    verify::look_at_consents(look);
    verify::look_at_exchanges(look);
    verify::look_at_cases(look);
    verify::look_at_records(look);
    verify::look_at_journals(look, journals_end);
    return report;
}

}  // namespace tongban::audit
