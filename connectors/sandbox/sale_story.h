// SaleStory: the golden cases of a sale: which messages the offices' own systems
// send, when each, what officers decide, and what must come of it.
//
//   G10      shares "50.0%" and "1/2" at the window, 0.5 at tax: passes
//   G11      a co-owner of the book neither sells nor consents: R-02, not accepted
//   G12      91.033 万元, "910,330" and "910,330.00" are one price: passes
//   G12-cut  91.03 万元 is not: R-14, somebody corrects it
//   G13      the tax is flagged as paid, and there is no voucher: R-18, nothing is entered
//   G14      a seizure comes while the registry reviews: R-03, and the tax goes back
//   G15      a residence permit under 17 at the window and 16 at the signing client: P-03, same
//   person
//
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "connectors/sandbox/sale.h"

namespace tongban::sandbox {

struct SaleMessage {
    std::string member;  // whose system sends it
    std::string kind;    // native schema of that member
    std::string at;      // path of its connector's local endpoint
    std::string serial;  // the message's own number
    std::string waits;   // for this state of the case; "": at once
    std::string body;
};

// Each in its office's own form.
std::string sale_application(const Sale& sale, std::string_view serial);
std::string sale_confirmation(const Sale& sale, std::string_view serial);
std::string sale_tax_status(const Sale& sale, std::string_view serial, std::string_view state);
std::string sale_refunded(const Sale& sale, std::string_view serial);
std::string sale_paid(const Sale& sale, std::string_view serial);
std::string sale_reviewed(const Sale& sale, std::string_view serial);
std::string sale_seized(const Sale& sale, std::string_view serial);

const std::vector<std::string>& sale_story_names();
std::vector<SaleMessage> sale_messages(const Sale& sale);

// {"story","seed","index","item","application","unit",
//  "messages":[{"n","member","kind","at","serial","waits","body"}],"decisions":[{"step","action"}],
//  "expect":{"state","end","at","states","findings":[{"code","severity"}]}}
// `end` is how the case ends, or "" when it stands at the step `at` and a person decides.
Json sale_sheet(const Sale& sale, std::uint64_t seed);

}  // namespace tongban::sandbox
