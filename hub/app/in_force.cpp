#include "hub/app/in_force.h"

#include "hub/app/item_names.h"
#include "mapping/rule_set.h"

namespace tongban::app {

InForce InForce::load(const InForceSources& sources) {
    InForce next;
    next.engine = mapping::load_engine(sources.root);
    next.policy = policy::Policy::load({sources.configs, sources.pki}, *next.engine->catalogue);
    next.calendars = calendar::CalendarBook::load(sources.configs + "/calendars");
    const item::KnownNames known = read_item_names(sources.configs, *next.engine->rules);
    next.items = item::ItemBook::load(sources.configs + "/items",
                                      {*next.engine->catalogue, &known, next.calendars.get()});
    return next;
}

std::map<std::string, std::string> InForce::versions() const {
    std::map<std::string, std::string> versions = engine->versions();
    const auto add = [&versions](const std::map<std::string, std::string>& more) {
        versions.insert(more.begin(), more.end());
    };
    add(policy->versions());
    add(items->versions());
    for (const auto& edition : calendars->editions())
        versions["calendar:" + edition->key() + "@" + std::to_string(edition->version)] =
            edition->digest;
    return versions;
}

}  // namespace tongban::app
