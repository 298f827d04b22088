// Certificates and revocation lists: issued for the demo authority and tests, read and checked for
// everyone.
#include <algorithm>

#include <arpa/inet.h>
#include <ctime>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/check.h"
#include "base/crypto.h"
#include "base/internal/openssl.h"
#include "base/text.h"

namespace tongban {
namespace {

using Serial = std::unique_ptr<ASN1_INTEGER, openssl::Free<ASN1_INTEGER_free>>;
using BigNumber = std::unique_ptr<BIGNUM, openssl::Free<BN_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, openssl::Free<X509_EXTENSION_free>>;
using Time = std::unique_ptr<ASN1_TIME, openssl::Free<ASN1_TIME_free>>;

constexpr long seconds_a_day = 86'400;
constexpr long clock_skew = 300;  // a peer's clock may be this far behind ours
constexpr long revocation_list_days = 365;

void add_name(X509_NAME* name, const char* field, std::string_view value) {
    TONGBAN_CHECK(X509_NAME_add_entry_by_txt(name,
                                             field,
                                             MBSTRING_UTF8,
                                             openssl::data_of(value),
                                             static_cast<int>(value.size()),
                                             -1,
                                             0) == 1,
                  "crypto.certificate_name");
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_nconf_nid(nullptr, &context, kind, value.c_str()));
    TONGBAN_CHECK(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1,
                  "crypto.certificate_extension");
}

bool is_address(const std::string& name) {
    std::array<unsigned char, 16> address{};
    return inet_pton(AF_INET, name.c_str(), address.data()) == 1 ||
           inet_pton(AF_INET6, name.c_str(), address.data()) == 1;
}

void set_serial(X509* certificate) {
    std::string raw = random_bytes(16);
    raw[0] = static_cast<char>((static_cast<unsigned char>(raw[0]) & 0x7FU) |
                               0x40U);  // positive, always 16 bytes
    const BigNumber number(BN_bin2bn(openssl::data_of(raw), static_cast<int>(raw.size()), nullptr));
    TONGBAN_CHECK(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr,
                  "crypto.serial");
}

std::string serial_text(const ASN1_INTEGER* serial) {
    const BigNumber number(ASN1_INTEGER_to_BN(serial, nullptr));
    std::string raw(static_cast<std::size_t>(BN_num_bytes(number.get())), '\0');
    BN_bn2bin(number.get(), openssl::data_of(raw));
    return hex(raw);
}

Suite signing_suite(const openssl::Pkey& key) {
    const auto suite = openssl::suite_of(key.get());
    TONGBAN_CHECK(suite.ok(), "crypto.authority_suite");
    return *suite;
}

void add_extensions(X509* certificate, X509* issuer, const CertificateRequest& request) {
    add_extension(certificate,
                  issuer,
                  NID_basic_constraints,
                  request.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    add_extension(certificate,
                  issuer,
                  NID_key_usage,
                  request.authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature");
    // A signing certificate must not open a TLS connection.
    if (!request.authority && request.organisational_unit != "signing")
        add_extension(certificate, issuer, NID_ext_key_usage, "serverAuth,clientAuth");
    add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
    add_extension(certificate, issuer, NID_authority_key_identifier, "keyid");
    std::string names;
    for (const std::string& name : request.dns_names) {
        TONGBAN_CHECK(name.find(',') == std::string::npos, "crypto.certificate_host_name");
        if (!names.empty()) names += ',';
        names += is_address(name) ? "IP:" : "DNS:";
        names += name;
    }
    if (!names.empty()) add_extension(certificate, issuer, NID_subject_alt_name, names);
}

// `issuer` null: the certificate is its own.
std::string issue(const PrivateKey& authority_key,
                  X509* issuer,
                  const PublicKey& subject,
                  const CertificateRequest& request) {
    const openssl::Certificate certificate(X509_new());
    const openssl::Pkey subject_key = openssl::public_key_from_der(subject.der());
    const openssl::Pkey key = openssl::private_key_from(authority_key.pem());
    TONGBAN_CHECK(certificate != nullptr && subject_key != nullptr && key != nullptr,
                  "crypto.certificate_parts");
    X509_set_version(certificate.get(), X509_VERSION_3);
    set_serial(certificate.get());
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -clock_skew);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), seconds_a_day * request.days);
    X509_NAME* const name = X509_get_subject_name(certificate.get());
    if (!request.organisational_unit.empty()) add_name(name, "OU", request.organisational_unit);
    add_name(name, "CN", request.common_name);
    X509* const parent = issuer == nullptr ? certificate.get() : issuer;
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(parent));
    X509_set_pubkey(certificate.get(), subject_key.get());
    add_extensions(certificate.get(), parent, request);
    const openssl::DigestContext context = openssl::signing_context(key.get(), signing_suite(key));
    TONGBAN_CHECK(X509_sign_ctx(certificate.get(), context.get()) > 0, "crypto.certificate_signed");
    const openssl::Bio bio = openssl::writer();
    TONGBAN_CHECK(PEM_write_bio_X509(bio.get(), certificate.get()) == 1,
                  "crypto.certificate_encoded");
    return openssl::written(bio);
}

