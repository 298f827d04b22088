#include "connectors/sandbox/faults.h"

#include <set>

#include <boost/test/unit_test.hpp>

#include "connectors/sandbox/answer_sheet.h"
#include "connectors/sandbox/population.h"
#include "connectors/sandbox/records.h"

namespace {

using namespace tongban;
using namespace tongban::sandbox;

constexpr Date business_day{2026, 3, 16};

PopulationPlan plan_of(std::uint64_t seed, bool dirty, std::string only = "") {
    PopulationPlan plan;
    plan.seed = seed;
    plan.dirty = dirty;
    plan.only = std::move(only);
    plan.today = business_day;
    return plan;
}

std::string everything(const World& world) {
    return *certificate_answer(world, "1") + spell_lines(world) +
           homes_answer(world, "1", "2026-03-16T10:00:00") + tax_answer(world, "1") +
           enquiry_message(world, true) + (world.registry.silent ? "silent" : "");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(faults_test)

BOOST_AUTO_TEST_CASE(a_dirty_world_has_one_to_four_faults_that_touch_nothing_twice) {
    std::set<std::string> seen;
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        const World world = world_of(plan_of(seed, true), 0);
        BOOST_TEST_CONTEXT("seed " << seed) {
            BOOST_TEST(!world.faults.empty());
            BOOST_TEST(world.faults.size() <= 4U);
            std::set<std::string> touched;
            for (const Planted& planted : world.faults) {
                seen.insert(planted.fault);
                for (const FaultClass& fault : fault_classes()) {
                    if (fault.name != planted.fault) continue;
                    for (const std::string& what : fault.touches)
                        BOOST_TEST(touched.insert(what).second);
                }
            }
        }
    }
    BOOST_TEST(seen.size() == fault_classes().size());  // a thousand seeds meet every class
}

BOOST_AUTO_TEST_CASE(the_same_seed_plants_the_same_faults) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        BOOST_TEST(everything(world_of(plan_of(seed, true), 0)) ==
                   everything(world_of(plan_of(seed, true), 0)));
    }
}

BOOST_AUTO_TEST_CASE(each_class_changes_what_an_office_says_and_names_its_finding) {
    for (const FaultClass& fault : fault_classes()) {
        int planted = 0;
        for (std::uint64_t seed = 1; seed <= 40; ++seed) {
            const World world = world_of(plan_of(seed, false, fault.name), 0);
            if (world.faults.empty()) continue;
            ++planted;
            BOOST_TEST(everything(world) != everything(world_of(plan_of(seed, false), 0)));
            BOOST_TEST(world.faults.front().code == fault.code);
        }
        BOOST_TEST(planted > 0, fault.name << " fits none of forty worlds");
    }
}

BOOST_AUTO_TEST_CASE(the_answer_sheet_says_what_must_come_and_what_of_it) {
    const Json clean = answer_sheet(world_of(plan_of(5, false), 0));
    BOOST_TEST(clean["outcome"] == "delivered");
    BOOST_TEST(clean["expected_findings"].empty());
    BOOST_TEST(!clean["expected_verdicts"].empty());

    const Json stopped = answer_sheet(world_of(plan_of(5, false, "L-02"), 0));
    BOOST_TEST(stopped["outcome"] == "refused");
    BOOST_TEST(stopped["expected_findings"].dump() == R"([{"code":"L-02","part":"certificate"}])");

    const Json passing = answer_sheet(world_of(plan_of(5, false, "C-03"), 0));
    BOOST_TEST(passing["outcome"] == "delivered");
    BOOST_TEST(passing["expected_findings"].dump() == R"([{"code":"C-03","part":"certificate"}])");
}

BOOST_AUTO_TEST_SUITE_END()
