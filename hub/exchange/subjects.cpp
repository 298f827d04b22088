#include <algorithm>

#include "hub/exchange/middle.h"
#include "schemas/canonical_type.h"
#include "schemas/identifiers.h"

namespace tongban::exchange {

namespace {

void collect(const schemas::Group& group,
             const std::vector<schemas::FieldType>& fields,
             std::vector<std::string>& subjects) {
    for (const schemas::FieldType& field : fields) {
        const schemas::Value* value = group.find(field.name);
        if (value == nullptr || value->absent()) continue;
        if (field.kind == schemas::FieldKind::identifier && field.identifier == "identity") {
            const std::string number = schemas::normalise_identity(schemas::canonical_text(*value));
            if (!number.empty()) subjects.push_back(number);
        }
        if (const auto* inner = value->get<schemas::Group>()) collect(*inner, field.fields, subjects);
        if (const auto* list = value->get<schemas::List>()) {
            for (const schemas::Value& item : list->items) {
                if (const auto* row = item.get<schemas::Group>()) collect(*row, field.fields, subjects);
            }
        }
    }
}

}  // namespace

std::vector<std::string> subjects_in(const schemas::Group& record, const schemas::CanonicalType& type) {
    std::vector<std::string> subjects;
    collect(record, type.fields(), subjects);
    std::sort(subjects.begin(), subjects.end());
    subjects.erase(std::unique(subjects.begin(), subjects.end()), subjects.end());
    return subjects;
}

}  // namespace tongban::exchange
