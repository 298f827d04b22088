#include "hub/exchange/exchange.h"

#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "base/json.h"
#include "base/text.h"
#include "hub/audit/receipt.h"
#include "hub/audit/witness.h"
#include "tests/unit/hub/exchange/exchange_fixture.h"

using namespace tongban;
using namespace tongban::exchange;
using tongban::test::Offices;
using tongban::test::TestHub;

BOOST_AUTO_TEST_SUITE(exchange_test)

BOOST_AUTO_TEST_CASE(a_record_travels_from_four_offices_to_the_asker_with_a_receipt) {
    TestHub hub;
    const Offices offices(hub);
    const Reply<Outcome> outcome =
        hub.exchanges->exchange(hub.request("R-1"), TestHub::caller(TestHub::asker));
    BOOST_REQUIRE_MESSAGE(outcome.ok(), (outcome.ok() ? "" : outcome.refusal().code));
    BOOST_TEST_CONTEXT(test::codes_of(outcome->findings)) {
        BOOST_REQUIRE((outcome->state == State::delivered));
    }
    BOOST_REQUIRE(outcome->document.has_value());
    BOOST_TEST(outcome->document->find("EligibilityFile") != std::string::npos);
    BOOST_TEST(outcome->document_schema == "640100.housing-fund/loan-eligibility@1");
    BOOST_TEST(outcome->envelopes.size() == 4U);
    const auto policy = test::need(audit::WitnessPolicy::of_log(hub.log->vkey()));
    BOOST_TEST(audit::receipt_verify(outcome->receipt, outcome->leaf, policy).ok());
}

