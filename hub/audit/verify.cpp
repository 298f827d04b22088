#include "hub/audit/verify.h"

#include "base/files.h"
#include "hub/audit/internal/verify/look.h"

namespace tongban::audit {

Result<VerifyReport> verify_log(const VerifyInputs& inputs) {
    auto database = Sqlite::open(inputs.database, SqliteMode::read_only);
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
