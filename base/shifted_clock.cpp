#include "base/shifted_clock.h"

#include <charconv>

#include <sys/stat.h>

#include "base/files.h"
#include "base/log.h"
#include "base/text.h"

namespace tongban {

std::int64_t ShiftedClock::offset_ms() const {
    constexpr std::int64_t ns_a_second = 1'000'000'000;
    struct stat facts = {};
    auto seen = seen_.lock();
    if (::stat(file_.c_str(), &facts) != 0) {
        *seen = {};
        return 0;
    }
    const auto inode = static_cast<std::int64_t>(facts.st_ino);
    const std::int64_t changed_ns = facts.st_mtim.tv_sec * ns_a_second + facts.st_mtim.tv_nsec;
    const bool same =
        seen->inode == inode && seen->changed_ns == changed_ns && seen->bytes == facts.st_size;
    if (same) return seen->offset_ms;
    seen->inode = inode;
    seen->changed_ns = changed_ns;
    seen->bytes = facts.st_size;
    const Result<std::string> text = read_file(file_);
    const std::string number = text ? trim(*text) : "";
    std::int64_t offset_ms = 0;
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), offset_ms);
    if (error != std::errc() || end != number.data() + number.size()) {
        log::error("clock.file", {{"file", file_}, {"expected", "milliseconds, one number"}});
    } else {
        if (offset_ms != seen->offset_ms)
            log::info("clock.shifted", {{"file", file_}, {"offset_ms", offset_ms}});
        seen->offset_ms = offset_ms;
    }
    return seen->offset_ms;
}

}  // namespace tongban
