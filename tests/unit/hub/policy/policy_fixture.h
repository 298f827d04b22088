// A pki folder with a signing certificate for every member of configs/, and a writable copy of
// configs/.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include <unistd.h>

#include "base/crypto.h"
#include "hub/policy/policy.h"
#include "schemas/catalogue.h"

namespace tongban::test {

inline std::string slurp(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}

inline void spill(const std::string& path, const std::string& bytes) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
}

class TempFolder {
public:
    TempFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "tongban-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }
    ~TempFolder() { std::filesystem::remove_all(path_); }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    [[nodiscard]] std::string operator/(const std::string& name) const {
        return path_ + "/" + name;
    }
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_;
};

inline const schemas::Catalogue& catalogue() {
    static const std::shared_ptr<const schemas::Catalogue> loaded =
        schemas::Catalogue::load(std::string(TONGBAN_SOURCE_DIR "/schemas"));
    return *loaded;
}

struct City {  // configs/ as shipped, with keys of our own making
    City() {
        const std::string source = std::string(TONGBAN_SOURCE_DIR "/configs");
        std::filesystem::create_directories(folder / "configs");
        for (const char* name : {"members", "resources", "agreements"}) {
            std::filesystem::copy(source + "/" + name,
                                  folder / ("configs/" + std::string(name)),
                                  std::filesystem::copy_options::recursive);
        }
        authority_pem = issue_self_signed(authority, {"test authority", "authority", {}, 30, true});
        spill(folder / "pki/ca.pem", authority_pem);
        revoke({});
        for (const auto& file : std::filesystem::directory_iterator(source + "/members")) {
            add_signer(file.path().stem().string());
        }
    }
    void add_signer(const std::string& member) {
        PrivateKey key = PrivateKey::generate(Suite::es256);
        const std::string pem = issue_certificate(
            authority, authority_pem, key.public_key(), {member, "signing", {}, 30, false});
        spill(folder / ("pki/" + member + "/signing.pem"), pem);
        certificates[member] = pem;
        signers.insert_or_assign(member, std::move(key));
    }
    void revoke(const std::vector<std::string>& serials) {
        spill(folder / "pki/crl.pem", issue_revocation_list(authority, authority_pem, serials));
    }
    [[nodiscard]] policy::PolicySources sources() const {
        return {folder / "configs", folder / "pki"};
    }
    // Replaces `from` by `to` in one of the files; `from` must be there.
    void change(const std::string& file, const std::string& from, const std::string& to) {
        std::string bytes = slurp(folder / ("configs/" + file));
        const std::size_t at = bytes.find(from);
        if (at == std::string::npos) throw std::runtime_error("the file has no such text: " + from);
        spill(folder / ("configs/" + file), bytes.replace(at, from.size(), to));
    }

    TempFolder folder;
    PrivateKey authority = PrivateKey::generate(Suite::es256);
    std::string authority_pem;
    std::map<std::string, PrivateKey> signers;
    std::map<std::string, std::string> certificates;
};

}  // namespace tongban::test
