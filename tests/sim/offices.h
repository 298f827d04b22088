// Offices as they are: each keeps a ledger of what it did under which operation key, and that
// ledger is the oracle: no key may have two effects, and both sides of a joint filing must agree.
//
//   idempotent    stores the key with the result; a repeat gets the stored result
//   queryable     does what it is sent; can be asked, but shows an effect only after a while
//   at_most_once  does what it is sent, and cannot be asked
//   joint         reserve, extend, confirm, cancel, status: tombstones, holds that end
//
// They answer by resource: those of tests/support/case_items.h, and those that are shipped, with
// records of their canonical types.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hub/exchange/case_calls.h"
#include "tests/sim/agenda.h"
#include "tests/sim/random.h"
#include "tests/sim/shipped.h"

namespace tongban::sim {

struct OfficeTerms {
    int refuses = 5;                    // percent of what it is asked
    int short_holds = 10;               // percent of reservations
    std::int64_t settles_ms = 120'000;  // until a queryable office shows what it did
};

struct Said {
    exchange::CallStatus status = exchange::CallStatus::answered;
    schemas::Group record;
    std::string reason;
};

// How an office takes the effects of a resource: as its file says. Of a question: "read".
std::string effect_of(const std::string& resource, bool submits);

class Offices {
public:
    Offices(Agenda& agenda, Random& random) : agenda_(agenda), random_(random) {}

    // A message arrived: the office does it. `op_key` without the attempt is its dedup key.
    Said take(const std::string& op_key, const exchange::CaseCall& call);
    // Of a queryable office: nothing, while it shows nothing.
    [[nodiscard]] std::optional<Said> find(const std::string& op_key) const;

    struct Effect {
        std::string resource;
        std::string number;  // of the application; of a shipped item: the case's id
        std::string op;      // "do" "undo" "tax.reserve"
        std::int64_t at_ms = 0;
        Said said;
        int times = 0;
    };
    struct Branch {
        std::string phase;  // reserved | confirmed | cancelled
        std::int64_t hold_until_ms = 0;
    };
    [[nodiscard]] const std::map<std::string, Effect>& ledger() const { return ledger_; }
    // By office and the number of the application or reservation.
    [[nodiscard]] const std::map<std::string, Branch>& branches() const { return branches_; }
    // How often an effect of a resource was done for an application.
    [[nodiscard]] int done(const std::string& resource, const std::string& number) const;

    OfficeTerms terms;
    std::vector<std::string> broken;      // promises that somebody broke towards an office
    std::map<std::string, int> happened;  // refusals, holds that ran out

private:
    Said look_up(const exchange::CaseCall& call);
    Said work(const exchange::CaseCall& call);
    Said reserve(const exchange::CaseCall& call);
    Said extend(const exchange::CaseCall& call);
    Said confirm(const exchange::CaseCall& call);
    Said cancel(const exchange::CaseCall& call);
    Said refused(std::string reason);
    [[nodiscard]] Said held(const exchange::CaseCall& call, const Branch& branch);
    [[nodiscard]] schemas::Group record_of(const exchange::CaseCall& call);

    Agenda& agenda_;
    Random& random_;
    std::map<std::string, Effect> ledger_;  // by operation key
    std::map<std::string, Branch> branches_;
};

}  // namespace tongban::sim
