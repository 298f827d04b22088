#include "hub/exchange/admission.h"

#include <algorithm>
#include <string_view>

#include "hub/exchange/signed_forms.h"

namespace tongban::exchange {

namespace {

constexpr std::int64_t latest_ms =
    253'402'300'799'999;  // the year 9999; what is signed and logged stays exact

bool in(char c, std::string_view extra) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           extra.find(c) != std::string_view::npos;
}

bool all_in(std::string_view text, std::string_view extra) {
    return std::all_of(text.begin(), text.end(), [extra](char c) { return in(c, extra); });
}

bool hex_digest(std::string_view text) {
    return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

bool well_formed_consent(const policy::ConsentTerms& consent) {
    return plain_word(consent.consent_id, 96) && !consent.consent_id.empty() &&
           plain_word(consent.resource, 128) && plain_word(consent.purpose, 64) &&
           plain_word(consent.receiver, 64) && plain_word(consent.channel, 32) &&
           (consent.evidence_sha256.empty() || hex_digest(consent.evidence_sha256));
}

}  // namespace

bool plain_word(std::string_view text, std::size_t longest) {
    return text.size() <= longest && all_in(text, "._-/@:");
}

Reply<Done> Admission::within_rate(const Caller& caller, const policy::Policy& policy) {
    const policy::Member* member = policy.member(caller.member);
    if (member == nullptr) return refusal("member.unknown", "member");
    const std::int64_t wait_ms =
        rates_.take(member->id, member->rate, RateLimiter::Time::clock::now());
    if (wait_ms > 0) return refusal("busy", "rate", wait_ms);
    return Done{};
}

Reply<Done> Admission::well_formed(const Request& request) const {
    if (request.revision != contract_revision) return refusal("version", "revision");
    if (request.hub != terms_.hub) return refusal("request.hub", "hub");
    if (request.request_id.empty() || request.request_id.size() > 64 ||
        !all_in(request.request_id, "._-")) {
        return refusal("request.id", "request_id");
    }
    if (request.body.size() > terms_.body_bytes) return refusal("call.body_too_large", "body");
    if (!plain_word(request.resource, 128)) return refusal("request.malformed", "resource");
    if (!plain_word(request.purpose, 64)) return refusal("request.malformed", "purpose");
    if (!plain_word(request.officer, 64)) return refusal("request.malformed", "officer");
    if (!plain_word(request.case_ref, 96)) return refusal("request.malformed", "case_ref");
    if (!plain_word(request.schema, 160)) return refusal("request.malformed", "schema");
    if (!plain_word(request.traceparent, 64)) return refusal("request.malformed", "traceparent");
    if (request.signed_at_ms < 0 || request.signed_at_ms > latest_ms)
        return refusal("request.malformed", "signed_at_ms");
    if (request.consent && !well_formed_consent(*request.consent))
        return refusal("request.malformed", "consent");
    return Done{};
}

bool Admission::signed_by(const policy::Member& member, const Signed& what, Instant at) {
    const policy::SigningKey* key = member.signing_key(what.signature.key_id, at);
    if (key == nullptr) return false;
    return name_of(key->key.suite()) == what.signature.suite &&
           revocations_.good(key->certificate_pem, key->facts.serial, at) &&
           key->key.verify(what.form, what.signature.value);
}

Reply<Done> Admission::authentic(const Request& request,
                                 const Caller& caller,
                                 const policy::Policy& policy,
                                 Instant now) {
    if (Reply<Done> form = well_formed(request); !form) return form;
    return authentic_form({signed_form(request), request.signature}, caller, policy, now);
}

Reply<Done> Admission::authentic_form(const Signed& what,
                                      const Caller& caller,
                                      const policy::Policy& policy,
                                      Instant now) {
    const policy::Member* member = policy.member(caller.member);
    if (member == nullptr) return refusal("member.unknown", "member");
    const policy::SigningKey* key = member->signing_key(what.signature.key_id, now);
    if (key == nullptr) return refusal("signature.key", "signature");
    if (!revocations_.good(key->certificate_pem, key->facts.serial, now)) {
        return refusal("signature.certificate", "signature");
    }
    if (name_of(key->key.suite()) != what.signature.suite ||
        !key->key.verify(what.form, what.signature.value)) {
        return refusal("signature.invalid", "signature");
    }
    return Done{};
}

Reply<Done> Admission::fresh(const Request& request, Instant now) const {
    return fresh_at(request.signed_at_ms, now);
}

Reply<Done> Admission::fresh_at(std::int64_t signed_at_ms, Instant now) const {
    if (signed_at_ms < now.ms - terms_.clock_behind.count())
        return refusal("clock.old", "signed_at_ms");
    if (signed_at_ms > now.ms + terms_.clock_ahead.count())
        return refusal("clock.future", "signed_at_ms");
    return Done{};
}

}  // namespace tongban::exchange
