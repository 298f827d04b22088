// Digests, random bytes and sealing. OpenSSL 3 looks an algorithm up by name and under a lock at
// each use of EVP_sha256() and its like; everything here is fetched once and worked on in contexts
// of the thread.
#include "base/crypto.h"

#include <atomic>
#include <cstring>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <pthread.h>

#include "base/check.h"
#include "base/internal/openssl.h"
#include "base/text.h"

namespace tongban {
namespace {

using openssl::data_of;

constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;

EVP_MD* fetch_digest(const char* name) {
    EVP_MD* digest = EVP_MD_fetch(nullptr, name, nullptr);
    TONGBAN_CHECK(digest != nullptr, "crypto.digest_fetched");
    return digest;
}

// Kept to the end of the process: threads may still digest while statics are destroyed.
const EVP_MD* sha256_digest() {
    static const EVP_MD* const digest = fetch_digest("SHA256");
    return digest;
}

const EVP_MD* sm3_digest() {
    static const EVP_MD* const digest = fetch_digest("SM3");
    return digest;
}

const EVP_CIPHER* sealing_cipher() {
    static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    TONGBAN_CHECK(cipher != nullptr, "crypto.cipher_fetched");
    return cipher;
}

Digest digest_once(const EVP_MD* kind, std::string_view bytes) {
    thread_local const openssl::DigestContext context(EVP_MD_CTX_new());
    Digest digest{};
    TONGBAN_CHECK(EVP_DigestInit_ex2(context.get(), kind, nullptr) == 1 &&
                      EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1 &&
                      EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1,
                  "crypto.digest");
    return digest;
}

// A child of fork() must not draw the same bytes as its parent.
std::atomic<unsigned> process_generation{0};

struct RandomBlock {
    std::array<unsigned char, 1024> bytes{};
    std::size_t used = bytes.size();
    unsigned generation = 0;

    void draw(unsigned char* out, std::size_t count) {
        const unsigned now = process_generation.load(std::memory_order_relaxed);
        if (used + count > bytes.size() || generation != now) {
            TONGBAN_CHECK(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1,
                          "crypto.random");
            used = 0;
            generation = now;
        }
        std::memcpy(out, bytes.data() + used, count);
        OPENSSL_cleanse(bytes.data() + used, count);
        used += count;
    }
};

void fill_random(unsigned char* out, std::size_t count) {
    static const int watching =
        pthread_atfork(nullptr, nullptr, [] { process_generation.fetch_add(1); });
    TONGBAN_CHECK(watching == 0, "crypto.atfork");
    thread_local RandomBlock block;
    if (count <= 256) {
        block.draw(out, count);
    } else {
        TONGBAN_CHECK(RAND_bytes(out, static_cast<int>(count)) == 1, "crypto.random");
    }
}

}  // namespace

std::string_view bytes_of(const Digest& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string hex(const Digest& digest) {
    return hex(bytes_of(digest));
}

Result<Digest> digest_from(std::string_view raw32) {
    Digest digest{};
    if (raw32.size() != digest.size())
        return Fault{FaultKind::malformed, "digest", "a digest has 32 bytes"};
    std::memcpy(digest.data(), raw32.data(), digest.size());
    return digest;
}

Digest sha256(std::string_view bytes) {
    return digest_once(sha256_digest(), bytes);
}
Digest sm3(std::string_view bytes) {
    return digest_once(sm3_digest(), bytes);
}

Digest hmac_sha256(std::string_view key, std::string_view bytes) {
    static EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    TONGBAN_CHECK(mac != nullptr, "crypto.mac_fetched");
    const std::unique_ptr<EVP_MAC_CTX, openssl::Free<EVP_MAC_CTX_free>> context(
        EVP_MAC_CTX_new(mac));
    char name[] = "SHA256";
    const std::array<OSSL_PARAM, 2> parameters = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
        OSSL_PARAM_construct_end()};
    Digest digest{};
    std::size_t size = 0;
    // An empty key must still be a key: a null pointer would mean "the one set before".
    const unsigned char none = 0;
    TONGBAN_CHECK(
        EVP_MAC_init(
            context.get(), key.empty() ? &none : data_of(key), key.size(), parameters.data()) ==
                1 &&
            EVP_MAC_update(context.get(), data_of(bytes), bytes.size()) == 1 &&
            EVP_MAC_final(context.get(), digest.data(), &size, digest.size()) == 1,
        "crypto.hmac");
    return digest;
}

struct Sha256::State {
    openssl::DigestContext context{EVP_MD_CTX_new()};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
    TONGBAN_CHECK(EVP_DigestInit_ex2(state_->context.get(), sha256_digest(), nullptr) == 1,
                  "crypto.digest");
}

Sha256::~Sha256() = default;

Sha256& Sha256::add(std::string_view bytes) {
    TONGBAN_CHECK(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1,
                  "crypto.digest");
    return *this;
}

Digest Sha256::finish() {
    Digest digest{};
    TONGBAN_CHECK(EVP_DigestFinal_ex(state_->context.get(), digest.data(), nullptr) == 1,
                  "crypto.digest");
    return digest;
}

std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    if (count > 0) fill_random(data_of(bytes), count);
    return bytes;
}

