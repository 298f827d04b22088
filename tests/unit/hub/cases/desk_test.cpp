// What members see of their cases, page by page, and how orders move them.
#include "hub/cases/desk.h"

#include <set>
#include <thread>

#include <boost/test/unit_test.hpp>

#include "base/json.h"
#include "tests/unit/hub/cases/line_hub.h"

using namespace tongban;
using exchange::Caller;
using exchange::CaseAction;
using exchange::CaseOrder;
using exchange::CaseQuery;
using support::need;

namespace {

const Caller centre{"640100.centre", "connector", "01"};
const Caller hall{"640100.approvals", "connector", "01"};
const Caller tax{"640100.tax", "connector", "01"};
const Caller registry{"640100.registry", "connector", "01"};
const Caller supervisor{"640100.approvals", "operator", "01"};

std::shared_ptr<const item::Item> searched_line() {
    item::Item item = *tests::line_item();
    item.search.push_back({"number", {"application", "number"}});
    return std::make_shared<const item::Item>(std::move(item));
}

// The same, where the approval has a form and the loan's event a type of its own.
std::shared_ptr<const item::Item> typed_line() {
    item::Item item = *searched_line();
    for (item::Step& step : item.steps) {
        if (auto* task = std::get_if<item::Task>(&step.what)) task->form = "person/subject@1";
        if (auto* wait = std::get_if<item::Wait>(&step.what))
            wait->any.front().type = "case/joint-sale-supplement@1";
    }
    return std::make_shared<const item::Item>(std::move(item));
}

struct DeskHub : tests::LineHub {
    explicit DeskHub(std::shared_ptr<const item::Item> item = searched_line())
        : LineHub(std::move(item)) {
        world.types = schemas::Catalogue::load(std::string(TONGBAN_SOURCE_DIR "/schemas"));
        start();
    }

    cases::Desk desk() { return cases::Desk(*cases, clock); }

