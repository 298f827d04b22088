#include "base/internal/wal_gather.h"

#include <algorithm>
#include <cstddef>
#include <new>
#include <string>
#include <utility>

#include <sqlite3.h>

namespace tongban::internal {
namespace {

constexpr const char* our_name = "tongban-wal-gather";
constexpr std::size_t most_held = 1 << 20;
constexpr std::size_t longest_write = 1 << 16;  // SQLite's own files take less than 128 KiB at once
constexpr int frame_header = 24;
constexpr int most_below = 4096;  // bytes that a file of the default file system may take

sqlite3_vfs* below() {
    return sqlite3_vfs_find(nullptr);  // each time: a test may bring its own
}

struct LogFile {
    sqlite3_file base;  // first: SQLite sees this
    sqlite3_file* real;
    std::string* held;  // not yet written, from `from` on
    sqlite3_int64 from;
    bool ends;  // the page that is written next ends a transaction
};

LogFile* log_of(sqlite3_file* file) {
    return reinterpret_cast<LogFile*>(file);
}

// Whatever becomes of it, it is held no longer: SQLite takes the transaction back.
int give(LogFile& log) {
    int code = SQLITE_OK;
    for (std::size_t at = 0; code == SQLITE_OK && at < log.held->size(); at += longest_write) {
        const std::size_t size = std::min(longest_write, log.held->size() - at);
        code = log.real->pMethods->xWrite(log.real,
                                          log.held->data() + at,
                                          static_cast<int>(size),
                                          log.from + static_cast<sqlite3_int64>(at));
    }
    log.held->clear();
    return code;
}

bool ends_transaction(const void* bytes, int count) {
    if (count != frame_header) return false;
    const auto* header = static_cast<const unsigned char*>(bytes);
    return std::any_of(header + 4, header + 8, [](unsigned char byte) { return byte != 0; });
}

int log_close(sqlite3_file* file) {
    LogFile& log = *log_of(file);
    const int given = give(log);
    const int closed = log.real->pMethods->xClose(log.real);
    delete log.held;
    log.held = nullptr;
    return given == SQLITE_OK ? closed : given;
}

int log_read(sqlite3_file* file, void* into, int count, sqlite3_int64 at) {
    LogFile& log = *log_of(file);
    const int given = give(log);
    return given == SQLITE_OK ? log.real->pMethods->xRead(log.real, into, count, at) : given;
}

int log_write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
    LogFile& log = *log_of(file);
    const auto size = static_cast<std::size_t>(count);
    const bool follows =
        !log.held->empty() && at == log.from + static_cast<sqlite3_int64>(log.held->size());
    if (!follows || log.held->size() + size > most_held) {
        const int given = give(log);
        if (given != SQLITE_OK) return given;
        log.from = at;
    }
    const bool last = std::exchange(log.ends, ends_transaction(bytes, count));
    try {
        log.held->append(static_cast<const char*>(bytes), size);
    } catch (const std::bad_alloc&) {
        return SQLITE_IOERR_NOMEM;
    }
    return last ? give(log) : SQLITE_OK;
}

int log_truncate(sqlite3_file* file, sqlite3_int64 size) {
    LogFile& log = *log_of(file);
    const int given = give(log);
    return given == SQLITE_OK ? log.real->pMethods->xTruncate(log.real, size) : given;
}

int log_sync(sqlite3_file* file, int flags) {
    LogFile& log = *log_of(file);
    const int given = give(log);
    return given == SQLITE_OK ? log.real->pMethods->xSync(log.real, flags) : given;
}

int log_size(sqlite3_file* file, sqlite3_int64* size) {
    LogFile& log = *log_of(file);
    const int given = give(log);
    return given == SQLITE_OK ? log.real->pMethods->xFileSize(log.real, size) : given;
}

int log_lock(sqlite3_file* file, int level) {
    return log_of(file)->real->pMethods->xLock(log_of(file)->real, level);
}
int log_unlock(sqlite3_file* file, int level) {
    return log_of(file)->real->pMethods->xUnlock(log_of(file)->real, level);
}
int log_check_lock(sqlite3_file* file, int* held) {
    return log_of(file)->real->pMethods->xCheckReservedLock(log_of(file)->real, held);
}
int log_control(sqlite3_file* file, int what, void* argument) {
    return log_of(file)->real->pMethods->xFileControl(log_of(file)->real, what, argument);
}
int log_sector(sqlite3_file* file) {
    return log_of(file)->real->pMethods->xSectorSize(log_of(file)->real);
}
int log_traits(sqlite3_file* file) {
    return log_of(file)->real->pMethods->xDeviceCharacteristics(log_of(file)->real);
}

const sqlite3_io_methods log_methods = {1,
                                        log_close,
                                        log_read,
                                        log_write,
                                        log_truncate,
                                        log_sync,
                                        log_size,
                                        log_lock,
                                        log_unlock,
                                        log_check_lock,
                                        log_control,
                                        log_sector,
                                        log_traits,
                                        nullptr,
                                        nullptr,
                                        nullptr,
                                        nullptr,
                                        nullptr,
                                        nullptr};

// `file` has room for a LogFile and, behind it, for a file of the file system below.
int open_file(sqlite3_vfs* /*own*/, const char* name, sqlite3_file* file, int flags, int* given) {
    sqlite3_vfs* const real = below();
    if (real == nullptr || real->szOsFile > most_below) return SQLITE_CANTOPEN;
    if ((flags & SQLITE_OPEN_WAL) == 0) return real->xOpen(real, name, file, flags, given);
    LogFile& log = *log_of(file);
    log.base.pMethods = nullptr;  // nothing to close as long as it is not open
    log.real = reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + sizeof(LogFile));
    const int code = real->xOpen(real, name, log.real, flags, given);
    if (code != SQLITE_OK) return code;
    log.held = new (std::nothrow) std::string();
    if (log.held == nullptr) {
        log.real->pMethods->xClose(log.real);
        return SQLITE_NOMEM;
    }
    log.from = 0;
    log.ends = false;
    log.base.pMethods = &log_methods;
    return SQLITE_OK;
}

