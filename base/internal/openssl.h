// OpenSSL's objects with their owners; what crypto*.cpp share.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/crypto.h"

namespace tongban::openssl {

template <auto free_function>
struct Free {
    template <typename T>
    void operator()(T* object) const {
        free_function(object);
    }
};

using Pkey = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using PkeyContext = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Free<EVP_CIPHER_CTX_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using RevocationList = std::unique_ptr<X509_CRL, Free<X509_CRL_free>>;

// The default user id of GB/T 35276, part of what every SM2 signature signs.
inline constexpr std::string_view sm2_user_id = "1234567812345678";

inline const unsigned char* data_of(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
inline unsigned char* data_of(std::string& bytes) {
    return reinterpret_cast<unsigned char*>(bytes.data());
}

Bio reader(std::string_view bytes);
Bio writer();
std::string written(const Bio& bio);
void forget_errors();  // the queue is per thread; a stale entry may confuse whoever reads it next

Pkey private_key_from(std::string_view pem);  // null when it is none; never asks for a passphrase
Pkey public_key_from_der(std::string_view spki);
Certificate certificate_from(std::string_view pem);
// The suite of a key, and the name of the digest that its signatures use (null for Ed25519).
Result<Suite> suite_of(const EVP_PKEY* key);
const char* digest_name(Suite suite);
// A context ready to sign or verify with the suite's digest and, for SM2, the default user id.
// Aborts when OpenSSL fails.
DigestContext signing_context(EVP_PKEY* key, Suite suite);
DigestContext verifying_context(EVP_PKEY* key, Suite suite);

}  // namespace tongban::openssl
