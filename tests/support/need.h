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
    // Boost.Test is not for several threads at once: it is called only to fail.
    if (!result.ok()) BOOST_FAIL(text_of(result.fault()));
    return *std::move(result);
}

}  // namespace tongban::support
