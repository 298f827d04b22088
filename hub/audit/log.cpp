#include "hub/audit/log.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <set>
#include <thread>
#include <utility>

#include <pthread.h>

#include "base/guarded.h"
#include "base/log.h"
#include "hub/audit/internal/sequencer.h"
#include "hub/audit/internal/tile_reader.h"

namespace tongban::audit {
namespace {

constexpr std::size_t most_at_once = 1024;
constexpr std::size_t most_recent = 8192;
constexpr std::chrono::milliseconds look_anyway{500};  // a safety net behind wake()

using Place = std::pair<std::int32_t, std::int64_t>;

struct Shared {
    Released released;
    bool loaded = false;
    std::uint64_t loads = 0;
    std::optional<std::string> frozen;   // for good
    std::optional<std::string> trouble;  // for now
    std::uint64_t witnessed = 0;         // largest size that meets the witness policy
    std::uint64_t woken = 0;
    bool stopping = false;
    std::map<Place, std::uint64_t> recent;  // where the latest leaves stand
    std::deque<Place> recent_order;
};

}  // namespace

struct Log::State {
    // Fixed after construction.
    store::Store& store;
    const LogOptions options;
    const std::string vkey;
    TileReader tiles;
    std::function<void(std::string_view, Instant)> on_cosigned;
    // Touched only by the sequencer thread, once it runs.
    Sequencer sequencer;
    // Guarded.
    mutable Guarded<std::shared_ptr<const WitnessPolicy>> current_policy;
    mutable Guarded<Shared> shared;
    mutable std::condition_variable wake_up;  // the sequencer
    mutable std::condition_variable changed;  // who waits for a release
    std::thread thread;

    State(
        store::Store& at, PrivateKey key, const Clock& clock, LogOptions with, WitnessPolicy whose)
        : store(at),
          options(std::move(with)),
          vkey(whose.log.vkey()),
          tiles(at),
          sequencer(at, std::move(key), clock, whose.log, tiles),
          current_policy(std::make_shared<const WitnessPolicy>(std::move(whose))) {}

