#include "hub/exchange/job_board.h"

#include <algorithm>
#include <utility>

namespace tongban::exchange {

namespace {

using Steady = std::chrono::steady_clock;

bool is_question(const Job& job) {
    return job.kind == JobKind::ask;
}

}  // namespace

bool JobBoard::add(BoardJob job) {
    {
        auto board = board_.lock();
        Desk& desk = board->desks[job.member];
        if (desk.waiting.size() >= terms_.waiting_per_member ||
            board->jobs.contains(job.job.job_id))
            return false;
        const std::string id = job.job.job_id;
        desk.waiting.push_back(id);
        board->jobs.emplace(id, Entry{std::move(job), std::nullopt, {}, false});
    }
    changed_.notify_all();
    return true;
}

std::vector<Job> JobBoard::take(Board& board,
                                const std::string& member,
                                std::size_t max,
                                std::size_t in_flight) {
    std::vector<Job> taken;
    Desk& desk = board.desks[member];
    const Time now = Steady::now();
    desk.polled = now;
    const std::size_t room = desk.asked < in_flight ? in_flight - desk.asked : 0;
    std::size_t questions = desk.breaker.allows(room, now);
    for (auto at = desk.waiting.begin(); at != desk.waiting.end() && taken.size() < max;) {
        Entry& entry = board.jobs.find(*at)->second;
        Job& job = entry.job.job;
        if (entry.job.not_before > now || (is_question(job) && questions == 0)) {
            ++at;
            continue;
        }
        ++job.token.attempt;
        entry.told = job.token;
        entry.leased_until = now + terms_.lease;
        if (is_question(job)) {
            --questions;
            ++desk.asked;
            entry.probe = desk.breaker.asked();
        }
        taken.push_back(job);
        at = desk.waiting.erase(at);
    }
    return taken;
}

std::vector<Job> JobBoard::lease(const std::string& member,
                                 std::size_t max,
                                 std::size_t in_flight,
                                 Deadline deadline) {
    auto board = board_.lock();
    while (!board->closed) {
        std::vector<Job> taken = take(*board, member, max, in_flight);
        if (!taken.empty() || deadline.passed()) return taken;
        changed_.wait_until(board.native(), deadline.at());
    }
    return {};
}

std::vector<Token> JobBoard::extend(const std::string& member, const std::vector<Token>& tokens) {
    std::vector<Token> kept;
    auto board = board_.lock();
    const Time until = Steady::now() + terms_.lease;
    for (auto& [id, entry] : board->jobs) {
        if (entry.job.member != member || !entry.leased_until) continue;
        const auto found = std::find(tokens.begin(), tokens.end(), entry.told);
        if (found == tokens.end()) continue;
        entry.leased_until = until;
        kept.push_back(entry.told);
    }
    return kept;
}

std::optional<Job> JobBoard::held(const std::string& member,
                                  const std::string& job_id,
                                  const Token& token) {
    auto board = board_.lock();
    const auto found = board->jobs.find(job_id);
    if (found == board->jobs.end()) return std::nullopt;
    const Entry& entry = found->second;
    if (entry.job.member != member || !entry.leased_until || !(entry.told == token))
        return std::nullopt;
    return entry.job.job;
}

// The entry leaves its holder; the desk has room for another question, and for another probe.
void JobBoard::take_back(Board& board, Entry& entry) {
    if (!entry.leased_until) return;
    Desk& desk = board.desks[entry.job.member];
    entry.leased_until.reset();
    if (std::exchange(entry.probe, false)) desk.breaker.unasked();
    if (is_question(entry.job.job) && desk.asked > 0) --desk.asked;
}

void JobBoard::remove(Board& board, const std::string& job_id) {
    const auto found = board.jobs.find(job_id);
    if (found == board.jobs.end()) return;
    take_back(board, found->second);
    board.desks[found->second.job.member].waiting.remove(job_id);
    board.jobs.erase(found);
}

void JobBoard::finish(const std::string& job_id, Mark mark) {
    {
        auto board = board_.lock();
        const auto found = board->jobs.find(job_id);
        if (found == board->jobs.end()) return;
        Breaker& breaker = board->desks[found->second.job.member].breaker;
        if (mark == Mark::good) breaker.good();
        if (mark == Mark::bad) breaker.bad(terms_.breaker, Steady::now());
        remove(*board, job_id);
    }
    changed_.notify_all();  // the bulkhead has room again
}

void JobBoard::ask_again(const std::string& job_id, std::chrono::milliseconds pause) {
    auto board = board_.lock();
    const auto found = board->jobs.find(job_id);
    if (found == board->jobs.end()) return;
    Entry& entry = found->second;
    Desk& desk = board->desks[entry.job.member];
    if (entry.leased_until && is_question(entry.job.job))
        desk.breaker.bad(terms_.breaker, Steady::now());
    entry.job.not_before = Steady::now() + pause;
    take_back(*board, entry);
    const auto waits = std::find(desk.waiting.begin(), desk.waiting.end(), job_id);
    if (waits == desk.waiting.end()) desk.waiting.push_back(job_id);
}

bool JobBoard::put_back(const std::string& job_id, const Token& token) {
    {
        auto board = board_.lock();
        const auto found = board->jobs.find(job_id);
        if (found == board->jobs.end()) return false;
        Entry& entry = found->second;
        if (!entry.leased_until || !(entry.told == token)) return false;
        Desk& desk = board->desks[entry.job.member];
        take_back(*board, entry);
        desk.waiting.push_front(job_id);
    }
    changed_.notify_all();
    return true;
}

void JobBoard::renumber(const std::string& job_id, std::int64_t seq) {
    auto board = board_.lock();
    const auto found = board->jobs.find(job_id);
    if (found != board->jobs.end()) found->second.job.job.token.seq = seq;
}

void JobBoard::drop_of(std::string_view exchange_id) {
    {
        auto board = board_.lock();
        std::vector<std::string> ids;
        for (const auto& [id, entry] : board->jobs) {
            if (entry.job.job.exchange_id == exchange_id) ids.push_back(id);
        }
        for (const std::string& id : ids)
            remove(*board, id);
    }
    changed_.notify_all();  // the bulkhead has room again, the breaker may want a probe
}

std::vector<std::string> JobBoard::tick() {
    std::vector<std::string> ran_out;
    {
        auto board = board_.lock();
        const Time now = Steady::now();
        for (auto& [id, entry] : board->jobs) {
            if (!entry.leased_until || now < *entry.leased_until) continue;
            ran_out.push_back(id);
            if (is_question(entry.job.job))
                board->desks[entry.job.member].breaker.bad(terms_.breaker, now);
            take_back(*board, entry);
        }
    }
    changed_.notify_all();
    return ran_out;
}

void JobBoard::offer_again(const std::string& job_id) {
    {
        auto board = board_.lock();
        const auto found = board->jobs.find(job_id);
        if (found == board->jobs.end() || found->second.leased_until) return;
        std::list<std::string>& waiting = board->desks[found->second.job.member].waiting;
        if (std::find(waiting.begin(), waiting.end(), job_id) != waiting.end()) return;
        waiting.push_front(job_id);
    }
    changed_.notify_all();
}

std::vector<Job> JobBoard::overdue_deliveries(Instant now) {
    std::vector<Job> overdue;
    auto board = board_.lock();
    for (const auto& [id, entry] : board->jobs) {
        const bool due =
            entry.job.job.kind == JobKind::deliver && entry.job.job.deadline_ms <= now.ms;
        if (due && !entry.leased_until) overdue.push_back(entry.job.job);
    }
    return overdue;
}

bool JobBoard::refuses(const std::string& member) {
    auto board = board_.lock();
    const auto found = board->desks.find(member);
    return found != board->desks.end() && found->second.breaker.refuses(Steady::now());
}

bool JobBoard::seen_since(const std::string& member, Time since) {
    auto board = board_.lock();
    const auto found = board->desks.find(member);
    return found != board->desks.end() && found->second.polled >= since;
}

void JobBoard::close() {
    board_.lock()->closed = true;
    changed_.notify_all();
}

}  // namespace tongban::exchange
