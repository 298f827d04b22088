#include "hub/exchange/case_calls.h"

#include "hub/exchange/intake.h"

namespace tongban::exchange {

std::string_view name_of(CallStatus status) {
    switch (status) {
        case CallStatus::answered:
            return "answered";
        case CallStatus::verified:
            return "verified";
        case CallStatus::no_record:
            return "no_record";
        case CallStatus::ambiguous:
            return "ambiguous";
        case CallStatus::not_covered:
            return "not_covered";
        case CallStatus::refused:
            return "refused";
        case CallStatus::returned:
            return "returned";
        case CallStatus::unavailable:
            return "unavailable";
        case CallStatus::in_doubt:
            return "in_doubt";
        case CallStatus::denied:
            return "denied";
    }
    return "";
}

std::string_view name_of(Reception reception) {
    switch (reception) {
        case Reception::opened:
            return "opened";
        case Reception::already_open:
            return "already_open";
        case Reception::accepted:
            return "accepted";
        case Reception::duplicate:
            return "duplicate";
        case Reception::unknown_case:
            return "unknown_case";
    }
    return "";
}

}  // namespace tongban::exchange
