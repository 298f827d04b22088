// ProviderLoad: the provider's connector without an office behind it: it leases questions in
// batches, signs an envelope over the certificate that is ready, and completes. Its journal is a
// real chain, kept in memory.
//
// Threads: one that leases, `lanes` that sign and complete.
#pragma once

#include <atomic>
#include <cstdint>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <tongban_wire/ConnectorGateway.h>

#include "base/bounded_queue.h"
#include "base/guarded.h"
#include "connectors/runtime/journal.h"
#include "tests/bench/asker_load.h"

namespace tongban::bench {

class ProviderLoad {
public:
    ProviderLoad(const LoadPlan& plan, const std::vector<Person>& people);
    ~ProviderLoad();
    ProviderLoad(const ProviderLoad&) = delete;
    ProviderLoad& operator=(const ProviderLoad&) = delete;

    [[nodiscard]] std::int64_t leases() const { return leases_; }
    [[nodiscard]] std::int64_t completes() const { return completes_; }
    [[nodiscard]] std::int64_t jobs() const { return jobs_; }
    [[nodiscard]] connectors::ChainHead chain() { return *chain_.lock(); }
    [[nodiscard]] std::string failure() { return *failure_.lock(); }

private:
    void lease();
    void answer();
    wire::Completion completion_of(const wire::Job& job);
    wire::JournalHead note(const std::vector<wire::Job>& jobs, connectors::JournalKind kind);
    wire::JournalHead head();

    const std::vector<Person>& people_;
    const connectors::Signer signer_;
    const connectors::HubPlace place_;
    const int lease_jobs_;
    std::vector<std::string> certificate_sha256_;
    connectors::Interrupter interrupter_;
    Guarded<connectors::ChainHead> chain_;
    Guarded<std::string> failure_;
    std::atomic<std::int64_t> leases_{0}, completes_{0}, jobs_{0};
    std::stop_source stop_;
    BoundedQueue<std::vector<wire::Job>> leased_;
    std::vector<std::thread> threads_;
};

}  // namespace tongban::bench