    CaseOrder order(const std::string& number, CaseAction action, const std::string& id) const {
        CaseOrder order;
        order.request_id = id;
        order.action = action;
        order.case_number = number;
        order.officer = "O-1";
        return order;
    }
    CaseOrder decision(const std::string& number, const std::string& choice) const {
        CaseOrder made = order(number, CaseAction::decide, "D-" + choice);
        made.subject = "2";
        made.choice = choice;
        return made;
    }
    // order() waits for a turn: somebody must turn.
    exchange::Reply<exchange::CaseSummary> give(const CaseOrder& order, const Caller& caller) {
        exchange::Reply<exchange::CaseSummary> reply = exchange::refusal("internal", "test");
        {
            const std::jthread turner([this](const std::stop_token& stop) {
                while (!stop.stop_requested())
                    if (cases->turn({clock.at, clock.steady_ms}) == 0) std::this_thread::yield();
            });
            reply = desk().order(order, caller);
        }
        rest();
        return reply;
    }
    std::vector<std::string> numbers(const CaseQuery& query, const Caller& caller) {
        std::vector<std::string> all;
        const auto page = desk().list(query, caller);
        BOOST_REQUIRE(page.ok());
        for (const exchange::CaseSummary& one : page->cases)
            all.push_back(one.case_number);
        return all;
    }
    std::size_t count(const CaseQuery& query) { return numbers(query, centre).size(); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(desk_test)

BOOST_AUTO_TEST_CASE(the_owner_the_hall_and_who_owes_a_step_see_a_case_and_nobody_else) {
    DeskHub hub;
    const std::string number = hub.open("E-1", "A-1", hall.member).case_number;
    const std::vector<std::string> just_it{number};
    BOOST_TEST(hub.numbers({}, centre) == just_it);
    BOOST_TEST(hub.numbers({}, hall) == just_it);
    BOOST_TEST(hub.numbers({}, tax) == just_it);
    BOOST_TEST(hub.numbers({}, supervisor) == just_it);
    BOOST_TEST(hub.numbers({}, registry).empty());
    BOOST_TEST(hub.desk().show(number, hall).ok());
    const auto unseen = hub.desk().show(number, registry);
    BOOST_REQUIRE(!unseen.ok());
    BOOST_TEST(unseen.refusal().code == "case.unknown");
    BOOST_TEST(hub.desk().show("none", centre).refusal().code == "case.unknown");
}

BOOST_AUTO_TEST_CASE(pages_follow_each_other_without_a_gap_or_a_repeat) {
    DeskHub hub;
    for (int i = 1; i <= 5; ++i)
        hub.open("E-" + std::to_string(i), "A-" + std::to_string(i));
    const std::string closed = hub.numbers({}, centre).front();
    BOOST_TEST(hub.give(hub.decision(closed, "reject"), centre)->status == "done");
    CaseQuery query;
    query.limit = 2;
    std::vector<std::string> seen;
    int pages = 0;
    do {
        const auto page = hub.desk().list(query, centre);
        BOOST_REQUIRE(page.ok());
        BOOST_TEST(page->cases.size() <= 2U);
        for (const exchange::CaseSummary& one : page->cases)
            seen.push_back(one.case_number);
        query.after = page->next;
        ++pages;
    } while (!query.after.empty());
    BOOST_TEST(pages == 3);
    BOOST_TEST(seen.size() == 5U);
    BOOST_TEST(std::set<std::string>(seen.begin(), seen.end()).size() == 5U);
    BOOST_TEST(seen.back() == closed);  // what is closed comes last
}

BOOST_AUTO_TEST_CASE(a_page_goes_on_from_its_place_although_its_last_case_was_closed) {
    DeskHub hub;
    for (int i = 1; i <= 3; ++i)
        hub.open("E-" + std::to_string(i), "A-" + std::to_string(i));
    const std::vector<std::string> all = hub.numbers({}, centre);
    CaseQuery query;
    query.limit = 1;
    query.after = hub.desk().list(query, centre)->next;
    BOOST_TEST(hub.give(hub.decision(all.front(), "reject"), centre).ok());
    query.limit = 10;
    BOOST_TEST(hub.numbers(query, centre) == (std::vector<std::string>{all[1], all[2], all[0]}));
    query.after = "1.x.3";
    BOOST_TEST(hub.desk().list(query, centre).refusal().where == "after");
}

BOOST_AUTO_TEST_CASE(every_filter_narrows) {
    DeskHub hub;
    const std::string first = hub.open("E-1", "A-1", hall.member).case_number;
    hub.open("E-2", "A-2", centre.member);
    BOOST_TEST(hub.give(hub.decision(first, "approve"), centre).ok());
    const auto with = [&](std::string CaseQuery::* field, const std::string& value) {
        CaseQuery query;
        query.*field = value;
        return hub.count(query);
    };
    BOOST_TEST(with(&CaseQuery::hall, hall.member) == 1U);
    BOOST_TEST(with(&CaseQuery::hall, tax.member) == 0U);
    BOOST_TEST(with(&CaseQuery::member, centre.member) == 2U);
    BOOST_TEST(with(&CaseQuery::member, tax.member) == 0U);
    BOOST_TEST(with(&CaseQuery::item, "test/line") == 2U);
    BOOST_TEST(with(&CaseQuery::item, "test/line@1") == 2U);
    BOOST_TEST(with(&CaseQuery::item, "test/line@2") == 0U);
    BOOST_TEST(with(&CaseQuery::item, "test/other") == 0U);
    BOOST_TEST(with(&CaseQuery::state, "S_pay") == 1U);
    BOOST_TEST(with(&CaseQuery::status, "waiting") == 2U);
    BOOST_TEST(with(&CaseQuery::status, "done") == 0U);
    BOOST_TEST(with(&CaseQuery::light, "green") == 2U);
    BOOST_TEST(with(&CaseQuery::light, "red") == 0U);
    CaseQuery attribute;
    attribute.attribute = "number";
    attribute.value = "A-1";
    BOOST_TEST(hub.numbers(attribute, centre) == std::vector<std::string>{first});
    attribute.light = "red";
    BOOST_TEST(hub.count(attribute) == 0U);
    attribute.light = "";
    attribute.value = "A-9";
    BOOST_TEST(hub.count(attribute) == 0U);
}

BOOST_AUTO_TEST_CASE(the_same_order_is_answered_as_it_was_although_the_case_moved_on) {
    DeskHub hub;
    const std::string number = hub.open("E-1").case_number;
    CaseOrder pause = hub.order(number, CaseAction::pause, "P-1");
    pause.choice = "awaiting-citizen";
    pause.case_revision = need(hub.cases->view(hub.id(number))).rev;
    const auto first = hub.give(pause, centre);
    BOOST_REQUIRE(first.ok());
    BOOST_TEST(first->status == "paused");
    BOOST_TEST(hub.give(hub.order(number, CaseAction::resume, "P-2"), centre)->status == "waiting");
    hub.start();  // a restart forgets nothing
    const auto again = hub.give(pause, centre);
    BOOST_REQUIRE(again.ok());
    BOOST_TEST(again->status == "paused");
    BOOST_TEST(again->revision == first->revision);
    BOOST_TEST(need(hub.cases->view(hub.id(number))).rev == first->revision + 1);
}

BOOST_AUTO_TEST_CASE(other_content_under_a_used_id_is_a_conflict) {
    DeskHub hub;
    const std::string number = hub.open("E-1").case_number;
    CaseOrder pause = hub.order(number, CaseAction::pause, "P-1");
    pause.choice = "awaiting-citizen";
    BOOST_TEST(hub.give(pause, centre).ok());
    CaseOrder other = pause;
    other.officer = "O-2";
    BOOST_TEST(hub.give(other, centre).refusal().code == "request.conflict");
    other = pause;
    other.choice = "judicial";
    BOOST_TEST(hub.give(other, centre).refusal().code == "request.conflict");
    // The id is the member's own, case by case.
    other = pause;
    other.case_number = hub.open("E-2", "A-2").case_number;
    BOOST_TEST(hub.give(other, centre)->case_number == other.case_number);
}

BOOST_AUTO_TEST_CASE(an_order_about_what_the_officer_no_longer_sees_is_refused) {
    DeskHub hub;
    const std::string number = hub.open("E-1").case_number;
    CaseOrder decision = hub.decision(number, "approve");
    decision.case_revision = 1;  // the check was answered since
    const auto moved = hub.give(decision, centre);
    BOOST_REQUIRE(!moved.ok());
    BOOST_TEST(moved.refusal().code == "case.moved");
    decision.case_revision = need(hub.cases->view(hub.id(number))).rev;
    BOOST_TEST(hub.give(decision, centre).ok());
}

BOOST_AUTO_TEST_CASE(what_is_entered_is_of_its_type_or_refused_and_a_repeat_is_answered_as_before) {
    DeskHub hub(typed_line());
    const std::string number = hub.open("E-1").case_number;
    CaseOrder decision = hub.decision(number, "approve");
    decision.detail = R"({"name":"甲","id_type":"CN_ID","id_number":7})";
    const auto first = hub.give(decision, centre);
    BOOST_REQUIRE(first.ok());
    const cases::CaseState decided = need(hub.cases->view(hub.id(number))).state;
    const auto* form = decided.result("decision")->find("form")->get<schemas::Group>();
    BOOST_TEST(form->find("id_type")->get<schemas::Code>()->code == "CN_ID");
    BOOST_TEST(*form->find("id_number")->get<std::string>() == "7");
    BOOST_TEST(hub.give(decision, centre)->revision ==
               first->revision);  // the task is done, and the answer stands
    decision.detail = R"({"name":"乙","id_type":"CN_ID","id_number":7})";
    BOOST_TEST(hub.give(decision, centre).refusal().code == "request.conflict");

    const Caller fund{"640100.fund", "connector", "01"};
    CaseOrder issued = hub.order(number, CaseAction::signal, "S-1");
    issued.subject = "loan.issued";
    issued.detail = R"({"record":{"application_number":"S-1","supplied_on":"2026-03-02",
        "applicant":{"name":"甲","id_type":"CN_ID","id_number":"7"},"parties":"甲"}})";
    BOOST_TEST(hub.give(issued, fund).refusal().where == "order.form:parties");
    issued.detail = R"({"record":{"application_number":"S-1","supplied_on":"2026-03-02",
        "applicant":{"name":"甲","id_type":"CN_ID","id_number":"7"},"parties":[
        {"role":"SELLER","share":"1/2","person":{"name":"甲","id_type":"CN_ID","id_number":"7"}},
        {"role":"BUYER","person":{"name":"乙","id_type":"CN_ID","id_number":"8"}}]}})";
    BOOST_REQUIRE(hub.give(issued, fund).ok());
    const cases::CaseState state = need(hub.cases->view(hub.id(number))).state;
    const auto* parties = state.result("loan")->find("parties")->get<schemas::List>();
    BOOST_REQUIRE(parties != nullptr);
    BOOST_TEST(parties->items.size() == 2U);
}

