// Committer: group commit: one thread that commits whatever queued while it was committing.
//
// At low load a caller waits for one fsync; at high load hundreds share it. Nothing waits on a full
// queue.
//
// Threads: apply() from any thread; one committer thread of its own, which blocks on the disk
// alone. Faults:  busy (queue full), unavailable (stopped), those of the Writer.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <semaphore>
#include <span>
#include <thread>
#include <vector>

#include "base/guarded.h"
#include "hub/store/sqlite/internal/writer.h"
#include "hub/store/store.h"

namespace tongban::store::sqlite {

class Committer {
public:
    Committer(std::unique_ptr<Writer> writer, std::size_t queue, std::size_t batches_per_commit);
    ~Committer();  // commits what is queued first
    Committer(const Committer&) = delete;
    Committer& operator=(const Committer&) = delete;

    Result<Committed> apply(Batch batch);
    std::vector<Result<Committed>> apply_all(std::vector<Batch> batches);
    Result<Done> scrub();  // on the committer thread: it alone may checkpoint
    [[nodiscard]] bool idle() const { return waiting_.load(std::memory_order_relaxed) == 0; }

private:
    enum class Task { commit, scrub };
    struct Pending {
        Task task = Task::commit;
        Batch batch;
        Result<Committed> answer = Fault{FaultKind::internal, "store", "not answered"};
        std::binary_semaphore done{0};
    };
    void queue(std::span<Pending> all);
    void run();

    // Fixed after construction.
    const std::size_t queue_size_;
    const std::size_t batches_per_commit_;
    // Touched only by the committer thread.
    std::unique_ptr<Writer> writer_;
    // Guarded.
    struct Queue {
        std::deque<Pending*> waiting;
        bool stopping = false;
    };
    Guarded<Queue> queue_;
    std::condition_variable filled_;
    std::atomic<std::size_t> waiting_{0};
    std::thread thread_;
};

}  // namespace tongban::store::sqlite
