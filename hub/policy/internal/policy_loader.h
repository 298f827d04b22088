// PolicyLoader: reads the three folders in the order in which they refer to each other, and
// collects every fault.
//
// Threads: one thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/yaml.h"
#include "hub/policy/policy.h"

namespace tongban::policy {

class PolicyLoader {
public:
    PolicyLoader(const PolicySources& sources, const schemas::Catalogue& catalogue)
        : sources_(sources), catalogue_(catalogue) {}
    std::shared_ptr<const Policy> load();

private:
    struct Place {
        std::string file;
        int line = 0;
    };

    void read_folder(const std::string& name, void (PolicyLoader::*read)(const YamlFile&));
    void read_member(const YamlFile& file);
    void read_resource(const YamlFile& file);
    void read_agreement(const YamlFile& file);

    void read_signing(const YamlValue& value, Member& member);
    Part read_part(const std::string& name, const YamlValue& value, const Resource& resource);
    Route read_route(const YamlValue& value, const Resource& resource);
    void read_submission(const YamlMap& map, Resource& resource);
    Intake read_intake(const YamlValue& value, const Resource& resource);
    void check_routes(const YamlValue& value, const Part& part);
    void read_fields(const YamlValue& value,
                     const Resource& resource,
                     std::vector<std::string>& fields);
    void read_verify(const YamlMap& map, const Resource& resource, Agreement& agreement);
    void check_native(const YamlValue& value, const std::string& schema, const std::string& member);
    static void check_own_routes(const YamlValue& value,
                                 const Resource& resource,
                                 const Member& requester,
                                 Date first_day);
    void check_agreements();
    void note_version(const std::string& id, const YamlFile& file);

    const PolicySources& sources_;
    const schemas::Catalogue& catalogue_;
    Policy policy_;
    std::vector<Place> agreement_places_;  // beside policy_.agreements_
    std::vector<ConfigFault> faults_;
};

Validity read_validity(const YamlMap& map, std::string_view from_key, std::string_view to_key);

}  // namespace tongban::policy