openssl::RevocationList revocation_list_from(std::string_view pem) {
    openssl::RevocationList list(
        PEM_read_bio_X509_CRL(openssl::reader(pem).get(), nullptr, nullptr, nullptr));
    openssl::forget_errors();
    return list;
}

// SM2 signatures cover the signer's id, which X.509 does not carry: it is set beside.
void set_sm2_id(X509* certificate) {
    ASN1_OCTET_STRING* const id = ASN1_OCTET_STRING_new();
    ASN1_OCTET_STRING_set(
        id, openssl::data_of(openssl::sm2_user_id), static_cast<int>(openssl::sm2_user_id.size()));
    X509_set0_distinguishing_id(certificate, id);
}

// By hand, because OpenSSL 3.0 cannot be told the SM2 id of a list.
bool is_signed_by(X509_CRL* list, X509* authority) {
    if (X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_subject_name(authority)) != 0)
        return false;
    EVP_PKEY* const key = X509_get0_pubkey(authority);
    const auto suite = openssl::suite_of(key);
    unsigned char* body = nullptr;
    const int size = i2d_re_X509_CRL_tbs(list, &body);
    const ASN1_BIT_STRING* signature = nullptr;
    X509_CRL_get0_signature(list, &signature, nullptr);
    bool good = false;
    if (suite && size > 0 && signature != nullptr) {
        const openssl::DigestContext context = openssl::verifying_context(key, *suite);
        good = EVP_DigestVerify(context.get(),
                                ASN1_STRING_get0_data(signature),
                                static_cast<std::size_t>(ASN1_STRING_length(signature)),
                                body,
                                static_cast<std::size_t>(size)) == 1;
    }
    OPENSSL_free(body);
    openssl::forget_errors();
    return good;
}

std::string name_entry(const X509_NAME* name, int kind) {
    const int at = X509_NAME_get_index_by_NID(name, kind, -1);
    if (at < 0) return "";
    unsigned char* bytes = nullptr;
    const int size =
        ASN1_STRING_to_UTF8(&bytes, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    if (size < 0) return "";
    std::string text(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return text;
}

Instant instant_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
    return Instant{static_cast<std::int64_t>(timegm(&parts)) * 1000};
}

Fault malformed(std::string where) {
    return Fault{FaultKind::malformed, std::move(where), "does not parse"};
}

}  // namespace

std::string issue_self_signed(const PrivateKey& key, const CertificateRequest& request) {
    return issue(key, nullptr, key.public_key(), request);
}

std::string issue_certificate(const PrivateKey& authority_key,
                              std::string_view authority_pem,
                              const PublicKey& subject,
                              const CertificateRequest& request) {
    const openssl::Certificate authority = openssl::certificate_from(authority_pem);
    TONGBAN_CHECK(authority != nullptr, "crypto.authority_certificate");
    return issue(authority_key, authority.get(), subject, request);
}

Result<CertificateFacts> read_certificate(std::string_view pem) {
    const openssl::Certificate certificate = openssl::certificate_from(pem);
    if (certificate == nullptr) return malformed("certificate");
    const X509_NAME* const name = X509_get_subject_name(certificate.get());
    return CertificateFacts{name_entry(name, NID_commonName),
                            name_entry(name, NID_organizationalUnitName),
                            serial_text(X509_get0_serialNumber(certificate.get())),
                            instant_of(X509_get0_notBefore(certificate.get())),
                            instant_of(X509_get0_notAfter(certificate.get()))};
}

