#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace tongban {

void check_failed(const char* name, const char* file, int line) {
    // Not through base/log: the logger itself may be what broke.
    std::fprintf(
        stderr, "level=error event=check_failed name=\"%s\" file=%s line=%d\n", name, file, line);
    std::fflush(stderr);
    std::abort();
}

}  // namespace tongban
