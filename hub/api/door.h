// DoorKeeper: what every handler does first: who is calling, is the certificate still good, may
// this role ask that; and how whatever goes wrong becomes the wire's one Refusal.
//
// Threads: safe from any thread; one call runs in its connection's thread.
#pragma once

#include <exception>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "hub/api/gateways.h"
#include "hub/api/wire.h"

namespace tongban::api {

// Everything that a handler lets out is a Refusal of the wire.
template <typename Call>
auto answered(Call call) {
    try {
        return call();
    } catch (const wire::Refusal&) {
        throw;
    } catch (const std::exception&) {  // its text could quote anything
        log::error("api.call.failed");
        throw to_wire(exchange::refusal("internal", "hub"));
    }
}

template <typename T>
T value_of(exchange::Reply<T> reply) {
    if (!reply) throw to_wire(std::move(reply).refusal());
    return *std::move(reply);
}

template <typename T>
T value_of(Result<T> result) {
    if (!result) throw to_wire(exchange::refusal_of(result.fault()));
    return *std::move(result);
}

class DoorKeeper {
public:
    explicit DoorKeeper(const GatewayLinks& links) : links_(links) {}

    // The caller, when its certificate is good and its role may make this call. Turning somebody
    // known away is a leaf.
    [[nodiscard]] exchange::Caller admit(std::initializer_list<std::string_view> roles) const;

private:
    const GatewayLinks links_;
};

}  // namespace tongban::api
