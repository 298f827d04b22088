#include "mapping/library.h"

#include <optional>
#include <utility>

#include "base/files.h"
#include "base/yaml.h"
#include "mapping/mapping_file.h"

namespace tongban::mapping {
namespace {

bool ends_before(const Plan& plan, Date day) {
    const std::optional<Date> last = plan.valid_to();
    return last && *last < day;
}

bool valid_on(const Plan& plan, Date day) {
    return plan.valid_from() <= day && !ends_before(plan, day);
}

bool share_a_day(const Plan& a, const Plan& b) {
    return !ends_before(a, b.valid_from()) && !ends_before(b, a.valid_from());
}

const Plan* plan_of(const Mapping& mapping, Direction direction) {
    const std::optional<Plan>& plan = direction == Direction::in ? mapping.in : mapping.out;
    return plan ? &*plan : nullptr;
}

}  // namespace

std::shared_ptr<const Library> Library::load(const std::string& mapping_root,
                                             std::shared_ptr<const schemas::Catalogue> catalogue) {
    auto library = std::shared_ptr<Library>(new Library());
    library->catalogue_ = std::move(catalogue);
    std::vector<ConfigFault> faults;
    for (const std::string& path : files_below(mapping_root + "/maps", ".yaml")) {
        try {
            auto mapping =
                std::make_shared<const Mapping>(load_mapping(path, *library->catalogue_));
            for (const auto& other : library->mappings_) {
                for (const Direction direction : {Direction::in, Direction::out}) {
                    const Plan* mine = plan_of(*mapping, direction);
                    const Plan* theirs = plan_of(*other, direction);
                    if (mine == nullptr || theirs == nullptr || mapping->native != other->native)
                        continue;
                    if (!share_a_day(*mine, *theirs)) continue;
                    faults.push_back({path,
                                      1,
                                      1,
                                      mapping->version + " and " + other->version +
                                          " are valid on the same day; give the older a valid_to"});
                }
            }
            library->versions_["mapping:" + mapping->version] = mapping->digest;
            library->mappings_.push_back(std::move(mapping));
        } catch (const ConfigError& error) {
            faults.insert(faults.end(), error.faults().begin(), error.faults().end());
        }
    }
    if (!faults.empty()) throw ConfigError(std::move(faults));
    return library;
}

const Plan* Library::into_canonical(std::string_view schema_id, Date day) const {
    return find(schema_id, day, Direction::in);
}

const Plan* Library::out_of_canonical(std::string_view schema_id, Date day) const {
    return find(schema_id, day, Direction::out);
}

const Plan* Library::find(std::string_view schema_id, Date day, Direction direction) const {
    for (const auto& mapping : mappings_) {
        if (mapping->native != schema_id) continue;
        const Plan* plan = plan_of(*mapping, direction);
        if (plan != nullptr && valid_on(*plan, day)) return plan;
    }
    return nullptr;
}

}  // namespace tongban::mapping
