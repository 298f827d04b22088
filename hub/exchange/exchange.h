// Exchanges: the heart of the hub: every request from its admission to its receipt.
// Read exchange.cpp first; it is the way of one exchange from top to bottom.
//
// A synchronous read keeps its question in memory until it is answered: its asker repeats it under
// the same id if we die. Whatever was answered with `pending`, and whatever is pushed, is durable
// first and goes on after a restart.
//
// Invariants: 1. nothing leaves before its intent leaf is durable (I1); 2. a denial is a leaf and
// names no field (I3);
//             3. (member, request id) has one outcome for ever; other content under it is refused.
//
// Threads: safe from any thread. Own threads: `work` (the pure middle), `settle` (commits),
// `timetable` (leases, deadlines). Faults:  refusals only; see refusal.cpp for all codes.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/metrics.h"
#include "base/result.h"
#include "base/time.h"
#include "hub/audit/sealing.h"
#include "hub/audit/trail.h"
#include "hub/exchange/admission.h"
#include "hub/exchange/job_board.h"
#include "hub/exchange/refusal.h"
#include "hub/exchange/request.h"
#include "hub/policy/policy.h"
#include "hub/policy/revocations.h"
#include "hub/store/store.h"
#include "mapping/engine.h"

namespace tongban::exchange {

struct ExchangeTerms {
    AdmissionTerms admission;
    BoardTerms board;
    std::size_t open_exchanges = 10'000;  // in memory; more answers busy
    std::size_t work_threads = 2;
    std::size_t work_queue = 1'024;
    std::size_t settle_threads = 16;
    std::size_t settle_queue = 4'096;
    std::chrono::milliseconds longest_wait{30'000};
    std::int32_t ask_attempts = 4;             // of one office within the deadline
    std::chrono::milliseconds ask_pause{250};  // before asking again; doubles
    std::chrono::milliseconds ask_longest_pause{60'000};
    std::chrono::milliseconds tick{20};
};

class CurrentEngine {
public:
    explicit CurrentEngine(std::shared_ptr<const mapping::Engine> first)
        : engine_(std::move(first)) {}
    [[nodiscard]] std::shared_ptr<const mapping::Engine> get() { return *engine_.lock(); }
    void swap(std::shared_ptr<const mapping::Engine> next) { *engine_.lock() = std::move(next); }

private:
    Guarded<std::shared_ptr<const mapping::Engine>> engine_;
};

struct ExchangeLinks {  // all must outlive the Exchanges
    store::Store& store;
    audit::Trail& trail;
    audit::Sealing& sealing;
    policy::CurrentPolicy& policy;
    CurrentEngine& engine;
    policy::Revocations& revocations;
    const Clock& clock;
    Metrics& metrics;
};

class CaseCalls;   // hub/exchange/case_calls.h
class Intake;      // hub/exchange/intake.h
struct CaseOrder;  // hub/exchange/case_desk.h

class Exchanges {
public:
    Exchanges(const ExchangeLinks& links, ExchangeTerms terms);
    ~Exchanges();  // stop() and wait
    Exchanges(const Exchanges&) = delete;
    Exchanges& operator=(const Exchanges&) = delete;

    // Takes up what was open when the hub last ended. Once, before anybody calls.
    Result<Done> resume();
    // Refuses what is new, makes durable what waits, ends every long poll. Safe to repeat.
    void stop();

    // Cases: how they ask, and who takes in what offices send them (must outlive the Exchanges;
    // none: such records are refused). Once, before resume().
    CaseCalls& case_calls();
    void take_in_by(Intake& intake);

    // An order about a case (case_desk.h): form, hub, signature, time and rate; the desk does the
    // rest.
    Reply<Done> admit_order(const CaseOrder& order, const Caller& caller);

    // Requesters.
    Reply<Outcome> exchange(Request request, const Caller& caller);
    Reply<Outcome> result(const std::string& exchange_id,
                          std::chrono::milliseconds wait,
                          const Caller& caller);
    // The receipt of the outcome leaf.
    Reply<std::string> acknowledge(const std::string& exchange_id,
                                   const std::string& document_sha256,
                                   const Signature& signature,
                                   const Caller& caller);
    Reply<Done> withdraw_consent(const std::string& consent_id, const Caller& caller);

    // Connectors.
    Reply<LeaseReply> lease(const LeaseRequest& request, const Caller& caller);
    // The reply that held these jobs could not be written: they wait again.
    void unsent(const std::vector<Job>& jobs);
    Reply<std::vector<Token>> extend(const std::vector<Token>& tokens,
                                     const JournalHead& journal,
                                     const Caller& caller);
    Reply<Done> complete(std::vector<Completion> completions,
                         const std::vector<DeliveryReport>& deliveries,
                         const JournalHead& journal,
                         const Caller& caller);

    // Auditors, operators and the parties: who asked, on which ground, who answered, which leaves.
    // Never a personal value.
    Reply<std::string> trace(const std::string& exchange_id, const Caller& caller);
    // Was the caller's member a party to it, or may its role see all?
    Reply<Done> may_see(const std::string& exchange_id, const Caller& caller);

    // For the door: somebody known was turned away there, which is a leaf too.
    Refusal turned_away(const Caller& caller, std::string_view code);

private:
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

}  // namespace tongban::exchange
