// ShiftedClock: the system's clock and an offset that stands in a file: for demos and drills, in
// which days must pass that nobody waits for. The file holds milliseconds as one decimal number;
// no file is no offset. Write it whole (another file, then rename): it is read again when it
// changes.
//
// Threads: safe from any thread.
// Faults:  none; a file that holds no number changes nothing and is logged.
#pragma once

#include <cstdint>
#include <string>

#include "base/guarded.h"
#include "base/time.h"

namespace tongban {

class ShiftedClock final : public Clock {
public:
    explicit ShiftedClock(std::string file) : file_(std::move(file)) {}
    [[nodiscard]] Instant now() const override { return {system_.now().ms + offset_ms()}; }
    [[nodiscard]] std::int64_t offset_ms() const;

private:
    struct Seen {  // the file as it was last read
        std::int64_t inode = 0;
        std::int64_t changed_ns = 0;
        std::int64_t bytes = -1;
        std::int64_t offset_ms = 0;
    };
    const std::string file_;
    const SystemClock system_;
    mutable Guarded<Seen> seen_;
};

}  // namespace tongban
