// The whole pure middle on what the five offices really write: generated people through every
// stage, without a process.
#include <algorithm>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "connectors/sandbox/faults.h"
#include "connectors/sandbox/world.h"
#include "tests/support/whole_exchange.h"

using namespace tongban;
using support::exchange_day;
using support::WholeExchange;

BOOST_AUTO_TEST_SUITE(generated_worlds_test)

BOOST_AUTO_TEST_CASE(clean_people_pass_every_stage_without_a_finding) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const sandbox::World world = sandbox::make_world(seed, 0, exchange_day);
        const WholeExchange exchange(world);
        BOOST_TEST_CONTEXT("seed " << seed) {
            BOOST_TEST(exchange.codes == std::vector<std::string>(),
                       boost::test_tools::per_element());
            BOOST_TEST(exchange.delivered.find(world.enquiry.subject.name) != std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_planted_fault_brings_its_own_finding_and_no_other) {
    std::size_t planted = 0;
    for (const sandbox::FaultClass& fault : sandbox::fault_classes()) {
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            sandbox::World world = sandbox::make_world(seed, 0, exchange_day);
            if (!fault.fits(world)) continue;
            ++planted;
            sandbox::plant_faults(world, fault.name);
            std::vector<std::string> expected;
            bool stops = false;
            for (const sandbox::Planted& one : world.faults) {
                expected.push_back(one.code);
                stops = stops || one.stops;
            }
            WholeExchange exchange(world);
            std::sort(expected.begin(), expected.end());
            std::sort(exchange.codes.begin(), exchange.codes.end());
            BOOST_TEST_CONTEXT(fault.name << " seed " << seed) {
                BOOST_TEST(exchange.codes == expected, boost::test_tools::per_element());
                BOOST_TEST(exchange.delivered.empty() == stops);
            }
        }
    }
    BOOST_TEST(planted >= 60U);
}

BOOST_AUTO_TEST_SUITE_END()