BOOST_AUTO_TEST_CASE(only_granted_fields_stand_in_the_document) {
    TestHub hub;
    const Offices offices(hub);
    const Reply<Outcome> outcome =
        hub.exchanges->exchange(hub.request("R-1"), TestHub::caller(TestHub::asker));
    BOOST_REQUIRE(outcome.ok());
    BOOST_REQUIRE(outcome->document.has_value());
    const std::string certificate = test::need(gb18030_to_utf8(TestHub::answer_of("certificate")));
    // The ledger's serial numbers are in the certificate and in no grant.
    const std::size_t serial = certificate.find("<YWLSH>");
    if (serial != std::string::npos) {
        const std::string number =
            certificate.substr(serial + 7, certificate.find('<', serial + 7) - serial - 7);
        BOOST_TEST(outcome->document->find(number) == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(the_same_request_again_gets_the_first_outcome_and_other_content_a_conflict) {
    TestHub hub;
    std::atomic<int> asked{0};
    const Offices offices(hub, [&](const std::string&, const Job&, Completion&) { ++asked; });
    Request request = hub.request("R-1");
    const Reply<Outcome> first = hub.exchanges->exchange(request, TestHub::caller(TestHub::asker));
    BOOST_REQUIRE(first.ok());
    request.signed_at_ms += 5'000;  // signed anew, the same all the same
    request = hub.signed_again(request);
    const Reply<Outcome> again = hub.exchanges->exchange(request, TestHub::caller(TestHub::asker));
    BOOST_REQUIRE(again.ok());
    BOOST_TEST(again->exchange_id == first->exchange_id);
    BOOST_TEST((again->document == first->document));
    BOOST_TEST(again->receipt.size() > 0U);
    BOOST_TEST(asked == 4);
    request.case_ref = "YD2";
    request = hub.signed_again(request);
    const Reply<Outcome> other = hub.exchanges->exchange(request, TestHub::caller(TestHub::asker));
    BOOST_REQUIRE(!other.ok());
    BOOST_TEST(other.refusal().code == "request.conflict");
}

BOOST_AUTO_TEST_CASE(two_callers_with_one_request_share_one_exchange) {
    TestHub hub;
    std::atomic<int> asked{0};
    const Offices offices(hub, [&](const std::string&, const Job&, Completion&) { ++asked; });
    const Request request = hub.request("R-1");
    std::vector<std::string> ids(4);
    std::vector<std::jthread> callers;
    for (std::string& id : ids) {
        callers.emplace_back([&hub, &request, &id] {
            const Reply<Outcome> reply =
                hub.exchanges->exchange(request, TestHub::caller(TestHub::asker));
            if (reply) id = reply->exchange_id;
        });
    }
    callers.clear();
    for (const std::string& id : ids) {
        BOOST_TEST(!id.empty());
        BOOST_TEST(id == ids.front());
    }
    BOOST_TEST(asked == 4);
}

BOOST_AUTO_TEST_CASE(an_optional_office_that_is_down_is_named_and_the_record_goes_out) {
    TestHub hub;
    const Offices offices(
        hub, [](const std::string& member, const Job& job, Completion& completion) {
            if (member == "640100.tax") {
                completion =
                    TestHub::not_answered(job, mapping::PartStatus::unavailable, "http.timeout");
            }
        });
    const Reply<Outcome> outcome =
        hub.exchanges->exchange(hub.request("R-1"), TestHub::caller(TestHub::asker));
    BOOST_REQUIRE(outcome.ok());
    BOOST_TEST((outcome->state == State::delivered));
    BOOST_TEST(test::codes_of(outcome->findings).find("tax:part.unavailable") != std::string::npos);
    BOOST_TEST(!outcome->envelopes.contains("tax"));
}

BOOST_AUTO_TEST_CASE(a_clerk_reads_why_an_office_did_not_answer_and_whether_to_ask_again) {
    const auto finding = [](const std::string& reason) {
        TestHub hub;
        const Offices offices(
            hub, [&](const std::string& member, const Job& job, Completion& completion) {
                if (member == "640100.tax")
                    completion =
                        TestHub::not_answered(job, mapping::PartStatus::unavailable, reason);
            });
        const Reply<Outcome> outcome =
            hub.exchanges->exchange(hub.request("R-1"), TestHub::caller(TestHub::asker));
        BOOST_REQUIRE(outcome.ok());
        const auto found =
            std::find_if(outcome->findings.begin(), outcome->findings.end(), [](const auto& one) {
                return one.code == "part.unavailable";
            });
        BOOST_REQUIRE(found != outcome->findings.end());
        return *found;
    };
    const schemas::Finding lasting = finding("odbc.column_missing");
    BOOST_TEST(lasting.zh.find("数据库视图缺少约定的列（odbc.column_missing）") !=
               std::string::npos);
    BOOST_TEST(lasting.zh.find("待其处理后") != std::string::npos);
    BOOST_TEST(lasting.en.find("lacks an agreed column (odbc.column_missing)") !=
               std::string::npos);
    BOOST_TEST(lasting.en.find("ask again later") == std::string::npos);
    BOOST_TEST(lasting.shape == "odbc.column_missing");
    const schemas::Finding passing = finding("http.timeout");
    BOOST_TEST(passing.en.find("gave no answer in time (http.timeout)") != std::string::npos);
    BOOST_TEST(passing.en.find("ask again later") != std::string::npos);
    const schemas::Finding careless = finding("640106198802293415 is unknown here");
    BOOST_TEST((careless.zh + careless.en + careless.shape).find("64010619") ==
               std::string::npos);  // no code: never repeated
}

BOOST_AUTO_TEST_CASE(
    a_required_office_that_is_down_fails_the_exchange_and_says_which_and_what_to_do) {
    TestHub hub;
    std::atomic<int> asked{0};
    const Offices offices(
        hub, [&](const std::string& member, const Job& job, Completion& completion) {
            if (member != "610100.housing-fund") return;
            ++asked;
            completion =
                TestHub::not_answered(job, mapping::PartStatus::unavailable, "soap.timeout");
        });
    const Reply<Outcome> outcome =
        hub.exchanges->exchange(hub.request("R-1"), TestHub::caller(TestHub::asker));
    BOOST_REQUIRE(outcome.ok());
    BOOST_TEST((outcome->state == State::failed));
    BOOST_TEST(!outcome->document.has_value());
    BOOST_TEST(asked == 4);  // the hub decides about asking again
    const schemas::Finding& finding = outcome->findings.back();
    BOOST_TEST(finding.code == "part.unavailable");
    BOOST_TEST(finding.zh.find("西安住房公积金管理中心") != std::string::npos);
    BOOST_TEST(finding.shape == "soap.timeout");
    BOOST_TEST(!outcome->receipt.empty());  // a failure is a leaf too
}

BOOST_AUTO_TEST_CASE(a_required_office_without_a_record_is_a_refusal_not_a_failure) {
    TestHub hub;
    const Offices offices(
        hub, [](const std::string& member, const Job& job, Completion& completion) {
            if (member == "610100.housing-fund") {
                completion =
                    TestHub::not_answered(job, mapping::PartStatus::no_record, "soap.none");
            }
        });
    const Reply<Outcome> outcome =
        hub.exchanges->exchange(hub.request("R-1"), TestHub::caller(TestHub::asker));
    BOOST_REQUIRE(outcome.ok());
    BOOST_TEST((outcome->state == State::refused));
    BOOST_TEST(test::codes_of(outcome->findings).find("part.no_record") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_question_that_cannot_be_read_comes_back_with_its_findings) {
    TestHub hub;
    Request request = hub.request("R-1");
    request.body = "<EligibilityEnquiry xmlns=\"urn:640100:hpf:enquiry:1\"><Head>";
    request = hub.signed_again(request);
    const Reply<Outcome> outcome =
        hub.exchanges->exchange(request, TestHub::caller(TestHub::asker));
    BOOST_REQUIRE(outcome.ok());
    BOOST_TEST((outcome->state == State::refused));
    BOOST_REQUIRE(!outcome->findings.empty());
    BOOST_TEST(outcome->findings.front().part == "request");
}

BOOST_AUTO_TEST_CASE(a_consent_belongs_to_the_person_of_its_first_use) {
    TestHub hub;
    const Offices offices(hub);
    const Request first = hub.request("R-1");
    BOOST_TEST(hub.exchanges->exchange(first, TestHub::caller(TestHub::asker)).ok());
    Request second = hub.request("R-2");
    second.consent = first.consent;
    const std::size_t number = second.body.find("640106198802293415");
    BOOST_REQUIRE(number != std::string::npos);
    second.body.replace(number, 18, "610103198511070524");
    second = hub.signed_again(second);
    const Reply<Outcome> other = hub.exchanges->exchange(second, TestHub::caller(TestHub::asker));
    BOOST_REQUIRE(!other.ok());
    BOOST_TEST(other.refusal().code == "consent.subject");
}

BOOST_AUTO_TEST_CASE(a_withdrawn_consent_stops_what_comes_after) {
    TestHub hub;
    const Offices offices(hub);
    const Request first = hub.request("R-1");
    const Reply<Outcome> told = hub.exchanges->exchange(first, TestHub::caller(TestHub::asker));
    BOOST_REQUIRE(told.ok());
    const Caller asker = TestHub::caller(TestHub::asker);
    BOOST_TEST(hub.exchanges->withdraw_consent(first.consent->consent_id, asker).ok());
    BOOST_TEST(hub.exchanges->withdraw_consent(first.consent->consent_id, asker).ok());
    BOOST_TEST(hub.exchanges->withdraw_consent("SQ-none", asker).refusal().code ==
               "consent.unknown");
    const auto shard = store::shard_of(TestHub::asker, first.consent->consent_id);
    std::size_t leaves = 0;
    for (const auto& row : test::need(hub.store->audit_after(shard, 0, 100)))
        leaves += row.kind == static_cast<std::int32_t>(audit::LeafKind::consent) ? 1U : 0U;
    BOOST_TEST(leaves == 1U);
    const Json trace = test::need(
        parse_json(*hub.exchanges->trace(told->exchange_id, TestHub::caller(TestHub::asker))));
    BOOST_TEST(trace["consent"]["consent"] == first.consent->consent_id);
    BOOST_TEST(trace["consent"]["withdrawn_ms"] != 0);
    Request second = hub.request("R-2");
    second.consent = first.consent;
    second = hub.signed_again(second);
    BOOST_TEST(hub.exchanges->exchange(second, asker).refusal().code == "consent.withdrawn");
}

BOOST_AUTO_TEST_CASE(a_consent_withdrawn_while_the_offices_answer_lets_nothing_out) {
    const Caller asker = TestHub::caller(TestHub::asker);
    for (const bool durable : {false, true}) {
        TestHub hub;
        Request request = hub.request("R-1");
        std::string acknowledged;
        if (durable) {  // before the offices hear of it
            request.wait_ms = 0;
            const Reply<Outcome> pending = hub.exchanges->exchange(request, asker);
            BOOST_REQUIRE(pending.ok());
            BOOST_REQUIRE((pending->state == State::pending));
            acknowledged = pending->exchange_id;
        }
        std::atomic<bool> withdrawn{false};
        const Offices offices(hub, [&](const std::string& member, const Job&, Completion&) {
            if (member == "640100.tax")
                withdrawn =
                    hub.exchanges->withdraw_consent(request.consent->consent_id, asker).ok();
        });
        const Reply<Outcome> outcome =
            durable ? hub.exchanges->result(acknowledged, std::chrono::milliseconds(15'000), asker)
                    : hub.exchanges->exchange(request, asker);
        BOOST_TEST(withdrawn);
        BOOST_REQUIRE(!outcome.ok());
        BOOST_TEST(outcome.refusal().code == "consent.withdrawn");
        std::vector<std::string> kinds;
        for (std::int32_t shard = 0; shard < store::shard_count; ++shard) {
            for (const auto& row : test::need(hub.store->audit_after(shard, 0, 100))) {
                kinds.emplace_back(name_of(static_cast<audit::LeafKind>(row.kind)));
                BOOST_TEST(row.leaf.find("\"delivered\"") == std::string::npos);
            }
        }
        std::sort(kinds.begin(), kinds.end());
        BOOST_TEST(std::count(kinds.begin(), kinds.end(), "denied") == 1);
        BOOST_TEST(std::count(kinds.begin(), kinds.end(), "consent") == 1);
        BOOST_TEST(std::count(kinds.begin(), kinds.end(), "intent") == 0);
        BOOST_TEST(hub.exchanges->exchange(request, asker).refusal().code == "consent.withdrawn");
    }
}

BOOST_AUTO_TEST_SUITE_END()
