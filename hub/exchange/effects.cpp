// When no answer comes. Only the hub decides about asking again: a question is asked a few times
// with growing pauses, within the exchange's deadline. A submission is sent again only where that
// can do no harm (policy::Effect); whoever cannot be told whether it was done is told that.
#include <algorithm>
#include <array>
#include <string_view>

#include "base/failpoint.h"
#include "base/log.h"
#include "hub/exchange/exchange_inner.h"

namespace tongban::exchange {

namespace {

using mapping::PartStatus;
using policy::Effect;

// Reasons by which a connector says that nothing reached its office.
bool surely_not_sent(std::string_view reason) {
    constexpr std::array<std::string_view, 3> before = {
        "http.connect", "connector.operation", "connector.not_sent"};
    return std::find(before.begin(), before.end(), reason) != before.end();
}

bool needs_mark(Effect effect) {
    return effect == Effect::queryable || effect == Effect::at_most_once;
}

}  // namespace

bool Exchanges::Inner::mark_out(const Live& live, const Job& job, bool out) {
    store::Batch batch{live.shard, {}};
    batch.add(store::UpdateJob{job.job_id,
                               out ? store::JobState::in_doubt : store::JobState::pending,
                               job.token.attempt,
                               0});
    failpoint("exchange.before_mark");
    const Result<store::Committed> committed = links.store.apply(std::move(batch));
    failpoint("exchange.marked");
    if (!committed)
        log::warn("exchange.mark.failed",
                  {{"exchange", live.id}, {"where", committed.fault().where}});
    return committed.ok();
}

// A submission leaves for its office: durable before it does, so that whoever finds it after a
// crash knows that it may have been done.
bool Exchanges::Inner::note_out(const Job& job) {
    const LivePtr live = find(job.exchange_id);
    if (!live) return false;
    const std::lock_guard transition(live->transition);
    PartInHand* part = live->part_of_job(job.job_id);
    if (live->ended || live->concluding || part == nullptr || !part->open) return false;
    if (needs_mark(job.effect) && !mark_out(*live, job, true)) return false;
    part->out = true;
    return true;
}

// It did not leave after all.
void Exchanges::Inner::note_back(const Job& job) {
    const LivePtr live = find(job.exchange_id);
    if (!live) return;
    const std::lock_guard transition(live->transition);
    PartInHand* part = live->part_of_job(job.job_id);
    if (part != nullptr && part->open && part->out) {
        const bool unmarked = !needs_mark(job.effect) || mark_out(*live, job, false);
        if (unmarked) part->out = false;
    }
    board.put_back(job.job_id, job.token);
}

std::chrono::milliseconds Exchanges::Inner::pause_before(std::int32_t time) const {
    const std::int64_t doubled = terms.ask_pause.count() << std::clamp(time - 1, 0, 20);
    return std::min(std::chrono::milliseconds(doubled), terms.ask_longest_pause);
}

void Exchanges::Inner::came_to_nothing(Live& live, PartInHand& part, const std::string& reason) {
    if (part.out && !surely_not_sent(reason)) part.maybe_done = true;
    part.out = false;
    ++part.asked;
    const std::chrono::milliseconds pause = pause_before(part.asked);
    const bool lost = part.maybe_done && !part.asking_status;
    if (lost && live.effect() == Effect::at_most_once) {
        close_in_doubt(part, reason);
        return;
    }
    if (lost && live.effect() == Effect::queryable) {
        ask_status(live, part, pause);
        return;
    }
    const bool time_left = links.clock.now().ms + pause.count() < live.deadline.ms;
    if (time_left && (live.durable_first() || part.asked < terms.ask_attempts)) {
        board.ask_again(part.job_id(), pause);
        return;
    }
    const std::string job_id = part.job_id();
    if (part.maybe_done) {
        close_in_doubt(part, reason);
    } else {
        part.close(PartStatus::unavailable, reason);
    }
    board.finish(job_id, JobBoard::Mark::bad);
    // A durable exchange's job goes with its end.
}

void Exchanges::Inner::close_in_doubt(PartInHand& part, const std::string& reason) {
    board.finish(part.job_id(), JobBoard::Mark::none);
    part.in_doubt = true;
    part.close(PartStatus::unavailable, reason);
}

void Exchanges::Inner::ask_status(Live& live, PartInHand& part, std::chrono::milliseconds pause) {
    board.finish(part.job_id(), JobBoard::Mark::bad);
    part.asking_status = true;
    offer(live, part, std::max(pause, part.routed.route->status->settle));
}

// What the office says became of a submission, when that is not its answer.
void Exchanges::Inner::status_said(Live& live,
                                   PartInHand& part,
                                   PartStatus said,
                                   const std::string& reason) {
    if (said != PartStatus::no_record) {
        close_in_doubt(part, reason);
        return;
    }
    board.finish(part.job_id(), JobBoard::Mark::good);  // never done: it may be sent again
    part.asking_status = false;
    part.maybe_done = false;
    if (links.clock.now() < live.deadline) {
        offer(live, part, terms.ask_pause);
    } else {
        part.close(PartStatus::unavailable, "deadline");
    }
}

// Nobody extended it and nobody completed it: the connector or its office is gone. False: another
// thread has the exchange; come again.
bool Exchanges::Inner::lease_ran_out(const std::string& job_id) {
    const LivePtr live = find(job_id.substr(0, job_id.find('/')));
    if (!live) {  // a delivery, or the exchange has just ended and takes its jobs with it
        board.offer_again(job_id);
        return true;
    }
    const std::unique_lock transition(live->transition, std::try_to_lock);
    if (!transition) return false;
    PartInHand* part = live->part_of_job(job_id);
    if (part == nullptr || !part->open) {
        board.finish(job_id, JobBoard::Mark::none);
        return true;
    }
    if (live->durable_first()) {
        came_to_nothing(*live, *part, "lease.ran_out");
    } else if (++part->asked < terms.ask_attempts) {
        board.offer_again(job_id);
        return true;
    } else {
        part->close(PartStatus::unavailable, "lease.ran_out");
        board.finish(job_id, JobBoard::Mark::none);
    }
    if (live->all_in()) conclude(live);
    return true;
}

}  // namespace tongban::exchange
