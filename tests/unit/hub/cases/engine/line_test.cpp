#include <boost/test/unit_test.hpp>

#include "tests/unit/hub/cases/engine/kept.h"
#include "tests/unit/hub/cases/engine/player.h"

using namespace tongban;
using namespace tongban::tests;
using cases::AnswerStatus;
using cases::CaseStatus;
using cases::Order;
using cases::Verdict;

namespace {

Player at_approval() {
    Player player(line_item());
    player.open();
    player.answer("do", AnswerStatus::answered, yes("ok"));
    return player;
}

Player at_loan() {
    Player player = at_approval();
    player.decide("approve");
    player.answer("do");
    return player;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(line_test)

BOOST_AUTO_TEST_CASE(a_case_goes_from_its_opening_to_its_end) {
    Player player(line_item());
    player.open();
    BOOST_TEST(player.last.calls.size() == 1U);
    BOOST_TEST(player.last.calls[0].op_key == "77/1/do");
    BOOST_TEST(player.last.calls[0].opening == "exchange-1");
    BOOST_TEST(player.last.calls[0].request.find("number") != nullptr);
    player.answer("do", AnswerStatus::answered, yes("ok"));
    BOOST_TEST(player.at() == "approve");
    BOOST_TEST(player.state.domain_state == "S_check");
    player.decide("approve");
    BOOST_TEST(player.at() == "pay");
    player.answer("do");
    player.event("loan.issued");
    BOOST_TEST(player.at() == "tell");
    player.answer("do");
    BOOST_TEST((player.state.status == CaseStatus::closed));
    BOOST_TEST(player.state.ending == "completed");
    BOOST_TEST(cases::timers_of(player.state).empty());
}

BOOST_AUTO_TEST_CASE(an_answer_counts_once) {
    Player player = at_approval();
    cases::Answered what;
    what.op_key = "77/1/do";
    what.status = AnswerStatus::answered;
    BOOST_TEST((player.move({"calls", "x", "", "", "", what}).verdict == Verdict::nothing));
}

BOOST_AUTO_TEST_CASE(an_office_that_is_away_is_asked_again_and_then_a_person) {
    Player player(line_item());
    player.open();
    const auto first = player.answer("do", AnswerStatus::unavailable, {}, 1);
    BOOST_TEST((first.verdict == Verdict::quiet));
    BOOST_TEST(first.again.size() == 1U);
    BOOST_TEST(first.again[0].next_ms > player.facts.now.ms);
    player.answer("do", AnswerStatus::unavailable, {}, 2);
    const auto last = player.answer("do", AnswerStatus::unavailable, {}, 3);
    BOOST_TEST((last.verdict == Verdict::recorded));
    BOOST_TEST(player.incident("call.exhausted") != 0);
    BOOST_TEST(last.again[0].park);
    auto retry = ordered(Order::retry);
    retry.incident = player.incident("call.exhausted");
    const auto mended = player.command(retry);
    BOOST_TEST((mended.verdict == Verdict::recorded));
    BOOST_TEST(!mended.again[0].park);
    player.answer("do", AnswerStatus::answered, yes("ok"), 4);
    BOOST_TEST(player.at() == "approve");
}

BOOST_AUTO_TEST_CASE(what_an_office_declines_goes_its_own_way) {
    Player player(line_item());
    player.open();
    player.answer("do", AnswerStatus::refused);
    BOOST_TEST(player.state.ending == "refused");
}

BOOST_AUTO_TEST_CASE(a_cancel_undoes_the_last_first) {
    Player player = at_loan();
    player.command(ordered(Order::cancel));
    BOOST_TEST((player.state.status == CaseStatus::cancelling));
    BOOST_TEST(player.last.calls.size() == 1U);
    BOOST_TEST(player.last.calls[0].resource == "fund/refund");
    player.answer("undo");
    BOOST_TEST((player.state.status == CaseStatus::closed));
    BOOST_TEST(player.state.ending == "withdrawn");
}

BOOST_AUTO_TEST_CASE(a_call_after_an_event_rests_on_the_opening_which_has_the_consent) {
    auto item = std::make_shared<item::Item>(*line_item());
    for (item::Step& step : item->steps)
        if (auto* wait = std::get_if<item::Wait>(&step.what)) wait->any.front().from = "centre";
    Player player(item);
    player.open();
    player.answer("do", AnswerStatus::answered, yes("ok"));
    player.decide("approve");
    player.answer("do");
    player.move({"exchange",
                 "loan.issued",
                 "640100.centre",
                 "",
                 "exchange-2",
                 cases::EventCame{"loan.issued", "640100.centre", {}}});
    BOOST_TEST(player.at() == "tell");
    BOOST_REQUIRE(!player.last.calls.empty());
    BOOST_TEST(player.last.calls[0].opening == "exchange-1");
}

BOOST_AUTO_TEST_CASE(what_an_event_tells_that_stays_is_not_cancelled) {
    auto item = std::make_shared<item::Item>(*line_item());
    for (item::Step& step : item->steps)
        if (auto* wait = std::get_if<item::Wait>(&step.what)) wait->any.front().irrevocable = true;
    Player player(item);
    player.open();
    player.answer("do", AnswerStatus::answered, yes("ok"));
    player.decide("approve");
    player.answer("do");
    BOOST_TEST(player.at() == "issued");
    Player before = player;  // nothing has been told yet
    before.command(ordered(Order::cancel));
    BOOST_TEST((before.state.status == CaseStatus::cancelling));
    player.event("loan.issued");
    BOOST_TEST((player.command(ordered(Order::cancel)).verdict == Verdict::refused));
    BOOST_TEST((player.state.status == CaseStatus::open));
    player.answer("do");
    BOOST_TEST(player.state.ending == "completed");
}

BOOST_AUTO_TEST_CASE(a_cancel_waits_for_an_effect_that_is_under_way) {
    Player player = at_approval();
    player.decide("approve");
    player.command(ordered(Order::cancel));
    BOOST_TEST((player.state.status == CaseStatus::cancelling));
    BOOST_TEST(player.asked("do"));
    player.answer("do");  // it was done after all
    BOOST_TEST(player.asked("undo"));
    player.answer("undo");
    BOOST_TEST((player.state.status == CaseStatus::closed));
}

BOOST_AUTO_TEST_CASE(an_effect_that_never_happened_needs_no_undo) {
    Player player = at_approval();
    player.decide("approve");
    player.command(ordered(Order::cancel));
    player.answer("do", AnswerStatus::refused);
    BOOST_TEST(!player.asked("undo"));
    BOOST_TEST((player.state.status == CaseStatus::closed));
}

BOOST_AUTO_TEST_CASE(a_pause_holds_the_next_step_and_stops_the_clock) {
    Player player(line_item());
    player.open();
    const std::int64_t due = player.state.limit(0, cases::LimitKind::due)->due_ms;
    auto pause = ordered(Order::pause);
    pause.reason = "awaiting-citizen";
    player.command(pause);
    BOOST_TEST(cases::timers_of(player.state).empty());
    player.answer("do", AnswerStatus::answered, yes("ok"));
    BOOST_TEST(player.at().empty());
    player.facts.now.ms += 7LL * 86'400'000;
    player.command(ordered(Order::resume));
    BOOST_TEST(player.at() == "approve");
    // From Monday to Monday: the first day counted for nothing anyway, Tuesday to Friday stood
    // still.
    BOOST_TEST(player.state.limit(0, cases::LimitKind::due)->due_ms == due + 4LL * 86'400'000);
    const auto again = player.command(pause);
    BOOST_TEST((again.verdict == Verdict::refused));  // once for each reason
}

BOOST_AUTO_TEST_CASE(a_pause_has_a_reason_of_the_law_and_one_that_the_item_lacks_stops_no_clock) {
    Player player(line_item());
    player.open();
    auto pause = ordered(Order::pause);
    pause.reason = "holiday";
    BOOST_TEST(player.command(pause).refusal->where == "pause.reason");
    BOOST_TEST((player.state.status == CaseStatus::open));
    pause.reason = "hearing";  // known, and the item does not suspend for it
    BOOST_TEST((player.command(pause).verdict == Verdict::recorded));
    BOOST_TEST((player.state.status == CaseStatus::paused));
    BOOST_TEST(!player.state.pauses.back().stops_clock);
    BOOST_TEST(!player.state.limit(0, cases::LimitKind::due)->stopped());
}

BOOST_AUTO_TEST_CASE(lights_come_once_and_red_escalates) {
    Player player = at_approval();
    player.fire(cases::TimerKind::yellow);
    player.fire(cases::TimerKind::orange);
    const auto red = player.fire(cases::TimerKind::red);
    BOOST_TEST((red.verdict == Verdict::recorded));
    BOOST_TEST(player.incident("deadline.breach") != 0);
    BOOST_TEST(player.at() == "approve");  // the step goes on
}

BOOST_AUTO_TEST_CASE(an_event_that_never_comes_is_not_forgotten) {
    Player player = at_loan();
    for (int time = 0; time < 3; ++time) {
        player.fire(time == 0 ? cases::TimerKind::red : cases::TimerKind::remind);
        const int breach = player.incident("deadline.breach");
        BOOST_REQUIRE(breach != 0);
        auto seen = ordered(Order::skip);
        seen.incident = breach;
        BOOST_TEST((player.command(seen).verdict == Verdict::recorded));
        BOOST_TEST(player.incident("deadline.breach") == 0);
        BOOST_TEST(player.at() == "issued");  // seen, and still owed
        BOOST_TEST(cases::has_next_cause(player.state));
    }
    // Told again a week later, over the weekend: five working days.
    const cases::Limit* limit = player.state.limit(player.open_run(), cases::LimitKind::due);
    BOOST_REQUIRE(limit != nullptr);
    BOOST_TEST(limit->remind_ms >= player.facts.now.ms + 7LL * 86'400'000);
    cases::CaseState forgotten = player.state;
    for (cases::Limit& one : forgotten.limits)
        one.remind_ms = 0;
    BOOST_TEST(!cases::has_next_cause(forgotten));
}

BOOST_AUTO_TEST_CASE(a_late_answer_is_told_and_moves_nothing) {
    Player player(line_item());
    player.open();
    auto skip = ordered(Order::set_result);
    skip.step_no = player.open_run();
    skip.approver = "o2";
    skip.record = yes("ok");
    player.command(skip);
    BOOST_REQUIRE(player.at() == "approve");
    cases::Answered late;
    late.op_key = "77/1/do";
    late.status = AnswerStatus::answered;
    late.late = true;
    const auto told = player.move({"calls", "77/1/do#1", "", "", "", late});
    BOOST_TEST((told.verdict == Verdict::recorded));
    BOOST_TEST(told.told.detail == "late:do#1:answered");
    BOOST_TEST(player.at() == "approve");
    BOOST_TEST(player.incident("call.late") == 0);  // it was but asked
}

BOOST_AUTO_TEST_CASE(what_was_done_after_all_is_for_a_person_and_not_done_again) {
    Player player = at_approval();
    player.decide("approve");
    for (int attempt = 1; attempt <= 6; ++attempt)
        player.answer("do", AnswerStatus::unavailable, {}, attempt);
    auto skip = ordered(Order::skip);
    skip.incident = player.incident("call.exhausted");
    skip.approver = "o2";
    player.command(skip);
    BOOST_REQUIRE(player.at() == "issued");
    cases::Answered late;
    late.op_key = "77/3/do";
    late.status = AnswerStatus::answered;
    late.late = true;
    player.move({"calls", "77/3/do#6", "", "", "", late});
    const int incident = player.incident("call.late");
    BOOST_REQUIRE(incident != 0);
    const int steps = player.state.steps_made;
    for (const Order order : {Order::retry, Order::skip, Order::set_result}) {
        Player other = player;
        auto seen = ordered(order);
        seen.incident = incident;
        seen.approver = "o2";
        other.command(seen);
        BOOST_TEST(other.incident("call.late") == 0);
        BOOST_TEST(other.at() == "issued");
        BOOST_TEST(other.state.steps_made == steps);  // the case stands where it stood
    }
}

BOOST_AUTO_TEST_CASE(an_event_before_its_time_is_kept) {
    Player player = at_approval();
    player.event("loan.issued");
    player.decide("approve");
    player.answer("do");
    BOOST_TEST(player.at() == "tell");
    BOOST_TEST((player.event("house.sold").verdict == Verdict::refused));
}

BOOST_AUTO_TEST_CASE(an_event_of_another_office_is_not_the_event) {
    Player player = at_loan();
    BOOST_TEST((player.event("loan.issued", "640100.tax").verdict == Verdict::refused));
}

BOOST_AUTO_TEST_CASE(the_third_assignment_binds) {
    Player player = at_approval();
    auto pass = ordered(Order::reassign);
    pass.step_no = player.open_run();
    pass.member = "640100.tax";
    BOOST_TEST((player.command(pass).verdict == Verdict::recorded));
    pass.member = "640100.centre";  // back to where it came from
    BOOST_TEST(player.command(pass).refusal->where == "transfer.back");
    pass.member = "640100.fund";
    BOOST_TEST((player.command(pass).verdict == Verdict::recorded));
    pass.member = "640100.registry";
    BOOST_TEST(player.command(pass).refusal->where == "transfer.limit");
    pass.binding = true;
    BOOST_TEST((player.command(pass).verdict == Verdict::recorded));
    BOOST_TEST(player.state.bound);
    pass.member = "640100.tax";
    BOOST_TEST(player.command(pass).refusal->where == "transfer.bound");
}

BOOST_AUTO_TEST_CASE(nothing_is_passed_to_a_member_that_there_is_not) {
    class One final : public cases::Directory {
        [[nodiscard]] std::string member_of(std::string_view /*kind*/,
                                            std::string_view /*division*/) const override {
            return "640100.tax";
        }
        [[nodiscard]] bool is_member(std::string_view id) const override {
            return id == "640100.tax";
        }
        [[nodiscard]] std::string division_of(std::string_view /*member*/) const override {
            return "640100";
        }
    };
    const One directory;
    Player player = at_approval();
    player.facts.directory = &directory;
    auto pass = ordered(Order::reassign);
    pass.step_no = player.open_run();
    for (const char* nobody : {"640100.nobody", "tax", "640100", ".", "999999.tax"}) {
        pass.member = nobody;
        BOOST_TEST(player.command(pass).refusal->where == "transfer.member", nobody);
    }
    BOOST_TEST(player.state.transfers == 0);
    pass.member = "640100.tax";
    BOOST_TEST((player.command(pass).verdict == Verdict::recorded));
    BOOST_TEST(player.state.transfers == 1);
}

BOOST_AUTO_TEST_CASE(a_repair_needs_two_officers) {
    Player player(line_item());
    player.open();
    for (int attempt = 1; attempt <= 3; ++attempt)
        player.answer("do", AnswerStatus::unavailable, {}, attempt);
    auto skip = ordered(Order::set_result);
    skip.incident = player.incident("call.exhausted");
    skip.record = yes("ok");
    BOOST_TEST(player.command(skip).refusal->where == "command.two_officers");
    skip.approver = "o1";
    BOOST_TEST(player.command(skip).refusal->where == "command.two_officers");
    skip.approver = "o2";
    player.command(skip);
    BOOST_TEST(player.at() == "approve");
    BOOST_TEST(player.last.answered.size() == 1U);  // its row goes
}

BOOST_AUTO_TEST_CASE(a_case_that_goes_round_too_often_waits_for_a_person_and_goes_on) {
    item::Item short_item = *line_item();
    short_item.limits.steps = 2;
    Player player(std::make_shared<const item::Item>(short_item));
    player.open();
    player.answer("do", AnswerStatus::answered, yes("ok"));
    player.decide("approve");
    const int stopped = player.incident("limit.steps");
    BOOST_REQUIRE(stopped != 0);
    BOOST_TEST(player.at().empty());
    auto further = ordered(Order::retry);
    further.incident = stopped;
    player.command(further);
    BOOST_TEST(player.at() == "pay");
    BOOST_TEST(player.asked("do"));
}

BOOST_AUTO_TEST_CASE(a_state_reads_back_as_it_was_written) {
    Player player = at_loan();
    BOOST_TEST((kept(player.state) == player.state));
    BOOST_TEST(!cases::read_state(R"({"v":9})", {}).ok());
    BOOST_TEST(!cases::read_state(R"({"v":2,"runs":7})", {}).ok());
}

BOOST_AUTO_TEST_CASE(a_state_holds_numbers_of_records_and_does_not_read_without_them) {
    Player player = at_loan();
    const std::string bytes = *cases::write_state(player.state);
    BOOST_TEST(bytes.find("A-1") == std::string::npos);  // the application's number
    BOOST_TEST(!cases::read_state(bytes, {}).ok());
}

BOOST_AUTO_TEST_CASE(a_state_of_before_records_stood_apart_reads_and_says_that_none_is_kept) {
    const auto read =
        cases::read_state(R"({"v":1,"id":7,"status":1,"application":{"g":[["number","A-1"]]},)"
                          R"("results":[["certificate",{"g":[["ok",true]]}]]})",
                          {});
    BOOST_REQUIRE(read.ok());
    BOOST_TEST(read->saved == 0);
    BOOST_TEST(read->state.records_made == 2);
    BOOST_TEST(read->state.application.group().find("number") != nullptr);
    BOOST_TEST(read->state.result("certificate")->find("ok") != nullptr);
    BOOST_TEST((kept(read->state) == read->state));
}

BOOST_AUTO_TEST_CASE(a_closed_case_moves_no_more) {
    Player player(line_item());
    player.open();
    player.answer("do", AnswerStatus::refused);
    BOOST_TEST((player.command(ordered(Order::pause)).verdict == Verdict::refused));
    BOOST_TEST((player.event("loan.issued").verdict == Verdict::nothing));
}

BOOST_AUTO_TEST_SUITE_END()
