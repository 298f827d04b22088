#include "connectors/runtime/connector_keys.h"

#include <filesystem>
#include <utility>

#include <sys/stat.h>

#include "base/files.h"
#include "base/note.h"

namespace tongban::connectors {
namespace {

Result<std::string> owner_only(const std::string& path) {
    struct stat facts{};
    if (stat(path.c_str(), &facts) != 0) {
        return Fault{FaultKind::unavailable, path, "the key file cannot be read"};
    }
    if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return Fault{FaultKind::refused, path, "the key file must be readable by its owner only"};
    }
    return read_file(path, 4096);
}

}  // namespace

Result<ConnectorKeys> open_connector_keys(const std::string& folder,
                                          const std::string& member,
                                          const std::string& issued_key) {
    if (auto made = make_folders(folder, Access::owner_only); !made) return std::move(made).fault();
    const std::string seal_path = folder + "/seal.key";
    const std::string witness_path = issued_key.empty() ? folder + "/witness.key" : issued_key;
    std::error_code error;
    if (!std::filesystem::exists(seal_path, error)) {
        auto made = write_file_durably(seal_path, random_bytes(32), Access::owner_only);
        if (!made) return std::move(made).fault();
    }
    if (issued_key.empty() && !std::filesystem::exists(witness_path, error)) {
        const PrivateKey fresh = PrivateKey::generate(Suite::ed25519);
        auto made = write_file_durably(witness_path, fresh.pem(), Access::owner_only);
        if (!made) return std::move(made).fault();
    }
    auto seal_key = owner_only(seal_path);
    if (!seal_key) return std::move(seal_key).fault();
    if (seal_key->size() != 32)
        return Fault{FaultKind::malformed, seal_path, "not a key of 32 bytes"};
    auto witness_key = PrivateKey::from_file(witness_path);
    if (!witness_key) return std::move(witness_key).fault();
    if (witness_key->public_key().suite() != Suite::ed25519) {
        return Fault{FaultKind::malformed, witness_path, "a witness signs with Ed25519"};
    }
    ConnectorKeys keys{*std::move(seal_key), *std::move(witness_key), member + "/witness"};
    const std::string vkey = cosigner_vkey(keys.witness_name, keys.witness_key.public_key()) + "\n";
    if (auto published = write_file_durably(folder + "/witness.vkey", vkey); !published) {
        return std::move(published).fault();
    }
    return keys;
}

}  // namespace tongban::connectors
