// OfficeJobs: runs leased jobs in bounded lanes, one office, `lanes` questions at once, and keeps
// what came of them until the hub has accepted it.
//
// A job is worked on under the setup of its beginning; a handover that is repeated takes the
// newest. A job is asked of the office once a lease. An answer that the hub has not accepted is
// kept sealed and sent again, under the newest token, and not asked for again. A document is handed
// over under one message number until the office has accepted or finally refused it; what the
// office said is stored before it is reported.
//
// Threads: `lanes` threads of its own; the other functions are safe from any thread.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <tongban_wire/tongban_types.h>

#include "base/bounded_queue.h"
#include "base/guarded.h"
#include "base/time.h"
#include "connectors/connector.h"
#include "connectors/runtime/connector_store.h"
#include "connectors/runtime/setup.h"
#include "connectors/runtime/signing.h"

namespace tongban::connectors {

class OfficeJobs {
public:
    // `ready` is called, on a lane, when something waits to be sent to the hub.
    OfficeJobs(const CurrentSetup& setup,
               const Signer& signer,
               ConnectorStore& store,
               const Clock& clock,
               std::function<void()> ready);
    ~OfficeJobs();
    OfficeJobs(const OfficeJobs&) = delete;
    OfficeJobs& operator=(const OfficeJobs&) = delete;

    void start();
    void stop();

    [[nodiscard]] int room();  // how many jobs could begin at once
    // Journals what was received, durably, before any of it is worked on.
    Result<Done> take(const std::vector<wire::Job>& jobs);
    [[nodiscard]] std::vector<wire::Token> tokens();  // of the jobs in hand
    // Of the tokens asked about, the leases of those not held are lost.
    void keep_only(const std::vector<wire::Token>& held, const std::vector<wire::Token>& asked);

private:
    struct InHand {
        wire::Token token;
        bool lost = false;
    };

    void run_lane(const std::stop_token& stop);
    void ask(const wire::Job& job);
    void deliver(const wire::Job& job, const std::stop_token& stop);
    Result<bool> resend(const wire::Job& job);
    Result<Done> settle(const wire::Job& job, const StoredDelivery& delivery);
    void let_go(const std::string& job);
    [[nodiscard]] std::optional<wire::Token> token_of(const std::string& job);
    [[nodiscard]] Deadline deadline_of(const wire::Job& job, std::int64_t timeout_ms) const;
    [[nodiscard]] wire::DeliveryReport report_of(const wire::Job& job,
                                                 const StoredDelivery& delivery) const;

    // Fixed after construction
    const CurrentSetup& setup_;
    const int lanes_wanted_;
    const int lease_jobs_;
    const Signer& signer_;
    ConnectorStore& store_;
    const Clock& clock_;
    const std::function<void()> ready_;

    BoundedQueue<wire::Job> queue_;
    Guarded<std::map<std::string, InHand>> in_hand_;
    std::vector<std::jthread> lanes_;
};

}  // namespace tongban::connectors
