// One group commit a round, and what follows once it is known to be durable. A commit in doubt
// stops its case until the case's revision has told what became of it.
#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "base/failpoint.h"
#include "base/log.h"
#include "hub/cases/internal/inner.h"

namespace tongban::cases {

using internal::Known;
using internal::Post;
using internal::Prepared;

namespace {

constexpr std::int32_t most_tries = 3;
constexpr std::int64_t store_pause_ms = 50;

exchange::Reception reception_of(const Prepared& prepared) {
    return prepared.rev == 0 ? exchange::Reception::opened : exchange::Reception::accepted;
}

}  // namespace

bool Cases::Inner::in_doubt(std::int64_t case_id) const {
    return std::any_of(
        doubts.begin(), doubts.end(), [&](const Prepared& one) { return one.case_id == case_id; });
}

// Signing and sealing take the processor, a commit the disk: a round commits while the next is
// prepared, of other cases. With nothing left to prepare its end is waited for at once.
std::size_t Cases::Inner::commit_round() {
    internal::Round round;
    std::size_t done = prepare_round(round);
    if (under_way) {
        ++done;
        internal::Round before = *std::move(under_way);
        under_way.reset();
        settle_round(before);
    }
    if (round.prepared.empty()) return done;
    submit(round);
    if (queue.size() == 0)
        settle_round(round);
    else
        under_way = std::move(round);
    return done;
}

std::size_t Cases::Inner::prepare_round(internal::Round& round) {
    std::size_t taken = 0;
    const auto busy = [&](const Post& post) {
        return post.case_id != 0 && (round.cases.contains(post.case_id) || in_doubt(post.case_id) ||
                                     (under_way && under_way->cases.contains(post.case_id)));
    };
    while (taken < terms.causes_a_turn && clock.now().ms >= retry_ms) {
        std::optional<Post> post = queue.take(busy);
        if (!post) break;
        ++taken;
        if (post->case_id != 0) round.cases.insert(post->case_id);
        std::optional<Prepared> prepared = prepare(*std::move(post));
        if (prepared) round.prepared.push_back(*std::move(prepared));
    }
    return taken;
}

void Cases::Inner::submit(internal::Round& round) {
    std::vector<store::Batch> batches;
    batches.reserve(round.prepared.size());
    for (Prepared& prepared : round.prepared)
        batches.push_back(std::move(prepared.batch));
    failpoint("cases.before_commit");
    round.results = std::async(terms.commits, [this, batches = std::move(batches)]() mutable {
        return links.store.apply_all(std::move(batches));
    });
}

void Cases::Inner::settle_round(internal::Round& round) {
    const std::vector<Result<store::Committed>> results = round.results.get();
    failpoint("cases.after_commit");
    for (std::size_t i = 0; i < round.prepared.size(); ++i)
        settle(std::move(round.prepared[i]), results[i]);
    links.leaves.committed();
}

// What was handed to the store is waited for; what was not, never is.
void Cases::Inner::let_go_of_round(const Fault& why) {
    if (!under_way) return;
    internal::Round round = *std::move(under_way);
    under_way.reset();
    if (round.results.wait_for(std::chrono::seconds(0)) != std::future_status::deferred)
        return settle_round(round);
    for (const Prepared& prepared : round.prepared)
        refused(prepared, why);
}

void Cases::Inner::settle(Prepared prepared, const Result<store::Committed>& result) {
    if (result) return committed(prepared);
    const Fault& fault = result.fault();
    if (fault.kind == FaultKind::conflict && fault.where == "shard_ctl") {
        fenced = true;
        log::error("cases.fenced", {{"shard", store::shard_of_case(prepared.case_id)}});
        return refused(prepared, {FaultKind::unavailable, "shard", "another node owns this shard"});
    }
    if (prepared.quiet) return uncounted(std::move(prepared), fault);
    if (fault.kind == FaultKind::unavailable) {
        doubts.push_back(std::move(prepared));
        retry_ms = clock.now().ms + store_pause_ms;
        return;
    }
    if (fault.kind == FaultKind::busy) {
        retry_ms = clock.now().ms + store_pause_ms;
        return queue.put_back(std::move(prepared.post));
    }
    known.forget(prepared.case_id);
    if (fault.kind == FaultKind::conflict && ++prepared.post.tries < most_tries) {
        // Somebody opened the same case first, the message is known, or our picture is old: the
        // tables tell the next time.
        return queue.put_back(std::move(prepared.post));
    }
    log::error("cases.commit",
               {{"case", prepared.case_id}, {"where", fault.where}, {"reason", fault.reason}});
    refused(prepared, fault);
}

// Attempts that are not written down. Where they must be, the answer that asks for the next one is
// looked at again; the others are counted in memory until the next milestone.
void Cases::Inner::uncounted(Prepared prepared, const Fault& fault) {
    const bool store_away = fault.kind == FaultKind::unavailable || fault.kind == FaultKind::busy;
    if (prepared.attempts.empty() || !store_away) return;  // else: the call is over
    retry_ms = clock.now().ms + store_pause_ms;
    queue.put_back(std::move(prepared.post));
}

void Cases::Inner::refused(const Prepared& prepared, const Fault& fault) {
    if (prepared.post.heard) prepared.post.heard(fault);
}

void Cases::Inner::committed(Prepared& prepared) {
    if (prepared.quiet) return move_calls(prepared);
    Known* before = known.find(prepared.case_id);
    CaseState& after = prepared.transition.state;
    if (before == nullptr || before->row.rev != prepared.rev)
        move_timers(nullptr, after);  // not at hand any more: what is armed is what counts
    else
        move_timers(&before->state, after);
    Known now;
    now.row.case_id = prepared.case_id;
    now.row.number = after.number;
    now.row.subject_hash = prepared.subject_hash;
    now.row.rev = prepared.rev + 1;
    now.item = prepared.item;
    now.saved_records = after.records_made;
    move_calls(prepared);
    std::optional<internal::Moved> told;
    if (prepared.post.heard)
        told = internal::Moved{prepared.case_id, reception_of(prepared), after, prepared.rev + 1};
    now.state = std::move(after);
    known.put(std::move(now));
    failpoint("cases.remembered");
    if (told) prepared.post.heard(*std::move(told));
}

void Cases::Inner::move_timers(const CaseState* before, const CaseState& after) {
    const auto key = [&](const TimerView& one) {
        return store::TimerKey{
            one.due_ms, after.case_id, one.step_no, static_cast<std::int32_t>(one.kind)};
    };
    if (before != nullptr)
        for (const TimerView& one : timers_of(*before))
            timers.erase(key(one));
    for (const TimerView& one : timers_of(after))
        if (one.due_ms < timers_until) timers.insert(key(one));
}

void Cases::Inner::move_calls(const Prepared& prepared) {
    for (const std::string& op_key : prepared.transition.answered)
        drop_call(op_key);
    for (const CallOut& out : prepared.transition.calls) {
        internal::PendingCall call;
        call.out = out;
        call.case_id = prepared.case_id;
        call.item = prepared.item->id;
        call.act_ms = clock.now().ms;
        put_call(std::move(call));
    }
    for (const OpenCall& open : prepared.transition.state.calls)
        if (const auto found = calls.find(open.op_key); found != calls.end())
            found->second.rank = prepared.transition.state.priority;
    for (const CallAgain& again : prepared.transition.again) {
        const auto found = calls.find(again.op_key);
        if (found == calls.end()) continue;
        internal::PendingCall& call = found->second;
        call.parked = again.park;
        for (const auto& [op_key, attempt] : prepared.attempts)
            if (op_key == again.op_key) call.attempt = attempt;
        if (again.park) {
            to_act.drop(call.due());
            continue;
        }
        call.sent = false;
        act_at(call, again.next_ms);
    }
}

std::size_t Cases::Inner::settle_doubts() {
    if (doubts.empty() || clock.now().ms < retry_ms) return 0;
    std::vector<Prepared> open;
    open.swap(doubts);
    std::size_t settled = 0;
    for (Prepared& prepared : open) {
        if (settle_doubt(prepared))
            ++settled;
        else
            doubts.push_back(std::move(prepared));
    }
    if (!doubts.empty()) retry_ms = clock.now().ms + store_pause_ms;
    return settled;
}

// Under the fence nobody but us moves the case: its revision is the answer.
bool Cases::Inner::settle_doubt(Prepared& prepared) {
    const std::int32_t shard = store::shard_of_case(prepared.case_id);
    const Result<store::ShardState> head = links.store.shard(shard);
    if (!head) return false;
    if (head->epoch != links.store.epoch(shard)) {
        fenced = true;
        refused(prepared, {FaultKind::unavailable, "shard", "another node owns this shard"});
        return true;
    }
    const Result<std::optional<store::CaseRow>> row = links.store.find_case(prepared.case_id);
    if (!row) return false;
    const std::int64_t rev = *row ? (*row)->rev : 0;
    log::info("cases.doubt", {{"case", prepared.case_id}, {"committed", rev > prepared.rev}});
    if (rev == prepared.rev + 1) {
        committed(prepared);
        return true;
    }
    known.forget(prepared.case_id);
    queue.put_back(std::move(prepared.post));
    return true;
}

}  // namespace tongban::cases
