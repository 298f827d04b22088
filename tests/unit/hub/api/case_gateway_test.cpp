// The case gateway over the wire: every field arrives, nobody orders who may not, and a hub without
// cases says so.
#include "hub/api/case_gateway.h"

#include <boost/test/unit_test.hpp>
#include <tongban_wire/CaseGateway.h>

#include "hub/exchange/case_desk.h"
#include "tests/unit/hub/api/api_fixture.h"

using namespace tongban;
using exchange::Reply;
using test::Client;
using test::Door;
using test::TestHub;

namespace {

// Answers with what stands in it and keeps what it was asked.
class HeldDesk final : public exchange::CaseDesk {
public:
    Reply<exchange::CasePage> list(const exchange::CaseQuery& query,
                                   const exchange::Caller& caller) override {
        asked = query;
        who = caller;
        return page;
    }
    Reply<std::string> show(const std::string& number, const exchange::Caller& caller) override {
        who = caller;
        if (number != "N-1") return exchange::refusal("case.unknown", "case_number");
        return std::string("{\"number\":\"N-1\"}");
    }
    Reply<std::vector<exchange::CaseTask>> tasks(const std::string& role,
                                                 std::int32_t limit,
                                                 const exchange::Caller& /*caller*/) override {
        asked.state = role;
        asked.limit = limit;
        return std::vector<exchange::CaseTask>{task};
    }
    Reply<std::vector<exchange::CaseIncident>> incidents(
        const std::string& number,
        std::int32_t limit,
        const exchange::Caller& /*caller*/) override {
        asked.state = number;
        asked.limit = limit;
        return std::vector<exchange::CaseIncident>{incident};
    }
    Reply<exchange::CaseSummary> order(const exchange::CaseOrder& order,
                                       const exchange::Caller& caller) override {
        orders.push_back(order);
        who = caller;
        return page.cases.front();
    }

