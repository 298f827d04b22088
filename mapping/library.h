// Library: every mapping below maps/, compiled both ways, found by native schema and date.
//
// Threads: immutable; safe from any thread.
// Faults:  ConfigError from load, with every fault of every file: unknown paths, unwritten required
// fields, two mappings
//          of one schema valid on the same day.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "mapping/plan.h"
#include "schemas/catalogue.h"

namespace tongban::mapping {

struct Mapping;  // mapping/mapping_file.h: both plans and the examples of one file

class Library {
public:
    static std::shared_ptr<const Library> load(const std::string& mapping_root,
                                               std::shared_ptr<const schemas::Catalogue> catalogue);

    // The plan of a native schema that is valid on `day`; null: none.
    [[nodiscard]] const Plan* into_canonical(std::string_view schema_id, Date day) const;
    [[nodiscard]] const Plan* out_of_canonical(std::string_view schema_id, Date day) const;

    [[nodiscard]] const std::vector<std::shared_ptr<const Mapping>>& mappings() const {
        return mappings_;
    }
    [[nodiscard]] const schemas::Catalogue& catalogue() const { return *catalogue_; }
    // "mapping:<id>@<n>" -> hex SHA-256 of the file.
    [[nodiscard]] const std::map<std::string, std::string>& versions() const { return versions_; }

private:
    Library() = default;
    const Plan* find(std::string_view schema_id, Date day, Direction direction) const;
    std::shared_ptr<const schemas::Catalogue> catalogue_;
    std::vector<std::shared_ptr<const Mapping>> mappings_;
    std::map<std::string, std::string> versions_;
};

}  // namespace tongban::mapping
