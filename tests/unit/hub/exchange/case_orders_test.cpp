// Who may order about a case at all: form, hub, signature, time and rate, before any case hears.
#include <functional>

#include <boost/test/unit_test.hpp>

#include "hub/exchange/case_desk.h"
#include "tests/unit/hub/exchange/exchange_fixture.h"

using namespace tongban;
using namespace tongban::exchange;
using tongban::test::TestHub;

namespace {

CaseOrder unsigned_order(const TestHub& hub) {
    CaseOrder order;
    order.revision = 1;
    order.hub = "hub.yc";
    order.request_id = "O-1";
    order.action = CaseAction::decide;
    order.case_number = "640100-2026-1";
    order.subject = "2";
    order.choice = "approve";
    order.detail = "{\"amount\":1}";
    order.reason = "材料齐全";
    order.officer = "YC-2031";
    order.case_revision = 3;
    order.signed_at_ms = hub.clock.now().ms;
    return order;
}

CaseOrder signed_order(
    const TestHub& hub, const std::function<void(CaseOrder&)>& change = [](CaseOrder&) {}) {
    CaseOrder order = unsigned_order(hub);
    change(order);
    order.signature = hub.sign(TestHub::asker, signed_form(order));
    return order;
}

std::string code_of(const TestHub& hub, const CaseOrder& order) {
    const Reply<Done> reply = hub.exchanges->admit_order(order, TestHub::caller(TestHub::asker));
    if (reply.ok()) return "";
    BOOST_TEST(!reply.refusal().zh.empty());
    BOOST_TEST(!reply.refusal().en.empty());
    return reply.refusal().code;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(case_orders_test)

BOOST_AUTO_TEST_CASE(an_order_that_its_member_signed_is_admitted_however_often) {
    const TestHub hub;
    const CaseOrder order = signed_order(hub);
    BOOST_TEST(code_of(hub, order) == "");
    BOOST_TEST(code_of(hub, order) == "");
}

BOOST_AUTO_TEST_CASE(the_signature_covers_every_word_of_the_order) {
    const TestHub hub;
    using Change = std::function<void(CaseOrder&)>;
    const std::vector<Change> changes{
        [](CaseOrder& o) { o.request_id = "O-2"; },
        [](CaseOrder& o) { o.action = CaseAction::mend; },
        [](CaseOrder& o) { o.case_number = "640100-2026-2"; },
        [](CaseOrder& o) { o.subject = "3"; },
        [](CaseOrder& o) { o.choice = "reject"; },
        [](CaseOrder& o) { o.detail = "{\"amount\":2}"; },
        [](CaseOrder& o) { o.reason = "材料不齐"; },
        [](CaseOrder& o) { o.officer = "YC-2032"; },
        [](CaseOrder& o) { o.case_revision = 4; },
        [](CaseOrder& o) { ++o.signed_at_ms; },
    };
    for (const Change& change : changes) {
        CaseOrder order = signed_order(hub);
        change(order);
        BOOST_TEST(code_of(hub, order) == "signature.invalid");
    }
}

BOOST_AUTO_TEST_CASE(another_members_signature_is_nobodys) {
    const TestHub hub;
    CaseOrder order = unsigned_order(hub);
    order.signature = hub.sign("640100.tax", signed_form(order));
    BOOST_TEST(code_of(hub, order) == "signature.key");
    order.signature = {};
    BOOST_TEST(code_of(hub, order) == "signature.key");
    BOOST_TEST(hub.exchanges->admit_order(signed_order(hub), TestHub::caller("640100.nobody"))
                   .refusal()
                   .code == "member.unknown");
}

BOOST_AUTO_TEST_CASE(an_ill_formed_order_says_where) {
    const TestHub hub;
    const auto refused = [&](const std::function<void(CaseOrder&)>& change) {
        const Reply<Done> reply =
            hub.exchanges->admit_order(signed_order(hub, change), TestHub::caller(TestHub::asker));
        return reply.ok() ? "" : reply.refusal().code + " " + reply.refusal().where;
    };
    BOOST_TEST(refused([](CaseOrder& o) { o.revision = 2; }) == "version revision");
    BOOST_TEST(refused([](CaseOrder& o) { o.hub = "hub.other"; }) == "request.hub hub");
    BOOST_TEST(refused([](CaseOrder& o) { o.request_id = ""; }) == "request.id request_id");
    BOOST_TEST(refused([](CaseOrder& o) { o.request_id = "a/b"; }) == "request.id request_id");
    BOOST_TEST(refused([](CaseOrder& o) { o.case_number = ""; }) ==
               "request.malformed case_number");
    BOOST_TEST(refused([](CaseOrder& o) { o.officer = ""; }) == "request.malformed officer");
    BOOST_TEST(refused([](CaseOrder& o) { o.officer = "马兰"; }) == "request.malformed officer");
    BOOST_TEST(refused([](CaseOrder& o) { o.case_revision = -1; }) ==
               "request.malformed case_revision");
    BOOST_TEST(refused([](CaseOrder& o) { o.detail = std::string(70'000, 'x'); }) ==
               "call.body_too_large detail");
    BOOST_TEST(refused([](CaseOrder& o) { o.reason = std::string(5'000, 'x'); }) ==
               "call.body_too_large reason");
}

BOOST_AUTO_TEST_CASE(an_order_of_another_time_is_refused) {
    const TestHub hub;
    constexpr std::int64_t day_ms = 86'400'000;
    const auto at = [&](std::int64_t away) {
        return code_of(hub, signed_order(hub, [away](CaseOrder& o) { o.signed_at_ms += away; }));
    };
    BOOST_TEST(at(-day_ms) == "clock.old");
    BOOST_TEST(at(day_ms) == "clock.future");
    BOOST_TEST(at(-60'000) == "");
}

BOOST_AUTO_TEST_CASE(a_member_over_its_rate_is_busy_with_a_time) {
    const TestHub hub([](ExchangeTerms&) {},
                      [](test::City& city) {
                          city.change("members/640100.housing-fund.yaml",
                                      "{per_second: 50, burst: 200}",
                                      "{per_second: 1, burst: 1}");
                      });
    BOOST_TEST(code_of(hub, signed_order(hub)) == "");
    const Reply<Done> busy =
        hub.exchanges->admit_order(signed_order(hub), TestHub::caller(TestHub::asker));
    BOOST_REQUIRE(!busy.ok());
    BOOST_TEST(busy.refusal().code == "busy");
    BOOST_TEST(busy.refusal().retry_after_ms > 0);
}

BOOST_AUTO_TEST_SUITE_END()