    [[nodiscard]] std::shared_ptr<const WitnessPolicy> policy() const {
        return *current_policy.lock();
    }
    void run();
    void integrate_all();
    void load();
    void release(Released now, const std::vector<store::AuditRow>& rows);
    void troubled(const Fault& fault);
    Result<std::vector<store::AuditRow>> gathered();
    Result<std::string> cosigned(std::uint64_t size);
    Result<bool> meets_policy(const WitnessPolicy& policy, std::uint64_t size);
    void find_witnessed();
    void raise_witnessed(const WitnessPolicy& whose, std::uint64_t size);
    Result<std::uint64_t> await(const store::AuditRow& row, Deadline deadline, Proof proof);
};

void Log::State::troubled(const Fault& fault) {
    const bool for_good = fault.kind == FaultKind::refused || fault.kind == FaultKind::conflict;
    {
        auto now = shared.lock();
        if (for_good)
            now->frozen = fault.reason;
        else
            now->trouble = fault.reason;
        now->loaded = false;
    }
    changed.notify_all();
    log::error(for_good ? "audit.frozen" : "audit.trouble",
               {{"where", fault.where}, {"reason", fault.reason}});
}

void Log::State::release(Released now, const std::vector<store::AuditRow>& rows) {
    {
        auto state = shared.lock();
        const bool no_quorum = policy()->quorum.empty();  // of the policy that is in force now
        std::uint64_t index = now.head.size - rows.size();
        for (const store::AuditRow& row : rows) {
            state->recent.insert_or_assign({row.shard, row.seq}, index++);
            state->recent_order.emplace_back(row.shard, row.seq);
        }
        while (state->recent_order.size() > most_recent) {
            state->recent.erase(state->recent_order.front());
            state->recent_order.pop_front();
        }
        state->released = std::move(now);
        state->loaded = true;
        state->trouble.reset();
        if (no_quorum) state->witnessed = state->released.head.size;
    }
    changed.notify_all();
}

void Log::State::load() {
    auto loaded = sequencer.load(options);
    if (!loaded) return troubled(loaded.fault());
    ++shared.lock()->loads;
    release(*std::move(loaded), {});
    find_witnessed();
}

// Integrates when idle or at `gather` leaves, within `gather_for` of the first.
Result<std::vector<store::AuditRow>> Log::State::gathered() {
    auto rows = store.unlogged(most_at_once);
    if (!rows || rows->empty() || rows->size() >= options.gather || store.idle()) return rows;
    const auto until = std::chrono::steady_clock::now() + options.gather_for;
    {
        auto state = shared.lock();
        const std::uint64_t enough = state->woken + options.gather - rows->size();
        while (state->woken < enough && !state->stopping && !store.idle() &&
               std::chrono::steady_clock::now() < until)
            wake_up.wait_for(state.native(), std::chrono::milliseconds(1));
    }
    return store.unlogged(most_at_once);
}

void Log::State::integrate_all() {
    for (;;) {
        {
            auto state = shared.lock();
            if (state->frozen) return;
            if (state->loaded) state->trouble.reset();
        }
        if (!shared.lock()->loaded) load();
        if (!shared.lock()->loaded) return;
        const auto rows = gathered();
        if (!rows) return troubled(rows.fault());
        if (rows->empty()) return;
        auto now = sequencer.integrate(*rows);
        if (!now) return troubled(now.fault());
        release(*std::move(now), *rows);
    }
}

void Log::State::run() {
    pthread_setname_np(pthread_self(), "sequencer");
    std::uint64_t seen = 0;
    for (;;) {
        bool stopping = false;
        {
            auto state = shared.lock();
            wake_up.wait_for(state.native(), look_anyway, [&] {
                return state->woken != seen || state->stopping;
            });
            seen = state->woken;
            stopping = state->stopping;
        }
        integrate_all();
        if (stopping) return;
    }
}

// By key, not by name alone: a witness may have been given a new key while the hub ran.
Result<bool> Log::State::meets_policy(const WitnessPolicy& policy, std::uint64_t size) {
    const auto rows = store.cosignatures(size);
    if (!rows) return rows.fault();
    std::set<std::string> names;
    for (const store::CosignatureRow& row : *rows) {
        const auto signature = parse_signature_line(row.line);
        if (!signature) continue;
        for (const auto& [name, witness] : policy.witnesses)
            if (signature->name == witness.name() && signature->key_id == witness.key_id())
                names.insert(name);
    }
    return policy.satisfied_by(names);
}

// Unless another policy has come into force since that one was asked.
void Log::State::raise_witnessed(const WitnessPolicy& whose, std::uint64_t size) {
    auto state = shared.lock();
    if (policy().get() == &whose) state->witnessed = std::max(state->witnessed, size);
}

void Log::State::find_witnessed() {
    const auto whose = policy();
    if (whose->quorum.empty()) return;
    const auto sizes = store.cosigned_sizes(256);
    if (!sizes) return;
    for (const std::uint64_t size : *sizes) {
        const auto met = meets_policy(*whose, size);
        if (!met || !*met) continue;
        raise_witnessed(*whose, size);
        return;
    }
}

Result<std::string> Log::State::cosigned(std::uint64_t size) {
    const auto checkpoint = store.checkpoint(size);
    if (!checkpoint) return checkpoint.fault();
    if (!*checkpoint) return Fault{FaultKind::not_found, "log", "no checkpoint of that size"};
    const auto cosignatures = store.cosignatures(size);
    if (!cosignatures) return cosignatures.fault();
    std::string note = (*checkpoint)->note;
    for (const store::CosignatureRow& row : *cosignatures)
        note += row.line;
    return note;
}

Result<std::uint64_t> Log::State::await(const store::AuditRow& row,
                                        Deadline deadline,
                                        Proof proof) {
    std::optional<std::uint64_t> index = row.index;
    std::uint64_t looked = 0;
    auto state = shared.lock();
    for (;;) {
        if (!index) {
            const auto at = state->recent.find({row.shard, row.seq});
            if (at != state->recent.end()) index = at->second;
        }
        const std::uint64_t covered =
            proof == Proof::witnessed ? state->witnessed : state->released.head.size;
        if (index && *index < covered) return *index;
        if (!index && state->loaded && looked != state->loads) {
            // Integrated before the memory of the latest leaves began: asked once for each load.
            looked = state->loads;
            state.native().unlock();
            const auto found = store.leaf_at(row.shard, row.seq);
            state.native().lock();
            if (found && *found) index = (*found)->index;
            continue;
        }
        if (state->frozen) return Fault{FaultKind::unavailable, "log", *state->frozen};
        if (state->stopping) return Fault{FaultKind::unavailable, "log", "the log is closing"};
        if (deadline.passed())
            return Fault{FaultKind::expired, "log", "the leaf is not in a released checkpoint yet"};
        changed.wait_until(state.native(), deadline.at());
    }
}

Log::Log(std::unique_ptr<State> state) : state_(std::move(state)) {}

Log::~Log() {
    state_->shared.lock()->stopping = true;
    state_->wake_up.notify_one();
    state_->changed.notify_all();
    if (state_->thread.joinable()) state_->thread.join();
}

Result<std::unique_ptr<Log>> Log::open(store::Store& store,
                                       PrivateKey key,
                                       const Clock& clock,
                                       LogOptions options) {
    const auto verifier =
        NoteVerifier::of(options.origin, NoteKeyType::ed25519, key.public_key().raw_ed25519());
    if (!verifier) return verifier.fault();
    auto policy =
        WitnessPolicy::k_of_n(verifier->vkey(), options.witness_vkeys, options.witnesses_needed);
    if (!policy) return policy.fault();
    std::unique_ptr<Log> log(new Log(std::make_unique<State>(
        store, std::move(key), clock, std::move(options), *std::move(policy))));
    log->state_->load();
    {
        auto shared = log->state_->shared.lock();
        if (!shared->loaded && !shared->frozen)
            return Fault{FaultKind::unavailable, "log", shared->trouble.value_or("cannot be read")};
    }
    State* const state = log->state_.get();
    log->state_->thread = std::thread([state] { state->run(); });
    log->wake();  // what an earlier process left
    return log;
}

void Log::wake() {
    ++state_->shared.lock()->woken;
    state_->wake_up.notify_one();
}

std::optional<std::string> Log::frozen() const {
    auto shared = state_->shared.lock();
    return shared->frozen ? shared->frozen : shared->trouble;
}

const std::string& Log::vkey() const {
    return state_->vkey;
}
std::shared_ptr<const WitnessPolicy> Log::policy() const {
    return state_->policy();
}

Result<WitnessPolicy> Log::with_witnesses(const std::vector<std::string>& vkeys) const {
    return WitnessPolicy::k_of_n(state_->vkey, vkeys, state_->options.witnesses_needed);
}

void Log::adopt(WitnessPolicy policy) {
    const bool no_quorum = policy.quorum.empty();
    *state_->current_policy.lock() = std::make_shared<const WitnessPolicy>(std::move(policy));
    {
        auto shared = state_->shared.lock();
        shared->witnessed = no_quorum ? shared->released.head.size : 0;
    }
    state_->find_witnessed();
    state_->changed.notify_all();
}

TreeHead Log::head() const {
    return state_->shared.lock()->released.head;
}
Result<std::string> Log::checkpoint() {
    return state_->cosigned(head().size);
}

Result<ConsistencyReply> Log::consistency(std::uint64_t old_size) {
    const TreeHead now = head();
    auto note = state_->cosigned(now.size);
    if (!note) return note.fault();
    auto proof = state_->tiles.consistency(old_size, now.size);
    if (!proof) return proof.fault();
    return ConsistencyReply{*std::move(note), old_size, now.size, *std::move(proof)};
}

Result<Done> Log::add_cosignature(std::uint64_t size, std::string_view line) {
    const auto signature = parse_signature_line(line);
    if (!signature) return signature.fault();
    const auto checkpoint = state_->store.checkpoint(size);
    if (!checkpoint) return checkpoint.fault();
    if (!*checkpoint || size > head().size)
        return Fault{FaultKind::not_found, "log", "no checkpoint of that size"};
    const auto note = parse_note((*checkpoint)->note);
    if (!note) return note.fault();
    const auto policy = state_->policy();
    for (const auto& [name, witness] : policy->witnesses) {
        if (witness.name() != signature->name || witness.key_id() != signature->key_id) continue;
        if (!witness.verify(note->text, signature->payload)) break;
        const auto put = state_->store.apply(store::Batch{}.add(store::PutCosignature{
            {size, witness.name(), signature->line, cosignature_time(*signature)}}));
        if (!put) return put.fault();
        if (state_->on_cosigned)
            state_->on_cosigned(witness.name(), Instant{cosignature_time(*signature) * 1'000});
        const auto met = state_->meets_policy(*policy, size);
        if (met && *met) {
            state_->raise_witnessed(*policy, size);
            state_->changed.notify_all();
        }
        return Done{};
    }
    return Fault{FaultKind::refused, "log", "not a good cosignature of a witness of this log"};
}

void Log::on_cosigned(std::function<void(std::string_view, Instant)> cosigned) {
    state_->on_cosigned = std::move(cosigned);
}

Result<std::uint64_t> Log::wait_for(const store::AuditRow& row, Deadline deadline) {
    return state_->await(row, deadline, Proof::signed_by_hub);
}

Result<Receipt> Log::receipt(const store::AuditRow& row, Deadline deadline, Proof proof) {
    const auto index = state_->await(row, deadline, proof);
    if (!index) return index.fault();
    std::uint64_t size = 0;
    {
        auto shared = state_->shared.lock();
        size = shared->witnessed > *index ? shared->witnessed : shared->released.head.size;
    }
    const auto path = state_->tiles.inclusion(*index, size);
    if (!path) return path.fault();
    const auto note = state_->cosigned(size);
    if (!note) return note.fault();
    return Receipt{write_receipt(*index, *path, *note), row.leaf, *index, size};
}

Result<std::vector<Digest>> Log::inclusion(std::uint64_t index, std::uint64_t size) {
    if (size > head().size) return Fault{FaultKind::not_found, "log", "the log is not that large"};
    return state_->tiles.inclusion(index, size);
}

}  // namespace tongban::audit
