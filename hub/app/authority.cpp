#include "hub/app/authority.h"

#include <algorithm>
#include <filesystem>

#include "base/files.h"
#include "base/note.h"

namespace tongban::app {

namespace {

std::string_view name_of(MemberRole role) {
    switch (role) {
        case MemberRole::connector:
            return "connector";
        case MemberRole::client:
            return "client";
        case MemberRole::auditor:
            return "auditor";
        case MemberRole::operator_:
            return "operator";
    }
    return "client";
}

Result<Done> write_key(const std::string& path, const PrivateKey& key) {
    return write_file_durably(path, key.pem(), Access::owner_only);
}

}  // namespace

Result<Authority> Authority::create(const std::string& folder) {
    const auto key_path = folder + "/ca.key";
    if (std::filesystem::exists(key_path))
        return Fault{FaultKind::conflict, key_path, "an authority exists here already"};
    if (auto made = make_folders(folder); !made) return std::move(made).fault();
    auto key = PrivateKey::generate(Suite::es256);
    CertificateRequest request{.common_name = "Tongban demo authority",
                               .organisational_unit = "authority",
                               .dns_names = {},
                               .days = 3650,
                               .authority = true};
    const auto certificate = issue_self_signed(key, request);
    if (auto done = write_key(key_path, key); !done) return std::move(done).fault();
    if (auto done = write_file_durably(folder + "/ca.pem", certificate); !done)
        return std::move(done).fault();
    const auto list = issue_revocation_list(key, certificate, {});
    if (auto done = write_file_durably(folder + "/crl.pem", list); !done)
        return std::move(done).fault();
    return Authority(folder, std::move(key), certificate);
}

Result<Authority> Authority::open(const std::string& folder) {
    auto key = PrivateKey::from_file(folder + "/ca.key");
    if (!key) return std::move(key).fault();
    auto certificate = read_file(folder + "/ca.pem");
    if (!certificate) return std::move(certificate).fault();
    return Authority(folder, *std::move(key), *std::move(certificate));
}

Result<Done> Authority::write_pair(const std::string& folder,
                                   const std::string& name,
                                   Suite suite,
                                   const CertificateRequest& request) const {
    const auto key = PrivateKey::generate(suite);
    if (auto done = write_key(folder + "/" + name + ".key", key); !done) return done;
    return write_file_durably(folder + "/" + name + ".pem",
                              issue_certificate(key_, certificate_, key.public_key(), request));
}

// A member whose certificates stand on the list may have new ones; the old files stay, under the
// serial of their TLS certificate, for whoever must still check what they signed.
Result<Done> Authority::set_revoked_aside(const std::string& folder) const {
    auto list = read_file(folder_ + "/crl.pem");
    if (!list) return std::move(list).fault();
    auto serials = read_revocation_list(*list, certificate_);
    if (!serials) return std::move(serials).fault();
    auto pem = read_file(folder + "/tls.pem");
    if (!pem) return std::move(pem).fault();
    auto facts = read_certificate(*pem);
    if (!facts) return std::move(facts).fault();
    if (std::find(serials->begin(), serials->end(), facts->serial) == serials->end())
        return Fault{
            FaultKind::conflict, folder, "this member has its keys already; revoke it first"};
    std::error_code failed;
    std::filesystem::rename(folder, folder + "." + facts->serial, failed);
    if (failed) return Fault{FaultKind::unavailable, folder, "cannot be set aside"};
    return Done{};
}

Result<Done> Authority::issue_member(const std::string& member,
                                     MemberRole role,
                                     Suite signing_suite) const {
    const auto folder = folder_ + "/" + member;
    if (std::filesystem::exists(folder + "/tls.key")) {
        if (auto aside = set_revoked_aside(folder); !aside) return aside;
    }
    if (auto made = make_folders(folder); !made) return made;
    CertificateRequest tls{.common_name = member,
                           .organisational_unit = std::string(name_of(role)),
                           .dns_names = {},
                           .days = 825,
                           .authority = false};
    if (auto done = write_pair(folder, "tls", Suite::es256, tls); !done) return done;
    CertificateRequest signing{.common_name = member,
                               .organisational_unit = "signing",
                               .dns_names = {},
                               .days = 825,
                               .authority = false};
    if (auto done = write_pair(folder, "signing", signing_suite, signing); !done) return done;
    return write_witness(folder, member);
}

// Every connector is a witness; the hub must know its verifier key before it counts a cosignature.
Result<Done> Authority::write_witness(const std::string& folder, const std::string& member) {
    const auto key = PrivateKey::generate(Suite::ed25519);
    if (auto done = write_key(folder + "/witness.key", key); !done) return done;
    auto verifier = NoteVerifier::of(
        member + "/witness", NoteKeyType::ed25519_cosignature, key.public_key().raw_ed25519());
    if (!verifier) return std::move(verifier).fault();
    return write_file_durably(folder + "/witness.vkey", verifier->vkey() + "\n");
}

Result<Done> Authority::issue_hub(const std::string& hub_id,
                                  const std::vector<std::string>& names) const {
    const auto folder = folder_ + "/hub";
    if (std::filesystem::exists(folder + "/tls.key"))
        return Fault{FaultKind::conflict, folder, "the hub has its keys already"};
    if (auto made = make_folders(folder); !made) return made;
    CertificateRequest tls{.common_name = hub_id,
                           .organisational_unit = "hub",
                           .dns_names = names,
                           .days = 825,
                           .authority = false};
    if (auto done = write_pair(folder, "tls", Suite::es256, tls); !done) return done;
    const auto log_key = PrivateKey::generate(Suite::ed25519);
    if (auto done = write_key(folder + "/log.key", log_key); !done) return done;
    // What an auditor needs to verify the log, and every connector to witness it.
    auto verifier =
        NoteVerifier::of(hub_id + "/log", NoteKeyType::ed25519, log_key.public_key().raw_ed25519());
    if (!verifier) return std::move(verifier).fault();
    return write_file_durably(folder + "/log.vkey", verifier->vkey() + "\n");
}

Result<Done> Authority::revoke_member(const std::string& member) const {
    auto list = read_file(folder_ + "/crl.pem");
    if (!list) return std::move(list).fault();
    auto serials = read_revocation_list(*list, certificate_);
    if (!serials) return std::move(serials).fault();
    std::vector<std::string> revoked;
    for (const auto* name : {"tls", "signing"}) {
        auto pem = read_file(folder_ + "/" + member + "/" + name + ".pem");
        if (!pem) return std::move(pem).fault();
        auto facts = read_certificate(*pem);
        if (!facts) return std::move(facts).fault();
        revoked.push_back(facts->serial);
    }
    serials->insert(serials->end(), revoked.begin(), revoked.end());
    return write_file_durably(folder_ + "/crl.pem",
                              issue_revocation_list(key_, certificate_, *serials));
}

}  // namespace tongban::app
