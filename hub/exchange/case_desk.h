// CaseDesk: what members see of their cases and order about them: the port that hub/cases
// implements and hub/api's CaseGateway calls. Plain structs that mirror
// schemas/thrift/tongban.thrift.
//
// Opening a case and reporting an event are exchanges (intake.h). Everything else that changes a
// case is a CaseOrder, signed by its member; Exchanges::admit_order has checked form, signature,
// time and rate before order() is called. Whether the member is a party, and the officer's role may
// do it, is the desk's to decide.
//
// Threads: any; may block on the store.
// Faults:  Refusals: "case.unknown" (also for a case that is not the caller's), "case.moved",
//          "case.order" (not possible now), "busy", "unavailable". No personal value in any.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hub/exchange/refusal.h"
#include "hub/exchange/request.h"

namespace tongban::exchange {

enum class CaseAction : std::int32_t {
    decide = 1,
    signal = 2,
    pause = 3,
    resume = 4,
    cancel = 5,
    mend = 6
};
std::string_view name_of(CaseAction action);

struct CaseOrder {
    std::int32_t revision = 0;
    std::string hub{};
    std::string request_id{};  // (member, case, request_id) is the idempotency key
    CaseAction action = CaseAction::decide;
    std::string case_number{};
    std::string subject{};  // task, event or incident
    std::string choice{};
    std::string detail{};  // canonical JSON, or ""
    std::string reason{};  // the officer's words: seal them
    std::string officer{};
    std::int64_t case_revision = 0;  // that the officer saw; 0: any
    std::int64_t signed_at_ms = 0;
    Signature signature{};
};

struct CaseSummary {
    std::string case_number{};
    std::string item{};
    std::string item_zh{};
    std::string item_en{};
    std::string state{};
    std::string state_zh{};
    std::string state_en{};
    std::string status{};
    std::string light{};
    std::string owner{};
    std::string hall{};  // member whose window took the application in
    std::int64_t opened_ms = 0;
    std::string due{};
    std::int64_t revision = 0;
};

struct CaseQuery {
    std::string item{};  // id, or id@version
    std::string state{};
    std::string status{};
    std::string light{};
    std::string attribute{};
    std::string value{};
    std::string after{};      // `next` of the page before
    std::int32_t limit = 50;  // 1 to 200
    std::string hall{};
    std::string member{};  // that owns it
};

struct CasePage {
    std::vector<CaseSummary> cases{};
    std::string next{};
};

struct CaseTask {
    std::string task{};
    std::string case_number{};
    std::string item{};
    std::string role{};
    std::string zh{};
    std::string en{};
    std::vector<std::string> actions{};
    bool four_eyes = false;
    std::string light{};
    std::string due{};
    std::int64_t case_revision = 0;
};

struct CaseIncident {
    std::string incident{};
    std::string case_number{};
    std::string step{};
    std::string code{};
    std::string severity{};
    std::string zh{};
    std::string en{};
    std::int64_t opened_ms = 0;
    std::string exchange_id{};
    std::vector<std::string> choices{};
    std::int64_t case_revision = 0;
};

class CaseDesk {
public:
    virtual ~CaseDesk() = default;
    virtual Reply<CasePage> list(const CaseQuery& query, const Caller& caller) = 0;
    virtual Reply<std::string> show(const std::string& case_number, const Caller& caller) = 0;
    virtual Reply<std::vector<CaseTask>> tasks(const std::string& role,
                                               std::int32_t limit,
                                               const Caller& caller) = 0;
    // case_number "": those that the caller's member must see to, of all cases.
    virtual Reply<std::vector<CaseIncident>> incidents(const std::string& case_number,
                                                       std::int32_t limit,
                                                       const Caller& caller) = 0;
    // Durable when it returns; the same order again gets the first answer.
    virtual Reply<CaseSummary> order(const CaseOrder& order, const Caller& caller) = 0;
};

}  // namespace tongban::exchange
