// OfficeBook: an office's own database: what was asked of it, and what was delivered to it, each
// counted, so that a test can see whether something took effect twice.
//
// office.db: requests(id, at_ms, what, outcome), deliveries(message_no, at_ms, sha256, body,
// acknowledgement), repeats(message_no, times, other_content), marks(certificate, contract,
// marked_ms, lifted_ms), positions(certificate, contract, month, months_in_arrears, arrears,
// principal, part_repaid_early, told_ms). Committed before the office answers: a killed office
// forgets nothing it acknowledged.
//
// Threads: safe from any thread.
// Faults:  unavailable.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/guarded.h"
#include "base/result.h"
#include "base/sqlite.h"

namespace tongban::sandbox {

struct Taken {
    std::string acknowledgement;  // of the first arrival
    bool repeated = false;
    bool other_content = false;  // of the arrivals under that number
};

struct LoanPosition {  // of a month, as the message has it
    std::string certificate, contract, month;
    std::string months_in_arrears, arrears, principal, part_repaid_early;
};

class OfficeBook {
public:
    static Result<std::unique_ptr<OfficeBook>> open(const std::string& folder);
    explicit OfficeBook(std::unique_ptr<Sqlite> database);

    Result<Done> note_request(std::string_view what, std::string_view outcome);
    // Takes a document in once; a second arrival of the number changes nothing but its count.
    Result<Taken> take_in(std::string_view message_no,
                          std::string_view body,
                          std::string_view acknowledgement);
    // Marks an account for the loan of a contract, or lifts the mark. True when there is a mark, or
    // was one until now.
    Result<bool> set_mark(std::string_view certificate, std::string_view contract, bool marked);
    // An account stands marked for the loan of that contract.
    Result<bool> is_marked(std::string_view certificate, std::string_view contract);
    // One row a month; what was told last counts.
    Result<Done> note_position(const LoanPosition& position);
    // All of it or nothing.
    Result<Done> transact(const std::function<Result<Done>(Sqlite&)>& work);

private:
    Guarded<std::unique_ptr<Sqlite>> database_;
};

}  // namespace tongban::sandbox
