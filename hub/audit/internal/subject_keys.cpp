#include "hub/audit/internal/subject_keys.h"

#include <algorithm>
#include <set>

#include "base/crypto.h"
#include "base/failpoint.h"
#include "base/text.h"

namespace tongban::audit {
namespace {

constexpr std::size_t most_kept = 4096;

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

Result<SubjectKey> SubjectKeys::find_or_make(const std::string& subject_hash) {
    // Two tries: another thread may make the key between our look and our put.
    for (int attempt = 0; attempt < 2; ++attempt) {
        const auto row = store_.subject_key_of(subject_hash);
        if (!row) return row.fault();
        if (*row) return unwrap(**row);
        store::SubjectKeyRow fresh;
        fresh.key_id = hex(random_bytes(15)) + subject_hash.substr(0, 2);
        fresh.subject_hash = subject_hash;
        fresh.wrapping_key_id = keys_.wrapping_id;
        fresh.created_ms = clock_.now().ms;
        const std::string key = random_bytes(32);
        fresh.wrapped = seal(keys_.wrapping, key, "subject/" + fresh.key_id);
        failpoint("sealing.before_key");
        const auto done = store_.apply(store::Batch{0, {}}.add(store::PutSubjectKey{fresh}));
        failpoint("sealing.key_made");
        if (done) return SubjectKey{fresh.key_id, key};
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
        auto known = known_.lock();
        if (known->by_hash.size() >= most_kept) known->by_hash.clear();
        if (known->by_id.size() >= most_kept) known->by_id.clear();
        if (known->forgotten == forgotten) {
            known->by_hash.insert_or_assign(hash, *key);
            known->by_id.insert_or_assign(key->key_id, *key);
        }
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
