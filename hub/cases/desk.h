// Desk: what members see of their cases and order about them: the port that hub/api's CaseGateway
// calls (hub/exchange/case_desk.h), spoken over Cases.
//
// A member sees the cases that it owns, those that its window took in (`hall`), and those in which
// it owes or owed a step; of any other it is told what it would be told of none. Auditors and
// operators see all.
//
// An order is known by (member, case, request id): the same again is answered as it was, other
// content under the id is a conflict.
//
// Threads: safe from any thread; order() waits for the turn that settles it.
#pragma once

#include <string>
#include <vector>

#include "hub/cases/cases.h"
#include "hub/exchange/case_desk.h"

namespace tongban::cases {

class Desk final : public exchange::CaseDesk {
public:
    explicit Desk(Cases& cases, const Clock& clock) : cases_(cases), clock_(clock) {}

    exchange::Reply<exchange::CasePage> list(const exchange::CaseQuery& query,
                                             const exchange::Caller& caller) override;
    exchange::Reply<std::string> show(const std::string& case_number,
                                      const exchange::Caller& caller) override;
    exchange::Reply<std::vector<exchange::CaseTask>> tasks(const std::string& role,
                                                           std::int32_t limit,
                                                           const exchange::Caller& caller) override;
    exchange::Reply<std::vector<exchange::CaseIncident>> incidents(
        const std::string& case_number,
        std::int32_t limit,
        const exchange::Caller& caller) override;
    exchange::Reply<exchange::CaseSummary> order(const exchange::CaseOrder& order,
                                                 const exchange::Caller& caller) override;

private:
    // The case of a number, if the caller may see it.
    exchange::Reply<CaseView> find(const std::string& case_number, const exchange::Caller& caller);
    exchange::Reply<std::vector<exchange::CaseIncident>> incidents_of_member(
        std::int32_t limit, const exchange::Caller& caller);

    Cases& cases_;
    const Clock& clock_;
};

}  // namespace tongban::cases
