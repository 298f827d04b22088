// Member: an organisation on the hub, as its dated directory row says: who it is, what it may do,
// how fast it may ask, and with which keys it signs.
//
// A member's TLS key and its signing keys are different keys: a connector that is broken into
// cannot be turned into a notary of the past. Several signing certificates may be valid at once, so
// that a key is changed without a gap. Grammar: docs/formats/member.md.
//
// Threads: values in an immutable snapshot.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "hub/policy/validity.h"

namespace tongban::policy {

enum class MemberRole { requester, provider, auditor };
std::string_view name_of(MemberRole role);

struct SigningKey {
    std::string file;  // below the pki folder, as configured
    std::string certificate_pem;
    PublicKey key;
    CertificateFacts facts;
    Validity valid;
};

struct RateLimit {
    std::int64_t per_second = 0;
    std::int64_t burst = 0;
};

struct Member {
    std::string id;  // "640100.housing-fund"
    std::string zh;
    std::string en;
    std::string uscc;
    Validity valid;
    std::set<MemberRole> roles;
    RateLimit rate;              // of requests it sends
    std::int64_t in_flight = 0;  // jobs leased to its connector at once
    std::vector<SigningKey> signing;

    [[nodiscard]] std::string division() const { return id.substr(0, id.find('.')); }  // GB/T 2260
    [[nodiscard]] bool may(MemberRole role) const { return roles.contains(role); }
    // The key of that id which the directory and the certificate hold valid at `at`; null: none.
    [[nodiscard]] const SigningKey* signing_key(std::string_view key_id, Instant at) const;
};

}  // namespace tongban::policy
