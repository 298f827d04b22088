#include "base/file_lock.h"

#include <system_error>

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace tongban {

Result<std::unique_ptr<FileLock>> FileLock::take(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return Fault{FaultKind::unavailable,
                     path,
                     "cannot open the lock: " + std::generic_category().message(errno)};
    auto lock = std::make_unique<FileLock>(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0)
        return Fault{
            FaultKind::unavailable, path, "another process works with this folder; stop it first"};
    return lock;
}

FileLock::~FileLock() {
    ::close(descriptor_);
}

}  // namespace tongban
