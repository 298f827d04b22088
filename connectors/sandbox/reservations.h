// Reservations: an office's part in a joint filing: what is reserved, confirmed, cancelled, in its
// own database, in the same transaction as what it does.
//
//   idempotence   the same op key again gets the first answer, and does nothing
//   empty cancel  a cancel of what was never reserved succeeds and leaves a tombstone
//   anti-hanging  a reserve that comes after the tombstone is refused
//   hold          a reservation stands until hold_until; a confirm after it is answered "expired",
//                 and what expired may be reserved anew
//
// office.db: reservations(key, object, phase, hold_until_ms, effect), ledger(op_key, operation,
// key, operation_key, phase, hold_until_ms, effect, at_ms, times): one row an op key, `times` how
// often it came.
//
// Threads: safe from any thread.
// Faults:  unavailable.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "connectors/sandbox/office_book.h"

namespace tongban::sandbox {

struct JointCall {
    std::string op_key;         // the message's number: the same however often it is sent
    std::string operation_key;  // the case's own name of the call, where the protocol carries it
    std::string key;            // of the reservation, the same in all four operations
    std::string object;         // what is held: a unit, a declaration
    std::int64_t hold_ms = 0;
};

struct Standing {
    std::string phase;  // reserved confirmed cancelled refused expired
    std::int64_t hold_until_ms = 0;
    std::string effect;  // what confirm gave: a certificate's number
};

class Reservations {
public:
    // Runs in the transaction of the confirm; its answer is kept.
    using Effect = std::function<Result<std::string>(Sqlite&)>;
    // Whether the office itself would reserve; in the transaction of the reserve.
    using Allowed = std::function<Result<bool>(Sqlite&)>;

    explicit Reservations(OfficeBook& book) : book_(book) {}
    Result<Done> prepare();

    // Not `allowed`: the office itself refuses (a seizure).
    Result<Standing> reserve(const JointCall& call, const Allowed& allowed);
    Result<Standing> confirm(const JointCall& call, const Effect& effect);
    Result<Standing> cancel(const JointCall& call);
    // Of what is unknown: phase "".
    Result<Standing> status(const JointCall& call);
    // Reserved or used up: whatever else would be done with it must wait.
    static Result<bool> holds(Sqlite& database, std::string_view object);
    // The hold of every live reservation has run out: what an office does that breaks its word.
    Result<Done> run_out();

private:
    using Step = std::function<Result<Standing>(Sqlite&)>;
    // Once an op key, in one transaction.
    Result<Standing> once(const JointCall& call, std::string_view operation, const Step& step);

    OfficeBook& book_;
};

}  // namespace tongban::sandbox
