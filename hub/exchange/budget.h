// Budget: how often a member has held claims about one person against one field: verdicts must not
// become a way of guessing.
//
// Counted by day, kept in the store with the exchange's own commit; a try that did not end counts
// until the hub restarts.
//
// Threads: safe from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "hub/policy/agreement.h"
#include "hub/store/store.h"

namespace tongban::exchange {

class Budget {
public:
    explicit Budget(store::Store& store) : store_(store) {}

    struct Try {
        std::string member;
        std::string subject_hash;
        std::string field;
    };
    // Takes one try of each, or none of any: false when one of them is used up.
    [[nodiscard]] bool take(const std::vector<Try>& tries,
                            const policy::VerifyTerms& terms,
                            Date today);
    // What to commit with the exchange.
    [[nodiscard]] std::vector<store::Mutation> unsaved(const std::vector<Try>& tries);

private:
    using Days = std::map<std::int64_t, std::int64_t>;  // day -> tries
    void load(const std::string& key);

    store::Store& store_;
    Guarded<std::map<std::string, Days>> used_;
};

}  // namespace tongban::exchange
