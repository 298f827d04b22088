// RemoteLoan: one loan on contributions of another city as the lending centre keeps it from day to
// day, and the messages that its system sends; beside it, what Xi'an's co-operation service
// answers.
//
// Written by hand as the offices' programs do (records.h). Everything is UTF-8; Xi'an's service
// turns its own into GB18030 when it sends. Days are those of the world and the plan, so that a
// story is the same whenever it is told.
//
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "connectors/sandbox/world.h"

namespace tongban::sandbox {

struct RemoteLoanPlan {
    bool old_papers = false;  // no contract and no unit number, only the old house certificate
    bool approved = true;
    bool arrears = false;  // three months unpaid, then all of it at once and a part early
    std::int64_t days_to_decide =
        2;  // working days, weekends left out; -1 everywhere: the same day
    std::int64_t days_to_issue = 2;
    std::int64_t days_to_report = 1;  // between pay-out and receipt
};

struct LoanMonth {  // at whose end the loan does not stand as it was told last
    Period month;
    Date told;
    std::int64_t months_in_arrears = 0, arrears = 0, principal = 0;
    bool part_repaid_early = false;
};

struct RemoteLoan {
    std::string application, contract, proof, old_title;
    std::string certificate;  // number, as Xi'an's book has it
    bool old_papers = false;
    bool approved = true;
    Date applied, supplied, decided, mortgaged, issued, reported, settled;
    std::vector<LoanMonth> months;
    std::string case_number;  // the hub's, once it is known; empty: the messages go without
};

RemoteLoan make_remote_loan(const World& world, const RemoteLoanPlan& plan);
// n working days later, Saturdays and Sundays left out; holidays are the hub's business.
Date working_days_from(Date day, std::int64_t n);

// 640100.housing-fund/<name>@1, what its loan system sends. `serial` is the message's own number.
std::string application_message(const World& world,
                                const RemoteLoan& loan,
                                std::string_view serial);
std::string supplement_message(const World& world, const RemoteLoan& loan, std::string_view serial);
std::string decision_message(const World& world, const RemoteLoan& loan, std::string_view serial);
std::string issued_message(const World& world, const RemoteLoan& loan, std::string_view serial);
std::string feedback_message(const World& world, const RemoteLoan& loan, std::string_view serial);
std::string position_message(const World& world,
                             const RemoteLoan& loan,
                             const LoanMonth& month,
                             std::string_view serial);
std::string settled_message(const World& world, const RemoteLoan& loan, std::string_view serial);
// 640100.housing-fund/certificate-receipt@1; `reason` empty: accepted.
std::string certificate_receipt(std::string_view message_no, Date today, std::string_view reason);
// 640100.construction/contract@1: what Yinchuan's construction office kept of the contract that the
// citizen has no more; by its old house certificate.
std::string old_contract_record(const World& world, const RemoteLoan& loan);
// 640100.real-estate/old-title@1: the unit that its registry keeps under the old house certificate.
std::string old_title_record(const World& world,
                             const RemoteLoan& loan,
                             std::string_view message_id,
                             std::string_view now);  // yyyy-MM-ddTHH:mm:ss

// Why Xi'an does not certify, yydm: "" it does. Before the certificate is worked out only what the
// account and the loans say is known; the rest comes out when the ledger is gone through.
std::string refusal_before(const World& world, std::string_view name);
std::string refusal_after(const World& world, std::string_view name);

// 610100.housing-fund/<name>@1, the service's answers and its notice, UTF-8.
std::string eligibility_answer(std::string_view message_no,
                               std::string_view refusal,
                               std::string_view checked_at);  // yyyyMMddHHmmss
std::string issue_answer(const Certificate& certificate, std::string_view message_no);
std::string issue_refusal(std::string_view message_no, std::string_view refusal);
std::string mark_answer(std::string_view message_no, Date today, bool marked);
std::string position_answer(std::string_view message_no, Date today, bool noted);
std::string lift_answer(std::string_view message_no, Date today, bool lifted);
std::string revocation_notice(const World& world,
                              const RemoteLoan& loan,
                              std::string_view serial,
                              std::string_view reason);

}  // namespace tongban::sandbox
