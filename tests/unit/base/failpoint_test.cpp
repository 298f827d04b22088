#include "base/failpoint.h"

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

using namespace tongban;

BOOST_AUTO_TEST_SUITE(failpoint_test)

BOOST_AUTO_TEST_CASE(a_handler_hears_every_place_in_order) {
    std::vector<std::string> passed;
    set_failpoint_handler([&](std::string_view name) { passed.emplace_back(name); });
    failpoint("first");
    failpoint("second");
    set_failpoint_handler(nullptr);
    failpoint("third");
    BOOST_TEST(passed == (std::vector<std::string>{"first", "second"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
