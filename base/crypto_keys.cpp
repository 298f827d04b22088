// Keys: decoded once (0.1-0.3 ms), with a signing or verifying context prepared beside each. An
// operation copies the prepared context into the thread's own, which spares it every look-up.
#include <cstring>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/stat.h>

#include "base/check.h"
#include "base/crypto.h"
#include "base/files.h"
#include "base/internal/openssl.h"

namespace tongban {
namespace openssl {

Bio reader(std::string_view bytes) {
    return Bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

Bio writer() {
    return Bio(BIO_new(BIO_s_mem()));
}

std::string written(const Bio& bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

void forget_errors() {
    ERR_clear_error();
}

Pkey private_key_from(std::string_view pem) {
    const auto no_passphrase = [](char*, int, int, void*) { return -1; };
    Pkey key(PEM_read_bio_PrivateKey(reader(pem).get(), nullptr, no_passphrase, nullptr));
    forget_errors();
    return key;
}

Pkey public_key_from_der(std::string_view spki) {
    const unsigned char* at = data_of(spki);
    Pkey key(d2i_PUBKEY(nullptr, &at, static_cast<long>(spki.size())));
    forget_errors();
    if (key != nullptr && at != data_of(spki) + spki.size()) return nullptr;
    return key;
}

Certificate certificate_from(std::string_view pem) {
    Certificate certificate(PEM_read_bio_X509(reader(pem).get(), nullptr, nullptr, nullptr));
    forget_errors();
    return certificate;
}

Result<Suite> suite_of(const EVP_PKEY* key) {
    if (EVP_PKEY_is_a(key, "ED25519") == 1) return Suite::ed25519;
    if (EVP_PKEY_is_a(key, "SM2") == 1) return Suite::sm2_sm3;
    std::array<char, 80> group{};
    std::size_t size = 0;
    if (EVP_PKEY_is_a(key, "EC") == 1 &&
        EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) == 1) {
        if (std::string_view(group.data(), size) == "prime256v1") return Suite::es256;
        if (std::string_view(group.data(), size) == "SM2") return Suite::sm2_sm3;
    }
    return Fault{FaultKind::malformed, "key", "not a P-256, SM2 or Ed25519 key"};
}

const char* digest_name(Suite suite) {
    switch (suite) {
        case Suite::es256:
            return "SHA256";
        case Suite::sm2_sm3:
            return "SM3";
        case Suite::ed25519:
            return nullptr;
    }
    return nullptr;
}

namespace {

using Init = int (*)(EVP_MD_CTX*,
                     EVP_PKEY_CTX**,
                     const char*,
                     OSSL_LIB_CTX*,
                     const char*,
                     EVP_PKEY*,
                     const OSSL_PARAM*);

// The SM2 user id is set after the init, not among its parameters: OpenSSL before 3.0.20 refuses it
// there.
DigestContext prepared(Init init, EVP_PKEY* key, Suite suite) {
    DigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* settings = nullptr;  // the context's own
    TONGBAN_CHECK(
        init(context.get(), &settings, digest_name(suite), nullptr, nullptr, key, nullptr) == 1,
        "crypto.signature_context");
    if (suite == Suite::sm2_sm3) {
        TONGBAN_CHECK(EVP_PKEY_CTX_set1_id(
                          settings, sm2_user_id.data(), static_cast<int>(sm2_user_id.size())) == 1,
                      "crypto.sm2_user_id");
    }
    return context;
}

}  // namespace

DigestContext signing_context(EVP_PKEY* key, Suite suite) {
    return prepared(EVP_DigestSignInit_ex, key, suite);
}
DigestContext verifying_context(EVP_PKEY* key, Suite suite) {
    return prepared(EVP_DigestVerifyInit_ex, key, suite);
}

}  // namespace openssl

namespace {

Fault no_key() {
    return Fault{FaultKind::malformed, "key", "not a key that can be read"};
}

EVP_MD_CTX* copy_for_this_thread(const EVP_MD_CTX* prepared) {
    thread_local const openssl::DigestContext context(EVP_MD_CTX_new());
    TONGBAN_CHECK(EVP_MD_CTX_copy_ex(context.get(), prepared) == 1,
                  "crypto.signature_context_copied");
    return context.get();
}

std::string spki_der(const EVP_PKEY* key) {
    unsigned char* bytes = nullptr;
    const int size = i2d_PUBKEY(key, &bytes);
    TONGBAN_CHECK(size > 0, "crypto.key_encoded");
    std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return der;
}

}  // namespace

std::string_view name_of(Suite suite) {
    switch (suite) {
        case Suite::es256:
            return "es256";
        case Suite::sm2_sm3:
            return "sm2-sm3";
        case Suite::ed25519:
            return "ed25519";
    }
    return "";
}

Result<Suite> suite_named(std::string_view name) {
    for (const Suite suite : {Suite::es256, Suite::sm2_sm3, Suite::ed25519})
        if (name == name_of(suite)) return suite;
    return Fault{FaultKind::malformed, "suite", "not a signature suite (es256, sm2-sm3, ed25519)"};
}

struct PublicKey::Key {
    openssl::Pkey key;
    Suite suite;
    std::string der;
    std::string id;
    openssl::DigestContext verifying;
};

PublicKey::PublicKey(std::shared_ptr<const Key> key) : key_(std::move(key)) {}

Result<PublicKey> PublicKey::from_der(std::string_view spki) {
    openssl::Pkey key = openssl::public_key_from_der(spki);
    if (key == nullptr) return no_key();
    const auto suite = openssl::suite_of(key.get());
    if (!suite) return suite.fault();
    std::string der = spki_der(key.get());
    std::string id = hex(sha256(der));
    openssl::DigestContext verifying = openssl::verifying_context(key.get(), *suite);
    return PublicKey(std::make_shared<const Key>(
        Key{std::move(key), *suite, std::move(der), std::move(id), std::move(verifying)}));
}

Result<PublicKey> PublicKey::from_pem(std::string_view pem) {
    openssl::Pkey key;
    if (pem.find("-----BEGIN CERTIFICATE-----") != std::string_view::npos) {
        const openssl::Certificate certificate = openssl::certificate_from(pem);
        if (certificate != nullptr) key.reset(X509_get_pubkey(certificate.get()));
    } else {
        key.reset(PEM_read_bio_PUBKEY(openssl::reader(pem).get(), nullptr, nullptr, nullptr));
    }
    openssl::forget_errors();
    if (key == nullptr) return no_key();
    return from_der(spki_der(key.get()));
}

Suite PublicKey::suite() const {
    return key_->suite;
}
const std::string& PublicKey::key_id() const {
    return key_->id;
}
std::string PublicKey::der() const {
    return key_->der;
}

std::string PublicKey::pem() const {
    const openssl::Bio bio = openssl::writer();
    TONGBAN_CHECK(PEM_write_bio_PUBKEY(bio.get(), key_->key.get()) == 1, "crypto.key_encoded");
    return openssl::written(bio);
}

std::string PublicKey::raw_ed25519() const {
    if (key_->suite != Suite::ed25519) return "";
    std::string raw(32, '\0');
    std::size_t size = raw.size();
    TONGBAN_CHECK(EVP_PKEY_get_raw_public_key(key_->key.get(), openssl::data_of(raw), &size) == 1 &&
                      size == 32,
                  "crypto.key_encoded");
    return raw;
}

bool PublicKey::verify(std::string_view message, std::string_view signature) const {
    EVP_MD_CTX* context = copy_for_this_thread(key_->verifying.get());
    const int result = EVP_DigestVerify(context,
                                        openssl::data_of(signature),
                                        signature.size(),
                                        openssl::data_of(message),
                                        message.size());
    if (result != 1) openssl::forget_errors();
    return result == 1;
}

struct PrivateKey::Key {
    openssl::Pkey key;
    PublicKey public_key;
    openssl::DigestContext signing;
};

PrivateKey::PrivateKey(std::shared_ptr<const Key> key) : key_(std::move(key)) {}

PrivateKey PrivateKey::generate(Suite suite) {
    openssl::Pkey key;
    switch (suite) {
        case Suite::es256:
            key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
            break;
        case Suite::sm2_sm3:
            key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "SM2"));
            break;
        case Suite::ed25519:
            key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
            break;
    }
    TONGBAN_CHECK(key != nullptr, "crypto.key_generated");
    const openssl::Bio bio = openssl::writer();
    TONGBAN_CHECK(PEM_write_bio_PKCS8PrivateKey(
                      bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
                  "crypto.key_encoded");
    auto made = from_pem(openssl::written(bio));
    TONGBAN_CHECK(made.ok(), "crypto.key_generated");
    return *std::move(made);
}

Result<PrivateKey> PrivateKey::from_pem(std::string_view pem) {
    openssl::Pkey key = openssl::private_key_from(pem);
    if (key == nullptr) return no_key();
    auto public_key = PublicKey::from_der(spki_der(key.get()));
    if (!public_key) return public_key.fault();
    openssl::DigestContext signing = openssl::signing_context(key.get(), public_key->suite());
    return PrivateKey(std::make_shared<const Key>(
        Key{std::move(key), *std::move(public_key), std::move(signing)}));
}

Result<PrivateKey> PrivateKey::from_file(const std::string& path) {
    struct stat facts{};
    if (::stat(path.c_str(), &facts) == 0 && (facts.st_mode & 077U) != 0)
        return Fault{
            FaultKind::refused, path, "a key file must be readable by its owner only (chmod 600)"};
    auto pem = read_file(path, 64 << 10);
    if (!pem) return pem.fault();
    auto key = from_pem(*pem);
    OPENSSL_cleanse(pem->data(), pem->size());
    if (!key) return Fault{key.fault().kind, path, key.fault().reason};
    return key;
}

Result<PrivateKey> PrivateKey::ed25519_from_seed(std::string_view seed32) {
    openssl::Pkey key(EVP_PKEY_new_raw_private_key_ex(
        nullptr, "ED25519", nullptr, openssl::data_of(seed32), seed32.size()));
    openssl::forget_errors();
    if (key == nullptr || seed32.size() != 32)
        return Fault{FaultKind::malformed, "key", "an Ed25519 seed has 32 bytes"};
    auto public_key = PublicKey::from_der(spki_der(key.get()));
    if (!public_key) return public_key.fault();
    openssl::DigestContext signing = openssl::signing_context(key.get(), Suite::ed25519);
    return PrivateKey(std::make_shared<const Key>(
        Key{std::move(key), *std::move(public_key), std::move(signing)}));
}

std::string PrivateKey::pem() const {
    const openssl::Bio bio = openssl::writer();
    TONGBAN_CHECK(PEM_write_bio_PKCS8PrivateKey(
                      bio.get(), key_->key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
                  "crypto.key_encoded");
    return openssl::written(bio);
}

std::string PrivateKey::ed25519_seed() const {
    if (public_key().suite() != Suite::ed25519) return "";
    std::string seed(32, '\0');
    std::size_t size = seed.size();
    TONGBAN_CHECK(
        EVP_PKEY_get_raw_private_key(key_->key.get(), openssl::data_of(seed), &size) == 1 &&
            size == 32,
        "crypto.key_encoded");
    return seed;
}

const PublicKey& PrivateKey::public_key() const {
    return key_->public_key;
}

std::string PrivateKey::sign(std::string_view message) const {
    EVP_MD_CTX* context = copy_for_this_thread(key_->signing.get());
    std::array<unsigned char, 128> signature{};
    std::size_t size = signature.size();
    TONGBAN_CHECK(
        EVP_DigestSign(
            context, signature.data(), &size, openssl::data_of(message), message.size()) == 1,
        "crypto.signed");
    return {reinterpret_cast<const char*>(signature.data()), size};
}

}  // namespace tongban
