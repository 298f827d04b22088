// Witness: remembers the last checkpoint of the log that it saw, demands that each newer one is
// consistent with it, and cosigns (c2sp.org tlog-cosignature). Every connector is one, so that a
// hub cannot show two histories to two members.
//
// Invariants: 1. what was seen is stored before it is cosigned; 2. no checkpoint is cosigned that
// is not consistent with the one stored; 3. once a fork was seen the witness cosigns nothing more,
// across restarts, until a person has removed the evidence file.
//
// Threads: one thread.
// Faults:  refused: where "fork" (stop trusting this hub) or "checkpoint" (not the log's own);
// malformed; unavailable.
#pragma once

#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/merkle.h"
#include "base/note.h"
#include "base/result.h"
#include "base/time.h"
#include "connectors/runtime/connector_store.h"

namespace tongban::connectors {

struct OfferedCheckpoint {
    std::string note;
    std::uint64_t old_size = 0;
    std::vector<Digest> consistency;
};

struct Cosignature {
    std::uint64_t size = 0;
    std::string line;
};

class Witness {
public:
    // `evidence` is the file that a fork leaves behind.
    Witness(ConnectorStore& store,
            NoteVerifier log,
            PrivateKey key,
            std::string name,
            std::string evidence);

    [[nodiscard]] Result<std::uint64_t> seen_size();
    Result<Cosignature> observe(const OfferedCheckpoint& offered, Instant now);
    // The hub has it: nothing to repeat after a restart.
    Result<Done> cosigned(const Cosignature& cosignature);
    [[nodiscard]] bool cosigned_all();
    [[nodiscard]] bool saw_fork() const;
    [[nodiscard]] std::string vkey() const { return cosigner_vkey(name_, key_.public_key()); }

private:
    Fault fork(const std::string& seen_note,
               const OfferedCheckpoint& offered,
               std::string reason) const;

    ConnectorStore& store_;
    const NoteVerifier log_;
    const PrivateKey key_;
    const std::string name_;
    const std::string evidence_;
};

}  // namespace tongban::connectors
