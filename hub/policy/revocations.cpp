#include "hub/policy/revocations.h"

#include <utility>

#include <sys/stat.h>

#include "base/crypto.h"
#include "base/files.h"
#include "base/log.h"
#include "base/yaml.h"

namespace tongban::policy {

namespace {

constexpr std::size_t remembered = 4096;  // certificates known to chain; more than a province has

std::string must_read(const std::string& path) {
    Result<std::string> bytes = read_file(path, 4U << 20);
    if (!bytes) throw ConfigError({{path, 0, 0, bytes.fault().reason}});
    return *std::move(bytes);
}

}  // namespace

Revocations::Revocations(const std::string& authority_path, std::string list_path)
    : list_path_(std::move(list_path)), authority_(must_read(authority_path)) {
    const Result<std::vector<std::string>> serials =
        read_revocation_list(must_read(list_path_), authority_);
    if (!serials) throw ConfigError({{list_path_, 0, 0, serials.fault().reason}});
    static_cast<void>(refresh(*loaded_.lock()));
}

bool Revocations::refresh(Loaded& loaded) const {
    struct stat facts{};
    if (::stat(list_path_.c_str(), &facts) != 0)
        return true;  // being replaced: the last good list stays
    const std::int64_t modified = facts.st_mtim.tv_sec * 1'000'000'000LL + facts.st_mtim.tv_nsec;
    if (modified == loaded.modified_ns && facts.st_size == loaded.size) return true;
    const Result<std::string> bytes = read_file(list_path_, 4U << 20);
    if (!bytes) return true;
    loaded.modified_ns = modified;
    loaded.size = facts.st_size;
    Result<std::vector<std::string>> serials = read_revocation_list(*bytes, authority_);
    if (!serials) return false;
    loaded.serials = {serials->begin(), serials->end()};
    return true;
}

bool Revocations::revoked(std::string_view serial) {
    bool good = true;
    bool found = false;
    {
        auto loaded = loaded_.lock();
        good = refresh(*loaded);
        found = loaded->serials.contains(serial);
    }
    if (!good) log::error("policy.revocations.bad_list", {{"list", list_path_}});
    return found;
}

bool Revocations::good(const std::string& certificate_pem, std::string_view serial, Instant at) {
    if (revoked(serial)) return false;
    const bool known = loaded_.lock()->chained.contains(certificate_pem);
    if (!known) {
        // Dates are compared by the caller at every use; here they were true at least once.
        if (!check_certificate(certificate_pem, authority_, "", at)) return false;
        auto loaded = loaded_.lock();
        if (loaded->chained.size() < remembered) loaded->chained.insert(certificate_pem);
    }
    return true;
}

}  // namespace tongban::policy
