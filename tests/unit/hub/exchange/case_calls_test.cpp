// Cases that ask: durable, in a member's name on what that member signed, once in effect.
#include <boost/test/unit_test.hpp>

#include "tests/unit/hub/exchange/case_fixture.h"

using namespace tongban;
using namespace tongban::exchange;
using mapping::PartStatus;
using tongban::test::CaseHub;
using tongban::test::need;
using tongban::test::Offices;
using tongban::test::TestHub;

BOOST_AUTO_TEST_SUITE(case_calls_test)

namespace {

std::string text_of(const CaseAnswer& answer, const std::string& path) {
    const schemas::Value* value = schemas::at_path(answer.record, path);
    return value == nullptr ? "" : schemas::canonical_text(*value);
}

CaseAnswer kept(CaseHub& city, const std::string& op_key) {
    const auto answer = need(city.calls().answer_of({TestHub::asker, op_key, 1}));
    BOOST_REQUIRE(answer.has_value());
    return *answer;
}

Json leaf_of(CaseHub& city, const std::string& exchange_id, audit::LeafKind kind) {
    const auto row = need(city.hub.store->leaf(exchange_id, static_cast<std::int32_t>(kind)));
    BOOST_REQUIRE(row.has_value());
    return need(parse_json(row->leaf));
}

void patient(ExchangeTerms& terms) {
    terms.board.lease = std::chrono::milliseconds(100);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_call_is_durable_before_its_job_goes_out_and_answered_in_canonical_form) {
    CaseHub city;
    const std::string opening = city.opened();
    need(city.calls().call(CaseHub::mark_call(opening)));
    const std::vector<store::JobRow> rows = need(city.hub.store->pending_jobs(-1, 0, 10));
    BOOST_REQUIRE_EQUAL(rows.size(), 1U);
    BOOST_TEST(rows[0].dest == CaseHub::office);
    BOOST_TEST(!need(city.calls().answer_of({TestHub::asker, "17/3/mark", 1})).has_value());

    const Job job = city.leased();
    BOOST_TEST(job.op_key == "17/3/mark");
    BOOST_TEST(job.message_no == message_number("640100.housing-fund/17/3/mark/mark"));
    BOOST_TEST(job.schema == "610100.housing-fund/loan-feedback@1");
    BOOST_TEST(job.body.find(job.message_no) != std::string::npos);
    city.mark(job);
    const CaseAnswer answer = city.answers.wait_for("17/3/mark");
    BOOST_REQUIRE_MESSAGE((answer.status == CallStatus::answered),
                          std::string(name_of(answer.status)) + " " + answer.reason + " " +
                              test::codes_of(answer.findings));
    BOOST_TEST(text_of(answer, "mark.number") == "BJ202612110003");
    BOOST_TEST(text_of(answer, "request.certificate_number") == "202611220001");
    BOOST_TEST(text_of(answer, "request.borrower.id_number") == "");  // not granted
    BOOST_TEST(answer.record_type == "housing-fund/loan-mark@1");
}

BOOST_AUTO_TEST_CASE(the_leaf_names_the_signature_of_the_opening_and_no_person) {
    CaseHub city;
    const std::string opening = city.opened();
    need(city.calls().call(CaseHub::mark_call(opening)));
    city.mark(city.leased());
    const CaseAnswer answer = city.answers.wait_for("17/3/mark");
    const Json leaf = leaf_of(city, answer.exchange_id, audit::LeafKind::intent);
    const Json opened = leaf_of(city, opening, audit::LeafKind::intent);
    BOOST_TEST(leaf.at("requester") == TestHub::asker);
    BOOST_TEST(leaf.at("request").dump() == opened.at("request").dump());
    const Json& call = leaf.at("for_case");
    BOOST_TEST(call.at("case") == "17");
    BOOST_TEST(call.at("item") == "test/loan");
    BOOST_TEST(call.at("opening") == opening);
    BOOST_TEST(call.at("op_key") == "17/3/mark");
    BOOST_TEST(leaf.dump().find("640106198802293415") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_same_call_again_is_one_exchange_and_other_content_a_conflict) {
    CaseHub city;
    const std::string opening = city.opened();
    need(city.calls().call(CaseHub::mark_call(opening)));
    need(city.calls().call(CaseHub::mark_call(opening)));
    CaseCall other = CaseHub::mark_call(opening);
    other.request.set("contract_number", schemas::Value{std::string("another"), {}});
    const Result<Done> refused = city.calls().call(other);
    BOOST_REQUIRE(!refused.ok());
    BOOST_TEST((refused.fault().kind == FaultKind::conflict));
    city.mark(city.leased());
    static_cast<void>(city.answers.wait_for("17/3/mark"));
    need(city.calls().call(CaseHub::mark_call(opening)));  // ended: still the same
    BOOST_TEST(!city.calls().call(other).ok());
    BOOST_TEST(city.nothing_to_lease());
    BOOST_TEST(city.answers.count() == 1U);
}

BOOST_AUTO_TEST_CASE(an_answer_stays_the_same_over_a_restart) {
    CaseHub city;
    need(city.calls().call(CaseHub::mark_call(city.opened())));
    city.mark(city.leased());
    const CaseAnswer first = city.answers.wait_for("17/3/mark");
    city.restart();
    const CaseAnswer again = kept(city, "17/3/mark");
    BOOST_TEST((again.status == first.status));
    BOOST_TEST((again.record == first.record));
    BOOST_TEST(again.exchange_id == first.exchange_id);
    need(city.calls().call(CaseHub::mark_call(city.cases.told().cases.begin()->first)));
    BOOST_TEST(city.nothing_to_lease());
}

BOOST_AUTO_TEST_CASE(an_idempotent_submission_is_sent_again_under_the_same_number_and_bytes) {
    CaseHub city("idempotent", patient);
    need(city.calls().call(CaseHub::mark_call(city.opened())));
    const Job first = city.leased();
    const Job second = city.leased();  // the first lease has run out
    BOOST_TEST(second.message_no == first.message_no);
    BOOST_TEST(second.body == first.body);
    city.say(second, PartStatus::unavailable, "http.timeout");
    const Job third = city.leased();
    BOOST_TEST(third.message_no == first.message_no);
    city.mark(third);
    BOOST_TEST((city.answers.wait_for("17/3/mark").status == CallStatus::answered));
}

BOOST_AUTO_TEST_CASE(an_idempotent_submission_without_answer_by_the_deadline_is_in_doubt) {
    CaseHub city("idempotent");
    CaseCall call = CaseHub::mark_call(city.opened());
    call.deadline = Instant{city.hub.clock.now().ms + 60'000};
    need(city.calls().call(call));
    static_cast<void>(city.leased());
    city.hub.clock.offset_ms = 61'000;
    const CaseAnswer answer = city.answers.wait_for("17/3/mark");
    BOOST_TEST((answer.status == CallStatus::in_doubt));
    BOOST_TEST(test::codes_of(answer.findings).find("part.in_doubt") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_never_left_by_the_deadline_is_unavailable) {
    CaseHub city("at_most_once");
    CaseCall call = CaseHub::mark_call(city.opened());
    call.deadline = Instant{city.hub.clock.now().ms + 60'000};
    need(city.calls().call(call));
    city.hub.clock.offset_ms = 61'000;
    BOOST_TEST((city.answers.wait_for("17/3/mark").status == CallStatus::unavailable));
}

BOOST_AUTO_TEST_CASE(of_a_queryable_office_the_status_is_asked_before_anything_is_sent_again) {
    CaseHub city("queryable", patient);
    need(city.calls().call(CaseHub::mark_call(city.opened())));
    const Job sent = city.leased();
    BOOST_TEST(sent.operation == "mark");
    const Job status = city.leased();  // the lease ran out: was it done?
    BOOST_TEST(status.operation == "mark-status");
    BOOST_TEST(status.message_no == sent.message_no);
    city.mark(status);  // it was
    const CaseAnswer answer = city.answers.wait_for("17/3/mark");
    BOOST_TEST((answer.status == CallStatus::answered));
    BOOST_TEST(text_of(answer, "mark.number") == "BJ202612110003");
    BOOST_TEST(city.nothing_to_lease());
}

BOOST_AUTO_TEST_CASE(a_queryable_submission_that_is_definitely_absent_is_sent_again) {
    CaseHub city("queryable");
    need(city.calls().call(CaseHub::mark_call(city.opened())));
    const Job sent = city.leased();
    city.say(sent, PartStatus::unavailable, "http.timeout");
    const Job status = city.leased();
    city.say(status, PartStatus::unavailable, "http.timeout");  // no word: asked again
    const Job status_again = city.leased();
    BOOST_TEST(status_again.operation == "mark-status");
    city.say(status_again, PartStatus::no_record, "soap.fault.NoRecord");
    const Job again = city.leased();
    BOOST_TEST(again.operation == "mark");
    BOOST_TEST(again.message_no == sent.message_no);
    BOOST_TEST(again.body == sent.body);
    city.mark(again);
    BOOST_TEST((city.answers.wait_for("17/3/mark").status == CallStatus::answered));
}

BOOST_AUTO_TEST_CASE(an_office_that_will_not_say_what_it_did_leaves_it_in_doubt) {
    CaseHub city("queryable");
    need(city.calls().call(CaseHub::mark_call(city.opened())));
    city.say(city.leased(), PartStatus::unavailable, "http.timeout");
    city.say(city.leased(), PartStatus::refused, "office.closed");
    BOOST_TEST((city.answers.wait_for("17/3/mark").status == CallStatus::in_doubt));
    BOOST_TEST((kept(city, "17/3/mark").status == CallStatus::in_doubt));
}

BOOST_AUTO_TEST_CASE(what_may_happen_once_at_most_is_never_sent_again) {
    CaseHub city("at_most_once", patient);
    need(city.calls().call(CaseHub::mark_call(city.opened())));
    const Job sent = city.leased();
    const CaseAnswer answer = city.answers.wait_for("17/3/mark");  // the lease ran out
    BOOST_TEST((answer.status == CallStatus::in_doubt));
    BOOST_TEST(city.nothing_to_lease());
    city.mark(sent);  // too late: nobody waits for it, and nothing breaks
    BOOST_TEST((kept(city, "17/3/mark").status == CallStatus::in_doubt));
}

BOOST_AUTO_TEST_CASE(what_certainly_did_not_reach_the_office_is_sent_again_whatever_its_effect) {
    CaseHub city("at_most_once");
    need(city.calls().call(CaseHub::mark_call(city.opened())));
    city.say(city.leased(), PartStatus::unavailable, "http.connect");
    city.mark(city.leased());
    BOOST_TEST((city.answers.wait_for("17/3/mark").status == CallStatus::answered));
}

BOOST_AUTO_TEST_CASE(a_lease_that_could_not_be_told_is_no_doubt) {
    CaseHub city("at_most_once");
    need(city.calls().call(CaseHub::mark_call(city.opened())));
    const Job unsent = city.leased();
    BOOST_TEST((need(city.hub.store->job(unsent.job_id))->state == store::JobState::in_doubt));
    city.hub.exchanges->unsent({unsent});
    BOOST_TEST((need(city.hub.store->job(unsent.job_id))->state == store::JobState::pending));
    city.mark(city.leased());
    BOOST_TEST((city.answers.wait_for("17/3/mark").status == CallStatus::answered));
}

BOOST_AUTO_TEST_CASE(who_hung_up_while_waiting_gets_no_job) {
    CaseHub city("at_most_once");
    need(city.calls().call(CaseHub::mark_call(city.opened())));
    LeaseRequest gone{1, 8, 100, JournalHead{}, [] { return false; }};
    BOOST_TEST(!city.hub.exchanges->lease(gone, TestHub::caller(CaseHub::office)).ok());
    const Job job = city.leased();  // at once, and nothing was marked as sent before
    city.mark(job);
    BOOST_TEST((city.answers.wait_for("17/3/mark").status == CallStatus::answered));
}

BOOST_AUTO_TEST_CASE(an_office_that_says_no_is_heard_and_nothing_is_in_doubt) {
    CaseHub city("at_most_once");
    need(city.calls().call(CaseHub::mark_call(city.opened())));
    city.say(city.leased(), PartStatus::refused, "office.frozen");
    const CaseAnswer answer = city.answers.wait_for("17/3/mark");
    BOOST_TEST((answer.status == CallStatus::refused));
    BOOST_TEST(answer.reason == "office.frozen");
}

BOOST_AUTO_TEST_CASE(an_answer_to_a_submission_that_cannot_be_read_is_in_doubt) {
    CaseHub city("idempotent");
    need(city.calls().call(CaseHub::mark_call(city.opened())));
    const Job job = city.leased();
    BOOST_TEST(
        city.hub.complete(CaseHub::office, city.hub.answered(CaseHub::office, job, "<no/>")).ok());
    const CaseAnswer answer = city.answers.wait_for("17/3/mark");
    BOOST_TEST((answer.status == CallStatus::in_doubt));
    BOOST_TEST(answer.reason == "answer.unreadable");
}

BOOST_AUTO_TEST_CASE(after_a_restart_what_had_not_left_is_sent_in_the_same_bytes) {
    CaseHub city("at_most_once");
    need(city.calls().call(CaseHub::mark_call(city.opened())));
    city.restart();
    const Job job = city.leased();
    BOOST_TEST(job.message_no == message_number("640100.housing-fund/17/3/mark/mark"));
    city.mark(job);
    BOOST_TEST((city.answers.wait_for("17/3/mark").status == CallStatus::answered));
}

BOOST_AUTO_TEST_CASE(after_a_restart_what_had_left_is_asked_about_or_in_doubt) {
    CaseHub queried("queryable");
    need(queried.calls().call(CaseHub::mark_call(queried.opened())));
    const Job sent = queried.leased();
    queried.restart();
    const Job status = queried.leased();
    BOOST_TEST(status.operation == "mark-status");
    queried.say(status, PartStatus::no_record, "");
    const Job again = queried.leased();
    BOOST_TEST(again.body == sent.body);
    queried.mark(again);
    BOOST_TEST((queried.answers.wait_for("17/3/mark").status == CallStatus::answered));

    CaseHub once("at_most_once");
    need(once.calls().call(CaseHub::mark_call(once.opened())));
    static_cast<void>(once.leased());
    once.restart();
    BOOST_TEST((once.answers.wait_for("17/3/mark").status == CallStatus::in_doubt));
    BOOST_TEST(once.nothing_to_lease());
}

BOOST_AUTO_TEST_CASE(a_further_attempt_is_another_exchange_under_the_same_number) {
    CaseHub city("at_most_once");
    const std::string opening = city.opened();
    CaseCall call = CaseHub::mark_call(opening);
    need(city.calls().call(call));
    const Job first = city.leased();
    city.say(first, PartStatus::unavailable, "http.timeout");
    BOOST_TEST((city.answers.wait_for("17/3/mark").status == CallStatus::in_doubt));
    call.name.attempt = 2;  // a person has looked
    need(city.calls().call(call));
    const Job second = city.leased();
    BOOST_TEST(second.exchange_id != first.exchange_id);
    BOOST_TEST(second.message_no == first.message_no);
    BOOST_TEST(second.body == first.body);
    city.mark(second);
    const auto ended = [&] {
        return need(city.calls().answer_of({TestHub::asker, "17/3/mark", 2})).has_value();
    };
    for (int i = 0; i < 1'000 && !ended(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    BOOST_TEST((need(city.calls().answer_of({TestHub::asker, "17/3/mark", 2}))->status ==
                CallStatus::answered));
    BOOST_TEST((kept(city, "17/3/mark").status == CallStatus::in_doubt));
}

BOOST_AUTO_TEST_CASE(a_case_of_another_item_is_denied_with_a_leaf) {
    CaseHub city;
    CaseCall call = CaseHub::mark_call(city.opened());
    call.item = "test/other";
    need(city.calls().call(call));
    const CaseAnswer answer = city.answers.wait_for("17/3/mark");
    BOOST_TEST((answer.status == CallStatus::denied));
    BOOST_TEST(answer.reason == "agreement.case");
    BOOST_TEST(leaf_of(city, answer.exchange_id, audit::LeafKind::denied).at("decision") ==
               "agreement.case");
    BOOST_TEST((kept(city, "17/3/mark").status == CallStatus::denied));
    BOOST_TEST(city.nothing_to_lease());
}

BOOST_AUTO_TEST_CASE(nothing_is_asked_in_the_name_of_a_member_that_signed_nothing) {
    CaseHub city;
    const std::string opening = city.opened();
    CaseCall foreign = CaseHub::mark_call(opening, "17/3/foreign");
    foreign.name.member = "640100.tax";
    need(city.calls().call(foreign));
    CaseCall none = CaseHub::mark_call("0190b2f2-0000-7000-8000-000000000001", "17/3/none");
    need(city.calls().call(none));
    for (const char* op_key : {"17/3/foreign", "17/3/none"}) {
        const CaseAnswer answer = city.answers.wait_for(op_key);
        BOOST_TEST((answer.status == CallStatus::denied));
        BOOST_TEST(answer.reason == "case.opening");
    }
    BOOST_TEST(city.nothing_to_lease());
}

BOOST_AUTO_TEST_CASE(a_member_cannot_take_a_calls_place_by_its_request_id) {
    CaseHub city;
    Request request = city.application("case.17.3.mark.1");
    request.request_id = "case/17/3/mark/1";
    const Reply<Outcome> outcome = city.send(city.hub.signed_again(std::move(request)));
    BOOST_REQUIRE(!outcome.ok());
    BOOST_TEST(outcome.refusal().code == "request.id");
}

BOOST_AUTO_TEST_CASE(a_request_that_breaks_its_type_comes_back_with_findings_and_asks_nobody) {
    CaseHub city;
    CaseCall call = CaseHub::mark_call(city.opened());
    call.request.set("certificate_number", schemas::Value{});
    need(city.calls().call(call));
    const CaseAnswer answer = city.answers.wait_for("17/3/mark");
    BOOST_TEST((answer.status == CallStatus::returned));
    BOOST_TEST(answer.reason == "type.required.missing");
    BOOST_TEST(city.nothing_to_lease());
}

BOOST_AUTO_TEST_CASE(records_are_fetched_and_claims_verified_by_the_same_port) {
    CaseHub city;
    const std::string opening = city.opened();
    const mapping::Context context{
        shanghai_date(city.hub.clock.now()), city.hub.clock.now(), "", "", "", ""};
    const auto question =
        read_native({"640100.housing-fund/loan-eligibility-request@1",
                     test::example("640100.housing-fund/loan-eligibility-request/v1/example.xml")},
                    *test::the_engine(),
                    context);
    BOOST_REQUIRE(question.ok());
    CaseCall fetch = CaseHub::mark_call(opening, "17/4/eligibility");
    fetch.resource = "housing-fund/loan-eligibility";
    fetch.kind = policy::Kind::fetch;
    fetch.request = question.value->fields();
    CaseCall verify = fetch;
    verify.name.op_key = "17/5/claims";
    verify.kind = policy::Kind::verify;
    verify.request.set(
        "claims",
        *CaseHub::canonical(
             "housing-fund/loan-eligibility-request@1",
             {{"claims",
               Json::array({Json{{"field", "certificate.account.frozen"}, {"value", "false"}}})}})
             .find("claims"));
    const Offices offices(city.hub);
    need(city.calls().call(fetch));
    need(city.calls().call(verify));
    const CaseAnswer fetched = city.answers.wait_for("17/4/eligibility");
    BOOST_REQUIRE_MESSAGE((fetched.status == CallStatus::answered),
                          std::string(name_of(fetched.status)) + " " + fetched.reason + " " +
                              test::codes_of(fetched.findings));
    BOOST_TEST(!text_of(fetched, "certificate.number").empty());
    BOOST_TEST(text_of(fetched, "certificate.ledger").empty());  // not granted
    const CaseAnswer verified = city.answers.wait_for("17/5/claims");
    BOOST_TEST((verified.status == CallStatus::verified));
    BOOST_TEST(verified.verdicts.size() == 1U);
    BOOST_TEST((kept(city, "17/4/eligibility").record == fetched.record));
}

BOOST_AUTO_TEST_CASE(a_call_that_names_no_operation_or_kind_cannot_be_made) {
    CaseHub city;
    const std::string opening = city.opened();
    CaseCall unnamed = CaseHub::mark_call(opening, "");
    CaseCall published = CaseHub::mark_call(opening);
    published.kind = policy::Kind::publish;
    CaseCall spaced = CaseHub::mark_call(opening, "17 3");
    for (const CaseCall& call : {unnamed, published, spaced}) {
        const Result<Done> made = city.calls().call(call);
        BOOST_REQUIRE(!made.ok());
        BOOST_TEST((made.fault().kind == FaultKind::malformed));
    }
}

BOOST_AUTO_TEST_SUITE_END()
