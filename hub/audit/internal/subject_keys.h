// SubjectKeys: one key a person, wrapped by the hub's key, found by keyed hash, made at first
// sight, kept in memory.
//
// Threads: safe from any thread.
// Faults:  unavailable (store), refused (a wrapped key does not open), not_found (destroyed).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/guarded.h"
#include "base/result.h"
#include "base/time.h"
#include "hub/store/store.h"

namespace tongban::audit {

struct HubKeys {  // all drawn from the one key of the hub's key file
    std::string wrapping;
    std::string index;
    std::string bytes;
    std::string wrapping_id;
    static HubKeys from(std::string_view key32);
};

struct SubjectKey {
    std::string key_id;
    std::string key;
};

class SubjectKeys {
public:
    SubjectKeys(store::Store& store, const Clock& clock, const HubKeys& keys);

    [[nodiscard]] std::string hash_of(std::string_view subject) const;
    // In the order of key ids. New subjects get a key, durable before it is used.
    Result<std::vector<SubjectKey>> keys_of(const std::vector<std::string>& subjects);
    // Keys for those that have none, all in one commit: who seals about many soon need not wait for
    // each.
    Result<Done> make(const std::vector<std::string>& subjects);
    // not_found: destroyed.
    Result<SubjectKey> key_named(const std::string& key_id);
    void forget(const std::string& key_id, const std::string& subject_hash);

private:
    struct Fresh {
        store::SubjectKeyRow row;
        std::string key;
    };
    Fresh fresh(const std::string& subject_hash) const;
    Result<Done> put(store::Batch batch);
    Result<SubjectKey> find_or_make(const std::string& subject_hash);
    void remember(const std::string& hash, const SubjectKey& key, std::uint64_t forgotten);
    Result<SubjectKey> unwrap(const store::SubjectKeyRow& row);

    // Fixed after construction.
    store::Store& store_;
    const Clock& clock_;
    const HubKeys& keys_;
    // Guarded.
    struct Known {
        std::map<std::string, SubjectKey> by_hash;
        std::map<std::string, SubjectKey> by_id;
        std::uint64_t forgotten =
            0;  // a look-up begun before a destruction must not bring the key back
    };
    Guarded<Known> known_;
};

}  // namespace tongban::audit
