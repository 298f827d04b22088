// Signing: what a member's connector signs, in the forms of tongban.thrift: requests, envelopes,
// acknowledgements, orders about cases.
//
// Threads: pure functions of immutable arguments; Signer is safe from any thread.
#pragma once

#include <string>
#include <string_view>

#include <tongban_wire/tongban_types.h>

#include "base/crypto.h"
#include "base/result.h"
#include "base/time.h"

namespace tongban::connectors {

namespace wire = ::tongban::wire;

class Signer {
public:
    Signer(std::string member, std::string hub, PrivateKey key)
        : member_(std::move(member)), hub_(std::move(hub)), key_(std::move(key)) {}

    [[nodiscard]] const std::string& member() const { return member_; }
    [[nodiscard]] const std::string& hub() const { return hub_; }

    // Fills hub and signature; everything else must stand already.
    void sign_request(wire::Request& request) const;
    [[nodiscard]] wire::SignedEnvelope envelope(const wire::Job& job,
                                                const std::string& native_sha256,
                                                Instant now) const;
    // Placement provider: signs also what `told` says in the place of the native record.
    [[nodiscard]] wire::SignedEnvelope envelope_of_told(const wire::Job& job,
                                                        const std::string& native_sha256,
                                                        const wire::Completion& told,
                                                        Instant now) const;
    void sign_report(wire::DeliveryReport& report) const;
    // Fills hub and signature; everything else must stand already.
    void sign_order(wire::CaseOrder& order) const;

private:
    [[nodiscard]] wire::SignedEnvelope unsigned_envelope(const wire::Job& job,
                                                         const std::string& native_sha256,
                                                         Instant now) const;
    [[nodiscard]] wire::Signature sign(const std::string& text) const;
    const std::string member_;
    const std::string hub_;
    const PrivateKey key_;
};

// The exact texts that are signed, for tests and for whoever verifies.
std::string request_text(const wire::Request& request);
std::string envelope_text(const wire::SignedEnvelope& envelope, const std::string& hub);
std::string judgement_text(const wire::Completion& completion);
std::string report_text(const wire::DeliveryReport& report, const std::string& hub);
std::string order_text(const wire::CaseOrder& order);

// Compact protocol, for keeping a struct sealed at rest.
std::string to_bytes(const wire::Request& request);
std::string to_bytes(const wire::Completion& completion);
std::string to_bytes(const wire::DeliveryReport& report);
Result<wire::Request> request_from(const std::string& bytes);
Result<wire::Completion> completion_from(const std::string& bytes);
Result<wire::DeliveryReport> report_from(const std::string& bytes);

}  // namespace tongban::connectors
