// Records that offices send into cases, in their own formats, and what they are told.
#include <boost/test/unit_test.hpp>

#include "hub/exchange/recorder.h"
#include "tests/unit/hub/exchange/case_fixture.h"

using namespace tongban;
using namespace tongban::exchange;
using tongban::test::CaseHub;
using tongban::test::need;
using tongban::test::TestHub;

BOOST_AUTO_TEST_SUITE(intake_test)

namespace {

const Caller asker = TestHub::caller(TestHub::asker);

bool says(const std::string& text, const std::string& word) {
    return text.find(word) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_application_opens_a_case_and_is_acknowledged_in_the_offices_own_format) {
    CaseHub city;
    const Reply<Outcome> outcome = city.send(city.application("YC-1"));
    BOOST_REQUIRE_MESSAGE(outcome.ok(), (outcome.ok() ? "" : outcome.refusal().code));
    BOOST_REQUIRE_MESSAGE((outcome->state == State::delivered), test::codes_of(outcome->findings));
    BOOST_TEST(outcome->document_schema == "640100.housing-fund/case-acknowledgement@1");
    BOOST_TEST(says(*outcome->document, "TB-2026-1"));
    BOOST_TEST(says(*outcome->document, "NEWCASE"));
    BOOST_TEST(!outcome->receipt.empty());
    const auto told = city.cases.told();
    BOOST_REQUIRE_EQUAL(told.openings.size(), 1U);
    const CaseOpening& opening = told.openings[0];
    BOOST_TEST(opening.item == "test/loan");
    BOOST_TEST(opening.submission.exchange_id == outcome->exchange_id);
    BOOST_TEST(opening.submission.member == TestHub::asker);
    BOOST_TEST(opening.submission.request_id == "YC-1");
    BOOST_TEST(opening.submission.type == "case/remote-loan-application@1");
    const schemas::Value* number = schemas::at_path(opening.submission.body, "applicant.id_number");
    BOOST_REQUIRE(number != nullptr);
    BOOST_TEST(schemas::canonical_text(*number) == "640106198802293415");
}

BOOST_AUTO_TEST_CASE(a_member_without_a_system_opens_in_the_hubs_own_words) {
    CaseHub city;
    Request request = city.application("YC-1");
    const auto record =
        read_native({request.schema, request.body},
                    *test::the_engine(),
                    {shanghai_date(city.hub.clock.now()), city.hub.clock.now(), "", "", "", ""});
    BOOST_REQUIRE_MESSAGE(record.ok(), test::codes_of(record.findings));
    request.resource = "test/plain-loan";
    request.consent->resource = request.resource;
    request.schema = "case/remote-loan-application@1";
    request.body = schemas::canonical_json_of(record.value->fields());
    const Reply<Outcome> outcome = city.send(city.hub.signed_again(request));
    BOOST_REQUIRE_MESSAGE(outcome.ok(), (outcome.ok() ? "" : outcome.refusal().code));
    BOOST_REQUIRE_MESSAGE((outcome->state == State::delivered), test::codes_of(outcome->findings));
    BOOST_TEST(outcome->document_schema == "case/acknowledgement@1");
    const Json told = need(parse_json(*outcome->document));
    BOOST_TEST(told["case_number"] == "TB-2026-1");
    BOOST_TEST(told["state"] == "A_APPLIED");
    BOOST_TEST(!told.contains("received_at"));  // not granted
    BOOST_REQUIRE_EQUAL(city.cases.told().openings.size(), 1U);
    request.request_id = "YC-2";
    request.body = R"({"applicant":{"name":"样本甲"}})";
    const Reply<Outcome> wrong = city.send(city.hub.signed_again(request));
    BOOST_REQUIRE(wrong.ok());
    BOOST_TEST((wrong->state == State::refused));
    BOOST_TEST(!wrong->findings.empty());
    BOOST_TEST(city.cases.told().openings.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_same_request_again_gets_the_first_acknowledgement) {
    CaseHub city;
    const Request request = city.application("YC-1");
    const Reply<Outcome> first = city.send(request);
    const Reply<Outcome> second = city.send(request);
    BOOST_REQUIRE(first.ok() && second.ok());
    BOOST_TEST(first->exchange_id == second->exchange_id);
    BOOST_TEST(*first->document == *second->document);
    city.restart();
    const Reply<Outcome> third = city.send(request);
    BOOST_REQUIRE(third.ok());
    BOOST_TEST(*first->document == *third->document);
    BOOST_TEST(city.cases.told().calls == 1);
}

BOOST_AUTO_TEST_CASE(an_event_finds_its_case_by_the_correlation_in_the_message) {
    CaseHub city;
    const Reply<Outcome> known = city.send(city.sent("YC-2", "test/loan-issued", "loan-issued"));
    BOOST_REQUIRE(known.ok());
    BOOST_REQUIRE_MESSAGE((known->state == State::delivered), test::codes_of(known->findings));
    Request strange = city.sent("YC-3", "test/loan-issued", "loan-issued");
    strange.body.replace(strange.body.find("TB-2026-000017"), 14, "TB-2026-999999");
    const Reply<Outcome> unknown = city.send(city.hub.signed_again(std::move(strange)));
    BOOST_REQUIRE(unknown.ok());
    BOOST_TEST((unknown->state == State::delivered));  // an honest "no such case"
    BOOST_TEST(*known->document != *unknown->document);
    const auto told = city.cases.told();
    BOOST_REQUIRE_EQUAL(told.events.size(), 2U);
    BOOST_TEST(told.events[0].event == "loan.issued");
    BOOST_TEST(told.events[0].value == "TB-2026-000017");
    BOOST_TEST(told.events[1].value == "TB-2026-999999");
}

BOOST_AUTO_TEST_CASE(it_is_durable_before_the_cases_have_it_and_handed_in_until_they_take_it) {
    CaseHub city;
    city.cases.fail_with({{FaultKind::busy, "cases", "not now"}, {FaultKind::unavailable, "", ""}});
    const Reply<Outcome> outcome = city.send(city.application("YC-1"));
    BOOST_REQUIRE(outcome.ok());
    BOOST_TEST((outcome->state == State::delivered));
    const auto told = city.cases.told();
    BOOST_TEST(told.calls == 3);
    BOOST_TEST(told.openings.size() == 1U);
}

BOOST_AUTO_TEST_CASE(after_a_crash_between_the_two_it_is_handed_in_again_under_the_same_id) {
    CaseHub city;
    city.cases.fail_with(std::vector<Fault>(1'000, Fault{FaultKind::unavailable, "cases", ""}));
    Request request = city.application("YC-1");
    request.wait_ms = 0;
    const Reply<Outcome> pending = city.send(city.hub.signed_again(request));
    BOOST_REQUIRE(pending.ok());
    BOOST_TEST((pending->state == State::pending));
    while (city.cases.told().calls == 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    city.hub.stop();
    city.cases.fail_with({});
    city.hub.start();
    const Reply<Outcome> ended =
        city.hub.exchanges->result(pending->exchange_id, std::chrono::seconds(15), asker);
    BOOST_REQUIRE(ended.ok());
    BOOST_TEST((ended->state == State::delivered));
    BOOST_TEST(city.cases.told().openings.at(0).submission.exchange_id == pending->exchange_id);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_never_reaches_the_cases) {
    CaseHub city;
    Request request = city.application("YC-1");
    const std::string city_code = "<LendingCity>640100</LendingCity>";
    request.body.replace(request.body.find(city_code), city_code.size(), "");
    const Reply<Outcome> outcome = city.send(city.hub.signed_again(std::move(request)));
    BOOST_REQUIRE(outcome.ok());
    BOOST_TEST((outcome->state == State::refused));
    BOOST_TEST(!outcome->findings.empty());
    BOOST_TEST(city.cases.told().calls == 0);
}

BOOST_AUTO_TEST_CASE(a_refusal_of_the_cases_is_a_finding_with_their_code) {
    CaseHub city;
    city.cases.fail_with({{FaultKind::refused, "item.not_valid", "The service item has ended."}});
    const Reply<Outcome> outcome = city.send(city.application("YC-1"));
    BOOST_REQUIRE(outcome.ok());
    BOOST_TEST((outcome->state == State::refused));
    BOOST_REQUIRE(!outcome->findings.empty());
    BOOST_TEST(outcome->findings.back().code == "item.not_valid");
}

BOOST_AUTO_TEST_CASE(a_case_that_no_agreement_lets_the_member_open_is_denied) {
    CaseHub city;
    Request request = city.application("YC-1");
    request.purpose = "statistics";
    const Reply<Outcome> outcome = city.send(city.hub.signed_again(std::move(request)));
    BOOST_REQUIRE(!outcome.ok());
    BOOST_TEST(outcome.refusal().code == "agreement.purpose");
    BOOST_TEST(city.cases.told().calls == 0);
}

BOOST_AUTO_TEST_CASE(the_acknowledgement_is_pushed_to_an_office_that_does_not_wait) {
    CaseHub city;
    Request request = city.application("YC-1");
    request.delivery = Delivery::push;
    const Reply<Outcome> outcome = city.send(city.hub.signed_again(std::move(request)));
    BOOST_REQUIRE(outcome.ok());
    BOOST_TEST((outcome->state == State::releasing));
    const LeaseReply lease = city.hub.lease(TestHub::asker);
    BOOST_REQUIRE_EQUAL(lease.jobs.size(), 1U);
    BOOST_TEST((lease.jobs[0].kind == JobKind::deliver));
    BOOST_TEST(says(lease.jobs[0].body, "TB-2026-1"));
    BOOST_TEST(!lease.jobs[0].receipt.empty());
}

BOOST_AUTO_TEST_SUITE_END()
