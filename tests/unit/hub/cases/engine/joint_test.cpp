#include <boost/test/unit_test.hpp>

#include "tests/unit/hub/cases/engine/player.h"

using namespace tongban;
using namespace tongban::tests;
using cases::AnswerStatus;
using cases::CaseStatus;
using cases::Decision;
using cases::Order;
using cases::Phase;

namespace {

schemas::Group held(const Player& player, std::int64_t hours) {
    schemas::Value until;
    until.data = Instant{player.facts.now.ms + hours * 3'600'000};
    schemas::Group group = record("hold_until", until);
    group.set("token", text("T"));
    return group;
}

Player at_window() {
    Player player(joint_item());
    player.open();
    player.answer("do");
    return player;
}

Player decided() {
    Player player = at_window();
    player.answer("tax.reserve", AnswerStatus::answered, held(player, 240));
    player.answer("registry.reserve", AnswerStatus::answered, held(player, 240));
    return player;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(joint_test)

BOOST_AUTO_TEST_CASE(all_reserve_then_one_decision_then_the_irrevocable_last) {
    Player player = at_window();
    BOOST_TEST(player.asked("tax.reserve"));
    BOOST_TEST(player.asked("registry.reserve"));
    player.answer("tax.reserve", AnswerStatus::answered, held(player, 240));
    BOOST_TEST((player.state.joints[0].decision == Decision::open));
    player.answer("registry.reserve", AnswerStatus::answered, held(player, 240));
    BOOST_TEST((player.state.joints[0].decision == Decision::confirm));
    BOOST_TEST(player.asked("tax.confirm"));
    BOOST_TEST(player.last.calls[0].request.find("token") != nullptr);
    BOOST_TEST(!player.asked("registry.confirm"));
    player.answer("tax.confirm");
    BOOST_TEST(player.asked("registry.confirm"));
    player.answer("registry.confirm");
    BOOST_TEST((player.state.status == CaseStatus::closed));
    BOOST_TEST(player.state.ending == "completed");
}

BOOST_AUTO_TEST_CASE(a_refusal_cancels_every_member) {
    Player player = at_window();
    player.answer("tax.reserve", AnswerStatus::answered, held(player, 240));
    player.answer("registry.reserve", AnswerStatus::refused);
    BOOST_TEST((player.state.joints[0].decision == Decision::cancel));
    player.answer("tax.cancel");
    BOOST_TEST((player.state.status == CaseStatus::open));
    player.answer("registry.cancel");
    BOOST_TEST(player.state.ending == "refused");
}

BOOST_AUTO_TEST_CASE(a_hold_that_ends_too_soon_is_not_decided_upon) {
    Player player = at_window();
    player.answer("tax.reserve", AnswerStatus::answered, held(player, 240));
    player.answer("registry.reserve", AnswerStatus::answered, held(player, 2));
    BOOST_TEST((player.state.joints[0].decision == Decision::cancel));
    BOOST_TEST(player.state.joints[0].because == "hold");
}

BOOST_AUTO_TEST_CASE(an_office_that_holds_less_than_it_must_is_not_decided_upon) {
    Player player = at_window();
    player.answer(
        "tax.reserve", AnswerStatus::answered, held(player, 60));  // 72 hours are the least
    BOOST_TEST((player.state.joints[0].decision == Decision::cancel));
    BOOST_TEST(player.state.joints[0].because == "hold:tax");
    BOOST_TEST(player.asked("tax.cancel"));
    Player late = at_window();  // an answer that was long on its way breaks no promise
    const schemas::Group promised = held(late, 96);
    late.facts.now.ms += 30LL * 3'600'000;
    late.answer("tax.reserve", AnswerStatus::answered, promised);
    BOOST_TEST((late.state.joints[0].decision == Decision::open));
}

BOOST_AUTO_TEST_CASE(a_hold_is_extended_when_a_third_of_it_is_left) {
    Player player = at_window();
    const std::int64_t begin = player.facts.now.ms;
    player.answer("registry.reserve", AnswerStatus::answered, held(player, 30));
    player.fire(cases::TimerKind::hold);
    BOOST_TEST(player.facts.now.ms == begin + 20LL * 3'600'000);
    BOOST_REQUIRE(player.asked("registry.extend.1"));
    BOOST_TEST(player.last.calls[0].resource == "registry/extend");
    player.answer("registry.extend.1", AnswerStatus::answered, held(player, 90));
    BOOST_TEST(player.state.joints[0].branches[1].hold_until_ms ==
               player.facts.now.ms + 90LL * 3'600'000);
    player.answer("tax.reserve", AnswerStatus::answered, held(player, 90));
    BOOST_TEST((player.state.joints[0].decision == Decision::confirm));
    // It is the last to confirm: while it waits for the other, its hold must not run out.
    player.fire(cases::TimerKind::hold);
    BOOST_TEST(player.asked("registry.extend.2"));
    player.answer("tax.confirm");
    BOOST_TEST(!player.asked("registry.extend.2"));  // confirmed: nobody holds any more
    player.answer("registry.confirm");
    BOOST_TEST(player.state.ending == "completed");
}

BOOST_AUTO_TEST_CASE(a_hold_that_is_not_extended_stands_until_its_end) {
    Player player = at_window();
    player.answer("registry.reserve", AnswerStatus::answered, held(player, 30));
    player.fire(cases::TimerKind::hold);
    player.answer("registry.extend.1", AnswerStatus::refused);
    BOOST_TEST((player.state.joints[0].branches[1].phase == Phase::reserved));
    BOOST_TEST(cases::has_next_cause(player.state));
    player.answer("tax.reserve", AnswerStatus::answered, held(player, 90));
    BOOST_TEST(player.state.joints[0].because == "hold");  // it ends within the margin
}

BOOST_AUTO_TEST_CASE(an_extension_that_is_asked_for_ends_with_the_filing) {
    Player player = at_window();
    player.answer("registry.reserve", AnswerStatus::answered, held(player, 30));
    player.fire(cases::TimerKind::hold);
    player.command(ordered(Order::cancel));
    BOOST_TEST(!player.asked("registry.extend.1"));
    player.answer("tax.cancel");
    player.answer("registry.cancel");
    player.answer("undo");
    BOOST_TEST((player.state.status == CaseStatus::closed));
}

BOOST_AUTO_TEST_CASE(the_deadline_cancels_also_what_is_unknown) {
    Player player = at_window();
    player.fire(cases::TimerKind::decide);
    BOOST_TEST((player.state.joints[0].decision == Decision::cancel));
    BOOST_TEST(!player.asked("tax.reserve"));
    BOOST_TEST(player.asked("tax.cancel"));
    BOOST_TEST(player.asked("registry.cancel"));
}

BOOST_AUTO_TEST_CASE(after_the_decision_there_is_no_way_back) {
    Player player = decided();
    const auto refused = player.command(ordered(Order::cancel));
    BOOST_TEST(refused.refusal->where == "case.past_pivot");
    BOOST_TEST((player.state.joints[0].decision == Decision::confirm));
}

BOOST_AUTO_TEST_CASE(a_confirm_is_asked_for_until_it_is_answered) {
    Player player = decided();
    for (int attempt = 1; attempt < 40; ++attempt) {
        const auto again = player.answer("tax.confirm", AnswerStatus::unavailable, {}, attempt);
        BOOST_TEST((again.verdict == cases::Verdict::quiet));
    }
    BOOST_TEST(player.incident("joint.hazard") == 0);
}

BOOST_AUTO_TEST_CASE(an_uncertain_confirm_is_asked_by_status) {
    Player player = decided();
    player.answer("tax.confirm", AnswerStatus::in_doubt);
    BOOST_TEST(player.asked("tax.status.1"));
    BOOST_TEST(!player.asked("registry.confirm"));
    player.answer("tax.status.1", AnswerStatus::answered, record("phase", text("confirmed")));
    BOOST_TEST(!player.asked("tax.confirm"));
    BOOST_TEST(player.asked("registry.confirm"));
}

BOOST_AUTO_TEST_CASE(a_confirm_that_never_arrived_is_sent_again) {
    Player player = decided();
    player.answer("tax.confirm", AnswerStatus::in_doubt, {}, 1);
    const auto again =
        player.answer("tax.status.1", AnswerStatus::answered, record("phase", text("reserved")));
    BOOST_TEST(again.again.size() == 1U);
    BOOST_TEST(!again.again[0].park);
    player.answer("tax.confirm", AnswerStatus::answered, {}, 2);
    BOOST_TEST(player.asked("registry.confirm"));
}

BOOST_AUTO_TEST_CASE(an_office_that_cannot_confirm_is_a_hazard) {
    Player player = decided();
    player.answer("tax.confirm", AnswerStatus::refused);
    const int hazard = player.incident("joint.hazard");
    BOOST_REQUIRE(hazard != 0);
    BOOST_TEST(player.state.incident(hazard)->severity == 1);
    BOOST_TEST(!player.asked("registry.confirm"));
    BOOST_TEST((player.state.joints[0].decision == Decision::confirm));
    auto retry = ordered(Order::retry);
    retry.incident = hazard;
    player.command(retry);
    player.answer("tax.reserve.2", AnswerStatus::answered, held(player, 240));
    player.answer("tax.confirm.2");
    player.answer("registry.confirm");
    BOOST_TEST(player.state.ending == "completed");
}

BOOST_AUTO_TEST_CASE(a_cancel_while_open_lets_every_office_go_and_then_undoes) {
    Player player = at_window();
    player.answer("tax.reserve", AnswerStatus::answered, held(player, 240));
    player.command(ordered(Order::cancel));
    BOOST_TEST(player.asked("tax.cancel"));
    BOOST_TEST(!player.asked("undo"));
    player.answer("tax.cancel");
    player.answer("registry.cancel");
    BOOST_TEST(player.asked("undo"));
    player.answer("undo");
    BOOST_TEST(player.state.ending == "withdrawn");
}

BOOST_AUTO_TEST_CASE(a_paused_case_decides_when_it_goes_on) {
    Player player = at_window();
    auto pause = ordered(Order::pause);
    pause.reason = "hearing";
    player.command(pause);
    player.answer("tax.reserve", AnswerStatus::answered, held(player, 240));
    player.answer("registry.reserve", AnswerStatus::answered, held(player, 240));
    BOOST_TEST((player.state.joints[0].decision == Decision::open));
    player.command(ordered(Order::resume));
    BOOST_TEST((player.state.joints[0].decision == Decision::confirm));
}

BOOST_AUTO_TEST_SUITE_END()