BOOST_AUTO_TEST_CASE(only_the_owner_and_operators_stop_a_case_and_others_are_told_why_not) {
    DeskHub hub;
    const std::string number = hub.open("E-1", "A-1", hall.member).case_number;
    CaseOrder cancel = hub.order(number, CaseAction::cancel, "C-1");
    cancel.reason = "withdrawn";
    for (const Caller& other : {tax, hall}) {
        const auto refused = hub.give(cancel, other);
        BOOST_REQUIRE(!refused.ok());
        BOOST_TEST(refused.refusal().code == "case.order");
        BOOST_TEST(refused.refusal().where == "order.member");
        BOOST_TEST(!refused.refusal().zh.empty());
    }
    BOOST_TEST(hub.give(cancel, registry).refusal().code == "case.unknown");
    const CaseOrder bare = hub.order(number, CaseAction::cancel, "C-2");
    BOOST_TEST(hub.give(bare, centre).refusal().where == "command.reason");
    BOOST_TEST(hub.give(hub.decision(number, "dance"), centre).refusal().where == "task.action");
    BOOST_TEST(hub.give(hub.decision(number, "approve"), tax).refusal().where == "task.member");
    BOOST_TEST(hub.give(cancel, supervisor)->status == "cancelled");
}

BOOST_AUTO_TEST_CASE(an_incident_says_what_it_is_and_what_can_be_done_about_it) {
    DeskHub hub;
    hub.calls.says = exchange::CallStatus::denied;
    const std::string number = hub.open("E-1").case_number;
    const auto mine = hub.desk().incidents("", 10, tax);
    BOOST_REQUIRE(mine.ok());
    BOOST_REQUIRE(mine->size() == 1U);
    const exchange::CaseIncident incident = mine->front();
    BOOST_TEST(incident.code == "call.denied");
    BOOST_TEST(incident.case_number == number);
    BOOST_TEST(incident.step == "check");
    BOOST_TEST(!incident.zh.empty());
    BOOST_TEST(!incident.en.empty());
    BOOST_TEST(incident.choices == (std::vector<std::string>{"retry", "skip", "set_result"}));
    BOOST_TEST(hub.desk().incidents("", 10, registry)->empty());
    BOOST_TEST(hub.desk().incidents(number, 10, centre)->size() == 1U);
    BOOST_TEST(hub.numbers({}, centre).size() == 1U);
    CaseOrder mend = hub.order(number, CaseAction::mend, "M-1");
    mend.subject = incident.incident;
    mend.choice = "skip";
    mend.reason = "done by hand";
    BOOST_TEST(hub.give(mend, centre).refusal().where == "command.two_officers");
    hub.calls.says = exchange::CallStatus::answered;
    mend.choice = "retry";
    BOOST_TEST(hub.give(mend, tax).ok());
    BOOST_TEST(hub.desk().incidents(number, 10, centre)->empty());
    BOOST_TEST(need(hub.cases->view(hub.id(number))).state.domain_state == "S_check");
}

