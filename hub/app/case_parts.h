// CaseParts: the cases of a hub, with what they stand on: their clock, what seals them, their
// leaves, the runtime, the desk of officers.
//
// The order of a hub's life: make it, Exchanges::take_in_by(intake()), Exchanges::resume(),
// resume(), start(), the doors. And back: Exchanges::stop(), stop(), the doors, the Exchanges,
// this.
//
// Threads: one thread, main; what it hands out is safe from any thread.
// Faults:  of hub/cases/cases.h.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "hub/api/hub_config.h"
#include "hub/app/in_force.h"
#include "hub/cases/cases.h"
#include "hub/cases/desk.h"
#include "hub/cases/sealing_port.h"
#include "hub/exchange/case_calls.h"
#include "hub/exchange/exchange.h"

namespace tongban::app {

struct CaseLinks {  // all must outlive the CaseParts, but for the exchanges, which end before it
    store::CaseStore& store;
    audit::Sealing& sealing;
    audit::Trail& trail;
    exchange::Exchanges& exchanges;
};

class CaseParts {
public:
    CaseParts(const CaseLinks& links, const InForce& in_force, const api::CasesConfig& config);

    Result<Done> resume() { return cases_.resume(); }
    void start();
    void stop() { cases_.stop(); }
    void reload(const InForce& in_force);
    [[nodiscard]] cases::Cases& cases() { return cases_; }
    [[nodiscard]] exchange::Intake& intake() { return cases_; }
    [[nodiscard]] exchange::CaseDesk& desk() { return desk_; }

private:
    const std::unique_ptr<Clock> clock_;
    const std::unique_ptr<exchange::CaseCalls> calls_;
    cases::AuditSealer sealer_;
    cases::TrailLeaves leaves_;
    cases::Cases cases_;
    cases::Desk desk_;
};

}  // namespace tongban::app
