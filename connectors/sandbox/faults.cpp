#include "connectors/sandbox/faults.h"

#include <algorithm>
#include <set>

#include "base/check.h"
#include "connectors/sandbox/fault_list.h"

namespace tongban::sandbox {

namespace {

bool free_of(const FaultClass& fault, const std::set<std::string>& touched) {
    return std::ranges::none_of(fault.touches,
                                [&](const std::string& what) { return touched.contains(what); });
}

void plant(World& world, const FaultClass& fault, Random random) {
    fault.plant(world, random);
    world.faults.push_back({fault.name, fault.code, fault.part, fault.stops});
}

}  // namespace

// An office that lies consistently is still consistent: each class changes the copies so that its
// own rule fires and its neighbours stay silent.
const std::vector<FaultClass>& fault_classes() {
    static const std::vector<FaultClass> all = [] {
        std::vector<FaultClass> joined;
        for (const auto* some : {&person_faults(),
                                 &family_faults(),
                                 &contribution_faults(),
                                 &estate_and_loan_faults()}) {
            joined.insert(joined.end(), some->begin(), some->end());
        }
        return joined;
    }();
    return all;
}

void plant_faults(World& world, const std::string& only) {
    const Random root = Random(world.seed, world.index).branch("faults");
    const std::vector<FaultClass>& classes = fault_classes();
    if (!only.empty()) {
        const auto named = std::ranges::find(classes, only, &FaultClass::name);
        if (named != classes.end() && named->fits(world)) plant(world, *named, root.branch(only));
        return;
    }
    Random random = root;
    const std::int64_t wanted = random.between(1, 4);
    std::set<std::string> touched;
    // A stopping fault ends the exchange, so most worlds get at most one, and half get none.
    const bool may_stop = random.one_in(2);
    bool stopped = false;
    for (int tries = 0; static_cast<std::int64_t>(world.faults.size()) < wanted && tries < 200;
         ++tries) {
        const FaultClass& fault = random.pick(classes);
        if (fault.stops && (!may_stop || stopped)) continue;
        if (!free_of(fault, touched) || !fault.fits(world)) continue;
        plant(world, fault, root.branch(fault.name));
        touched.insert(fault.touches.begin(), fault.touches.end());
        stopped = stopped || fault.stops;
    }
    TONGBAN_CHECK(!world.faults.empty(), "sandbox.faults.none");
}

}  // namespace tongban::sandbox
