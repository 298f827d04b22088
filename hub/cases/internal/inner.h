// Inner: what Cases is made of. One thread turns at a time; what comes from others waits in the
// inbox.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/guarded.h"
#include "hub/cases/cases.h"
#include "hub/cases/engine/engine.h"
#include "hub/cases/engine/rows.h"
#include "hub/cases/internal/call_agenda.h"
#include "hub/cases/internal/case_batch.h"
#include "hub/cases/internal/cause_queue.h"

namespace tongban::cases {

namespace internal {

struct Known {  // a case as it was last committed
    store::CaseRow row;
    CaseState state;
    std::int32_t saved_records = 0;  // the store has them up to this number
    std::shared_ptr<const item::Item> item;
};

class KnownCases {  // the most recently used; what is not here is read
public:
    explicit KnownCases(std::size_t limit) : limit_(limit) {}
    Known* find(std::int64_t case_id);
    Known& put(Known known);
    void forget(std::int64_t case_id);

private:
    std::size_t limit_;
    std::list<Known> used_;  // the latest first
    std::unordered_map<std::int64_t, std::list<Known>::iterator> by_id_;
};

struct PendingCall {  // a row of case_outbox, in memory
    CallOut out;
    std::int64_t case_id = 0;
    std::string item;
    std::int32_t attempt = 1;
    std::int64_t act_ms = 0;  // when to send it, or to ask what became of it
    std::int32_t rank = 2;    // priority of its case
    bool parked = false;
    bool sent = false;        // under this attempt, by us
    bool unreadable = false;  // its row does not open: it is nobody's to send

    [[nodiscard]] CallDue due() const {
        return {out.to.empty() ? out.division + "/" + out.resource : out.to, act_ms, out.op_key};
    }
};

struct Prepared {
    Post post;
    bool quiet = false;  // attempts alone: no transition but `again`
    std::int64_t case_id = 0;
    std::int64_t rev = 0;  // as read; 0: opens
    std::int32_t saved_records = 0;
    std::shared_ptr<const item::Item> item;
    Transition transition;
    std::vector<std::pair<std::string, std::int32_t>> attempts;
    std::string subject_hash;
    store::Batch batch;
};

struct Round {  // of transitions that commit together; their cases do nothing else meanwhile
    std::vector<Prepared> prepared;
    std::set<std::int64_t> cases;
    std::future<std::vector<Result<store::Committed>>> results;
};

struct Meeting {  // of applicants whose keys are being made: their cases open after it
    std::deque<Post> openings;
    std::future<void> made;
};

using TimerSet = std::set<store::TimerKey>;

}  // namespace internal

struct Cases::Inner {
    Inner(Cases& of, World first, CasesTerms with);

    // preparing.cpp
    [[nodiscard]] bool ours(std::int64_t case_id) const;
    Result<internal::Known*> load(std::int64_t case_id);
    [[nodiscard]] Facts facts() const;
    std::optional<internal::Prepared> prepare(internal::Post post);
    std::optional<internal::Prepared> prepare_opening(internal::Post post);
    std::optional<internal::Prepared> prepare_move(internal::Post post);
    std::optional<internal::Prepared> prepare_quiet(internal::Post post,
                                                    const Transition& transition);
    std::optional<internal::Prepared> write(internal::Prepared prepared,
                                            const CaseState* before,
                                            std::optional<internal::StartKey> start);
    std::optional<internal::Prepared> unwritten(internal::Post post, const Fault& fault);
    std::optional<internal::Prepared> prepare_unreadable(std::int64_t case_id, const Fault& fault);
    bool known_message(const internal::Post& post, std::int32_t shard);
    exchange::CaseReply reply_of(exchange::Reception reception, std::int64_t case_id);

