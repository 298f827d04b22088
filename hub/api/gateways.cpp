#include "hub/api/gateways.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include <tongban_wire/AuditGateway.h>
#include <tongban_wire/ConnectorGateway.h>
#include <tongban_wire/HubGateway.h>

#include "hub/api/case_gateway.h"
#include "hub/api/door.h"
#include "hub/api/thrift_server.h"

namespace tongban::api {

namespace {

using exchange::Caller;
using exchange::refusal;
using exchange::Reply;

constexpr std::chrono::milliseconds receipt_within{5'000};

class HubHandler final : public wire::HubGatewayIf {
public:
    explicit HubHandler(const GatewayLinks& links) : links_(links), door_(links) {}

    void exchange(wire::Outcome& outcome, const wire::Request& request) override {
        answered([&] {
            const Caller caller = door_.admit({"connector", "client"});
            outcome = to_wire(value_of(links_.exchanges.exchange(from_wire(request), caller)));
        });
    }
    void result(wire::Outcome& outcome,
                const std::string& exchange_id,
                const std::int64_t wait_ms) override {
        answered([&] {
            const Caller caller = door_.admit({"connector", "client"});
            outcome = to_wire(value_of(links_.exchanges.result(
                exchange_id, std::chrono::milliseconds(clamp(wait_ms)), caller)));
        });
    }
    void acknowledge(std::string& receipt,
                     const std::string& exchange_id,
                     const std::string& document_sha256,
                     const wire::Signature& signature) override {
        answered([&] {
            const Caller caller = door_.admit({"connector", "client"});
            receipt = value_of(links_.exchanges.acknowledge(
                exchange_id, document_sha256, from_wire(signature), caller));
        });
    }
    void withdraw_consent(const std::string& consent_id) override {
        answered([&] {
            const Caller caller = door_.admit({"connector", "client"});
            static_cast<void>(value_of(links_.exchanges.withdraw_consent(consent_id, caller)));
        });
    }

private:
    static std::int64_t clamp(std::int64_t wait_ms) {
        return std::clamp<std::int64_t>(wait_ms, 0, 3'600'000);
    }
    const GatewayLinks links_;
    const DoorKeeper door_;
};

class ConnectorHandler final : public wire::ConnectorGatewayIf {
public:
    explicit ConnectorHandler(const GatewayLinks& links) : links_(links), door_(links) {}

    void lease(wire::LeaseReply& reply, const wire::LeaseRequest& request) override {
        answered([&] {
            const Caller caller = door_.admit({"connector"});
            exchange::LeaseRequest asked = from_wire(request);
            asked.there = ThriftServer::line();
            const exchange::LeaseReply leased = value_of(links_.exchanges.lease(asked, caller));
            ThriftServer::if_unsent(put_back(leased.jobs));
            reply = to_wire(leased);
            reply.checkpoint_size = static_cast<std::int64_t>(links_.log.head().size);
        });
    }
    void extend(std::vector<wire::Token>& kept,
                const std::vector<wire::Token>& tokens,
                const wire::JournalHead& journal) override {
        answered([&] {
            const Caller caller = door_.admit({"connector"});
            std::vector<exchange::Token> held;
            held.reserve(tokens.size());
            for (const wire::Token& token : tokens)
                held.push_back(from_wire(token));
            for (const exchange::Token& token :
                 value_of(links_.exchanges.extend(held, from_wire(journal), caller))) {
                kept.push_back(to_wire(token));
            }
        });
    }
    void complete(const std::vector<wire::Completion>& completions,
                  const std::vector<wire::DeliveryReport>& deliveries,
                  const wire::JournalHead& journal) override {
        answered([&] {
            const Caller caller = door_.admit({"connector"});
            std::vector<exchange::Completion> answers;
            std::vector<exchange::DeliveryReport> reports;
            answers.reserve(completions.size());
            reports.reserve(deliveries.size());
            for (const wire::Completion& completion : completions)
                answers.push_back(from_wire(completion));
            for (const wire::DeliveryReport& report : deliveries)
                reports.push_back(from_wire(report));
            static_cast<void>(value_of(links_.exchanges.complete(
                std::move(answers), reports, from_wire(journal), caller)));
        });
    }
    void checkpoint(wire::CheckpointReply& reply, const std::int64_t old_size) override {
        answered([&] {
            static_cast<void>(door_.admit({"connector", "auditor"}));
            if (old_size < 0) throw to_wire(refusal("request.malformed", "old_size"));
            Result<audit::ConsistencyReply> proof =
                links_.log.consistency(static_cast<std::uint64_t>(old_size));
            if (!proof && proof.fault().kind == FaultKind::not_found) {
                throw to_wire(refusal("request.malformed", "old_size"));
            }
            reply = to_wire(value_of(std::move(proof)));
        });
    }
    void cosign(const std::int64_t size, const std::string& line) override {
        answered([&] {
            static_cast<void>(door_.admit({"connector", "auditor"}));
            const Result<Done> added = links_.log.add_cosignature(
                static_cast<std::uint64_t>(std::max<std::int64_t>(0, size)), line);
            if (added) return;
            const bool theirs = added.fault().kind == FaultKind::refused ||
                                added.fault().kind == FaultKind::malformed ||
                                added.fault().kind == FaultKind::not_found;
            throw to_wire(theirs ? refusal("signature.invalid", "line")
                                 : exchange::refusal_of(added.fault()));
        });
    }

private:
    // A lease that its connector never heard of must not hold its jobs until it ends.
    std::function<void()> put_back(const std::vector<exchange::Job>& leased) const {
        if (leased.empty()) return nullptr;
        std::vector<exchange::Job> jobs;
        jobs.reserve(leased.size());
        for (const exchange::Job& job : leased) {
            exchange::Job named;  // without its bytes
            named.token = job.token;
            named.kind = job.kind;
            named.exchange_id = job.exchange_id;
            named.job_id = job.job_id;
            named.effect = job.effect;
            jobs.push_back(std::move(named));
        }
        return [&exchanges = links_.exchanges, jobs = std::move(jobs)] { exchanges.unsent(jobs); };
    }
    const GatewayLinks links_;
    const DoorKeeper door_;
};

class AuditHandler final : public wire::AuditGatewayIf {
public:
    explicit AuditHandler(const GatewayLinks& links) : links_(links), door_(links) {}

    void trace(std::string& json, const std::string& exchange_id) override {
        answered([&] {
            const Caller caller = door_.admit({"connector", "client", "auditor", "operator"});
            json = value_of(links_.exchanges.trace(exchange_id, caller));
        });
    }
    void receipt(std::string& text,
                 const std::string& exchange_id,
                 const std::string& kind) override {
        answered([&] {
            const Caller caller = door_.admit({"connector", "client", "auditor", "operator"});
            static_cast<void>(value_of(links_.exchanges.may_see(exchange_id, caller)));
            const Result<audit::LeafKind> leaf = audit::leaf_kind_named(kind);
            if (!leaf) throw to_wire(refusal("request.malformed", "kind"));
            Result<audit::Receipt> receipt =
                links_.trail.receipt(exchange_id, *leaf, Deadline::after(receipt_within));
            if (!receipt && receipt.fault().kind == FaultKind::not_found) {
                throw to_wire(refusal("exchange.unknown", "exchange_id"));
            }
            text = value_of(std::move(receipt)).text;
        });
    }
    void checkpoint(std::string& note) override {
        answered([&] {
            static_cast<void>(door_.admit({"connector", "client", "auditor", "operator"}));
            note = value_of(links_.log.checkpoint());
        });
    }

private:
    const GatewayLinks links_;
    const DoorKeeper door_;
};

class CaseDispatch final : public wire::CaseGatewayProcessor {
public:
    using wire::CaseGatewayProcessor::CaseGatewayProcessor;
    using wire::CaseGatewayProcessor::dispatchCall;
};

class AuditDispatch final : public wire::AuditGatewayProcessor {
public:
    using wire::AuditGatewayProcessor::AuditGatewayProcessor;
    using wire::AuditGatewayProcessor::dispatchCall;
};

// Three services on one connection, told apart by the method's name.
class RpcProcessor final : public wire::HubGatewayProcessor {
public:
    RpcProcessor(std::shared_ptr<wire::HubGatewayIf> hub,
                 std::shared_ptr<wire::AuditGatewayIf> audit,
                 std::shared_ptr<wire::CaseGatewayIf> cases)
        : HubGatewayProcessor(std::move(hub)), audit_(std::move(audit)), cases_(std::move(cases)) {}

protected:
    bool dispatchCall(apache::thrift::protocol::TProtocol* in,
                      apache::thrift::protocol::TProtocol* out,
                      const std::string& method,
                      int32_t sequence,
                      void* context) override {
        const bool audits = method == "trace" || method == "receipt" || method == "checkpoint";
        const bool of_cases = method == "list_cases" || method == "show_case" ||
                              method == "list_tasks" || method == "list_incidents" ||
                              method == "order";
        if (audits) return audit_.dispatchCall(in, out, method, sequence, context);
        if (of_cases) return cases_.dispatchCall(in, out, method, sequence, context);
        return HubGatewayProcessor::dispatchCall(in, out, method, sequence, context);
    }

private:
    AuditDispatch audit_;
    CaseDispatch cases_;
};

}  // namespace

Caller DoorKeeper::admit(std::initializer_list<std::string_view> roles) const {
    const std::optional<Caller> caller = ThriftServer::caller();
    if (!caller) throw to_wire(refusal("call.role", "certificate"));
    if (links_.revocations.revoked(caller->serial)) {
        throw to_wire(links_.exchanges.turned_away(*caller, "certificate.revoked"));
    }
    if (std::find(roles.begin(), roles.end(), caller->role) == roles.end()) {
        throw to_wire(links_.exchanges.turned_away(*caller, "call.role"));
    }
    return *caller;
}

std::shared_ptr<apache::thrift::TProcessor> rpc_processor(const GatewayLinks& links) {
    return std::make_shared<RpcProcessor>(std::make_shared<HubHandler>(links),
                                          std::make_shared<AuditHandler>(links),
                                          case_handler(links));
}

std::shared_ptr<apache::thrift::TProcessor> lease_processor(const GatewayLinks& links) {
    return std::make_shared<wire::ConnectorGatewayProcessor>(
        std::make_shared<ConnectorHandler>(links));
}

}  // namespace tongban::api
