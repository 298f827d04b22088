// Sequencer: the one writer of the log: audit rows into tiles and a signed checkpoint, in one
// commit.
//
// A batch: hash the leaves, grow the tiles, prove to itself that the new tree extends the last
// checkpoint, sign, commit entries + tiles + head + checkpoint together, raise the high-water mark,
// and only then release.
//
// Threads: the sequencer thread only.
// Faults:  unavailable (try again: store, mark), refused (stop for good: the log may not be signed
// any more).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/merkle.h"
#include "base/note.h"
#include "base/time.h"
#include "hub/audit/internal/high_water.h"
#include "hub/audit/internal/tile_reader.h"
#include "hub/audit/log.h"
#include "hub/store/store.h"

namespace tongban::audit {

struct Released {
    TreeHead head;
    std::string note;  // signed by the hub alone
};

class Sequencer {
public:
    Sequencer(store::Store& store,
              PrivateKey key,
              const Clock& clock,
              NoteVerifier verifier,
              TileReader& tiles);

    // Reads the head back and checks it against tiles, checkpoints and mark. refused: freeze.
    Result<Released> load(const LogOptions& options);
    Result<Released> integrate(const std::vector<store::AuditRow>& rows);

private:
    Result<Done> check_mark(const store::LogHeadRow& head, bool adopt_missing_mark);
    Result<std::string> signed_checkpoint(const TreeHead& head);
    Result<Done> check_growth(const TreeHead& head, const std::vector<store::LogTileRow>& tiles);

    // Fixed after construction.
    store::Store& store_;
    const PrivateKey key_;
    const Clock& clock_;
    const NoteVerifier verifier_;
    TileReader& tiles_;
    // Touched only by the sequencer.
    std::unique_ptr<HighWater> mark_;
    MerkleFrontier frontier_;
    TileEdge edge_;
    TreeHead head_;
};

}  // namespace tongban::audit
