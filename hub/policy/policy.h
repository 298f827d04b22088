// Policy: members, resources and agreements as one immutable snapshot, checked whole against each
// other and against the schema catalogue before anybody sees it.
//
// A reload builds a new snapshot; if anything in it is wrong the old one stays in force and the
// caller is told every fault. A request takes one snapshot at its start and keeps it to its end.
//
// Threads: Policy is immutable. CurrentPolicy is safe from any thread.
// Faults:  load: ConfigError with every fault of every file, each with its line; reload: malformed,
// with all of them.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/guarded.h"
#include "base/result.h"
#include "hub/policy/agreement.h"
#include "hub/policy/member.h"
#include "hub/policy/resource.h"

namespace tongban::schemas {
class Catalogue;  // schemas/catalogue.h: every schema and field path is looked up there
}

namespace tongban::policy {

struct PolicySources {
    std::string configs;  // holds members/, resources/, agreements/
    std::string pki;      // certificates of members are named relative to it
};

class Policy {
public:
    static std::shared_ptr<const Policy> load(const PolicySources& sources,
                                              const schemas::Catalogue& catalogue);

    [[nodiscard]] const Member* member(std::string_view id) const;
    [[nodiscard]] const Resource* resource(std::string_view id) const;
    [[nodiscard]] const std::vector<Agreement>& agreements() const {
        return agreements_;
    }  // by id, then validity
    [[nodiscard]] std::vector<std::string> member_ids() const;
    // "member:<id>", "resource:<id>@<v>", "agreement:<id>@<v>" -> hex SHA-256 of the file.
    [[nodiscard]] const std::map<std::string, std::string>& versions() const { return versions_; }

private:
    friend class PolicyLoader;  // hub/policy/policy.cpp
    Policy() = default;
    std::map<std::string, Member, std::less<>> members_;
    std::map<std::string, Resource, std::less<>> resources_;
    std::vector<Agreement> agreements_;
    std::map<std::string, std::string> versions_;
};

class CurrentPolicy {
public:
    explicit CurrentPolicy(std::shared_ptr<const Policy> first) : policy_(std::move(first)) {}
    [[nodiscard]] std::shared_ptr<const Policy> get() { return *policy_.lock(); }
    // The new snapshot is in force, or the old one stays and the fault says why.
    Result<Done> reload(const PolicySources& sources, const schemas::Catalogue& catalogue);
    void swap(std::shared_ptr<const Policy> next) { *policy_.lock() = std::move(next); }

private:
    Guarded<std::shared_ptr<const Policy>> policy_;
};

}  // namespace tongban::policy
