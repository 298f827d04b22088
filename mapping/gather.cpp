#include <utility>

#include "mapping/stages.h"

namespace tongban::mapping {

GatheredRecord gather(std::string resource_type,
                      std::vector<std::pair<std::string, CanonicalRecord>> parts) {
    Group fields;
    for (auto& [name, record] : parts) {
        // The place keeps naming the part's own bytes: a finding about a part says part and line,
        // never just a line.
        fields.set(name, schemas::Value{std::move(record.fields_), {}});
    }
    return {std::move(resource_type), std::move(fields)};
}

GatheredRecord whole(CanonicalRecord record) {
    return {std::move(record.type_), std::move(record.fields_)};
}

}  // namespace tongban::mapping
