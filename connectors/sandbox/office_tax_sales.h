// TaxSales: what tax does for a sale (A002 to A021): takes the push in, assesses, declares, tells
// the payment, proves it, locks the cleared declaration for the entry, refunds.
//
// POST below /api/lb/: tsclf push, zf void, jsxx assessment, sbqr declaration, jkjg payment, wspz
// proof, sd lock, sdqr confirm, sdjs unlock, sdcx status, tssq refund, cxsb withdrawal of the
// declaration, qsbg notice that the home has a new owner. fhm 0 done, 1 no record, 2 refused, 9
// busy. office.db, beside what reservations.h names: used(declaration, op_key, at_ms), one row a
// declaration that an entry used up; payments(declaration, at_ms), one row a declaration that is
// paid, which is no more voided; refunds(declaration, op_key, at_ms), one row a declaration whose
// refund was opened: what is locked is not refunded, what is refunded not locked;
// ownership(certificate, unit, parties, at_ms), one row a new certificate that tax was told of.
//
// Misconduct beside misconduct.h, the kind being the operation: "expire" (every hold runs out
// first), "late" (done, and "busy"), "refuse" (locks, voids, refunds and notes nothing), "unpaid"
// (the money is not there yet), "pays" (the money comes just before it is asked).
//
// Threads: safe from any thread.
// Faults:  unavailable.
#pragma once

#include <string>

#include "base/json.h"
#include "connectors/sandbox/office.h"
#include "connectors/sandbox/sale_records.h"

namespace tongban::sandbox {

class TaxSales {
public:
    explicit TaxSales(OfficeSetting& setting);
    Result<Done> prepare();

    struct Call {
        std::string operation;      // "sd"
        std::string operation_key;  // of the header X-Operation-Key
        std::string body;
        bool refuse = false;  // misconduct
        bool unpaid = false;  // misconduct
    };
    struct Answer {
        std::string bytes;
        std::string note;
    };
    Result<Answer> answer(const Conduct& conduct, Call call);

private:
    Result<Answer> about(const Sale& sale, const Json& question, const Call& call);
    Result<Answer> joint(const Sale& sale, const Json& question, const Call& call);
    Result<Done> paid(const Sale& sale);
    Result<Answer> released(const Sale& sale, const Json& question, const Call& call);
    Result<Answer> changed_hands(const Sale& sale, const Json& question, const Call& call);
    Result<Answer> taken_in(const Json& question,
                            const Call& call,
                            const std::string& answer,
                            const char* note);

    OfficeSetting& setting_;
    Sales sales_;
    Reservations reservations_;
};

}  // namespace tongban::sandbox
