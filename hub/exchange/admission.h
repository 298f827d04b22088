// Admission: who is this, is it meant for us, is it theirs, and may they ask so fast? Nothing of
// the body is read yet.
//
// Threads: safe from any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "hub/exchange/rate_limiter.h"
#include "hub/exchange/refusal.h"
#include "hub/exchange/request.h"
#include "hub/policy/policy.h"
#include "hub/policy/revocations.h"

namespace tongban::exchange {

struct AdmissionTerms {
    std::string hub;
    std::size_t body_bytes = 1U << 20;
    std::chrono::milliseconds clock_behind{
        3'600'000};  // a signed time may be this old when first seen
    std::chrono::milliseconds clock_ahead{60'000};
};

class Admission {
public:
    Admission(AdmissionTerms terms, policy::Revocations& revocations)
        : terms_(std::move(terms)), revocations_(revocations) {}

    // Known member within its rate; `busy` with a time otherwise.
    Reply<Done> within_rate(const Caller& caller, const policy::Policy& policy);
    // Form, hub, and the requester's signature over the whole.
    Reply<Done> authentic(const Request& request,
                          const Caller& caller,
                          const policy::Policy& policy,
                          Instant now);
    // For a request never seen before: its signed time is near ours. A repetition may be as old as
    // it likes.
    Reply<Done> fresh(const Request& request, Instant now) const;

    Reply<Done> fresh_at(std::int64_t signed_at_ms, Instant now) const;

    struct Signed {  // anything else that a member signs
        std::string form;
        Signature signature;
    };
    // A call's own signature: who is told what is wrong with it.
    Reply<Done> authentic_form(const Signed& what,
                               const Caller& caller,
                               const policy::Policy& policy,
                               Instant now);
    [[nodiscard]] bool signed_by(const policy::Member& member, const Signed& what, Instant at);

private:
    Reply<Done> well_formed(const Request& request) const;

    // Fixed after construction.
    const AdmissionTerms terms_;
    policy::Revocations& revocations_;
    RateLimiter rates_;
};

// Letters, digits and . _ - / @ : only; what may stand in a leaf or a log line whoever sent it.
bool plain_word(std::string_view text, std::size_t longest);

}  // namespace tongban::exchange