BOOST_AUTO_TEST_CASE(a_case_is_shown_with_its_tasks_deadlines_and_history) {
    DeskHub hub;
    const std::string number = hub.open("E-1", "A-1", hall.member).case_number;
    const auto shown = hub.desk().show(number, centre);
    BOOST_REQUIRE(shown.ok());
    const Json json = need(parse_json(*shown));
    BOOST_TEST(json["number"] == number);
    BOOST_TEST(json["hall"] == hall.member);
    BOOST_TEST(json["owner"] == centre.member);
    BOOST_TEST(json["status"] == "waiting");
    BOOST_REQUIRE(json["steps"].size() == 2U);
    BOOST_TEST(json["steps"][1]["role"] == "officer");
    BOOST_TEST(json["steps"][1]["actions"][0]["action"] == "approve");
    BOOST_REQUIRE(json["deadlines"].size() == 2U);
    BOOST_TEST(json["deadlines"][0]["calendar"] == "cn");
    BOOST_TEST(json["deadlines"][0]["within"] == 15);
    BOOST_TEST(json["deadlines"][0]["unit"] == "working_days");
    BOOST_TEST(json["deadlines"][0]["from"] == "2026-03-02");
    BOOST_TEST(json["deadlines"][0]["due"] == "2026-03-23");
    BOOST_TEST(!json["deadlines"][0]["editions"].empty());
    BOOST_REQUIRE(json["history"].size() == 2U);
    BOOST_TEST(json["history"][0]["cause"] == "opened");
    BOOST_TEST(json["history"][0]["exchange"] == "E-1");
    BOOST_TEST(json["history"][1]["cause"] == "answer");
    BOOST_TEST(json["exchanges"] == Json::array({"E-1", "X-1"}));
    BOOST_TEST(shown->find("A-1") == std::string::npos);  // of the application nothing
}

