// JobBoard: the jobs that wait for a connector or are leased to one. A job has one place on it, by
// its id.
//
// A lease is named by its token; whoever holds an older token holds nothing. A lease that runs out
// puts the job back with the next attempt number. Per member: a bulkhead (so many questions under
// way at once) and a breaker. Deliveries pass both: they are the requester's own.
//
// The board is memory; what must survive stands in the store's outbox and is put back on the board
// after a restart.
//
// Threads: safe from any thread. lease() waits; close() ends every wait.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/guarded.h"
#include "base/time.h"
#include "hub/exchange/breaker.h"
#include "hub/exchange/request.h"

namespace tongban::exchange {

struct BoardTerms {
    std::chrono::milliseconds lease{30'000};
    std::size_t waiting_per_member = 10'000;
    BreakerTerms breaker;
};

struct BoardJob {
    Job job;
    std::string member;  // whose connector may lease it
    std::chrono::steady_clock::time_point not_before{};
};

class JobBoard {
public:
    using Time = std::chrono::steady_clock::time_point;
    explicit JobBoard(BoardTerms terms) : terms_(terms) {}

    [[nodiscard]] bool add(
        BoardJob job);  // false: that member's queue is full, or the job is there
    // Waits until at least one job is there, the deadline passes, or the board closes.
    std::vector<Job> lease(const std::string& member,
                           std::size_t max,
                           std::size_t in_flight,
                           Deadline deadline);
    // Those of the tokens that are still held, for a full lease from now.
    std::vector<Token> extend(const std::string& member, const std::vector<Token>& tokens);
    // The job, when this member holds it under exactly this token.
    [[nodiscard]] std::optional<Job> held(const std::string& member,
                                          const std::string& job_id,
                                          const Token& token);

    enum class Mark { good, bad, none };  // what the breaker hears
    void finish(const std::string& job_id, Mark mark);
    // After this pause. Of a job that is leased it counts as bad.
    void ask_again(const std::string& job_id, std::chrono::milliseconds pause);
    // The lease never reached its connector: the job waits again, first in line, as if nothing had
    // been. False: it is not held under this token.
    bool put_back(const std::string& job_id, const Token& token);
    void renumber(const std::string& job_id, std::int64_t seq);  // it became durable under this seq
    void drop_of(std::string_view exchange_id);

    // Takes back leases that have run out; the caller says of each whether it is offered again or
    // finished. Wakes those who wait for a job whose time has come. Call it often.
    std::vector<std::string> tick();
    void offer_again(const std::string& job_id);  // one that tick() took back
    [[nodiscard]] std::vector<Job> overdue_deliveries(Instant now);
    // Its office is down as far as we know, and it is not yet time to try: a read need not wait.
    [[nodiscard]] bool refuses(const std::string& member);
    [[nodiscard]] bool seen_since(const std::string& member, Time since);
    void close();

private:
    struct Entry {
        BoardJob job;
        std::optional<Time> leased_until;
        Token told;          // under which the present holder knows it
        bool probe = false;  // it is out to find whether the office is back
    };
    struct Desk {  // of one member
        std::list<std::string> waiting;
        std::size_t asked = 0;  // questions under way
        Breaker breaker;
        Time polled{};
    };
    struct Board {
        std::map<std::string, Entry, std::less<>> jobs;
        std::map<std::string, Desk, std::less<>> desks;
        bool closed = false;
    };
    static void take_back(Board& board, Entry& entry);
    std::vector<Job> take(Board& board,
                          const std::string& member,
                          std::size_t max,
                          std::size_t in_flight);
    void remove(Board& board, const std::string& job_id);

    const BoardTerms terms_;
    Guarded<Board> board_;
    std::condition_variable changed_;
};

}  // namespace tongban::exchange
