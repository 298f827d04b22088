// WalGather: a file system of SQLite's between the library and the default one, that gives a
// transaction's frames to the log in a few long writes instead of two short ones a frame.
//
// What it holds back is written before anybody could want it: when the transaction's last frame is
// there (its header carries the database's size), before a read, a sync, a size and a close. So a
// frame that is published is in the file, as SQLite expects; only what no commit has ended yet may
// still be in memory. Files other than logs are the default file system's own.
//
// Threads: as SQLite's: one connection a thread.
// Faults:  the write's own code, at the write, read or sync that brought it to light.
// Source:  sqlite.org/fileformat2.html 4 (WAL header 32 bytes, frame header 24).
#pragma once

namespace tongban::internal {

// Its name for sqlite3_open_v2; null when it cannot be had, which costs time alone.
const char* wal_gather();

}  // namespace tongban::internal