BOOST_AUTO_TEST_CASE(history_is_told_in_the_cases_time_with_officers_and_grounds) {
    DeskHub hub;
    const std::string number = hub.open("E-1").case_number;
    hub.clock.pass(3'600'000);
    CaseOrder pause = hub.order(number, CaseAction::pause, "P-1");
    pause.choice = "awaiting-citizen";
    BOOST_REQUIRE(hub.give(pause, centre).ok());
    BOOST_REQUIRE(hub.give(hub.order(number, CaseAction::resume, "P-2"), centre).ok());
    pause.request_id = "P-3";
    pause.choice = "hearing";
    pause.officer = "O-3";
    BOOST_REQUIRE(hub.give(pause, centre).ok());
    BOOST_REQUIRE(hub.give(hub.order(number, CaseAction::resume, "P-4"), centre).ok());
    CaseOrder extend = hub.order(number, CaseAction::mend, "X-1");
    extend.choice = "extend";
    extend.detail = R"({"count":5,"ground":"Art. 42","approver":"O-2"})";
    BOOST_REQUIRE(hub.give(extend, supervisor).ok());
    CaseOrder cancel = hub.order(number, CaseAction::cancel, "C-1");
    cancel.reason = "withdrawn";
    const auto show = [&] { return need(parse_json(*hub.desk().show(number, centre))); };
    Json json = show();
    BOOST_REQUIRE(json["history"].size() == 7U);
    const Json& paused = json["history"][2];
    BOOST_TEST(paused["officer"] == "O-1");
    BOOST_TEST(paused["reason"] == "awaiting-citizen");
    BOOST_TEST(paused["at_ms"].get<std::int64_t>() == hub.clock.at.ms);
    BOOST_TEST(paused["logged_ms"].get<std::int64_t>() == hub.clock.began.ms);
    BOOST_TEST(!json["history"][1].contains("officer"));  // an answer is nobody's order
    BOOST_TEST(json["history"][4]["officer"] == "O-3");
    BOOST_TEST(json["history"][6]["actor"] == supervisor.member);
    BOOST_TEST(json["history"][6]["officer"] == "O-1");
    BOOST_TEST(json["history"][6]["ground"] == "Art. 42");
    BOOST_TEST(json["history"][6]["by"] == 5);
    BOOST_TEST(json["deadlines"][0]["extension"]["n"] == 5);
    BOOST_REQUIRE(json["pauses"].size() == 2U);
    BOOST_TEST(json["pauses"][0]["clock"] == "stands");
    BOOST_TEST(json["pauses"][1]["clock"] == "runs");
    BOOST_REQUIRE(hub.give(cancel, centre).ok());
    json = show();
    BOOST_TEST(json["history"][7]["reason"] == "withdrawn");
}

BOOST_AUTO_TEST_CASE(tasks_are_listed_for_the_member_that_owes_them) {
    DeskHub hub;
    const std::string number = hub.open("E-1").case_number;
    const auto tasks = hub.desk().tasks("", 10, centre);
    BOOST_REQUIRE(tasks.ok());
    BOOST_REQUIRE(tasks->size() == 1U);
    BOOST_TEST(tasks->front().case_number == number);
    BOOST_TEST(tasks->front().task == "2");
    BOOST_TEST(tasks->front().due == "2026-03-05");
    BOOST_TEST(hub.desk().tasks("cashier", 10, centre)->empty());
    BOOST_TEST(hub.desk().tasks("", 10, tax)->empty());
}

BOOST_AUTO_TEST_SUITE_END()
