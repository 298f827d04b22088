// Decide: a Grant, or a denial that names its reason. GrantMaker is the only maker of Grants: no
// Grant, no fields.
//
// Denied by default. A denial is a value with a stable code and a sentence in Chinese and English;
// it names no field and no person, for it goes to whoever asked.
//
// Consent (个人信息保护法 Arts. 14, 15, 23): for this resource, this purpose and this receiver,
// within its time, not withdrawn, and about this very person: its first use binds it to one
// subject.
//
// Threads: pure functions of an immutable snapshot.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "base/time.h"
#include "hub/policy/policy.h"
#include "schemas/grant.h"

namespace tongban::policy {

struct Denial {
    std::string code;   // "agreement.none", "consent.withdrawn"
    std::string where;  // what was looked at: "purpose", "consent"
    std::string zh;
    std::string en;
};

struct Ask {  // who wants what, for what; nothing of the body
    std::string requester;
    std::string resource;
    std::string purpose;
    std::string schema;  // native schema of the request
    Kind kind = Kind::fetch;
    Instant now;
    std::string
        item{};  // service item of the case that asks in the member's name; "": it does itself
    std::string
        opening{};  // and the resource by which the member opened it: its consent covers the case
};

struct ConsentTerms {
    std::string consent_id;
    std::string resource;
    std::string purpose;
    std::string receiver;
    Instant given_at;
    Instant valid_until;
    std::string channel;
    std::string evidence_sha256;
    bool operator==(const ConsentTerms&) const = default;
};

struct ConsentOnFile {  // as the hub stored it at first sight
    ConsentTerms terms;
    std::string subject_hash;
    Instant withdrawn;  // 0: in force
};

struct ConsentEvidence {
    std::optional<ConsentTerms> given;     // with this request
    std::optional<ConsentOnFile> on_file;  // under the same id
    std::string subject_hash;              // of the person this request is about
};

struct Covering {  // the agreement that an ask stands on
    const Member* requester = nullptr;
    const Resource* resource = nullptr;
    const Agreement* agreement = nullptr;
};

class GrantMaker {
public:
    explicit GrantMaker(std::shared_ptr<const Policy> policy) : policy_(std::move(policy)) {}

    // Is there an agreement for requester, resource, kind, purpose and day? The result points into
    // the snapshot.
    [[nodiscard]] std::variant<Covering, Denial> covering(const Ask& ask) const;
    // With the consent too: the Grant.
    [[nodiscard]] std::variant<schemas::Grant, Denial> decide(const Ask& ask,
                                                              const ConsentEvidence& consent) const;

private:
    std::shared_ptr<const Policy> policy_;
};

}  // namespace tongban::policy
