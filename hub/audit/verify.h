// Verify: re-reads everything that the hub claims to have logged and reports each thing that does
// not hold.
//
// Rows → leaves → tiles → root → every checkpoint and cosignature; each intent before its outcome;
// rows of exchanges and of cases say what their leaves say; sealed records open and match their
// commitments, or an erasure leaf names their key; connectors' journals agree with the leaves, and
// the leaves with them. It reads the database itself and shares no code with the writer beyond
// base, so that one mistake cannot hide another.
//
// Threads: one thread; the hub may be running: one read transaction sees one moment.
// Faults:  malformed, unavailable: the database or a key cannot be read at all, and nothing was
// looked at; `where` is a code: input.database, input.vkey, input.witness_vkey, input.seal_key.
// Problems are no faults.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace tongban::audit {

struct VerifyInputs {
    std::string database{};  // hub.db
    std::string log_vkey{};
    std::vector<std::string> witness_vkeys{};  // cosignatures of others are counted as unknown
    std::string high_water_path{};             // "": not looked at
    std::string seal_key_path{};  // "": sealed records are held against their roots only
    std::map<std::string, std::string> journals{};  // member -> connector.db
    bool with_journals = false;  // they are to be held against the log: none may be missing
};

struct Problem {
    std::string code;   // "leaf.altered" "tile.altered" "checkpoint.signature" ...;
                        // docs/log-format.md lists them
    std::string where;  // table and row
    std::string what;
};

struct VerifyReport {
    std::uint64_t leaves = 0;   // in the log
    std::uint64_t waiting = 0;  // durable, not integrated yet
    std::uint64_t checkpoints = 0;
    std::uint64_t cosignatures = 0;
    std::uint64_t cosignatures_unknown = 0;
    std::uint64_t exchanges = 0;  // rows held against their leaves
    std::uint64_t records = 0;
    std::uint64_t groups_opened = 0;
    std::uint64_t groups_erased = 0;
    std::uint64_t journal_entries = 0;
    // Questions and answers of exchanges that the hub knows nothing of: a hub that dies forgets the
    // reads that it was about to end. Somebody must look where there are more than hubs that died.
    std::uint64_t journal_unlogged = 0;
    std::vector<std::string> unlogged{};  // "MEMBER NUMBER KIND EXCHANGE"; at most 1,000
    std::vector<Problem> problems;        // at most 1,000
    std::uint64_t problem_count = 0;
    [[nodiscard]] bool ok() const { return problem_count == 0; }
};

Result<VerifyReport> verify_log(const VerifyInputs& inputs);

}  // namespace tongban::audit
