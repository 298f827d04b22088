// A file without mistakes: what is made of it.
#include <boost/test/unit_test.hpp>

#include "base/crypto.h"
#include "tests/unit/hub/cases/item/item_fixture.h"

using namespace tongban;
using namespace tongban::item;
using namespace tongban::item::test;

namespace {

const Item& good() {
    static const ItemFile file = read(good_text());
    BOOST_REQUIRE_MESSAGE(file.item != nullptr, told(file.mistakes));
    return *file.item;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(item_file_test)

BOOST_AUTO_TEST_CASE(a_good_file_has_no_mistake_and_no_warning) {
    const ItemFile file = read(good_text());
    BOOST_TEST(told(file.mistakes) == "");
    BOOST_REQUIRE(file.item != nullptr);
    BOOST_TEST(file.item->id == "housing-fund/rent-withdrawal");
    BOOST_TEST(file.item->version == 1);
    BOOST_TEST(file.item->digest == hex(sha256(good_text())));
    BOOST_TEST(file.item->steps.size() == 13U);
    BOOST_TEST(file.item->valid_on(Date{2026, 1, 1}));
    BOOST_TEST(!file.item->valid_on(Date{2025, 12, 31}));
}

BOOST_AUTO_TEST_CASE(a_deadline_is_reckoned_with_the_days_of_the_office_that_owes_it) {
    BOOST_TEST(good().step("homes")->deadline->calendar.party == "registry");
    BOOST_TEST(good().step("decide")->deadline->calendar.party == "fund");
    BOOST_TEST(good().deadline->calendar.party == "fund");
    const std::string other = changed(good_text(),
                                      "deadline: {within: 4, unit: hours}",
                                      "deadline: {within: 4, unit: hours, of: cn-64}");
    BOOST_TEST(read(other).item->step("homes")->deadline->calendar.id == "cn-64");
}

BOOST_AUTO_TEST_CASE(the_steps_of_a_branch_know_their_parallel) {
    BOOST_TEST(good().step("check_lease")->parallel == "checks");
    BOOST_TEST(good().step("check_lease")->branch == "lease");
    BOOST_TEST(good().step("rules")->parallel == "");
}

BOOST_AUTO_TEST_CASE(the_frame_names_every_slot_once_in_a_fixed_order) {
    const std::vector<std::string> frame{"application",
                                         "case",
                                         "now",
                                         "today",
                                         "fund",
                                         "registry",
                                         "homes",
                                         "rent_check",
                                         "lease_check",
                                         "decision",
                                         "filing",
                                         "payment",
                                         "reserved",
                                         "confirmed"};
    BOOST_TEST(good().frame == frame, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_expression_runs_over_the_frame) {
    const auto& call = std::get<Call>(good().step("homes")->what);
    BOOST_TEST(call.request.type == "test/question@1");
    BOOST_REQUIRE(call.request.fields.size() == 2U);
    BOOST_TEST(call.request.fields[1].path == "city");
    BOOST_TEST(call.request.fields[1].shape.list == "division");
    schemas::Group application;
    schemas::Value city;
    city.data = schemas::Code{"640100"};
    application.set("city", city);
    std::vector<mapping::cel::Datum> frame(good().frame.size());
    frame[0] = static_cast<const schemas::Group*>(&application);
    mapping::cel::Scene scene{Date{2026, 3, 1}};
    BOOST_TEST(call.request.fields[1].value.run(frame, scene).text() == "640100");
    BOOST_TEST(good().parties[0].division->run(frame, scene).text() == "640100");
}

BOOST_AUTO_TEST_CASE(a_joint_takes_each_operations_fields_out_of_the_members_request) {
    const auto& joint = std::get<Joint>(good().step("pay")->what);
    BOOST_REQUIRE(joint.members.size() == 2U);
    BOOST_TEST(joint.members[0].reserve.request.type == "test/amount@1");
    BOOST_TEST(joint.members[0].reserve.request.fields.size() == 2U);
    BOOST_TEST(joint.members[0].confirm.request.type == "test/order@1");
    BOOST_TEST(joint.members[0].status.resource == "test/state");
    BOOST_TEST(joint.members[1].status.resource == "");
    BOOST_TEST(joint.members[1].irrevocable);
}

BOOST_AUTO_TEST_CASE(a_member_says_whether_its_hold_can_be_extended) {
    const ItemFile file =
        read(changed(good_text(),
                     "          status: test/state\n",
                     "          status: test/state\n          extend: test/hold\n"));
    BOOST_REQUIRE(file.item != nullptr);
    const auto& joint = std::get<Joint>(file.item->step("pay")->what);
    BOOST_TEST(joint.members[0].extend.resource == "test/hold");
    BOOST_TEST((joint.members[0].extend.effect == Effect::idempotent));
    BOOST_TEST(!joint.members[0].extend.request.fields.empty());
    BOOST_TEST(joint.members[1].extend.resource == "");
}

BOOST_AUTO_TEST_CASE(outcomes_of_each_kind_are_fixed_words) {
    BOOST_TEST(outcomes(*good().step("decide")).size() == 3U);
    BOOST_TEST(outcomes(*good().step("paid"))[0] == "rent.paid");
    BOOST_TEST(outcomes(*good().step("pay"))[1] == "cancelled");
    BOOST_TEST(plain_outcomes(*good().step("homes")).size() == 1U);
    BOOST_TEST(outcomes(*good().step("done")).empty());
    BOOST_TEST(words_of_kind("task").zh == "人工办理");
    BOOST_TEST(words_of(Ending::refused).zh == "不予办理");
}

BOOST_AUTO_TEST_CASE(without_known_names_what_lies_elsewhere_is_not_checked) {
    const std::string text = changed(good_text(), "event: rent.paid", "event: rent.unheard_of");
    BOOST_TEST(!read(text).item);
    const ItemFile alone = read_item(text, "x.yaml", {catalogue(), nullptr, nullptr});
    BOOST_TEST(told(alone.mistakes) == "");
}

BOOST_AUTO_TEST_SUITE_END()
