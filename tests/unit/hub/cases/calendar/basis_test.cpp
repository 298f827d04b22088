#include "hub/cases/calendar/basis.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/hub/cases/calendar/calendar_fixture.h"

using namespace tongban;
using namespace tongban::calendar;
using test::at;
using test::basis;

BOOST_AUTO_TEST_SUITE(basis_test)

namespace {

Basis full() {
    Basis period = basis("2026-03-02 10:00", 20);
    period.calendar = "cn-640100";
    period.editions = {{"cn/2026", 1}, {"cn-64/2026", 2}};
    period.counting = Counting::office_hours;
    period.hours = {540, 1050};
    period.stops = {
        Stop{StopReason::hearing, at("2026-03-04 09:00"), at("2026-03-05 09:00"), "许可法45"},
        Stop{StopReason::awaiting_province, at("2026-03-09 09:00"), std::nullopt, ""}};
    period.extension = Extension{10, at("2026-03-06 09:00"), "许可法42"};
    return period;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_basis_is_canonical_json_and_comes_back_the_same) {
    BOOST_TEST(to_json(basis("2026-03-02 10:00", 3)) ==
               R"({"calendar":"cn","counting":"at_once","editions":{},"n":3,)"
               R"("start":1772416800000,"unit":"working_days","v":1})");
    BOOST_TEST(to_json(full()) ==
               R"({"calendar":"cn-640100","counting":"office_hours",)"
               R"("editions":{"cn-64/2026":2,"cn/2026":1},)"
               R"("extension":{"decided":1772758800000,"ground":"许可法42","n":10},)"
               R"("hours":{"closes":1050,"opens":540},"n":20,"start":1772416800000,)"
               R"("stops":[{"from":1772586000000,"ground":"许可法45","reason":"hearing",)"
               R"("to":1772672400000},{"from":1773018000000,"reason":"awaiting-province"}],)"
               R"("unit":"working_days","v":1})");
    for (const Basis& period : {basis("2026-03-02 10:00", 3), full()}) {
        const auto back = parse_basis(to_json(period));
        BOOST_REQUIRE(back.ok());
        BOOST_TEST((*back == period));
    }
}

BOOST_AUTO_TEST_CASE(text_that_is_no_basis_is_refused_with_its_place) {
    struct Case {
        const char* from;
        const char* to;
        const char* where;
    };
    for (const Case& wrong :
         {Case{"\"v\":1", "\"v\":2", "basis.v"},
          Case{"\"n\":20", "\"n\":0", "basis.n"},
          Case{"\"n\":20", "\"n\":2.5", "basis.n"},
          Case{"\"n\":20,", "", "basis.n"},
          Case{"working_days", "weeks", "basis.unit"},
          Case{"office_hours", "later", "basis.counting"},
          Case{"\"v\":1", "\"v\":1,\"w\":1", "basis"},
          Case{"\"hearing\"", "\"holiday\"", "basis.stops.reason"},
          Case{"1772672400000", "1772585000000", "basis.stops"},
          Case{"\"to\":1772672400000", "\"until\":1", "basis.stops"},
          Case{"1773018000000", "1772586000000", "basis.stops"},
          Case{"\"closes\":1050", "\"closes\":1441", "basis.hours"},
          Case{"\"closes\":1050", "\"closes\":540", "basis.hours"},
          Case{"\"cn/2026\":1", "\"cn/2026\":-1", "basis.editions.cn/2026"},
          Case{"\"cn/2026\":1", "\"年/2026\":1", "basis.editions"},
          Case{"\"decided\":1772758800000", "\"decided\":5", "basis.extension.decided"},
          Case{"1772416800000", "1772416800", "basis.start"}}) {
        std::string text = to_json(full());
        text.replace(text.find(wrong.from), std::string_view(wrong.from).size(), wrong.to);
        const auto parsed = parse_basis(text);
        BOOST_REQUIRE_MESSAGE(!parsed.ok(), wrong.to);
        BOOST_TEST((parsed.fault().kind == FaultKind::malformed));
        BOOST_TEST(parsed.fault().where == wrong.where, wrong.to << ": " << parsed.fault().where);
    }
    for (const char* text : {"", "[]", "null", "{}", "{\"v\":1"})
        BOOST_TEST(!parse_basis(text).ok(), text);
}

BOOST_AUTO_TEST_CASE(a_clock_stops_once_at_a_time_and_resumes_only_when_stopped) {
    const Basis running = basis("2026-03-02 10:00", 5);
    BOOST_TEST((resume(running, at("2026-03-03 10:00")).fault().kind == FaultKind::conflict));
    const auto stopped = suspend(running, test::stop("2026-03-03 10:00", "2026-03-04 10:00"));
    BOOST_REQUIRE(stopped.ok());
    BOOST_TEST(stopped->suspended());  // the end is not known when it begins
    BOOST_TEST(
        (suspend(*stopped, test::stop("2026-03-04 10:00")).fault().kind == FaultKind::conflict));
    BOOST_TEST(!resume(*stopped, at("2026-03-03 09:59")).ok());
    const auto resumed = resume(*stopped, at("2026-03-05 10:00"));
    BOOST_REQUIRE(resumed.ok());
    BOOST_TEST(!resumed->suspended());
    BOOST_TEST(!suspend(*resumed, test::stop("2026-03-05 09:59")).ok());
    BOOST_TEST(suspend(*resumed, test::stop("2026-03-05 10:00")).ok());
    BOOST_TEST(!suspend(running, test::stop("2026-03-02 09:59")).ok());
}

BOOST_AUTO_TEST_CASE(a_period_is_extended_once_and_only_while_it_runs) {
    const Basis running = basis("2026-03-02 10:00", 5);
    const auto due_at = due(running, test::cn())->at;
    const Extension ten{10, at("2026-03-06 10:00"), "许可法42"};
    const auto extended = extend(running, ten, due_at);
    BOOST_REQUIRE(extended.ok());
    BOOST_TEST(extended->total() == 15);
    BOOST_TEST((extend(*extended, ten, due_at).fault().kind == FaultKind::refused));
    const Extension late{10, at("2026-03-10 00:00"), ""};
    BOOST_TEST((extend(running, late, due_at).fault().kind == FaultKind::refused));
    BOOST_TEST(extend(running, {10, at("2026-03-09 23:59"), ""}, due_at).ok());
    BOOST_TEST((extend(running, {0, at("2026-03-06 10:00"), ""}, due_at).fault().kind ==
                FaultKind::malformed));
}

BOOST_AUTO_TEST_CASE(every_reason_and_unit_has_a_name_that_leads_back) {
    for (const StopReason reason : {StopReason::awaiting_citizen,
                                    StopReason::awaiting_province,
                                    StopReason::judicial,
                                    StopReason::hearing,
                                    StopReason::inspection,
                                    StopReason::expert_review}) {
        BOOST_TEST((stop_reason_named(name_of(reason)) == reason));
        BOOST_TEST(!chinese(reason).empty());
    }
    for (const Unit unit : {Unit::working_days, Unit::days, Unit::hours})
        BOOST_TEST((unit_named(name_of(unit)) == unit));
    BOOST_TEST(!stop_reason_named("lunch").has_value());
    BOOST_TEST(!unit_named("weeks").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
