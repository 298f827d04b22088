#include "hub/api/gateways.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include <tongban_wire/AuditGateway.h>
#include <tongban_wire/ConnectorGateway.h>
#include <tongban_wire/HubGateway.h>

#include "base/log.h"
#include "hub/api/thrift_server.h"
#include "hub/api/wire.h"

namespace tongban::api {

namespace {

using exchange::Caller;
using exchange::refusal;
using exchange::Reply;

constexpr std::chrono::milliseconds receipt_within{5'000};

// Everything that a handler lets out is a Refusal of the wire.
template <typename Call>
auto answered(Call call) {
    try {
        return call();
    } catch (const wire::Refusal&) {
        throw;
    } catch (const std::exception&) {  // its text could quote anything
        log::error("api.call.failed");
        throw to_wire(refusal("internal", "hub"));
    }
}

template <typename T>
T value_of(Reply<T> reply) {
    if (!reply) throw to_wire(std::move(reply).refusal());
    return *std::move(reply);
}

template <typename T>
T value_of(Result<T> result) {
    if (!result) throw to_wire(exchange::refusal_of(result.fault()));
    return *std::move(result);
}

class Door {
public:
    explicit Door(const GatewayLinks& links) : links_(links) {}

    // The caller, when its certificate is good and its role may make this call. Turning somebody
    // known away is a leaf.
    Caller admit(std::initializer_list<std::string_view> roles) const {
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

private:
    const GatewayLinks links_;
};

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
    const Door door_;
};

class ConnectorHandler final : public wire::ConnectorGatewayIf {
public:
    explicit ConnectorHandler(const GatewayLinks& links) : links_(links), door_(links) {}

    void lease(wire::LeaseReply& reply, const wire::LeaseRequest& request) override {
        answered([&] {
            const Caller caller = door_.admit({"connector"});
            reply = to_wire(value_of(links_.exchanges.lease(from_wire(request), caller)));
            reply.checkpoint_size = static_cast<std::int64_t>(links_.log.head().size);
        });
    }
    void extend(std::vector<wire::Token>& kept,
                const std::vector<wire::Token>& tokens,
                const wire::JournalHead& journal) override {
        answered([&] {
            const Caller caller = door_.admit({"connector"});
            std::vector<exchange::Token> held;
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
            for (const wire::Completion& completion : completions)
                answers.push_back(from_wire(completion));
            for (const wire::DeliveryReport& report : deliveries)
                reports.push_back(from_wire(report));
            static_cast<void>(value_of(links_.exchanges.complete(
                std::move(answers), std::move(reports), from_wire(journal), caller)));
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
    const GatewayLinks links_;
    const Door door_;
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
    const Door door_;
};

class AuditDispatch final : public wire::AuditGatewayProcessor {
public:
    using wire::AuditGatewayProcessor::AuditGatewayProcessor;
    using wire::AuditGatewayProcessor::dispatchCall;
};

// Two services on one connection, told apart by the method's name.
class RpcProcessor final : public wire::HubGatewayProcessor {
public:
    RpcProcessor(std::shared_ptr<wire::HubGatewayIf> hub,
                 std::shared_ptr<wire::AuditGatewayIf> audit)
        : HubGatewayProcessor(std::move(hub)), audit_(std::move(audit)) {}

protected:
    bool dispatchCall(apache::thrift::protocol::TProtocol* in,
                      apache::thrift::protocol::TProtocol* out,
                      const std::string& method,
                      int32_t sequence,
                      void* context) override {
        const bool audits = method == "trace" || method == "receipt" || method == "checkpoint";
        return audits ? audit_.dispatchCall(in, out, method, sequence, context)
                      : HubGatewayProcessor::dispatchCall(in, out, method, sequence, context);
    }

private:
    AuditDispatch audit_;
};

}  // namespace

std::shared_ptr<apache::thrift::TProcessor> rpc_processor(const GatewayLinks& links) {
    return std::make_shared<RpcProcessor>(std::make_shared<HubHandler>(links),
                                          std::make_shared<AuditHandler>(links));
}

std::shared_ptr<apache::thrift::TProcessor> lease_processor(const GatewayLinks& links) {
    return std::make_shared<wire::ConnectorGatewayProcessor>(
        std::make_shared<ConnectorHandler>(links));
}

}  // namespace tongban::api