    exchange::CasePage page{{{"N-1",
                              "housing-fund/remote-loan@1",
                              "异地贷款",
                              "remote loan",
                              "A_ELIGIBLE",
                              "具备开具条件",
                              "eligible",
                              "running",
                              "yellow",
                              "640100.housing-fund",
                              "640100.approvals",
                              17,
                              "2026-03-23",
                              4}},
                            "1.2.3"};
    exchange::CaseTask task{"2",
                            "N-1",
                            "housing-fund/remote-loan",
                            "loan-officer",
                            "审批",
                            "decide",
                            {"approve", "reject"},
                            true,
                            "orange",
                            "2026-03-05",
                            4};
    exchange::CaseIncident incident{"i1",
                                    "N-1",
                                    "certify",
                                    "call.in_doubt",
                                    "2",
                                    "存疑",
                                    "in doubt",
                                    99,
                                    "X-1",
                                    {"retry", "skip"},
                                    4};
    exchange::CaseQuery asked;
    exchange::Caller who;
    std::vector<exchange::CaseOrder> orders;
};

void no_change(api::HubConfig& /*config*/) {}

template <typename Call>
std::string refusal_code(Call call) {
    try {
        call();
        return "none";
    } catch (const wire::Refusal& refusal) {
        BOOST_TEST(!refusal.zh.empty());
        return refusal.code;
    }
}

wire::CaseOrder on_the_wire(const Door& door, const std::string& id) {
    exchange::CaseOrder order;
    order.revision = 1;
    order.hub = "hub.yc";
    order.request_id = id;
    order.action = exchange::CaseAction::mend;
    order.case_number = "N-1";
    order.subject = "i1";
    order.choice = "retry";
    order.detail = "{\"approver\":\"O-2\"}";
    order.reason = "对方已恢复";
    order.officer = "O-1";
    order.case_revision = 4;
    order.signed_at_ms = door.hub.clock.now().ms;
    const exchange::Signature signature =
        door.hub.sign(TestHub::asker, exchange::signed_form(order));
    wire::CaseOrder out;
    out.revision = order.revision;
    out.hub = order.hub;
    out.request_id = order.request_id;
    out.action = wire::CaseAction::mend;
    out.case_number = order.case_number;
    out.subject = order.subject;
    out.choice = order.choice;
    out.detail = order.detail;
    out.reason = order.reason;
    out.officer = order.officer;
    out.case_revision = order.case_revision;
    out.signed_at_ms = order.signed_at_ms;
    out.signature.suite = signature.suite;
    out.signature.key_id = signature.key_id;
    out.signature.value = signature.value;
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(case_gateway_test)

BOOST_AUTO_TEST_CASE(a_hub_without_cases_says_so) {
    Door door;
    Client<wire::CaseGatewayClient> client(door, door.server->rpc_port(), "connector");
    std::string json;
    BOOST_TEST(refusal_code([&] { client->show_case(json, "N-1"); }) == "cases.none");
}

BOOST_AUTO_TEST_CASE(a_list_arrives_with_every_field_and_its_question_too) {
    HeldDesk desk;
    Door door(no_change, &desk);
    Client<wire::CaseGatewayClient> client(door, door.server->rpc_port(), "connector");
    wire::CaseQuery query;
    query.revision = 1;
    query.item = "a";
    query.state = "b";
    query.status = "c";
    query.light = "d";
    query.attribute = "e";
    query.value = "f";
    query.after = "g";
    query.limit = 9'999;
    query.hall = "h";
    query.member = "i";
    wire::CasePage page;
    client->list_cases(page, query);
    const exchange::CaseQuery& asked = desk.asked;
    BOOST_TEST(asked.item + asked.state + asked.status + asked.light + asked.attribute +
                   asked.value + asked.after + asked.hall + asked.member ==
               "abcdefghi");
    BOOST_TEST(asked.limit == 200);
    BOOST_TEST(desk.who.member == TestHub::asker);
    BOOST_REQUIRE(page.cases.size() == 1U);
    const wire::CaseSummary& one = page.cases.front();
    BOOST_TEST(one.case_number + one.item + one.item_zh + one.item_en ==
               "N-1housing-fund/remote-loan@1异地贷款remote loan");
    BOOST_TEST(one.state + one.state_zh + one.state_en + one.status + one.light ==
               "A_ELIGIBLE具备开具条件eligiblerunningyellow");
    BOOST_TEST(one.owner + one.hall + one.due == "640100.housing-fund640100.approvals2026-03-23");
    BOOST_TEST(one.opened_ms == 17);
    BOOST_TEST(one.revision == 4);
    BOOST_TEST(page.more == "1.2.3");
    query.revision = 2;
    BOOST_TEST(refusal_code([&] { client->list_cases(page, query); }) == "version");
}

BOOST_AUTO_TEST_CASE(tasks_incidents_and_a_case_arrive_whole) {
    HeldDesk desk;
    Door door(no_change, &desk);
    Client<wire::CaseGatewayClient> client(door, door.server->rpc_port(), "connector");
    std::vector<wire::CaseTask> tasks;
    client->list_tasks(tasks, "loan-officer", 0);
    BOOST_TEST(desk.asked.state == "loan-officer");
    BOOST_TEST(desk.asked.limit == 1);
    BOOST_REQUIRE(tasks.size() == 1U);
    const wire::CaseTask& task = tasks.front();
    BOOST_TEST(task.task + task.case_number + task.item + task.role + task.zh + task.en ==
               "2N-1housing-fund/remote-loanloan-officer审批decide");
    BOOST_TEST(task.actions == (std::vector<std::string>{"approve", "reject"}));
    BOOST_TEST(task.four_eyes);
    BOOST_TEST(task.light + task.due == "orange2026-03-05");
    BOOST_TEST(task.case_revision == 4);
    std::vector<wire::CaseIncident> incidents;
    client->list_incidents(incidents, "", 5);
    BOOST_REQUIRE(incidents.size() == 1U);
    const wire::CaseIncident& one = incidents.front();
    BOOST_TEST(one.incident + one.case_number + one.step + one.code + one.severity + one.zh +
                   one.en + one.exchange_id ==
               "i1N-1certifycall.in_doubt2存疑in doubtX-1");
    BOOST_TEST(one.choices == (std::vector<std::string>{"retry", "skip"}));
    BOOST_TEST(one.opened_ms == 99);
    BOOST_TEST(one.case_revision == 4);
    std::string json;
    client->show_case(json, "N-1");
    BOOST_TEST(json == "{\"number\":\"N-1\"}");
    BOOST_TEST(refusal_code([&] { client->show_case(json, "N-2"); }) == "case.unknown");
}

BOOST_AUTO_TEST_CASE(an_order_arrives_whole_and_only_when_its_member_signed_it) {
    HeldDesk desk;
    Door door(no_change, &desk);
    Client<wire::CaseGatewayClient> client(door, door.server->rpc_port(), "connector");
    wire::CaseSummary summary;
    client->order(summary, on_the_wire(door, "O-1"));
    BOOST_TEST(summary.case_number == "N-1");
    BOOST_REQUIRE(desk.orders.size() == 1U);
    const exchange::CaseOrder& order = desk.orders.front();
    BOOST_TEST((order.action == exchange::CaseAction::mend));
    BOOST_TEST(order.request_id + order.case_number + order.subject + order.choice + order.detail +
                   order.reason + order.officer ==
               "O-1N-1i1retry{\"approver\":\"O-2\"}对方已恢复O-1");
    BOOST_TEST(order.case_revision == 4);
    wire::CaseOrder changed = on_the_wire(door, "O-2");
    changed.choice = "skip";
    BOOST_TEST(refusal_code([&] { client->order(summary, changed); }) == "signature.invalid");
    changed = on_the_wire(door, "O-3");
    changed.action = static_cast<wire::CaseAction::type>(7);
    BOOST_TEST(refusal_code([&] { client->order(summary, changed); }) == "request.malformed");
    BOOST_TEST(desk.orders.size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_auditor_reads_and_does_not_order) {
    HeldDesk desk;
    Door door(no_change, &desk);
    Client<wire::CaseGatewayClient> auditor(door, door.server->rpc_port(), "auditor");
    std::string json;
    auditor->show_case(json, "N-1");
    BOOST_TEST(desk.who.role == "auditor");
    wire::CaseSummary summary;
    BOOST_TEST(refusal_code([&] { auditor->order(summary, on_the_wire(door, "O-1")); }) ==
               "call.role");
    BOOST_TEST(desk.orders.empty());
}

BOOST_AUTO_TEST_SUITE_END()
