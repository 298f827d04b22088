// HubLink: calls to the hub: Thrift, framed and compact, over TLS 1.3 with our certificate; the
// hub's certificate must carry the hub's id.
//
// One link is one connection, opened when it is needed and closed after any failure. Every call has
// a deadline. A fired Interrupter wakes whatever blocks, so that a connector stops at once although
// it long-polls.
//
// Threads: a link is one thread's; an Interrupter is safe from any.
// Faults:  unavailable (not reachable, broken, interrupted), and the hub's own Refusal as a value.
#pragma once

#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <thrift/protocol/TProtocol.h>
#include <tongban_wire/tongban_types.h>

#include "base/guarded.h"
#include "base/result.h"
#include "base/time.h"
#include "connectors/runtime/connector_config.h"

namespace tongban::connectors {

namespace wire = ::tongban::wire;

class Interrupter {
public:
    Interrupter();
    ~Interrupter();
    Interrupter(const Interrupter&) = delete;
    Interrupter& operator=(const Interrupter&) = delete;
    void fire();
    [[nodiscard]] std::shared_ptr<int> listener() const { return listener_; }

private:
    std::shared_ptr<int> listener_;
    int trigger_ = -1;
};

struct Channel {
    std::shared_ptr<apache::thrift::protocol::TProtocol> protocol;
    std::shared_ptr<void> socket;
    std::shared_ptr<void> factory;  // must outlive the socket
};
// Throws what Thrift and OpenSSL throw.
Channel open_channel(const HubPlace& hub,
                     int port,
                     const Interrupter& interrupter,
                     Deadline deadline);
void set_channel_timeout(Channel& channel, Deadline deadline);

// What failed towards the hub, in words for whoever reads a log or a terminal: the address, why,
// and what to do. `connected`: the conversation had begun.
enum class Reach { not_connected, connected };
Fault unreachable(const HubPlace& hub, int port, Reach reach, const std::exception& failure);

template <typename Value>
using HubReply = std::variant<Value, wire::Refusal, Fault>;

template <typename Client>
class HubLink {
public:
    HubLink(HubPlace hub, int port, const Interrupter& interrupter)
        : hub_(std::move(hub)), port_(port), interrupter_(interrupter) {}

    // `work(client)` makes one call and returns its value. It may be made twice: the hub closes
    // connections that were idle, and every call towards the hub is idempotent.
    template <typename Work>
    auto call(Deadline deadline, Work&& work) -> HubReply<decltype(work(std::declval<Client&>()))> {
        const bool was_open = client_ != nullptr;
        auto reply = call_once(deadline, work);
        if (was_open && std::holds_alternative<Fault>(reply) && !deadline.passed()) {
            return call_once(deadline, work);
        }
        return reply;
    }

private:
    template <typename Work>
    auto call_once(Deadline deadline, Work& work)
        -> HubReply<decltype(work(std::declval<Client&>()))> {
        Reach reach = client_ ? Reach::connected : Reach::not_connected;
        try {
            if (!client_) {
                channel_ = open_channel(hub_, port_, interrupter_, deadline);
                client_ = std::make_unique<Client>(channel_.protocol);
                reach = Reach::connected;
            }
            set_channel_timeout(channel_, deadline);
            return work(*client_);
        } catch (const wire::Refusal& refusal) {
            return refusal;
        } catch (const std::exception& failure) {
            // What is left of the conversation cannot be trusted: the next call begins a new one.
            client_.reset();
            channel_ = {};
            return unreachable(hub_, port_, reach, failure);
        }
    }

    const HubPlace hub_;  // its own: a reload lets go of the configuration that it came from
    const int port_;
    const Interrupter& interrupter_;
    Channel channel_;
    std::unique_ptr<Client> client_;
};

// Links for callers on many threads: as many connections as calls at once.
template <typename Client>
class LinkPool {
public:
    LinkPool(HubPlace hub, int port, const Interrupter& interrupter)
        : hub_(std::move(hub)), port_(port), interrupter_(interrupter) {}

    template <typename Work>
    auto call(Deadline deadline, Work&& work) {
        std::unique_ptr<HubLink<Client>> link = take();
        auto reply = link->call(deadline, std::forward<Work>(work));
        idle_.lock()->push_back(std::move(link));
        return reply;
    }

private:
    std::unique_ptr<HubLink<Client>> take() {
        auto idle = idle_.lock();
        if (idle->empty()) return std::make_unique<HubLink<Client>>(hub_, port_, interrupter_);
        auto link = std::move(idle->back());
        idle->pop_back();
        return link;
    }

    const HubPlace hub_;  // its own: a reload lets go of the configuration that it came from
    const int port_;
    const Interrupter& interrupter_;
    Guarded<std::vector<std::unique_ptr<HubLink<Client>>>> idle_;
};

}  // namespace tongban::connectors
