#include "hub/store/sqlite/internal/writer.h"

#include <map>
#include <utility>

#include "base/failpoint.h"
#include "base/log.h"
#include "base/merkle.h"
#include "hub/store/sqlite/internal/apply.h"
#include "hub/store/sqlite/internal/sql.h"

namespace tongban::store::sqlite {
namespace {

// These belong to the disk or the file, not to what one caller asked for.
bool is_of_the_group(FaultKind kind) {
    return kind == FaultKind::unavailable || kind == FaultKind::malformed;
}

Fault fenced() {
    return Fault{FaultKind::conflict, "shard_ctl", "another owner has taken this shard over"};
}

}  // namespace

// A group is first applied plainly. When one of its batches cannot be, everything is rolled back
// and applied again with a savepoint around each batch, so that one poisoned batch costs the others
// a repetition and nothing else.
struct Writer::Attempt {
    const std::vector<const Batch*>& group;
    std::vector<std::size_t> live;  // places in the group
    std::map<std::int32_t, Fence>
        fences;  // as they will stand after the commit, of the shards touched
    std::map<std::size_t, Result<Committed>> answers;
    std::int32_t lost_shard = -1;
    Fault fault{};
};

Writer::Writer(std::unique_ptr<Sqlite> database, std::string owner)
    : database_(std::move(database)), owner_(std::move(owner)), fences_(shard_count) {}

const Fence& Writer::fence(std::int32_t shard) const {
    return fences_.at(static_cast<std::size_t>(shard));
}

Result<Fence> Writer::read_fence(std::int32_t shard) {
    auto row =
        query(*database_,
              "SELECT epoch,head_seq,head_hash,case_seq,last_ms,case_no FROM shard_ctl WHERE "
              "shard=?",
              shard);
    if (!row) return row.fault();
    const auto found = row->step();
    if (!found) return found.fault();
    if (!*found) return Fault{FaultKind::internal, "shard_ctl", "a shard's row is missing"};
    const auto hash = digest_from(row->blob(2));
    if (!hash) return hash.fault();
    return Fence{
        row->integer(0), row->integer(1), *hash, row->integer(3), row->integer(4), row->integer(5)};
}

Result<Done> Writer::take_over() {
    auto done = database_->execute("BEGIN IMMEDIATE");
    for (std::int32_t shard = 0; done && shard < shard_count; ++shard) {
        const auto changed =
            change(*database_,
                   "INSERT INTO shard_ctl VALUES(?,1,?,0,?,0,0,0) ON CONFLICT(shard) DO UPDATE SET "
                   "epoch=epoch+1,owner=excluded.owner",
                   shard,
                   Text{owner_},
                   Digest{});
        if (!changed) done = changed.fault();
    }
    if (done) {
        const auto head = change(*database_,
                                 "INSERT INTO log_head VALUES(0,0,?,x'') ON CONFLICT DO NOTHING",
                                 merkle_empty());
        if (!head) done = head.fault();
    }
    failpoint("store.taking_over");
    if (done) done = database_->execute("COMMIT");
    failpoint("store.taken_over");
    if (!done) {
        (void)database_->execute("ROLLBACK");
        return done;
    }
    for (std::int32_t shard = 0; shard < shard_count; ++shard) {
        auto fence = read_fence(shard);
        if (!fence) return fence.fault();
        fences_[static_cast<std::size_t>(shard)] = *fence;
    }
    return Done{};
}

std::vector<Result<Committed>> Writer::commit(const std::vector<const Batch*>& group) {
    Attempt attempt{group, {}, {}, {}, -1, {}};
    std::map<std::size_t, Result<Committed>> final_answers;
    for (std::size_t i = 0; i < group.size(); ++i) {
        const std::int32_t shard = group[i]->shard;
        if (shard < 0 || shard >= shard_count)
            final_answers.emplace(i, Fault{FaultKind::internal, "batch", "no such shard"});
        else if (lost_.contains(shard))
            final_answers.emplace(i, fenced());
        else
            attempt.live.push_back(i);
    }
    Care care = Care::none;
    while (!attempt.live.empty()) {
        attempt.answers.clear();
        attempt.fences.clear();
        const Ending ending = run_group(attempt, care);
        if (ending == Ending::durable) {
            for (const auto& [shard, fence] : attempt.fences)
                fences_[static_cast<std::size_t>(shard)] = fence;
            final_answers.merge(attempt.answers);
            break;
        }
        if (ending == Ending::group_failed) {
            for (const std::size_t i : attempt.live)
                final_answers.emplace(i, attempt.fault);
            break;
        }
        if (ending == Ending::fence_lost) {
            if (attempt.lost_shard < 0)
                continue;  // a doubt settled late: the fence is read anew, try again
            lost_.insert(attempt.lost_shard);
            log::error("store.fenced", {{"shard", attempt.lost_shard}});
            std::erase_if(attempt.live, [&](std::size_t i) {
                if (group[i]->shard != attempt.lost_shard) return false;
                final_answers.emplace(i, fenced());
                return true;
            });
            continue;
        }
        care = Care::savepoints;
    }
    std::vector<Result<Committed>> answers;
    answers.reserve(group.size());
    for (auto& [place, answer] : final_answers)
        answers.push_back(std::move(answer));
    return answers;
}

Writer::Ending Writer::failed(Attempt& attempt, Fault fault) {
    attempt.fault = std::move(fault);
    (void)database_->execute("ROLLBACK");  // SQLite may have rolled back already
    return Ending::group_failed;
}

Writer::Ending Writer::run_group(Attempt& attempt, Care care) {
    const auto begun = change(*database_, "BEGIN IMMEDIATE");
    if (!begun) return failed(attempt, begun.fault());
    for (const std::size_t i : attempt.live) {
        const Batch& batch = *attempt.group[i];
        const auto place = static_cast<std::size_t>(batch.shard);
        const auto touched = attempt.fences.find(batch.shard);
        Fence fence = touched == attempt.fences.end() ? fences_[place] : touched->second;
        ++fence.case_seq;
        if (care == Care::savepoints) {
            const auto saved = change(*database_, "SAVEPOINT batch");
            if (!saved) return failed(attempt, saved.fault());
        }
        Committed committed;
        committed.epoch = fence.epoch;
        Result<Done> done = Done{};
        ApplyTo apply{*database_, batch.shard, fence, committed};
        for (const Mutation& mutation : batch.mutations) {
            done = std::visit(apply, mutation);
            if (!done) break;
        }
        if (!done && is_of_the_group(done.fault().kind)) return failed(attempt, done.fault());
        if (!done && care == Care::none) {
            (void)failed(attempt, done.fault());
            return Ending::a_batch_failed;
        }
        if (care == Care::savepoints) {
            const auto back =
                done ? Result<std::int64_t>(0) : change(*database_, "ROLLBACK TO batch");
            const auto released = change(*database_, "RELEASE batch");
            if (!back || !released) return failed(attempt, back ? released.fault() : back.fault());
        }
        if (done) {
            attempt.fences.insert_or_assign(batch.shard, fence);
            attempt.answers.emplace(i, std::move(committed));
        } else {
            attempt.answers.emplace(i, done.fault());
        }
    }
    return write_fences(attempt);
}

Writer::Ending Writer::write_fences(Attempt& attempt) {
    for (const auto& [shard, fence] : attempt.fences) {
        const Fence& before = fences_[static_cast<std::size_t>(shard)];
        const auto changed =
            change(*database_,
                   "UPDATE shard_ctl SET head_seq=?,head_hash=?,case_seq=?,last_ms=?,case_no=? "
                   "WHERE shard=? AND epoch=? AND case_seq=? AND head_seq=?",
                   fence.head_seq,
                   fence.head_hash,
                   fence.case_seq,
                   fence.last_ms,
                   fence.case_no,
                   shard,
                   fence.epoch,
                   before.case_seq,
                   before.head_seq);
        if (!changed) return failed(attempt, changed.fault());
        if (*changed == 1) continue;
        const auto now = read_fence(shard);
        if (!now) return failed(attempt, now.fault());
        (void)failed(attempt, fenced());
        attempt.lost_shard = now->epoch == fence.epoch ? -1 : shard;
        if (attempt.lost_shard < 0) fences_[static_cast<std::size_t>(shard)] = *now;
        return Ending::fence_lost;
    }
    failpoint("store.before_commit");
    const auto committed = change(*database_, "COMMIT");
    failpoint("store.after_commit");
    if (committed) return Ending::durable;
    const Ending ending = failed(attempt, committed.fault());
    return settled_as_committed(attempt) ? Ending::durable : ending;
}

Result<Done> Writer::scrub() {
    auto row = query(
        *database_, "PRAGMA wal_checkpoint(TRUNCATE)");  // waits for readers up to the busy timeout
    if (!row) return row.fault();
    const auto found = row->step();
    if (!found) return found.fault();
    if (*found && row->integer(0) != 0)
        return Fault{FaultKind::unavailable, "store", "readers held the write-ahead log"};
    return Done{};
}

// COMMIT failed without saying whether it happened: the fence row, read on the same file, knows.
bool Writer::settled_as_committed(const Attempt& attempt) {
    for (const auto& [shard, fence] : attempt.fences) {
        const auto now = read_fence(shard);
        return now && now->epoch == fence.epoch &&
               now->case_seq == fence.case_seq;  // one transaction: any shard speaks for all
    }
    return false;
}

}  // namespace tongban::store::sqlite
