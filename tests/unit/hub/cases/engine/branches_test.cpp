#include <boost/test/unit_test.hpp>

#include "hub/cases/engine/retry.h"
#include "hub/cases/engine/value_json.h"
#include "tests/unit/hub/cases/engine/player.h"

using namespace tongban;
using namespace tongban::tests;
using cases::AnswerStatus;
using cases::CaseStatus;
using cases::Order;

BOOST_AUTO_TEST_SUITE(branches_test)

BOOST_AUTO_TEST_CASE(all_waits_for_every_branch) {
    Player player(parallel_item(item::Join::all));
    player.open();
    player.answer("do");
    BOOST_TEST(player.at() == "pause");
    player.fire(cases::TimerKind::step);
    BOOST_TEST(player.at() == "once");
}

BOOST_AUTO_TEST_CASE(any_gives_the_other_branch_up_and_undoes_what_it_did) {
    Player player(parallel_item(item::Join::any));
    player.open();
    player.fire(cases::TimerKind::step);
    BOOST_TEST(player.key("do") != "none/do");
    cases::Answered late;  // the office had done it before it heard
    late.op_key = "77/2/do";
    late.status = AnswerStatus::answered;
    player.move({"calls", "late", "", "", "", late});
    BOOST_TEST(player.asked("undo"));
    BOOST_TEST(player.last.calls[0].resource == "tax/withdraw");
}

BOOST_AUTO_TEST_CASE(what_may_be_done_once_is_not_repeated_in_doubt) {
    Player player(parallel_item(item::Join::all));
    player.open();
    player.answer("do");
    player.fire(cases::TimerKind::step);
    player.answer("do", AnswerStatus::in_doubt);
    const int doubt = player.incident("call.in_doubt");
    BOOST_REQUIRE(doubt != 0);
    BOOST_TEST(cases::has_next_cause(player.state));
    auto retry = ordered(Order::retry);
    retry.incident = doubt;
    BOOST_TEST(player.command(retry).refusal->where == "command.two_officers");
    auto done = ordered(Order::set_result);
    done.incident = doubt;
    done.approver = "o2";
    player.command(done);
    BOOST_TEST((player.state.status == CaseStatus::closed));
}

BOOST_AUTO_TEST_CASE(a_cancel_waits_to_hear_of_what_may_be_done_once) {
    Player player(parallel_item(item::Join::all));
    player.open();
    player.answer("do");
    player.fire(cases::TimerKind::step);
    BOOST_TEST((player.command(ordered(Order::cancel)).verdict == cases::Verdict::recorded));
    player.answer("do", AnswerStatus::refused);
    BOOST_TEST(player.asked("undo"));
}

BOOST_AUTO_TEST_CASE(waits_between_attempts_differ_and_have_a_ceiling) {
    const cases::RetryTerms terms{6, 1'000, 8'000};
    std::int64_t longest = 0;
    for (int attempt = 1; attempt <= 20; ++attempt) {
        const std::int64_t wait = cases::backoff_ms(terms, "1/1/do", attempt);
        BOOST_TEST(wait >= 1);
        BOOST_TEST(wait <= (attempt == 1 ? 1'000 : 8'000));
        longest = std::max(longest, wait);
    }
    BOOST_TEST(longest > 2'000);
    BOOST_TEST(cases::backoff_ms(terms, "1/1/do", 5) != cases::backoff_ms(terms, "1/2/do", 5));
    BOOST_TEST(cases::backoff_ms(terms, "1/1/do", 5) == cases::backoff_ms(terms, "1/1/do", 5));
}

BOOST_AUTO_TEST_CASE(every_kind_of_value_survives_the_state) {
    schemas::Group group;
    const auto put = [&](const char* name, auto data) {
        schemas::Value value;
        value.data = std::move(data);
        group.set(name, std::move(value));
    };
    put("text", std::string("文"));
    put("code", schemas::Code{"01"});
    put("money", schemas::Money{-5});
    put("decimal", schemas::Decimal{125, 2});
    put("share", schemas::Share{1, 3});
    put("date", Date{2026, 3, 2});
    put("period", Period{202603});
    put("instant", Instant{12});
    put("yes", true);
    schemas::List list;
    list.items.resize(2);
    list.items[0].data = std::string("x");
    put("list", list);
    put("group", record("inner", text("y")));
    JsonText json;
    cases::put(json, group);
    const auto back = cases::group_from(*parse_json(json.take()));
    BOOST_REQUIRE(back.ok());
    BOOST_TEST((*back == group));
    BOOST_TEST(!cases::group_from(*parse_json(R"({"g":[["a",{"z":1}]]})")).ok());
}

BOOST_AUTO_TEST_SUITE_END()
