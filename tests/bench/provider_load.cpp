#include "tests/bench/provider_load.h"

#include <utility>

#include <tongban_wire/tongban_constants.h>

namespace tongban::bench {

namespace {

constexpr std::chrono::seconds patience{40};
constexpr std::int64_t poll_ms = 1'000;

template <typename Value>
std::string wrong_in(const connectors::HubReply<Value>& reply) {
    if (const auto* refusal = std::get_if<wire::Refusal>(&reply)) return refusal->code;
    if (const auto* fault = std::get_if<Fault>(&reply)) return fault->reason;
    return "";
}

wire::JournalHead wire_head(const connectors::ChainHead& head) {
    wire::JournalHead told;
    told.number = head.number;
    told.hash = std::string(bytes_of(head.hash));
    return told;
}

}  // namespace

ProviderLoad::ProviderLoad(const LoadPlan& plan, const std::vector<Person>& people)
    : people_(people),
      signer_(signer_of(plan.data, provider)),
      place_(place_of(plan.data, provider, plan.rpc_port, plan.lease_port)),
      lease_jobs_(plan.lease_jobs),
      leased_(4096) {
    *chain_.lock() = plan.journal;
    for (const Person& person : people_)
        certificate_sha256_.push_back(hex(sha256(person.certificate)));
    threads_.emplace_back([this] { lease(); });
    for (int i = 0; i < plan.lanes; ++i)
        threads_.emplace_back([this] { answer(); });
}

ProviderLoad::~ProviderLoad() {
    // The last poll is waited for: jobs that come within it would be leased to a connection that is
    // gone.
    stop_.request_stop();
    for (std::thread& thread : threads_)
        thread.join();
}

wire::JournalHead ProviderLoad::head() {
    return wire_head(*chain_.lock());
}

wire::JournalHead ProviderLoad::note(const std::vector<wire::Job>& jobs,
                                     connectors::JournalKind kind) {
    auto chain = chain_.lock();
    for (const wire::Job& job : jobs) {
        const std::string& sent = certificate_sha256_[person_in(job.traceparent)];
        const std::string told =
            kind == connectors::JournalKind::answer ? sent : hex(sha256(job.body));
        const auto entry = connectors::next_entry(
            *chain, {kind, job.exchange_id, job.job_id, told, SystemClock().now()});
        *chain = {entry.n, entry.hash};
    }
    return wire_head(*chain);
}

wire::Completion ProviderLoad::completion_of(const wire::Job& job) {
    const std::size_t person = person_in(job.traceparent);
    const Instant now = SystemClock().now();
    wire::Completion completion;
    completion.token = job.token;
    completion.exchange_id = job.exchange_id;
    completion.job_id = job.job_id;
    completion.kind = wire::AnswerKind::answered;
    completion.native_record = people_[person].certificate;
    completion.envelope = signer_.envelope(job, certificate_sha256_[person], now);
    completion.source_time_ms = now.ms;
    return completion;
}

void ProviderLoad::lease() {
    connectors::HubLink<wire::ConnectorGatewayClient> link(place_, place_.lease_port, interrupter_);
    while (!stop_.stop_requested()) {
        wire::LeaseRequest request;
        request.revision = wire::g_tongban_constants.REVISION;
        request.max_jobs = lease_jobs_;
        request.wait_ms = poll_ms;
        request.journal = head();
        const auto reply =
            link.call(Deadline::after(patience), [&request](wire::ConnectorGatewayClient& client) {
                wire::LeaseReply value;
                client.lease(value, request);
                return value;
            });
        if (stop_.stop_requested()) return;
        if (std::string wrong = wrong_in(reply); !wrong.empty()) {
            *failure_.lock() = "lease: " + wrong;
            return;
        }
        ++leases_;
        const auto& jobs = std::get<wire::LeaseReply>(reply).jobs;
        if (jobs.empty()) continue;
        note(jobs, connectors::JournalKind::job);
        jobs_ += static_cast<std::int64_t>(jobs.size());
        if (!leased_.try_push(jobs)) *failure_.lock() = "more leased than the lanes can hold";
    }
}

void ProviderLoad::answer() {
    connectors::HubLink<wire::ConnectorGatewayClient> link(place_, place_.lease_port, interrupter_);
    while (const auto jobs = leased_.pop(stop_.get_token())) {
        std::vector<wire::Completion> completions;
        for (const wire::Job& job : *jobs)
            completions.push_back(completion_of(job));
        const wire::JournalHead told = note(*jobs, connectors::JournalKind::answer);
        const auto reply =
            link.call(Deadline::after(patience), [&](wire::ConnectorGatewayClient& client) {
                client.complete(completions, {}, told);
                return true;
            });
        ++completes_;
        if (std::string wrong = wrong_in(reply); !wrong.empty() && !stop_.stop_requested()) {
            *failure_.lock() = "complete: " + wrong;
        }
    }
}

}  // namespace tongban::bench