std::string issue_revocation_list(const PrivateKey& authority_key,
                                  std::string_view authority_pem,
                                  const std::vector<std::string>& revoked_serials) {
    const openssl::Certificate authority = openssl::certificate_from(authority_pem);
    const openssl::Pkey key = openssl::private_key_from(authority_key.pem());
    const openssl::RevocationList list(X509_CRL_new());
    TONGBAN_CHECK(authority != nullptr && key != nullptr && list != nullptr,
                  "crypto.revocation_list_parts");
    const std::time_t now = std::time(nullptr);
    const Time from(ASN1_TIME_adj(nullptr, now, 0, -clock_skew));
    const Time until(ASN1_TIME_adj(nullptr, now, static_cast<int>(revocation_list_days), 0));
    X509_CRL_set_version(list.get(), X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(authority.get()));
    X509_CRL_set1_lastUpdate(list.get(), from.get());
    X509_CRL_set1_nextUpdate(list.get(), until.get());
    for (const std::string& serial : revoked_serials) {
        const auto raw = from_hex(serial);
        TONGBAN_CHECK(raw.ok(), "crypto.revoked_serial");
        const BigNumber number(
            BN_bin2bn(openssl::data_of(*raw), static_cast<int>(raw->size()), nullptr));
        const Serial encoded(BN_to_ASN1_INTEGER(number.get(), nullptr));
        X509_REVOKED* const entry = X509_REVOKED_new();
        X509_REVOKED_set_serialNumber(entry, encoded.get());
        X509_REVOKED_set_revocationDate(entry, from.get());
        TONGBAN_CHECK(X509_CRL_add0_revoked(list.get(), entry) == 1, "crypto.revoked_entry");
    }
    X509_CRL_sort(list.get());
    X509V3_CTX context{};
    X509V3_set_ctx(&context, authority.get(), nullptr, nullptr, list.get(), 0);
    const Extension authority_id(
        X509V3_EXT_nconf_nid(nullptr, &context, NID_authority_key_identifier, "keyid"));
    TONGBAN_CHECK(
        authority_id != nullptr && X509_CRL_add_ext(list.get(), authority_id.get(), -1) == 1,
        "crypto.revocation_list_extension");
    const Serial number(ASN1_INTEGER_new());
    ASN1_INTEGER_set_int64(number.get(), now);
    TONGBAN_CHECK(X509_CRL_add1_ext_i2d(list.get(), NID_crl_number, number.get(), 0, 0) == 1,
                  "crypto.revocation_list_number");
    const openssl::DigestContext signing = openssl::signing_context(key.get(), signing_suite(key));
    TONGBAN_CHECK(X509_CRL_sign_ctx(list.get(), signing.get()) > 0,
                  "crypto.revocation_list_signed");
    const openssl::Bio bio = openssl::writer();
    TONGBAN_CHECK(PEM_write_bio_X509_CRL(bio.get(), list.get()) == 1,
                  "crypto.revocation_list_encoded");
    return openssl::written(bio);
}

Result<std::vector<std::string>> read_revocation_list(std::string_view crl_pem,
                                                      std::string_view authority_pem) {
    const openssl::Certificate authority = openssl::certificate_from(authority_pem);
    if (authority == nullptr) return malformed("authority");
    const openssl::RevocationList list = revocation_list_from(crl_pem);
    if (list == nullptr) return malformed("revocation list");
    if (!is_signed_by(list.get(), authority.get()))
        return Fault{FaultKind::refused, "revocation list", "is not signed by the authority"};
    STACK_OF(X509_REVOKED)* const entries = X509_CRL_get_REVOKED(list.get());
    std::vector<std::string> serials;
    serials.reserve(static_cast<std::size_t>(std::max(0, sk_X509_REVOKED_num(entries))));
    for (int i = 0; i < sk_X509_REVOKED_num(entries); ++i)
        serials.push_back(
            serial_text(X509_REVOKED_get0_serialNumber(sk_X509_REVOKED_value(entries, i))));
    std::sort(serials.begin(), serials.end());
    return serials;
}

Result<Done> check_certificate(std::string_view pem,
                               std::string_view authority_pem,
                               std::string_view crl_pem,
                               Instant now) {
    const openssl::Certificate certificate = openssl::certificate_from(pem);
    const openssl::Certificate authority = openssl::certificate_from(authority_pem);
    if (certificate == nullptr) return malformed("certificate");
    if (authority == nullptr) return malformed("authority");
    const std::unique_ptr<X509_STORE, openssl::Free<X509_STORE_free>> store(X509_STORE_new());
    const std::unique_ptr<X509_STORE_CTX, openssl::Free<X509_STORE_CTX_free>> context(
        X509_STORE_CTX_new());
    X509_VERIFY_PARAM* const rules = X509_STORE_get0_param(store.get());
    X509_VERIFY_PARAM_set_time(rules, static_cast<std::time_t>(now.ms / 1000));
    const auto suite = openssl::suite_of(X509_get0_pubkey(authority.get()));
    const bool sm2 = suite && *suite == Suite::sm2_sm3;
    if (sm2) set_sm2_id(certificate.get());
    if (sm2) set_sm2_id(authority.get());
    X509_STORE_add_cert(store.get(), authority.get());
    TONGBAN_CHECK(X509_STORE_CTX_init(context.get(), store.get(), certificate.get(), nullptr) == 1,
                  "crypto.certificate_check");
    const bool good = X509_verify_cert(context.get()) == 1;
    const int error = X509_STORE_CTX_get_error(context.get());
    openssl::forget_errors();
    if (!good)
        return Fault{FaultKind::refused, "certificate", X509_verify_cert_error_string(error)};
    if (crl_pem.empty()) return Done{};
    const auto revoked = read_revocation_list(crl_pem, authority_pem);
    if (!revoked) return revoked.fault();
    const openssl::RevocationList list = revocation_list_from(crl_pem);
    // A list that is out of date may miss a revocation: it refuses everybody rather than admit one.
    const Instant until = instant_of(X509_CRL_get0_nextUpdate(list.get()));
    if (until < now) return Fault{FaultKind::refused, "revocation list", "is out of date"};
    const std::string serial = serial_text(X509_get0_serialNumber(certificate.get()));
    if (std::binary_search(revoked->begin(), revoked->end(), serial))
        return Fault{FaultKind::refused, "certificate", "is revoked"};
    return Done{};
}

}  // namespace tongban
