// Cases: the runtime of cases: takes causes (openings, answers, events, decisions, timers,
// commands), lets the engine say what follows, and makes it durable before anybody hears of it.
//
// One loop, turn(): time, timers, a batch of causes by priority and in turns between members, one
// group commit, and only then the calls that were ordered. Threads merely call it; a simulation
// calls it with the time it likes. After a crash resume() takes the shards over: calls that were
// never answered are asked for under their old names, timers go on from the tables.
//
// A commit in doubt is settled by the case's own revision under the shard's fence, before anything
// else happens to that case. Whoever lost the fence stops (`fenced`).
//
// Invariants: no call before the commit that ordered it; one leaf a transition;
// one transition a message; a timer neither early nor lost; nothing sleeps for ever.
//
// Threads: safe from any thread. Without start() it has none of its own: call turn().
// Faults:  busy (too much waits; retry later), not_found, conflict (the message's id stands for
//          another content; the case is closed), refused (an officer asked for what cannot be;
//          `where` is the code), unavailable.
#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "hub/cases/clock.h"
#include "hub/cases/engine/case_state.h"
#include "hub/cases/engine/cause.h"
#include "hub/cases/ports.h"
#include "hub/exchange/case_calls.h"
#include "hub/exchange/case_desk.h"
#include "hub/exchange/intake.h"
#include "hub/store/case_store.h"

namespace tongban::cases {

struct CasesTerms {
    std::int32_t first_shard = 0;  // that this hub owns
    std::int32_t last_shard = store::shard_count - 1;
    std::size_t causes_a_turn = 1'024;  // one of a case at most: they commit together
    std::size_t timers_a_turn = 100;
    std::size_t calls_a_turn = 1'024;
    std::size_t backlog = 10'000;  // causes that wait; new cases are refused beyond
    std::size_t states_kept = 4'096;
    std::int64_t timer_window_ms = 600'000;
    std::int64_t jump_limit_ms = 300'000;
    std::int64_t settle_ms = 60'000;      // how long cases wait at a start whose clock is in doubt
    std::int64_t keep_time_ms = 150'000;  // no longer without a durable trace of the time
    std::int64_t ask_after_ms = 60'000;   // an answer that has not come is asked for
    std::int64_t idle_ms = 20;            // between turns that found nothing to do
    // How a round commits while the next is prepared: beside, or (deterministic) after it.
    std::launch commits = std::launch::async;
};

struct CasesLinks {  // all must outlive the Cases
    store::CaseStore& store;
    exchange::CaseCalls& calls;
    Sealer& sealer;
    LeafWriter& leaves;
    const Clock& clock;
};

struct CaseView {
    CaseState state;
    std::int64_t rev = 0;
    std::shared_ptr<const item::Item> item;
    std::shared_ptr<const schemas::Catalogue> types{};  // in force
};

class Cases final : public exchange::Intake {
public:
    using Heard = std::function<void(Result<exchange::CaseReply>)>;

    Cases(const CasesLinks& links, World world, CasesTerms terms);
    ~Cases() override;  // stop()
    Cases(const Cases&) = delete;
    Cases& operator=(const Cases&) = delete;

    // Takes the shards over. Once, before anything else; again when it failed.
    Result<Done> resume();
    // One round of the loop. How much it did: 0 when there was nothing to do.
    std::size_t turn(const Tick& tick);
    // When a turn has something to do, if nothing comes before: engine time.
    [[nodiscard]] std::int64_t next_action();
    void start();  // a thread that turns
    void stop();
    [[nodiscard]] bool fenced() const;  // another node owns our shards: we are a zombie

    // Items, calendars, rules: in force from the next turn on. Deadlines are reckoned anew where a
    // calendar changed.
    void reload(World world);
    // The wall clock's jump was looked at and is right.
    void confirm_clock();
    // A member's connector signed something at this time of its own clock (clock.h).
    void heard_time(std::string_view member, Instant time);
    // The wall clock is not believed: so it is after a start that comes long after the last commit.
    [[nodiscard]] bool clock_doubted() const;
    // Called by the thread that turns when the doubt begins, and every ten minutes of it: members
    // are to sign something. Before start().
    void on_clock_doubted(std::function<void()> doubted);

    // Offices' systems. Blocking: needs start().
    Result<exchange::CaseReply> open(const exchange::CaseOpening& opening) override;
    Result<exchange::CaseReply> event(const exchange::CaseEvent& event) override;

    // The same without waiting: `heard` comes from the turn that settled it, durable first.
    void post_opening(const exchange::CaseOpening& opening, Heard heard);
    void post_event(const exchange::CaseEvent& event, Heard heard);
    // A decision or a command of an officer; `cause.id` is the caller's own, for repeats.
    void post(std::int64_t case_id, Cause cause, Heard heard);
    Result<exchange::CaseReply> command(std::int64_t case_id, Cause cause);  // blocking

    // Reads: what is committed.
    Result<CaseView> view(std::int64_t case_id);
    Result<std::vector<store::CaseRow>> search(std::string_view attribute, std::string_view value);
    Result<std::vector<store::CaseRow>> of_subject(std::string_view subject);
    // The store's board; `member` and `value` of the query are given in clear.
    Result<std::vector<store::CaseRow>> board(store::BoardQuery query);
    // What an officer's order was answered, as CaseSummary; nothing: it was not taken up.
    Result<std::optional<exchange::CaseSummary>> answer_to(std::int64_t case_id,
                                                           const std::string& source,
                                                           const std::string& id);
    // Which officers, by their member's own pseudonym, gave the case's orders: by the revision that
    // each order made. `members`: who gave any.
    Result<std::map<std::int64_t, std::string>> officers_of(const CaseState& state,
                                                            const std::set<std::string>& members);
    [[nodiscard]] store::CaseStore& store() { return links_.store; }  // boards and work lists
    [[nodiscard]] std::size_t waiting() const;                        // causes
    [[nodiscard]] Instant now() const;                                // the engine's time

private:
    struct Inner;
    CasesLinks links_;
    std::unique_ptr<Inner> inner_;
};

}  // namespace tongban::cases
