// Intake: where a record goes that an office sends INTO a case: the port that hub/cases implements.
// An exchange of kind submit on a resource with `intake:` has been admitted, authorised, converted
// and verified by rules before it comes here; what is answered becomes `case/acknowledgement@1`,
// and in the member's own format the outcome's document.
//
// The exchange is durable before either function is called, and both are called again after a
// crash: idempotent by exchange_id, and the first answer is given again. A case's later calls stand
// on that exchange (case_calls.h `opening`).
//
// Threads: any; may block on the store. May call CaseCalls.
// Faults:  busy, unavailable: called again until the exchange's deadline. refused: `where` is the
//          code that the office is told ("item.not_valid", "case.closed"), reason its English
//          sentence. Others end the exchange as failed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "schemas/value.h"

namespace tongban::exchange {

struct Submission {
    std::string exchange_id{};  // its receipt is that of this exchange's intent leaf
    std::string member{};       // who sent and signed it
    std::string request_id{};   // the member's own number of it
    std::string officer{};      // the member's pseudonym; seal it
    std::string consent_id{};   // or ""
    std::string case_ref{};     // the member's own case number, or ""
    std::string purpose{};
    std::string type{};     // canonical type of the body
    schemas::Group body{};  // whole: a member may tell a case what it likes
    Instant received{};
};

struct CaseOpening {
    std::string item{};  // service item
    Submission submission{};
};

struct CaseEvent {
    std::string event{};  // "loan.issued"
    std::string item{};   // service item, or "" any
    // Which case: its number when `by` is empty, else the value of that search attribute of the
    // item.
    std::string by{};
    std::string value{};
    Submission submission{};
};

enum class Reception : std::int32_t {
    opened = 1,
    already_open = 2,  // the same key has a case: this is it
    accepted = 3,
    duplicate = 4,     // the case had this event before
    unknown_case = 5,  // nothing was done
};
std::string_view name_of(Reception reception);

struct CaseReply {
    Reception reception = Reception::opened;
    std::string case_number{};  // "" when unknown
    std::string state{};        // the item's state word
    std::string state_zh{};
    std::string state_en{};
    std::optional<Date> due{};  // of the case
};

class Intake {
public:
    virtual ~Intake() = default;
    virtual Result<CaseReply> open(const CaseOpening& opening) = 0;
    virtual Result<CaseReply> event(const CaseEvent& event) = 0;
};

}  // namespace tongban::exchange
