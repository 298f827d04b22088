#include "hub/exchange/request.h"

namespace tongban::exchange {

std::string_view name_of(Delivery delivery) {
    switch (delivery) {
        case Delivery::reply:
            return "reply";
        case Delivery::push:
            return "push";
    }
    return "";
}

std::string_view name_of(State state) {
    switch (state) {
        case State::pending:
            return "pending";
        case State::delivered:
            return "delivered";
        case State::verified:
            return "verified";
        case State::refused:
            return "refused";
        case State::failed:
            return "failed";
        case State::releasing:
            return "releasing";
        case State::denied:
            return "denied";
    }
    return "";
}

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::match:
            return "match";
        case Verdict::mismatch:
            return "mismatch";
        case Verdict::no_record:
            return "no_record";
        case Verdict::ambiguous:
            return "ambiguous";
        case Verdict::unavailable_or_stale:
            return "unavailable_or_stale";
    }
    return "";
}

}  // namespace tongban::exchange
