#include "hub/store/sqlite/internal/committer.h"

#include <algorithm>
#include <utility>

#include <pthread.h>

namespace tongban::store::sqlite {

Committer::Committer(std::unique_ptr<Writer> writer,
                     std::size_t queue,
                     std::size_t batches_per_commit)
    : queue_size_(queue),
      batches_per_commit_(batches_per_commit),
      writer_(std::move(writer)),
      thread_([this] { run(); }) {}

Committer::~Committer() {
    queue_.lock()->stopping = true;
    filled_.notify_one();
    thread_.join();
}

Result<Committed> Committer::apply(Batch batch) {
    Pending pending;
    pending.batch = std::move(batch);
    queue(std::span(&pending, 1));
    pending.done.acquire();
    return std::move(pending.answer);
}

std::vector<Result<Committed>> Committer::apply_all(std::vector<Batch> batches) {
    std::vector<Pending> pending(batches.size());
    for (std::size_t i = 0; i < batches.size(); ++i)
        pending[i].batch = std::move(batches[i]);
    queue(pending);
    std::vector<Result<Committed>> answers;
    answers.reserve(pending.size());
    for (Pending& one : pending) {
        one.done.acquire();
        answers.push_back(std::move(one.answer));
    }
    return answers;
}

Result<Done> Committer::scrub() {
    Pending pending;
    pending.task = Task::scrub;
    queue(std::span(&pending, 1));
    pending.done.acquire();
    if (!pending.answer) return pending.answer.fault();
    return Done{};
}

// In one piece, so that what one caller brings together is committed together.
void Committer::queue(std::span<Pending> all) {
    {
        auto queue = queue_.lock();
        for (Pending& pending : all) {
            if (!queue->stopping && queue->waiting.size() < queue_size_) {
                queue->waiting.push_back(&pending);
                waiting_.fetch_add(1, std::memory_order_relaxed);
                continue;
            }
            pending.answer = queue->stopping
                                 ? Fault{FaultKind::unavailable, "store", "the store is closing"}
                                 : Fault{FaultKind::busy, "store", "the commit queue is full"};
            pending.done.release();
        }
    }
    filled_.notify_one();
}

void Committer::run() {
    pthread_setname_np(pthread_self(), "commit");
    std::vector<Pending*> taken;
    std::vector<const Batch*> group;
    for (;;) {
        taken.clear();
        group.clear();
        {
            auto queue = queue_.lock();
            filled_.wait(queue.native(),
                         [&] { return !queue->waiting.empty() || queue->stopping; });
            if (queue->waiting.empty()) return;
            const std::size_t count = std::min(queue->waiting.size(), batches_per_commit_);
            for (std::size_t i = 0; i < count; ++i) {
                if (queue->waiting.front()->task == Task::scrub && i > 0) break;
                taken.push_back(queue->waiting.front());
                queue->waiting.pop_front();
                if (taken.back()->task == Task::scrub) break;
            }
        }
        if (taken.front()->task == Task::scrub) {
            const auto scrubbed = writer_->scrub();
            waiting_.fetch_sub(1, std::memory_order_relaxed);
            if (scrubbed)
                taken.front()->answer = Committed{};
            else
                taken.front()->answer = scrubbed.fault();
            taken.front()->done.release();
            continue;
        }
        for (const Pending* pending : taken)
            group.push_back(&pending->batch);
        auto answers = writer_->commit(group);
        waiting_.fetch_sub(taken.size(), std::memory_order_relaxed);
        for (std::size_t i = 0; i < taken.size(); ++i) {
            taken[i]->answer = std::move(answers[i]);
            taken[i]->done.release();  // the caller may be gone after this
        }
    }
}

}  // namespace tongban::store::sqlite
