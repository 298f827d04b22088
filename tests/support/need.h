// need(result): the value of a Result that the test cannot go on without; prints the Fault
// otherwise.
#pragma once

#include <string>
#include <utility>

#include <boost/test/unit_test.hpp>

#include "base/result.h"

namespace tongban::support {

inline std::string text_of(const Fault& fault) {
    return fault.where + ": " + fault.reason;
}

template <typename T>
T need(Result<T> result) {
    const std::string why = result.ok() ? std::string() : text_of(result.fault());
    BOOST_REQUIRE_MESSAGE(result.ok(), why);
    return *std::move(result);
}

}  // namespace tongban::support
