// SqliteStore: the embedded store: one file, one process, one writing connection, group commit.
//
// WAL with synchronous=FULL. One committer thread owns the writing connection and commits whatever
// queued while it was committing; reads go over a few read-only connections. A side file is locked,
// so two processes cannot open one store. Opening is a take-over: every shard's epoch goes up by
// one, restart and fail-over are one code path.
//
// Threads: as Store; close() or the destructor ends the committer after what is queued.
// Faults:  as Store; open: unavailable (locked by another process, I/O), malformed (not our
// database, newer schema).
#pragma once

#include <memory>
#include <string>

#include "hub/store/store.h"

namespace tongban::store {

struct SqliteOptions {
    std::size_t queue = 4096;  // batches waiting; more answers busy
    std::size_t batches_per_commit = 1'024;
    std::size_t readers = 4;
    std::string owner = "hub";  // this node's name in shard_ctl
};

Result<std::unique_ptr<Store>> open_sqlite(const std::string& path,
                                           const SqliteOptions& options = {});

// For auditors, also beside a running hub: no lock, no take-over; apply() and scrub() are
// unavailable.
Result<std::unique_ptr<Store>> open_sqlite_read_only(const std::string& path);

}  // namespace tongban::store
