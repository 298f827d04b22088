// Inner: what Exchanges is made of: its parts and its steps, shared by the files that write them:
// exchange.cpp (the way), asking.cpp, completing.cpp, effects.cpp (offices), settling.cpp (middle
// and commit), delivering.cpp, calling.cpp and taking_in.cpp (cases), resuming.cpp, trace.cpp.
//
// Threads: as each member says.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "hub/exchange/budget.h"
#include "hub/exchange/case_calls.h"
#include "hub/exchange/exchange.h"
#include "hub/exchange/intake.h"
#include "hub/exchange/journals.h"
#include "hub/exchange/lane.h"
#include "hub/exchange/live.h"
#include "hub/exchange/recorder.h"
#include "hub/exchange/signed_forms.h"

namespace tongban::exchange {

using LivePtr = std::shared_ptr<Live>;

// Consents (exchange.cpp).
Result<policy::ConsentEvidence> consent_evidence(store::Store& store, const Live& live);
std::optional<Refusal> refused_by_consent(const Fault& fault);

struct Exchanges::Inner {
    Inner(const ExchangeLinks& to, ExchangeTerms with);
    ~Inner();

    // The way (exchange.cpp).
    struct Begun {
        LivePtr live;
        bool first = false;  // ours to carry on; otherwise somebody does already
        std::optional<store::ExchangeRow> earlier;  // it has a row in the store
    };
    Reply<Begun> begin(Request request, const Caller& caller);
    std::optional<Refusal> authorise(Live& live);
    std::optional<Refusal> within_claims(const Live& live);
    std::optional<Refusal> carry_on(const LivePtr& live);  // the refusal that it ended with
    mapping::Checked<mapping::CanonicalRecord> read_question(const Live& live) const;
    std::optional<Refusal> keep_durable(Live& live);
    std::optional<Refusal> end_denied(Live& live, Refusal refusal);
    Refusal deny(Live& live, Refusal refusal);
    Refusal deny_at_door(const Request* request, const Caller& caller, Refusal refusal);
    Reply<Outcome> await(const LivePtr& live, std::chrono::milliseconds wait);
    Reply<Outcome> outcome_of(const store::ExchangeRow& row);
    Reply<Outcome> with_receipt(Reply<Outcome> reply);

    // Live exchanges.
    void forget(const Live& live);
    LivePtr find(const std::string& exchange_id);
    std::vector<LivePtr> all_live();

    // Offices (asking.cpp, completing.cpp).
    void find_routes(Live& live);
    void put_on_board(Live& live);
    void offer(Live& live, PartInHand& part, std::chrono::milliseconds pause);
    BoardJob job_of(const Live& live, const PartInHand& part, std::chrono::milliseconds pause);
    bool may_leave(Job& job);
    std::optional<Refusal> wrong_envelope(const Live& live,
                                          const Completion& completion,
                                          const Caller& caller);
    Reply<Done> take_completion(Completion completion,
                                const JournalHead& journal,
                                const Caller& caller);

    // When no answer comes (effects.cpp).
    bool mark_out(const Live& live, const Job& job, bool out);
    bool note_out(const Job& job);
    void note_back(const Job& job);
    // Before the n-th time of coming again: doubles, up to a limit.
    [[nodiscard]] std::chrono::milliseconds pause_before(std::int32_t time) const;
    void came_to_nothing(Live& live, PartInHand& part, const std::string& reason);
    void close_in_doubt(PartInHand& part, const std::string& reason);
    void ask_status(Live& live, PartInHand& part, std::chrono::milliseconds pause);
    void status_said(Live& live,
                     PartInHand& part,
                     mapping::PartStatus said,
                     const std::string& reason);
    bool lease_ran_out(const std::string& job_id);

    // Cases that ask (calling.cpp), and what goes into cases (taking_in.cpp).
    class Calls;
    Result<Done> call(CaseCall call);
    Reply<Request> request_of(CaseCall call);
    Result<std::optional<CaseAnswer>> answer_of(const CallName& name);
    Result<CaseAnswer> answer_in(const store::ExchangeRow& row, const CallName& name);
    CaseAnswer answer_about(const Live& live, const MiddleResult& result);
    void tell_case(const Live& live, CaseAnswer answer);
    void hand_in(const LivePtr& live, MiddleResult checked);  // on lane settle

    // The middle and the commit (settling.cpp).
    void conclude(const LivePtr& live);                         // under transition
    void think(const LivePtr& live);                            // on lane work
    void settle(const LivePtr& live, MiddleResult result);      // on lane settle
    void settle_now(const LivePtr& live, MiddleResult result);  // under transition
    void settle_failed(Live& live, const Fault& fault);
    void end_with(Live& live, const MiddleResult& result, const Recorder::Ended& ended);
    MiddleInput middle_input(const Live& live) const;
    [[nodiscard]] ConsentStanding consent_standing(const Live& live) const;

    // Deliveries and withdrawals (delivering.cpp).
    std::optional<store::ConsentRow> consent_under_way(const std::string& consent_id,
                                                       const std::string& member);
    void offer_delivery(const std::string& exchange_id,
                        const std::string& member,
                        const std::string& schema,
                        Instant expires);
    bool fill_delivery(Job& job);
    Reply<Done> take_report(const DeliveryReport& report,
                            const JournalHead& journal,
                            const Caller& caller);
    void expire_delivery(const Job& job);
    // The outcome leaf with the exchange's last state. True also when it was written before.
    Result<Done> close_delivery(const audit::OutcomeFacts& facts,
                                State state,
                                const store::ExchangeRow& row);
    [[nodiscard]] bool acknowledged_by(const std::string& member,
                                       const AcknowledgedDelivery& what,
                                       const Signature& signature);

    // After a restart (resuming.cpp).
    Result<Done> resume_exchange(const store::ExchangeRow& row);
    Result<Done> resume_asking(const store::ExchangeRow& row);
    Result<Done> resume_part(Live& live, PartInHand& part);

    void run_timetable(const std::stop_token& stop);
    void look_after(const LivePtr& live);  // deadlines, and what a full lane left undone

    // Fixed after construction.
    const ExchangeLinks links;
    const ExchangeTerms terms;
    const std::string hub;
    Admission admission;
    Journals journals;
    Recorder recorder;
    JobBoard board;
    Budget budget;

    // Set once, before anything runs.
    std::unique_ptr<CaseCalls> calls;
    CaseCalls::Answered on_answer;
    Intake* intake = nullptr;

    // Guarded.
    struct Lives {
        std::map<std::string, LivePtr> by_id;
        std::map<std::pair<std::string, std::string>, LivePtr> by_request;  // (member, request id)
    };
    Guarded<Lives> lives;
    Guarded<std::uint64_t> deliveries_ended;
    std::condition_variable delivery_ended;
    Guarded<std::map<std::string, Instant>>
        turned_away_at;  // by member and code: a leaf a minute is enough

    std::atomic<bool> stopping{false};
    std::atomic<std::int64_t> next_seq{
        -1};  // of jobs that live in memory only; the outbox counts upwards

    // Last, so that they end first.
    std::unique_ptr<Lane> settle_lane;
    std::unique_ptr<Lane> work_lane;
    std::jthread timetable;
};

}  // namespace tongban::exchange