int remove_file(sqlite3_vfs* /*own*/, const char* name, int sync_folder) {
    return below()->xDelete(below(), name, sync_folder);
}
int may_access(sqlite3_vfs* /*own*/, const char* name, int flags, int* result) {
    return below()->xAccess(below(), name, flags, result);
}
int full_name(sqlite3_vfs* /*own*/, const char* name, int size, char* out) {
    return below()->xFullPathname(below(), name, size, out);
}
int randomness(sqlite3_vfs* /*own*/, int size, char* out) {
    return below()->xRandomness(below(), size, out);
}
int sleep_for(sqlite3_vfs* /*own*/, int microseconds) {
    return below()->xSleep(below(), microseconds);
}
int current_time(sqlite3_vfs* /*own*/, double* day) {
    return below()->xCurrentTime(below(), day);
}
int last_error(sqlite3_vfs* /*own*/, int size, char* out) {
    return below()->xGetLastError == nullptr ? 0 : below()->xGetLastError(below(), size, out);
}

sqlite3_vfs own{};

bool made() {
    own.iVersion = 1;
    own.szOsFile = static_cast<int>(sizeof(LogFile)) + most_below;
    own.mxPathname = below() == nullptr ? 512 : below()->mxPathname;
    own.zName = our_name;
    own.xOpen = open_file;
    own.xDelete = remove_file;
    own.xAccess = may_access;
    own.xFullPathname = full_name;
    own.xRandomness = randomness;
    own.xSleep = sleep_for;
    own.xCurrentTime = current_time;
    own.xGetLastError = last_error;
    return sqlite3_vfs_register(&own, 0) == SQLITE_OK;
}

}  // namespace

const char* wal_gather() {
    static const bool good = made();
    return good ? our_name : nullptr;
}

}  // namespace tongban::internal
