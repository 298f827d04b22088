#include "hub/policy/policy.h"

#include <algorithm>
#include <filesystem>

#include "base/crypto.h"
#include "base/files.h"
#include "hub/policy/internal/policy_loader.h"

namespace tongban::policy {

void PolicyLoader::read_folder(const std::string& name,
                               void (PolicyLoader::*read)(const YamlFile&)) {
    const std::string folder = sources_.configs + "/" + name;
    const std::vector<std::string> paths = files_below(folder, ".yaml");
    // An agreements folder may be empty: the last one can be withdrawn by removing its file, and
    // everything is denied then.
    std::error_code ignored;
    const bool may_be_empty =
        name == "agreements" && std::filesystem::is_directory(folder, ignored);
    if (paths.empty() && !may_be_empty)
        faults_.push_back({folder, 0, 0, "expected at least one .yaml file"});
    for (const std::string& path : paths) {
        try {
            const YamlFile file(path);
            (this->*read)(file);
            faults_.insert(faults_.end(), file.faults().begin(), file.faults().end());
        } catch (const ConfigError& error) {  // does not parse at all
            faults_.insert(faults_.end(), error.faults().begin(), error.faults().end());
        }
    }
}

void PolicyLoader::note_version(const std::string& id, const YamlFile& file) {
    policy_.versions_[id] = hex(sha256(file.bytes()));
}

std::shared_ptr<const Policy> PolicyLoader::load() {
    read_folder("members", &PolicyLoader::read_member);
    read_folder("resources", &PolicyLoader::read_resource);
    read_folder("agreements", &PolicyLoader::read_agreement);
    check_agreements();
    if (!faults_.empty()) throw ConfigError(std::move(faults_));
    std::sort(policy_.agreements_.begin(),
              policy_.agreements_.end(),
              [](const Agreement& a, const Agreement& b) {
                  return std::tie(a.id, a.valid.from) < std::tie(b.id, b.valid.from);
              });
    return std::make_shared<const Policy>(std::move(policy_));
}

std::shared_ptr<const Policy> Policy::load(const PolicySources& sources,
                                           const schemas::Catalogue& catalogue) {
    return PolicyLoader(sources, catalogue).load();
}

const Member* Policy::member(std::string_view id) const {
    const auto found = members_.find(id);
    return found == members_.end() ? nullptr : &found->second;
}

const Resource* Policy::resource(std::string_view id) const {
    const auto found = resources_.find(id);
    return found == resources_.end() ? nullptr : &found->second;
}

std::vector<std::string> Policy::member_ids() const {
    std::vector<std::string> ids;
    ids.reserve(members_.size());
    for (const auto& [id, member] : members_)
        ids.push_back(id);
    return ids;
}

Result<Done> CurrentPolicy::reload(const PolicySources& sources,
                                   const schemas::Catalogue& catalogue) {
    try {
        std::shared_ptr<const Policy> next = Policy::load(sources, catalogue);
        *policy_.lock() = std::move(next);
        return Done{};
    } catch (const ConfigError& error) {
        return Fault{FaultKind::malformed, "configs", error.what()};
    }
}

}  // namespace tongban::policy
