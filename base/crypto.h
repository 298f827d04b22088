// Crypto: OpenSSL, wrapped once. Digests, signatures by suite, sealing, certificates, random bytes.
//
// Keys are decoded once and kept (0.1-0.3 ms each otherwise); digests are fetched once.
//
// Threads: all functions and const methods are safe from any thread.
// Faults:  malformed (a key, signature or certificate that does not parse), refused (does not
// verify).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace tongban {

using Digest = std::array<std::uint8_t, 32>;
std::string_view bytes_of(const Digest& digest);
std::string hex(const Digest& digest);
Result<Digest> digest_from(std::string_view raw32);

Digest sha256(std::string_view bytes);
Digest sm3(std::string_view bytes);
Digest hmac_sha256(std::string_view key, std::string_view bytes);

class Sha256 {  // incremental
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;
    Sha256& add(std::string_view bytes);
    Digest finish();  // once

private:
    struct State;
    std::unique_ptr<State> state_;
};

std::string random_bytes(std::size_t count);
std::string uuid_v7(Instant now);  // 36 characters, RFC 9562
bool equal_in_constant_time(std::string_view a, std::string_view b);

enum class Suite { es256, sm2_sm3, ed25519 };
std::string_view name_of(Suite suite);  // "es256" "sm2-sm3" "ed25519"
Result<Suite> suite_named(std::string_view name);

class PublicKey {
public:
    static Result<PublicKey> from_pem(
        std::string_view pem);  // SPKI PEM, or the key of a certificate PEM
    static Result<PublicKey> from_der(std::string_view spki);
    [[nodiscard]] Suite suite() const;
    [[nodiscard]] const std::string& key_id() const;  // hex SHA-256 of the SPKI DER
    [[nodiscard]] std::string der() const;
    [[nodiscard]] std::string pem() const;
    [[nodiscard]] std::string raw_ed25519() const;  // 32 bytes; empty for other suites
    [[nodiscard]] bool verify(std::string_view message, std::string_view signature) const;

private:
    struct Key;
    explicit PublicKey(std::shared_ptr<const Key> key);
    std::shared_ptr<const Key> key_;
    friend class PrivateKey;
};

class PrivateKey {
public:
    static PrivateKey generate(Suite suite);
    static Result<PrivateKey> from_pem(std::string_view pem);
    static Result<PrivateKey> from_file(
        const std::string& path);  // refuses a file that others can read
    static Result<PrivateKey> ed25519_from_seed(std::string_view seed32);
    [[nodiscard]] std::string pem() const;
    [[nodiscard]] std::string ed25519_seed() const;
    [[nodiscard]] const PublicKey& public_key() const;
    [[nodiscard]] std::string sign(std::string_view message) const;

private:
    struct Key;
    explicit PrivateKey(std::shared_ptr<const Key> key);
    std::shared_ptr<const Key> key_;
};

// AES-256-GCM: nonce(12) || ciphertext || tag(16). `context` is authenticated, not stored.
std::string seal(std::string_view key32, std::string_view plain, std::string_view context);
Result<std::string> unseal(std::string_view key32,
                           std::string_view sealed,
                           std::string_view context);

struct CertificateRequest {
    std::string common_name;  // member id or host name
    std::string
        organisational_unit;  // role: connector | client | auditor | operator | hub | signing
    std::vector<std::string> dns_names;
    int days = 825;
    bool authority = false;
};

struct CertificateFacts {
    std::string common_name;
    std::string organisational_unit;
    std::string serial;  // lower-case hex
    Instant not_before;
    Instant not_after;
};

// Demo authority and tests; a real deployment brings its own.
std::string issue_self_signed(const PrivateKey& key, const CertificateRequest& request);
std::string issue_certificate(const PrivateKey& authority_key,
                              std::string_view authority_pem,
                              const PublicKey& subject,
                              const CertificateRequest& request);
Result<CertificateFacts> read_certificate(std::string_view pem);
// A CRL (PEM) of the authority over the given serials.
std::string issue_revocation_list(const PrivateKey& authority_key,
                                  std::string_view authority_pem,
                                  const std::vector<std::string>& revoked_serials);
// Serials on the list, after checking the authority's signature on it.
Result<std::vector<std::string>> read_revocation_list(std::string_view crl_pem,
                                                      std::string_view authority_pem);
// Chain to the authority, dates, and optionally a revocation list (PEM or empty).
Result<Done> check_certificate(std::string_view pem,
                               std::string_view authority_pem,
                               std::string_view crl_pem,
                               Instant now);

}  // namespace tongban
