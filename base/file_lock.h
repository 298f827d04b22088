// FileLock: one process at a time works with what the file stands for. The kernel lets it go with
// the process, however that ends.
//
// Threads: its owner's.
// Faults:  unavailable: another process holds it, or the file cannot be made.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"

namespace tongban {

class FileLock {
public:
    static Result<std::unique_ptr<FileLock>> take(const std::string& path);
    explicit FileLock(int descriptor) : descriptor_(descriptor) {}
    ~FileLock();
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

private:
    int descriptor_;
};

}  // namespace tongban
