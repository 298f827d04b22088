// Look: what the parts of `audit verify` share: the database, the report, and one way to ask and to
// complain.
//
// Threads: one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/sqlite.h"
#include "hub/audit/verify.h"

namespace tongban::audit::verify {

class Look {
public:
    Look(Sqlite& database, const VerifyInputs& inputs, VerifyReport& report)
        : database_(database), inputs_(inputs), report_(report) {}

    void problem(std::string_view code, const std::string& where, std::string_view what) {
        if (report_.problem_count++ < 1000)
            report_.problems.push_back({std::string(code), where, std::string(what)});
    }
    // Calls `row` for every row; a database that cannot be read any further is a problem too.
    void each(std::string_view sql,
              const std::function<void(const SqliteStatement&)>& row,
              const std::function<void(SqliteStatement&)>& bind = {}) {
        auto statement = database_.prepare(sql);
        if (!statement)
            return problem(
                "database.unreadable", std::string(sql.substr(0, 40)), statement.fault().reason);
        if (bind) bind(*statement);
        for (;;) {
            const auto found = statement->step();
            if (!found)
                return problem(
                    "database.unreadable", std::string(sql.substr(0, 40)), found.fault().reason);
            if (!*found) return;
            row(*statement);
        }
    }
    [[nodiscard]] const VerifyInputs& inputs() const { return inputs_; }
    [[nodiscard]] VerifyReport& report() { return report_; }

private:
    Sqlite& database_;
    const VerifyInputs& inputs_;
    VerifyReport& report_;
};

void look_at_shards(Look& look);  // audit rows: numbers, chain, leaves' form
void look_at_tree(
    Look& look,
    const Result<std::string>& mark);  // entries, tiles, head, checkpoints, cosignatures, mark
void look_at_order(Look& look);        // intents, outcomes, denials
void look_at_consents(Look& look);     // withdrawals and what rests on them
void look_at_exchanges(Look& look);    // their rows against their leaves
// A row's request against what was sealed of it, when that could be opened.
void look_at_request(Look& look,
                     std::int64_t shard,
                     const std::string& exchange,
                     const std::string& head);
void look_at_cases(Look& look);    // transitions of cases, and their rows
void look_at_records(Look& look);  // sealed records and erasures
// How far each journal goes now: what is in it before the hub's tables are read must be known to
// them.
std::map<std::string, std::int64_t> journal_ends(const VerifyInputs& inputs);
// Connectors' journals: what the leaves say of them, and what they say of the leaves, up to `ends`.
void look_at_journals(Look& look, const std::map<std::string, std::int64_t>& ends);

}  // namespace tongban::audit::verify
