#include "connectors/sandbox/story.h"

#include <algorithm>

#include <boost/test/unit_test.hpp>

namespace {

using namespace tongban;
using namespace tongban::sandbox;

constexpr Date monday{2026, 3, 16};

World world_in(std::string_view story, std::uint64_t seed) {
    World world = make_world(seed, 0, monday);
    tell_in(world, story);
    return world;
}

StoryPlan plan_of(const std::string& name) {
    StoryPlan plan;
    plan.name = name;
    return plan;
}

Date day_of(const World& world, const StoryPlan& plan, std::string_view kind) {
    const auto messages = story_messages(world, plan, "");
    const auto found = std::ranges::find(*messages, kind, &StoryMessage::kind);
    BOOST_REQUIRE(found != messages->end());
    return found->on;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(story_test)

BOOST_AUTO_TEST_CASE(a_story_is_the_same_for_the_same_seed_and_another_for_another) {
    for (const std::string& name : story_names()) {
        const StoryPlan plan = plan_of(name);
        const auto first = story_sheet(world_in(name, 7), plan);
        BOOST_TEST(first->dump() == story_sheet(world_in(name, 7), plan)->dump());
        BOOST_TEST(first->dump() != story_sheet(world_in(name, 8), plan)->dump());
        const bool rejected = name == "G1-rejected";
        const std::size_t messages = rejected                ? 2
                                     : name == "G2-supplied" ? 6
                                     : name == "G1-arrears"  ? 9
                                                             : 5;
        BOOST_TEST((*first)["messages"].size() == messages, name);
        BOOST_TEST((*first)["expect"]["state"] == (rejected ? "A_LOAN_REJECTED" : "A_CLOSED"));
    }
    BOOST_TEST(!story_sheet(world_in("G1", 7), plan_of("G99")).ok());
}

BOOST_AUTO_TEST_CASE(working_days_leave_weekends_out) {
    BOOST_TEST((working_days_from({2026, 3, 13}, 1) == Date{2026, 3, 16}));
    BOOST_TEST((working_days_from({2026, 3, 14}, 1) == Date{2026, 3, 16}));
    BOOST_TEST((working_days_from(monday, 5) == Date{2026, 3, 23}));
    BOOST_TEST((working_days_from(monday, 0) == monday));
}

BOOST_AUTO_TEST_CASE(the_second_story_has_old_papers_and_two_months_paid_back_late) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed) {
            const World world = world_in("G2", seed);
            const World plain = world_in("G1", seed);
            BOOST_TEST(world.certificate.state == "99");
            BOOST_TEST(std::ranges::count(world.certificate.ledger, "02", &Posting::kind) == 2);
            BOOST_TEST(world.certificate.balance == plain.certificate.balance);
            for (const Posting& posting : world.certificate.ledger) {
                if (posting.kind == "02")
                    BOOST_TEST(days_since_1970(posting.posted) < days_since_1970(monday));
            }
            const auto messages = story_messages(world, plan_of("G2"), "");
            BOOST_TEST((*messages)[0].body.find("<OldCertificate>") != std::string::npos);
            BOOST_TEST((*messages)[0].body.find("<UnitNo>") == std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_third_story_reports_twelve_working_days_late_and_any_may_be_told_when) {
    const World world = world_in("G3", 7);
    const Date issued = day_of(world, plan_of("G3"), "loan-issued");
    BOOST_TEST((day_of(world, plan_of("G3"), "loan-feedback") == working_days_from(issued, 12)));
    StoryPlan plan = plan_of("G1");
    plan.report_after = 4;
    const World first = world_in("G1", 7);
    BOOST_TEST((day_of(first, plan, "loan-feedback") ==
                working_days_from(day_of(first, plan, "loan-issued"), 4)));
    plan.at_once = true;
    BOOST_TEST((day_of(first, plan, "loan-settled") == monday));
}

BOOST_AUTO_TEST_CASE(a_loan_in_arrears_is_told_each_month_until_all_is_paid) {
    const World world = world_in("G1-arrears", 7);
    const auto messages = story_messages(world, plan_of("G1-arrears"), "");
    std::vector<std::string> told;
    for (const StoryMessage& message : *messages) {
        if (message.kind != "loan-position-report") continue;
        const std::size_t months = message.body.find("<MonthsInArrears>");
        const bool early = message.body.find("<PartRepaidEarly>Y") != std::string::npos;
        told.push_back(message.body.substr(months + 17, 1) + (early ? " early" : ""));
    }
    BOOST_TEST((told == std::vector<std::string>{"1", "2", "3", "0 early"}));
    BOOST_TEST(std::ranges::is_sorted(
        *messages, {}, [](const StoryMessage& message) { return days_since_1970(message.on); }));
    // Whoever plays the plain story sees nothing of it.
    BOOST_TEST((day_of(world, plan_of("G1-arrears"), "loan-settled") ==
                day_of(world_in("G1", 7), plan_of("G1"), "loan-settled")));
}

BOOST_AUTO_TEST_CASE(messages_carry_the_number_of_the_case_once_it_is_known) {
    const World world = world_in("G1", 7);
    const auto without = story_messages(world, plan_of("G1"), "");
    const auto with = story_messages(world, plan_of("G1"), "TB-2026-000017");
    BOOST_TEST((*without)[1].body.find("<CaseNo>") == std::string::npos);
    BOOST_TEST((*with)[1].body.find("<CaseNo>TB-2026-000017</CaseNo>") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
