// HighWater: the largest head ever released, on a file of its own: the guard against signing after
// an old restore.
//
// Two slots written in turn, each with its own checksum and made durable before a checkpoint is
// released; a torn write leaves the other slot. Best kept on other media than the database. It must
// never be edited or restored.
//
// Threads: one thread.
// Faults:  unavailable (I/O), malformed (no readable slot, another log's mark), conflict (going
// back).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/merkle.h"
#include "base/result.h"

namespace tongban::audit {

class HighWater {
public:
    // Creates the file when it is not there; the mark is then nothing.
    static Result<std::unique_ptr<HighWater>> open(const std::string& path,
                                                   const std::string& origin);
    ~HighWater();
    HighWater(const HighWater&) = delete;
    HighWater& operator=(const HighWater&) = delete;

    [[nodiscard]] const std::optional<TreeHead>& mark() const { return mark_; }
    Result<Done> raise(const TreeHead& head);  // durable when it returns

private:
    HighWater(int descriptor, std::string path, Digest origin);
    Result<Done> read();

    const int descriptor_;
    const std::string path_;
    const Digest origin_;
    std::uint64_t generation_ = 0;
    std::optional<TreeHead> mark_;
};

}  // namespace tongban::audit
