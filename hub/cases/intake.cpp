// What comes from others: openings and events of offices' systems, decisions and commands of
// officers. It waits in the inbox until a turn takes it in.
#include <chrono>
#include <future>
#include <utility>

#include "hub/cases/internal/inner.h"

namespace tongban::cases {

using internal::Moved;
using internal::Post;

namespace {

// People and answers before timers, timers before new cases: what has begun is finished first.
std::size_t class_of(const Cause& cause) {
    constexpr std::size_t people = 0;
    constexpr std::size_t answers = 1;
    constexpr std::size_t time = 2;
    constexpr std::size_t starts = 3;
    if (std::holds_alternative<Opened>(cause.what)) return starts;
    if (std::holds_alternative<Answered>(cause.what)) return answers;
    if (std::holds_alternative<TimerFired>(cause.what) ||
        std::holds_alternative<CalendarsChanged>(cause.what))
        return time;
    return people;
}

Cause cause_of(const exchange::Submission& submission) {
    Cause cause;
    cause.source = "exchange";
    cause.id = submission.exchange_id;
    cause.actor = submission.member;
    cause.officer = submission.officer;
    cause.exchange_id = submission.exchange_id;
    return cause;
}

Fault too_much() {
    return {FaultKind::busy, "cases.backlog", "too many cases wait: come again"};
}

}  // namespace

// Whoever sent it takes the turn; what nobody sends, as a timer, takes its owner's.
void Cases::Inner::place(Post& post) {
    if (!post.turn.empty()) return;  // an answer: of the office that gave it
    post.turn = post.cause.actor;
    if (post.case_id == 0) {
        const auto item = world.items->newest(post.item, shanghai_date(clock.now()));
        if (item) post.rank = static_cast<std::int32_t>(item->priority);
        return;
    }
    // A backlog may be of more cases than are kept: those that are not at hand are not opened for
    // this, their row says it too.
    if (const internal::Known* held = known.find(post.case_id)) {
        post.rank = held->state.priority;
        if (post.turn.empty()) post.turn = held->state.owner;
        return;
    }
    const auto row = links.store.find_case(post.case_id);
    if (!row || !*row) return;  // whatever keeps it away is told when it is its turn
    post.rank = (*row)->priority;
    if (post.turn.empty()) post.turn = (*row)->owner;
}

void Cases::Inner::put(Post post) {
    place(post);
    const std::size_t kind = class_of(post.cause);
    queue.put(kind, std::move(post));
}

std::vector<std::string> Cases::Inner::persons_of(const std::deque<Post>& openings) {
    std::vector<std::string> persons;
    for (const Post& post : openings) {
        const auto item = world.items->newest(post.item, shanghai_date(clock.now()));
        if (!item || !item->subject || item->subject->root != "application") continue;
        const schemas::Value* person =
            schemas::at_path(std::get<Opened>(post.cause.what).application, item->subject->path);
        if (person != nullptr && !person->absent())
            persons.push_back(schemas::canonical_text(*person));
    }
    return persons;
}

// A person's key is committed before anything is sealed with it. Other cases do not wait for that:
// who comes meanwhile is met next. With nothing else to do it is waited for at once.
void Cases::Inner::meet_applicants() {
    const auto idle = [this] { return queue.size() == 0 && !under_way; };
    const auto made = [this] {
        return meeting->made.wait_for(std::chrono::seconds(0)) != std::future_status::timeout;
    };
    if (meeting && (idle() || made())) end_meeting();
    if (meeting || to_meet.empty()) return;
    std::vector<std::string> persons = persons_of(to_meet);
    meeting.emplace();
    meeting->openings.swap(to_meet);
    meeting->made = std::async(terms.commits, [this, persons = std::move(persons)] {
        if (!persons.empty()) links.sealer.meet(persons);
    });
    if (idle()) end_meeting();
}

void Cases::Inner::end_meeting() {
    meeting->made.get();
    for (Post& post : meeting->openings)
        put(std::move(post));
    meeting.reset();
}

std::size_t Cases::Inner::all_waiting() const {
    return queue.size() + to_meet.size() + (meeting ? meeting->openings.size() : 0);
}

void Cases::Inner::take_in() {
    Inbox taken;
    {
        auto waiting = inbox.lock();
        std::swap(taken, *waiting);
        waiting->closed = taken.closed;
    }
    if (taken.world) {
        const bool calendars = taken.world->calendars != world.calendars;
        world = *std::move(taken.world);
        if (calendars) reckoning = {terms.first_shard, store::TimerKey{}};
    }
    if (taken.confirm_clock) clock.confirm();
    for (const auto& [member, time] : taken.times)
        clock.signed_by(member, time);
    for (const exchange::CaseAnswer& answer : taken.answers)
        hear(answer);
    for (Post& post : taken.posts) {
        if (std::holds_alternative<Opened>(post.cause.what))
            to_meet.push_back(std::move(post));
        else
            put(std::move(post));
    }
    meet_applicants();
}

void Cases::Inner::hand_in(Post post) {
    std::optional<Fault> closed;
    {
        auto waiting = inbox.lock();
        if (!waiting->closed) {
            waiting->posts.push_back(std::move(post));
            filled.notify_one();
            return;
        }
        closed = waiting->closed;
    }
    if (post.heard) post.heard(*closed);
}

// The case that an event speaks of: by its number, or by a search attribute of its item.
Result<std::int64_t> Cases::Inner::case_of(const exchange::CaseEvent& event) {
    constexpr std::size_t most = 64;
    const auto rows = event.by.empty() ? links.store.cases_of_number(event.value, most)
                                       : links.store.cases_of_attr(
                                             event.by, links.sealer.hash(event.value), most);
    if (!rows) return rows.fault();
    const store::CaseRow* best = nullptr;
    for (const store::CaseRow& row : *rows) {
        if (!event.item.empty() && row.item != event.item) continue;
        // The open one; of several the latest.
        const bool better = best == nullptr || (row.open && !best->open) ||
                            (row.open == best->open && row.created_ms > best->created_ms);
        if (better) best = &row;
    }
    return best == nullptr ? 0 : best->case_id;
}

void Cases::post(std::int64_t case_id, Cause cause, Heard heard) {
    Post post;
    post.case_id = case_id;
    post.cause = std::move(cause);
    if (heard) {
        post.heard = [this, heard = std::move(heard)](Result<Moved> moved) {
            if (!moved) return heard(moved.fault());
            heard(inner_->reply_of(moved->reception, moved->case_id));
        };
    }
    inner_->hand_in(std::move(post));
}

void Cases::post_opening(const exchange::CaseOpening& opening, Heard heard) {
    if (waiting() >= inner_->terms.backlog) {
        if (heard) heard(too_much());
        return;
    }
    Post post;
    post.item = opening.item;
    post.cause = cause_of(opening.submission);
    Opened what;
    what.application = opening.submission.body;
    what.external_number = opening.submission.case_ref;
    post.cause.what = std::move(what);
    if (heard) {
        post.heard = [this, heard = std::move(heard)](Result<Moved> moved) {
            if (!moved) return heard(moved.fault());
            heard(inner_->reply_of(moved->reception, moved->case_id));
        };
    }
    inner_->hand_in(std::move(post));
}

void Cases::post_event(const exchange::CaseEvent& event, Heard heard) {
    const Result<std::int64_t> case_id = inner_->case_of(event);
    if (!case_id || *case_id == 0) {
        exchange::CaseReply unknown;
        unknown.reception = exchange::Reception::unknown_case;
        if (heard) heard(case_id ? Result<exchange::CaseReply>(unknown) : case_id.fault());
        return;
    }
    Cause cause = cause_of(event.submission);
    cause.what = EventCame{event.event, event.submission.member, event.submission.body};
    post(*case_id, std::move(cause), std::move(heard));
}

namespace {

// Waits for what a turn of another thread tells.
template <typename Begin>
Result<exchange::CaseReply> wait_for(const Begin& begin) {
    const auto told = std::make_shared<std::promise<Result<exchange::CaseReply>>>();
    std::future<Result<exchange::CaseReply>> answer = told->get_future();
    begin([told](Result<exchange::CaseReply> reply) { told->set_value(std::move(reply)); });
    return answer.get();
}

}  // namespace

Result<exchange::CaseReply> Cases::open(const exchange::CaseOpening& opening) {
    return wait_for([&](Heard heard) { post_opening(opening, std::move(heard)); });
}

Result<exchange::CaseReply> Cases::event(const exchange::CaseEvent& event) {
    return wait_for([&](Heard heard) { post_event(event, std::move(heard)); });
}

Result<exchange::CaseReply> Cases::command(std::int64_t case_id, Cause cause) {
    return wait_for([&](Heard heard) { post(case_id, std::move(cause), std::move(heard)); });
}

}  // namespace tongban::cases
