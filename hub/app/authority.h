// Authority: a demo certificate authority, so that a city pair can be tried in a minute. A real
// installation brings its own. Files: ca.pem, ca.key, crl.pem, and per member a folder with
// tls.pem, tls.key, signing.pem, signing.key, witness.key, witness.vkey; the hub's folder has
// tls.pem, tls.key, log.key and log.vkey.
//
// Threads: one thread. Faults: conflict (exists already), not_found, unavailable.
#pragma once

#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/result.h"

namespace tongban::app {

enum class MemberRole { connector, client, auditor, operator_ };

class Authority {
public:
    static Result<Authority> create(const std::string& folder);
    static Result<Authority> open(const std::string& folder);

    // TLS and signing pairs of a member; keys differ.
    Result<Done> issue_member(const std::string& member,
                              MemberRole role,
                              Suite signing_suite) const;
    // The hub's server pair and the log's Ed25519 key.
    Result<Done> issue_hub(const std::string& hub_id, const std::vector<std::string>& names) const;
    // Puts the member's TLS and signing certificates on the list.
    Result<Done> revoke_member(const std::string& member) const;

private:
    Authority(std::string folder, PrivateKey key, std::string certificate)
        : folder_(std::move(folder)), key_(std::move(key)), certificate_(std::move(certificate)) {}
    Result<Done> write_pair(const std::string& folder,
                            const std::string& name,
                            Suite suite,
                            const CertificateRequest& request) const;
    Result<Done> set_revoked_aside(const std::string& folder) const;
    static Result<Done> write_witness(const std::string& folder, const std::string& member);
    std::string folder_;
    PrivateKey key_;
    std::string certificate_;
};

}  // namespace tongban::app
