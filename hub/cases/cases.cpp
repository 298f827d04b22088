#include "hub/cases/cases.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/log.h"
#include "hub/cases/internal/inner.h"
#include "hub/cases/internal/summary.h"

namespace tongban::cases {

namespace {

constexpr std::chrono::minutes repeat_the_alarm{1};

}  // namespace

namespace internal {

Known* KnownCases::find(std::int64_t case_id) {
    const auto found = by_id_.find(case_id);
    if (found == by_id_.end()) return nullptr;
    used_.splice(used_.begin(), used_, found->second);
    return &used_.front();
}

Known& KnownCases::put(Known known) {
    forget(known.state.case_id);
    used_.push_front(std::move(known));
    by_id_[used_.front().state.case_id] = used_.begin();
    if (used_.size() > limit_) forget(used_.back().state.case_id);
    return used_.front();
}

void KnownCases::forget(std::int64_t case_id) {
    const auto found = by_id_.find(case_id);
    if (found == by_id_.end()) return;
    used_.erase(found->second);
    by_id_.erase(found);
}

}  // namespace internal

Cases::Inner::Inner(Cases& of, World first, CasesTerms with)
    : links(of.links_),
      terms(with),
      world(std::move(first)),
      clock(with.jump_limit_ms, with.settle_ms),
      known(with.states_kept) {}

Cases::Cases(const CasesLinks& links, World world, CasesTerms terms)
    : links_(links), inner_(std::make_unique<Inner>(*this, std::move(world), terms)) {
    links_.calls.on_answer([inner = inner_.get()](exchange::CaseAnswer answer) {
        inner->inbox.lock()->answers.push_back(std::move(answer));
        inner->filled.notify_one();
    });
}

Cases::~Cases() {
    stop();
}

Result<Done> Cases::resume() {
    const std::lock_guard turning(inner_->turning);
    return inner_->resume();
}

std::size_t Cases::turn(const Tick& tick) {
    std::size_t done = 0;
    {
        const std::lock_guard turning(inner_->turning);
        done = inner_->turn(tick);
    }
    inner_->tell_doubt();
    return done;
}

std::size_t Cases::Inner::turn(const Tick& tick) {
    if (fenced) return 0;
    clock.tick(tick);
    take_in();  // what members signed may settle the clock
    now_ms = clock.now().ms;
    watch_clock();
    queued = all_waiting();
    if (clock.settling()) return 0;
    std::size_t done = settle_doubts();
    done += fire_timers();
    done += reckon_some();
    done += commit_round();
    done += dispatch();
    keep_time();
    queued = all_waiting();
    return done;
}

void Cases::Inner::watch_clock() {
    constexpr std::int64_t remind_ms = 600'000;
    const bool before = clock_doubted.exchange(clock.doubted());
    if (clock.doubted() && (!before || clock.monotonic_ms() - told_ms >= remind_ms)) {
        told_ms = clock.monotonic_ms();
        log::error(
            "cases.clock.doubted",
            {{"wall_ahead_ms", clock.wall_ahead_ms()},
             {"zh",
              "本机时钟与上次提交的时间不符，办件期限暂按不可调整的时钟计。"
              "两个以上成员签名时间与本机一致时自动恢复；核对时钟无误后也可向枢纽进程发送 SIGUSR1"},
             {"en",
              "the wall clock does not follow from the time that was committed last; deadlines go "
              "by the clock that nobody sets until the signed times of two members agree with it. "
              "Whoever has checked it may send the hub SIGUSR1"}});
        doubt_untold = true;
    }
    if (!clock.doubted() && before) log::info("cases.clock.settled", {{"now_ms", now_ms.load()}});
}

// Outside of the turn: whoever is told writes a leaf, and nobody who looks at a case waits for it.
void Cases::Inner::tell_doubt() {
    if (doubt_untold.exchange(false) && on_clock_doubted) on_clock_doubted();
}

// So that the next start knows how long the hub was away, however little there was to do.
void Cases::Inner::keep_time() {
    const std::int64_t now = clock.now().ms;
    if (now - kept_ms < terms.keep_time_ms) return;
    kept_ms = now;
    const auto kept =
        links.store.apply(store::Batch{terms.first_shard, {}}.add(store::KeepTime{now}));
    if (kept || kept.fault().kind != FaultKind::conflict) return;
    fenced = true;
    log::error("cases.fenced", {{"shard", terms.first_shard}});
}

void Cases::start() {
    inner_->inbox.lock()->closed.reset();
    inner_->thread =
        std::jthread([inner = inner_.get()](const std::stop_token& stop) { inner->turn_on(stop); });
}

void Cases::Inner::turn_on(const std::stop_token& stop) {
    while (!stop.stop_requested() && !fenced) {
        const auto steady = std::chrono::steady_clock::now().time_since_epoch();
        const std::int64_t monotonic =
            std::chrono::duration_cast<std::chrono::milliseconds>(steady).count();
        std::size_t done = 0;
        {
            const std::lock_guard one_turn(turning);
            done = turn({links.clock.now(), monotonic});
        }
        tell_doubt();
        if (done != 0) continue;
        auto waiting = inbox.lock();
        filled.wait_for(
            waiting.native(), stop, std::chrono::milliseconds(terms.idle_ms), [&waiting] {
                return !waiting->posts.empty() || !waiting->answers.empty();
            });
    }
    if (!fenced) return;
    close({FaultKind::unavailable, "cases.fenced", "another hub has taken these cases over"});
    std::mutex alone;
    std::unique_lock still(alone);
    std::condition_variable_any never;
    while (!stop.stop_requested()) {
        log::error(
            "cases.fenced",
            {{"zh", "另一台枢纽已接管这些办件，本机不再办理：请停掉其中一台，再重启要保留的一台"},
             {"en",
              "another hub has taken these cases over, none moves here: stop one of "
              "the two, then start again the one that is to stay"}});
        never.wait_for(still, stop, repeat_the_alarm, [] { return false; });
    }
}

void Cases::Inner::close(const Fault& why) {
    Inbox left;
    {
        auto waiting = inbox.lock();
        std::swap(left, *waiting);
        waiting->closed = why;
    }
    const auto tell = [&why](const internal::Post& post) {
        if (post.heard) post.heard(why);
    };
    for (const internal::Post& post : left.posts)
        tell(post);
    const std::lock_guard nobody_turns(turning);
    let_go_of_round(why);
    const auto nobody = [](const internal::Post&) { return false; };
    while (const std::optional<internal::Post> post = queue.take(nobody))
        tell(*post);
    if (meeting)
        to_meet.insert(to_meet.begin(),
                       std::make_move_iterator(meeting->openings.begin()),
                       std::make_move_iterator(meeting->openings.end()));
    meeting.reset();
    for (const internal::Post& post : std::exchange(to_meet, {}))
        tell(post);
    for (const internal::Prepared& doubt : doubts)
        tell(doubt.post);
    doubts.clear();
}

void Cases::stop() {
    if (inner_->thread.joinable()) {
        inner_->thread.request_stop();
        inner_->thread.join();
    }
    inner_->close({FaultKind::unavailable, "cases", "the hub is stopping"});
}

std::int64_t Cases::next_action() {
    const std::lock_guard turning(inner_->turning);
    const Inner& in = *inner_;
    const std::int64_t now = in.clock.now().ms;
    std::int64_t next = in.timers_until - in.terms.timer_window_ms / 2;
    if (const auto first = in.to_act.earliest()) next = std::min(next, *first);
    if (!in.timers.empty()) next = std::min(next, in.timers.begin()->due_ms);
    const bool waits = in.all_waiting() != 0 || !in.doubts.empty() || in.under_way || in.reckoning;
    if (waits) next = std::min(next, std::max(now, in.retry_ms));
    return next;
}

bool Cases::fenced() const {
    return inner_->fenced;
}

std::size_t Cases::waiting() const {
    return inner_->queued;
}

Instant Cases::now() const {
    return Instant{inner_->now_ms};
}

void Cases::reload(World world) {
    inner_->inbox.lock()->world = std::move(world);
    inner_->filled.notify_one();
}

void Cases::confirm_clock() {
    inner_->inbox.lock()->confirm_clock = true;
}

void Cases::heard_time(std::string_view member, Instant time) {
    constexpr std::size_t most = 1'024;  // of one turn
    auto waiting = inner_->inbox.lock();
    if (waiting->times.size() < most) waiting->times.emplace_back(member, time);
}

void Cases::on_clock_doubted(std::function<void()> doubted) {
    inner_->on_clock_doubted = std::move(doubted);
}

bool Cases::clock_doubted() const {
    return inner_->clock_doubted;
}

Result<CaseView> Cases::view(std::int64_t case_id) {
    const std::lock_guard turning(inner_->turning);
    Result<internal::Known*> found = inner_->load(case_id);
    if (!found) return found.fault();
    const internal::Known& known = **found;
    CaseView view;
    view.state = known.state;
    view.rev = known.row.rev;
    view.item = known.item;
    view.types = inner_->world.types;
    return view;
}

Result<std::vector<store::CaseRow>> Cases::search(std::string_view attribute,
                                                  std::string_view value) {
    constexpr std::size_t most = 100;
    return links_.store.cases_of_attr(attribute, links_.sealer.hash(value), most);
}

Result<std::vector<store::CaseRow>> Cases::of_subject(std::string_view subject) {
    constexpr std::size_t most = 100;
    return links_.store.cases_of_subject(links_.sealer.hash(subject), most);
}

Result<std::vector<store::CaseRow>> Cases::board(store::BoardQuery query) {
    if (!query.member.empty()) query.member = links_.sealer.hash(query.member);
    if (!query.attribute.empty()) query.value = links_.sealer.hash(query.value);
    return links_.store.board(query);
}

Result<std::optional<exchange::CaseSummary>> Cases::answer_to(std::int64_t case_id,
                                                              const std::string& source,
                                                              const std::string& id) {
    const auto row = links_.store.case_inbox(store::shard_of_case(case_id), source, id);
    if (!row) return row.fault();
    if (!*row || (*row)->body.empty()) return std::optional<exchange::CaseSummary>();
    const Result<std::string> plain =
        links_.sealer.open((*row)->case_id, internal::officer_name((*row)->rev), (*row)->body);
    if (!plain) return plain.fault();
    const Result<Json> kept = parse_json(*plain);
    if (!kept) return kept.fault();
    const auto answer = kept->find("answer");
    if (answer == kept->end()) return std::optional<exchange::CaseSummary>();
    Result<exchange::CaseSummary> summary = internal::summary_from(*answer);
    if (!summary) return summary.fault();
    return std::optional(*std::move(summary));
}

Result<std::map<std::int64_t, std::string>> Cases::officers_of(
    const CaseState& state, const std::set<std::string>& members) {
    constexpr std::size_t most = 1'000;
    std::map<std::int64_t, std::string> officers;
    // An order names the case by either of its numbers (officers_order.cpp).
    for (const std::string& number : {state.number, state.external_number}) {
        if (number.empty()) continue;
        for (const std::string& member : members) {
            const auto rows = links_.store.case_messages(
                store::shard_of_case(state.case_id), "orders/" + member, number + "/", most);
            if (!rows) return rows.fault();
            for (const store::CaseInboxRow& row : *rows) {
                if (row.case_id != state.case_id || row.body.empty()) continue;
                const Result<std::string> plain =
                    links_.sealer.open(row.case_id, internal::officer_name(row.rev), row.body);
                const auto kept = plain ? parse_json(*plain) : Result<Json>(plain.fault());
                if (kept && kept->is_object()) officers[row.rev] = kept->value("officer", "");
            }
        }
    }
    return officers;
}

}  // namespace tongban::cases