    // committing.cpp
    std::size_t commit_round();
    std::size_t prepare_round(internal::Round& round);
    void submit(internal::Round& round);
    void settle_round(internal::Round& round);
    void let_go_of_round(const Fault& why);  // nobody turns any more
    void settle(internal::Prepared prepared, const Result<store::Committed>& result);
    void committed(internal::Prepared& prepared);
    void uncounted(internal::Prepared prepared, const Fault& fault);
    void refused(const internal::Prepared& prepared, const Fault& fault);
    std::size_t settle_doubts();
    bool settle_doubt(internal::Prepared& prepared);  // false: still not known
    void move_timers(const CaseState* before, const CaseState& after);
    void move_calls(const internal::Prepared& prepared);
    [[nodiscard]] bool in_doubt(std::int64_t case_id) const;

    // calling.cpp
    std::size_t dispatch();
    void act(internal::PendingCall& call);
    void send(internal::PendingCall& call);
    void ask(internal::PendingCall& call);
    void deny_unreadable(internal::PendingCall& call);
    void put_call(internal::PendingCall call);
    void act_at(internal::PendingCall& call, std::int64_t at);
    void drop_call(const std::string& op_key);
    void park_calls_of(std::int64_t case_id);
    void hear(const exchange::CaseAnswer& answer);

    // timing.cpp
    std::size_t fire_timers();
    bool load_timers();
    std::size_t reckon_some();

    // taking_over.cpp
    Result<Done> resume();
    Result<Done> load_calls(std::int32_t shard);

    // intake.cpp
    void take_in();
    void hand_in(internal::Post post);  // from any thread
    void meet_applicants();
    void end_meeting();
    [[nodiscard]] std::vector<std::string> persons_of(const std::deque<internal::Post>& openings);
    [[nodiscard]] std::size_t all_waiting() const;
    void put(internal::Post post);
    void place(internal::Post& post);  // whose turn, and of which rank
    Result<std::int64_t> case_of(const exchange::CaseEvent& event);

    // cases.cpp
    std::size_t turn(const Tick& tick);
    void turn_on(const std::stop_token& stop);
    void close(const Fault& why);  // whoever waits hears it, and whoever comes
    void watch_clock();            // says it when the wall is doubted, and when no more
    void tell_doubt();             // not within a turn
    void keep_time();

    struct Inbox {
        std::deque<internal::Post> posts;
        std::deque<exchange::CaseAnswer> answers;
        std::optional<World> world;
        bool confirm_clock = false;
        std::vector<std::pair<std::string, Instant>> times;  // that members signed
        std::optional<Fault> closed;                         // nobody turns any more
    };

    // Fixed after construction.
    CasesLinks links;
    const CasesTerms terms;
    std::function<void()> on_clock_doubted;

    // Own synchronisation.
    Guarded<Inbox> inbox;
    std::condition_variable_any filled;
    std::atomic<bool> fenced = false;
    std::atomic<std::int64_t> now_ms = 0;
    std::atomic<std::size_t> queued = 0;
    std::atomic<bool> clock_doubted = false;
    std::atomic<bool> doubt_untold = false;

    // Touched by the turning thread alone, under `turning`.
    std::mutex turning;
    World world;
    EngineClock clock;
    internal::CauseQueue queue;
    std::deque<internal::Post> to_meet;  // openings whose applicants are met next
    std::optional<internal::Meeting> meeting;
    internal::KnownCases known;
    std::map<std::string, internal::PendingCall> calls;  // by op key
    internal::CallAgenda to_act;
    internal::TimerSet timers;  // due before timers_until
    std::int64_t timers_until = 0;
    std::optional<internal::Round> under_way;  // commits while the next one is prepared
    std::vector<internal::Prepared> doubts;
    std::optional<std::pair<std::int32_t, store::TimerKey>> reckoning;  // how far it has come
    std::int64_t retry_ms = 0;  // the store failed: nothing is tried before
    std::int64_t kept_ms = 0;   // the time that is durable
    std::int64_t told_ms = 0;   // monotonic: when the clock's doubt was told last

    std::jthread thread;  // last: it uses the rest
};

}  // namespace tongban::cases
