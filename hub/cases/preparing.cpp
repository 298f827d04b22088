// A cause and the case it concerns, made into a batch; nothing is written here.
#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "hub/cases/internal/inner.h"
#include "hub/cases/internal/numbers.h"
#include "hub/cases/internal/records.h"

namespace tongban::cases {

using internal::Known;
using internal::Post;
using internal::Prepared;

namespace {

constexpr std::int32_t every_tenth = 10;
constexpr std::int32_t unreadable_incident = 1'000'000;  // beyond what a case counts itself

void tell(Post& post, Result<internal::Moved> what) {
    if (post.heard) post.heard(std::move(what));
}

std::string text_at(const item::ValuePath& path, const CaseState& state) {
    const schemas::Group* root =
        path.root == "application" ? &state.application.group() : state.result(path.root);
    const schemas::Value* value = root == nullptr ? nullptr : schemas::at_path(*root, path.path);
    return value == nullptr || value->absent() ? "" : schemas::canonical_text(*value);
}

std::string key_of(const item::Item& item, const CaseState& state) {
    std::vector<std::string> values;
    values.reserve(item.key.size());
    for (const item::ValuePath& path : item.key)
        values.push_back(text_at(path, state));
    return join(values, "\x1f");
}

// Of a call that may be repeated a crash costs some attempts' count, never a duplicate: persisted
// at 1, 3, 10, then every tenth.
bool worth_writing(std::int32_t attempt) {
    return attempt <= 3 || attempt % every_tenth == 0;
}

// What may not be done twice is not sent again before it is written that it is: else a hub that
// comes back takes the answer to an earlier attempt for the last word.
bool counted_exactly(const CallOut& call) {
    return call.effect != "read" && call.effect != "idempotent";
}

}  // namespace

bool Cases::Inner::ours(std::int64_t case_id) const {
    const std::int32_t shard = store::shard_of_case(case_id);
    return shard >= terms.first_shard && shard <= terms.last_shard;
}

Facts Cases::Inner::facts() const {
    Facts facts;
    facts.now = clock.now();
    facts.calendars = world.calendars;
    facts.rules = world.rules;
    facts.directory = world.directory.get();
    return facts;
}

Result<Known*> Cases::Inner::load(std::int64_t case_id) {
    if (Known* held = known.find(case_id)) return held;
    Result<std::optional<store::CaseRow>> row = links.store.find_case(case_id);
    if (!row) return row.fault();
    if (!*row) return Fault{FaultKind::not_found, "case", "no such case"};
    Known one;
    one.row = *std::move(*row);
    const Result<std::string> plain = links.sealer.open(case_id, "state", one.row.state);
    if (!plain) return plain.fault();
    const auto rows = links.store.records_of_case(case_id);
    if (!rows) return rows.fault();
    const Result<CaseRecords> records = internal::open_records(*rows, links.sealer);
    if (!records) return records.fault();
    Result<ReadState> read = read_state(*plain, *records);
    if (!read) return read.fault();
    one.state = std::move(read->state);
    one.saved_records = read->saved;
    one.row.state.clear();
    one.item = world.items->at(one.state.item, one.state.item_version);
    if (!one.item)
        return Fault{FaultKind::unavailable, "item.version", "the case's item is not loaded"};
    return &known.put(std::move(one));
}

// The same message under its own name: answered as before, or refused when it says something else.
bool Cases::Inner::known_message(const Post& post, std::int32_t shard) {
    if (post.cause.id.empty()) return false;
    const auto row = links.store.case_inbox(shard, post.cause.source, post.cause.id);
    if (!row) return false;  // the commit will tell
    if (!*row) return false;
    Post held = post;
    if ((*row)->digest != sha256(internal::digest_text(post.cause))) {
        tell(held,
             Fault{FaultKind::conflict, "message.reused", "its id stands for another content"});
        return true;
    }
    const bool opens = std::holds_alternative<Opened>(post.cause.what);
    Result<Known*> found = load((*row)->case_id);
    if (!found) {
        tell(held, found.fault());
        return true;
    }
    tell(held,
         internal::Moved{(*row)->case_id,
                         opens ? exchange::Reception::opened : exchange::Reception::duplicate,
                         (*found)->state,
                         (*found)->row.rev});
    return true;
}

std::optional<Prepared> Cases::Inner::prepare(Post post) {
    return post.case_id == 0 ? prepare_opening(std::move(post)) : prepare_move(std::move(post));
}

std::optional<Prepared> Cases::Inner::prepare_opening(Post post) {
    const auto refuse = [&](Fault fault) {
        tell(post, std::move(fault));
        return std::nullopt;
    };
    const std::shared_ptr<const item::Item> item =
        world.items->newest(post.item, shanghai_date(clock.now()));
    if (!item)
        return refuse({FaultKind::refused, "item.not_valid", "no such service item in force"});
    CaseState state;
    state.item = item->id;
    state.item_version = item->version;
    CaseState applied = state;  // what it is known by, before anything of it is kept
    applied.application = applied.keep(std::get<Opened>(post.cause.what).application);
    const std::string& external = std::get<Opened>(post.cause.what).external_number;
    const bool elsewhere = item->master == item::Master::external;
    if (elsewhere && external.empty())
        return refuse({FaultKind::refused,
                       "external.missing",
                       "the case is mastered elsewhere: its number there must come with it"});
    // Who masters the case numbers it: that number is one case, whatever else is said.
    const std::string key = links.sealer.hash(
        "case-key/" + item->id + "/" + (elsewhere ? "\x1f" + external : key_of(*item, applied)));
    const std::int32_t shard = store::shard_of_case_key(item->id, key);
    if (shard < terms.first_shard || shard > terms.last_shard)
        return refuse({FaultKind::unavailable, "shard", "another node opens this case"});
    if (known_message(post, shard)) return std::nullopt;
    const auto other = links.store.case_of_key(item->id, key);
    if (!other) return refuse(other.fault());
    if (*other) {
        Result<Known*> there = load((*other)->case_id);
        if (!there) return refuse(there.fault());
        if (elsewhere && key_of(*item, (*there)->state) != key_of(*item, applied))
            return refuse({FaultKind::refused,
                           "external.taken",
                           "another case has this number: the application is not the same"});
        tell(post,
             internal::Moved{(*other)->case_id,
                             exchange::Reception::already_open,
                             (*there)->state,
                             (*there)->row.rev});
        return std::nullopt;
    }
    Prepared prepared;
    prepared.case_id = links.store.next_case_id(shard);
    prepared.item = item;
    state.case_id = prepared.case_id;
    auto& opening = std::get<Opened>(post.cause.what);
    opening.number = internal::citizens_number(prepared.case_id, shanghai_date(clock.now()));
    prepared.transition = advance(*item, state, post.cause, facts());
    prepared.post = std::move(post);
    if (prepared.transition.verdict != Verdict::recorded) {
        tell(prepared.post,
             prepared.transition.refusal.value_or(
                 Fault{FaultKind::internal, "case.open", "the opening moved nothing"}));
        return std::nullopt;
    }
    return write(std::move(prepared), nullptr, internal::StartKey{item->id, key});
}

std::optional<Prepared> Cases::Inner::prepare_move(Post post) {
    const auto refuse = [&](Fault fault) {
        tell(post, std::move(fault));
        return std::nullopt;
    };
    if (!ours(post.case_id))
        return refuse({FaultKind::unavailable, "shard", "another node has this case"});
    Result<Known*> found = load(post.case_id);
    if (!found && found.fault().kind == FaultKind::unavailable && !post.heard) {
        queue.put_back(std::move(post));  // the store or the item comes back
        retry_ms = clock.now().ms + terms.idle_ms;
        return std::nullopt;
    }
    if (!found) {
        tell(post, found.fault());
        return prepare_unreadable(post.case_id, found.fault());
    }
    auto* answer = std::get_if<Answered>(&post.cause.what);
    const auto call = answer == nullptr ? calls.end() : calls.find(answer->op_key);
    if (call != calls.end()) {  // brought twice: counted once
        if (call->second.attempt != answer->attempt) return std::nullopt;
    } else if (known_message(post, store::shard_of_case(post.case_id))) {
        return std::nullopt;
    } else if (answer != nullptr) {
        answer->late = true;
    }
    const Known& before = **found;
    if (post.cause.seen_rev != 0 && post.cause.seen_rev < before.row.rev)
        return refuse({FaultKind::conflict, "case.moved", "the case has moved on"});
    Prepared prepared;
    prepared.case_id = post.case_id;
    prepared.rev = before.row.rev;
    prepared.item = before.item;
    prepared.saved_records = before.saved_records;
    prepared.subject_hash = before.row.subject_hash;
    prepared.transition = advance(*before.item, before.state, post.cause, facts());
    switch (prepared.transition.verdict) {
        case Verdict::refused:
            return refuse(*prepared.transition.refusal);
        case Verdict::nothing:
            tell(post,
                 internal::Moved{
                     post.case_id, exchange::Reception::accepted, before.state, before.row.rev});
            return std::nullopt;
        case Verdict::quiet:
            return prepare_quiet(std::move(post), prepared.transition);
        case Verdict::recorded:
            break;
    }
    prepared.post = std::move(post);
    return write(std::move(prepared), &before.state, std::nullopt);
}

// A case that nobody can read any more: its person was erased, or its bytes are damaged. It cannot
// move, and must not be forgotten: one incident of the highest severity, and its leaf.
std::optional<Prepared> Cases::Inner::prepare_unreadable(std::int64_t case_id, const Fault& fault) {
    if (fault.kind == FaultKind::unavailable || fault.where == "case") return std::nullopt;
    const auto row = links.store.find_case(case_id);
    const auto open = links.store.incidents_of(case_id);
    if (!row || !*row || !(*row)->open || !open) return std::nullopt;
    const bool told = std::any_of(open->begin(), open->end(), [](const store::IncidentRow& one) {
        return one.n == unreadable_incident;
    });
    if (told) {
        park_calls_of(case_id);
        return std::nullopt;
    }
    const std::string code = fault.kind == FaultKind::not_found ? "case.erased" : "case.unreadable";
    log::error("cases.unreadable", {{"case", case_id}, {"where", fault.where}, {"code", code}});
    const auto item = world.items->at((*row)->item, (*row)->version);
    Result<store::Batch> batch = internal::batch_of_unreadable(
        **row, {unreadable_incident, code, item ? item->digest : ""}, clock.now(), links.leaves);
    if (!batch) return std::nullopt;  // the next cause tries again
    Prepared prepared;
    prepared.quiet = true;
    prepared.case_id = case_id;
    prepared.batch = *std::move(batch);
    return prepared;
}

// Only when to ask again has changed.
std::optional<Prepared> Cases::Inner::prepare_quiet(Post post, const Transition& transition) {
    Prepared prepared;
    prepared.quiet = true;
    prepared.case_id = post.case_id;
    prepared.post = std::move(post);
    prepared.batch.shard = store::shard_of_case(prepared.case_id);
    for (const CallAgain& again : transition.again) {
        const auto call = calls.find(again.op_key);
        if (call == calls.end()) continue;
        if (counted_exactly(call->second.out)) {
            const std::int32_t attempt = call->second.attempt + 1;
            prepared.attempts.emplace_back(again.op_key, attempt);
            prepared.transition.again.push_back(again);
            prepared.batch.add(
                store::UpdateCall{again.op_key, store::CallState::pending, attempt, again.next_ms});
            continue;
        }
        ++call->second.attempt;
        call->second.sent = false;
        act_at(call->second, again.next_ms);
        if (worth_writing(call->second.attempt))
            prepared.batch.add(store::UpdateCall{
                again.op_key, store::CallState::pending, call->second.attempt, again.next_ms});
    }
    if (prepared.batch.mutations.empty()) return std::nullopt;
    return prepared;
}

std::optional<Prepared> Cases::Inner::write(Prepared prepared,
                                            const CaseState* before,
                                            std::optional<internal::StartKey> start) {
    for (const CallAgain& again : prepared.transition.again) {
        const auto call = calls.find(again.op_key);
        if (call == calls.end()) continue;
        prepared.attempts.emplace_back(again.op_key, call->second.attempt + (again.park ? 0 : 1));
    }
    const CaseState& after = prepared.transition.state;
    internal::Written written{.item = *prepared.item,
                              .before = before,
                              .after = after,
                              .transition = prepared.transition,
                              .cause = prepared.post.cause,
                              .rev = prepared.rev,
                              .saved_records = prepared.saved_records,
                              .start = std::move(start),
                              .subject = "",
                              .subject_hash = prepared.subject_hash,
                              .search = {},
                              .attempts = prepared.attempts,
                              .now_ms = clock.now().ms};
    if (prepared.item->subject) written.subject = text_at(*prepared.item->subject, after);
    if (before == nullptr) {
        if (!written.subject.empty()) written.subject_hash = links.sealer.hash(written.subject);
        prepared.subject_hash = written.subject_hash;
    }
    for (const item::SearchName& name : prepared.item->search) {
        std::string value = text_at(name.value, after);
        if (before == nullptr || text_at(name.value, *before) != value)
            written.search.emplace_back(name.name, std::move(value));
    }
    Result<store::Batch> batch = internal::batch_of(written, links.sealer, links.leaves);
    if (!batch) return unwritten(std::move(prepared.post), batch.fault());
    prepared.batch = *std::move(batch);
    return prepared;
}

// A transition that cannot be written down. Nobody's cause is lost: it comes again when the log or
// the store does, and what is too large for the case becomes an incident of the call.
std::optional<Prepared> Cases::Inner::unwritten(Post post, const Fault& fault) {
    log::error("cases.write",
               {{"case", post.case_id}, {"where", fault.where}, {"reason", fault.reason}});
    if (post.heard) {
        tell(post, fault);
        return std::nullopt;
    }
    auto* answer = std::get_if<Answered>(&post.cause.what);
    if (answer != nullptr && (fault.where == "case.state" || fault.where == "case.record") &&
        answer->status != AnswerStatus::denied) {
        answer->status = AnswerStatus::denied;
        answer->reason = "state.too_large";
        answer->record = {};
        answer->findings.clear();
        return prepare_move(std::move(post));
    }
    if (fault.kind != FaultKind::unavailable) return std::nullopt;
    retry_ms = clock.now().ms + terms.idle_ms;
    queue.put_back(std::move(post));
    return std::nullopt;
}

exchange::CaseReply Cases::Inner::reply_of(exchange::Reception reception, std::int64_t case_id) {
    exchange::CaseReply reply;
    reply.reception = reception;
    Result<Known*> found = load(case_id);
    if (!found) return reply;
    const CaseState& state = (*found)->state;
    reply.case_number = state.number;
    reply.state = state.domain_state;
    if (const item::Words* words = (*found)->item->state(state.domain_state)) {
        reply.state_zh = words->zh;
        reply.state_en = words->en;
    }
    if (const Limit* limit = state.limit(0, LimitKind::due))
        reply.due = shanghai_date(Instant{limit->due_ms - 1});
    return reply;
}

}  // namespace tongban::cases
