#include "tests/bench/asker_load.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <iostream>
#include <memory>
#include <thread>
#include <utility>

#include <tongban_wire/ConnectorGateway.h>
#include <tongban_wire/HubGateway.h>

namespace tongban::bench {

namespace {

using Steady = std::chrono::steady_clock;

// Empty: as it should be; otherwise what went wrong.
using Call = std::function<std::string(std::int64_t& document_bytes)>;
using MakeClient = std::function<Call()>;

void sleep_for(double seconds) {
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

Measured closed_loop(const LoadPlan& plan, const MakeClient& make_client) {
    Guarded<Measured> measured;
    std::atomic<bool> counting{false};
    std::atomic<bool> stop{false};
    std::vector<std::thread> clients;
    for (int i = 0; i < plan.outstanding; ++i) {
        clients.emplace_back([&] {
            const Call call = make_client();
            while (!stop) {
                const bool began_inside = counting;
                const Steady::time_point start = Steady::now();
                std::int64_t bytes = 0;
                const std::string wrong = call(bytes);
                const auto took =
                    std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - start);
                auto total = measured.lock();
                if (!wrong.empty()) {
                    ++total->failures[wrong];
                    if (wrong == "out of requests") return;
                } else if (began_inside && counting) {
                    total->latencies_us.push_back(took.count());
                    total->document_bytes = bytes;
                }
            }
        });
    }
    sleep_for(plan.warm_seconds);
    std::cout << "begin" << std::endl;
    const Steady::time_point start = Steady::now();
    counting = true;
    sleep_for(plan.seconds);
    counting = false;
    const std::chrono::duration<double> took = Steady::now() - start;
    std::cout << "end" << std::endl;
    stop = true;
    for (std::thread& client : clients)
        client.join();
    auto total = measured.lock();
    total->seconds = took.count();
    return std::move(*total);
}

template <typename Value>
std::string wrong_in(const connectors::HubReply<Value>& reply) {
    if (const auto* refusal = std::get_if<wire::Refusal>(&reply)) return refusal->code;
    if (const auto* fault = std::get_if<Fault>(&reply)) return fault->reason;
    return "";
}

std::string wrong_outcome(const wire::Outcome& outcome) {
    if (outcome.state != wire::ExchangeState::delivered) {
        std::string text = wire::_ExchangeState_VALUES_TO_NAMES.at(static_cast<int>(outcome.state));
        for (const wire::Finding& finding : outcome.findings)
            text += " " + finding.code;
        return text;
    }
    if (outcome.document.empty()) return "delivered without a document";
    return outcome.receipt.empty() ? "delivered without a receipt" : "";
}

constexpr std::chrono::seconds patience{25};

}  // namespace

Measured run_exchanges(const LoadPlan& plan, PreparedRequests& requests) {
    const connectors::HubPlace place = place_of(plan.data, asker, plan.rpc_port, plan.lease_port);
    const connectors::Interrupter interrupter;
    return closed_loop(plan, [&]() -> Call {
        auto link = std::make_shared<connectors::HubLink<wire::HubGatewayClient>>(
            place, place.rpc_port, interrupter);
        return [link, &requests](std::int64_t& bytes) -> std::string {
            const wire::Request* request = requests.next();
            if (request == nullptr) return "out of requests";
            const auto reply =
                link->call(Deadline::after(patience), [request](wire::HubGatewayClient& client) {
                    wire::Outcome value;
                    client.exchange(value, *request);
                    return value;
                });
            if (std::string wrong = wrong_in(reply); !wrong.empty()) return wrong;
            const auto& outcome = std::get<wire::Outcome>(reply);
            bytes = static_cast<std::int64_t>(outcome.document.size());
            return wrong_outcome(outcome);
        };
    });
}

Measured run_empty_calls(const LoadPlan& plan) {
    const connectors::HubPlace place = place_of(plan.data, asker, plan.rpc_port, plan.lease_port);
    const connectors::Interrupter interrupter;
    return closed_loop(plan, [&]() -> Call {
        auto link = std::make_shared<connectors::HubLink<wire::ConnectorGatewayClient>>(
            place, place.lease_port, interrupter);
        return [link](std::int64_t&) -> std::string {
            const auto reply =
                link->call(Deadline::after(patience), [](wire::ConnectorGatewayClient& client) {
                    wire::JournalHead none;
                    none.number = 0;
                    none.hash = std::string(32, '\0');
                    std::vector<wire::Token> held;
                    client.extend(held, {}, none);
                    return held;
                });
            return wrong_in(reply);
        };
    });
}

}  // namespace tongban::bench