std::string uuid_v7(Instant now) {
    std::array<unsigned char, 16> bytes{};
    fill_random(bytes.data(), bytes.size());
    const auto ms = static_cast<std::uint64_t>(now.ms);
    for (std::size_t i = 0; i < 6; ++i)
        bytes[i] = static_cast<unsigned char>(ms >> (40U - 8U * i) & 0xFFU);
    bytes[6] = static_cast<unsigned char>(0x70U | (bytes[6] & 0x0FU));
    bytes[8] = static_cast<unsigned char>(0x80U | (bytes[8] & 0x3FU));
    std::string text =
        hex(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    for (const std::size_t at : {8U, 13U, 18U, 23U})
        text.insert(at, 1, '-');
    return text;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string seal(std::string_view key32, std::string_view plain, std::string_view context) {
    TONGBAN_CHECK(key32.size() == 32, "crypto.sealing_key_size");
    thread_local const openssl::CipherContext cipher(EVP_CIPHER_CTX_new());
    std::string sealed(nonce_size + plain.size() + tag_size, '\0');
    fill_random(data_of(sealed), nonce_size);
    int size = 0;
    bool good =
        EVP_EncryptInit_ex2(
            cipher.get(), sealing_cipher(), data_of(key32), data_of(sealed), nullptr) == 1 &&
        EVP_EncryptUpdate(
            cipher.get(), nullptr, &size, data_of(context), static_cast<int>(context.size())) == 1;
    if (!plain.empty())
        good = good && EVP_EncryptUpdate(cipher.get(),
                                         data_of(sealed) + nonce_size,
                                         &size,
                                         data_of(plain),
                                         static_cast<int>(plain.size())) == 1;
    unsigned char* const tag = data_of(sealed) + nonce_size + plain.size();
    good = good && EVP_EncryptFinal_ex(cipher.get(), tag, &size) == 1 &&
           EVP_CIPHER_CTX_ctrl(
               cipher.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag_size), tag) == 1;
    TONGBAN_CHECK(good, "crypto.seal");
    EVP_CIPHER_CTX_reset(cipher.get());  // the key does not outlive the call
    return sealed;
}

Result<std::string> unseal(std::string_view key32,
                           std::string_view sealed,
                           std::string_view context) {
    TONGBAN_CHECK(key32.size() == 32, "crypto.sealing_key_size");
    if (sealed.size() < nonce_size + tag_size)
        return Fault{FaultKind::malformed, "sealed", "too short to hold a nonce and a tag"};
    thread_local const openssl::CipherContext cipher(EVP_CIPHER_CTX_new());
    const std::string_view body = sealed.substr(nonce_size, sealed.size() - nonce_size - tag_size);
    std::string tag(sealed.substr(sealed.size() - tag_size));
    std::string plain(body.size(), '\0');
    int size = 0;
    bool good =
        EVP_DecryptInit_ex2(
            cipher.get(), sealing_cipher(), data_of(key32), data_of(sealed), nullptr) == 1 &&
        EVP_DecryptUpdate(
            cipher.get(), nullptr, &size, data_of(context), static_cast<int>(context.size())) == 1;
    if (!body.empty())
        good = good && EVP_DecryptUpdate(cipher.get(),
                                         data_of(plain),
                                         &size,
                                         data_of(body),
                                         static_cast<int>(body.size())) == 1;
    unsigned char nothing = 0;
    good = good &&
           EVP_CIPHER_CTX_ctrl(
               cipher.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag_size), tag.data()) == 1 &&
           EVP_DecryptFinal_ex(cipher.get(), &nothing, &size) == 1;
    EVP_CIPHER_CTX_reset(cipher.get());
    if (good) return plain;
    OPENSSL_cleanse(plain.data(), plain.size());
    openssl::forget_errors();
    return Fault{
        FaultKind::refused, "sealed", "the seal does not verify with this key and context"};
}

}  // namespace tongban
