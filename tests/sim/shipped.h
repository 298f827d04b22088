// Shipped: the service items of configs/items with what they name: resources and their effects, the
// canonical types of questions and answers, the events that offices send. And records of those
// types, as an office might fill them: drawn by chance, mostly such that the case goes on.
//
// Read once a program; immutable.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "hub/cases/item/item.h"
#include "hub/cases/item/known_names.h"
#include "schemas/catalogue.h"
#include "schemas/value.h"
#include "tests/sim/random.h"

namespace tongban::sim {

struct ShippedResource {
    std::string request;  // canonical types
    std::string record;
    std::string effect;  // of a submission; "" when it offers none
};

class Shipped {
public:
    static const Shipped& get();

    [[nodiscard]] const std::vector<std::shared_ptr<const item::Item>>& items() const {
        return items_;
    }
    [[nodiscard]] const ShippedResource* resource(const std::string& id) const;  // null: not ours
    [[nodiscard]] std::string type_of_event(const std::string& event) const;
    // A record of the type on this day; times of holds and the like are the caller's.
    [[nodiscard]] schemas::Group record(const std::string& type, Random& random, Instant now) const;

private:
    Shipped();
    item::KnownNames read_resources();
    [[nodiscard]] schemas::Value value(const schemas::FieldType& field,
                                       Random& random,
                                       Instant now) const;
    [[nodiscard]] schemas::Group group(const std::vector<schemas::FieldType>& fields,
                                       Random& random,
                                       Instant now) const;

    std::shared_ptr<const schemas::Catalogue> catalogue_;
    std::vector<std::shared_ptr<const item::Item>> items_;
    std::map<std::string, ShippedResource> resources_;
    std::map<std::string, std::string, std::less<>> events_;
};

// The field of this name in whichever part of the record; null: none.
schemas::Value* field_named(schemas::Group& record, const std::string& name);

}  // namespace tongban::sim
