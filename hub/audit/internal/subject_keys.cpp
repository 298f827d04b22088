#include "hub/audit/internal/subject_keys.h"

#include <algorithm>
#include <set>

#include "base/crypto.h"
#include "base/failpoint.h"
#include "base/text.h"

namespace tongban::audit {
namespace {

constexpr std::size_t most_kept = 16'384;

}  // namespace

HubKeys HubKeys::from(std::string_view key32) {
    const auto drawn = [&](std::string_view purpose) {
        return std::string(bytes_of(hmac_sha256(key32, purpose)));
    };
    HubKeys keys{drawn("tongban/seal/wrap/v1"),
                 drawn("tongban/seal/subject/v1"),
                 drawn("tongban/seal/bytes/v1"),
                 {}};
    keys.wrapping_id = hex(bytes_of(sha256("tongban/seal/id/v1" + keys.wrapping)).substr(0, 8));
    return keys;
}

SubjectKeys::SubjectKeys(store::Store& store, const Clock& clock, const HubKeys& keys)
    : store_(store), clock_(clock), keys_(keys) {}

std::string SubjectKeys::hash_of(std::string_view subject) const {
    return hex(bytes_of(hmac_sha256(keys_.index, subject)));
}

Result<SubjectKey> SubjectKeys::unwrap(const store::SubjectKeyRow& row) {
    if (row.erased_ms != 0)
        return Fault{FaultKind::not_found, "subject_key", "this key is destroyed"};
    auto key = unseal(keys_.wrapping, row.wrapped, "subject/" + row.key_id);
    if (!key)
        return Fault{
            FaultKind::refused, "subject_key", "a subject's key does not open with the hub's key"};
    return SubjectKey{row.key_id, *std::move(key)};
}

SubjectKeys::Fresh SubjectKeys::fresh(const std::string& subject_hash) const {
    Fresh made{{}, random_bytes(32)};
    made.row.key_id = hex(random_bytes(15)) + subject_hash.substr(0, 2);
    made.row.subject_hash = subject_hash;
    made.row.wrapping_key_id = keys_.wrapping_id;
    made.row.created_ms = clock_.now().ms;
    made.row.wrapped = seal(keys_.wrapping, made.key, "subject/" + made.row.key_id);
    return made;
}

Result<Done> SubjectKeys::put(store::Batch batch) {
    failpoint("sealing.before_key");
    const auto done = store_.apply(std::move(batch));
    failpoint("sealing.key_made");
    if (!done) return done.fault();
    return Done{};
}

Result<Done> SubjectKeys::make(const std::vector<std::string>& subjects) {
    const std::uint64_t forgotten = known_.lock()->forgotten;
    std::map<std::string, Fresh> made;
    for (const std::string& subject : subjects) {
        const std::string hash = hash_of(subject);
        if (made.contains(hash) || known_.lock()->by_hash.contains(hash)) continue;
        const auto row = store_.subject_key_of(hash);
        if (!row) return row.fault();
        if (!*row) made.emplace(hash, fresh(hash));
    }
    if (made.empty()) return Done{};
    store::Batch batch;
    for (const auto& [hash, one] : made)
        batch.add(store::PutSubjectKey{one.row});
    auto done = put(std::move(batch));
    if (!done) return done;
    for (const auto& [hash, one] : made)
        remember(hash, {one.row.key_id, one.key}, forgotten);
    return done;
}

void SubjectKeys::remember(const std::string& hash,
                           const SubjectKey& key,
                           std::uint64_t forgotten) {
    auto known = known_.lock();
    if (known->by_hash.size() >= most_kept) known->by_hash.clear();
    if (known->by_id.size() >= most_kept) known->by_id.clear();
    if (known->forgotten != forgotten) return;
    known->by_hash.insert_or_assign(hash, key);
    known->by_id.insert_or_assign(key.key_id, key);
}

Result<SubjectKey> SubjectKeys::find_or_make(const std::string& subject_hash) {
    // Two tries: another thread may make the key between our look and our put.
    for (int attempt = 0; attempt < 2; ++attempt) {
        const auto row = store_.subject_key_of(subject_hash);
        if (!row) return row.fault();
        if (*row) return unwrap(**row);
        Fresh made = fresh(subject_hash);
        const auto done = put(store::Batch{0, {}}.add(store::PutSubjectKey{made.row}));
        if (done) return SubjectKey{made.row.key_id, std::move(made.key)};
        if (done.fault().kind != FaultKind::conflict) return done.fault();
    }
    return Fault{FaultKind::conflict, "subject_key", "a subject's key changed twice meanwhile"};
}

Result<std::vector<SubjectKey>> SubjectKeys::keys_of(const std::vector<std::string>& subjects) {
    std::set<std::string> hashes;
    for (const std::string& subject : subjects)
        hashes.insert(hash_of(subject));
    std::vector<SubjectKey> keys;
    for (const std::string& hash : hashes) {
        std::uint64_t forgotten = 0;
        {
            auto known = known_.lock();
            forgotten = known->forgotten;
            const auto at = known->by_hash.find(hash);
            if (at != known->by_hash.end()) {
                keys.push_back(at->second);
                continue;
            }
        }
        auto key = find_or_make(hash);
        if (!key) return key.fault();
        remember(hash, *key, forgotten);
        keys.push_back(*std::move(key));
    }
    std::sort(keys.begin(), keys.end(), [](const SubjectKey& a, const SubjectKey& b) {
        return a.key_id < b.key_id;
    });
    return keys;
}

Result<SubjectKey> SubjectKeys::key_named(const std::string& key_id) {
    {
        auto known = known_.lock();
        const auto at = known->by_id.find(key_id);
        if (at != known->by_id.end()) return at->second;
    }
    const auto row = store_.subject_key(key_id);
    if (!row) return row.fault();
    if (!*row) return Fault{FaultKind::not_found, "subject_key", "no such key"};
    return unwrap(**row);  // not kept: an erasure on another node would not be seen
}

void SubjectKeys::forget(const std::string& key_id, const std::string& subject_hash) {
    auto known = known_.lock();
    ++known->forgotten;
    known->by_id.erase(key_id);
    known->by_hash.erase(subject_hash);
}

}  // namespace tongban::audit
