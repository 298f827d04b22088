// Kind verify, and the middle at the provider's end.
#include <boost/test/unit_test.hpp>

#include "hub/exchange/middle.h"
#include "tests/unit/hub/exchange/exchange_fixture.h"

using namespace tongban;
using namespace tongban::exchange;
using tongban::test::Offices;
using tongban::test::TestHub;

BOOST_AUTO_TEST_SUITE(verify_and_placement_test)

namespace {

const Caller asker = TestHub::caller(TestHub::asker);

Request with_claims(const TestHub& hub,
                    const std::string& id,
                    const std::vector<std::pair<std::string, std::string>>& claims) {
    Request request = hub.request(id);
    request.kind = policy::Kind::verify;
    std::string items = "<VerificationItems>";
    for (const auto& [field, value] : claims) {
        items += "<Item><Field>" + field + "</Field><Value>" + value + "</Value></Item>";
    }
    request.body.insert(request.body.find("</EligibilityEnquiry>"), items + "</VerificationItems>");
    const std::size_t kind = request.body.find(">FETCH<");
    request.body.replace(kind, 7, ">VERIFY<");
    return hub.signed_again(std::move(request));
}

std::string text_of(const FieldVerdict& verdict) {
    return verdict.field + "=" + std::string(name_of(verdict.verdict));
}

// What a provider's connector completes with: the canonical record, and nothing of the native one.
void at_the_provider(const std::string& schema, const Job& job, Completion& completion) {
    if (job.placement != policy::Placement::provider) return;  // the hub then refuses the rest
    const Instant now = SystemClock().now();
    const mapping::Context context{
        *parse_iso_date(job.work->as_of), now, job.message_no, job.exchange_id, "", ""};
    const auto record =
        read_native({schema, completion.native_record}, *test::the_engine(), context);
    if (!record.ok()) return;
    completion.canonical = schemas::canonical_json_of(record.value->fields());
    completion.commitments_root = std::string(32, 'r');
    completion.native_record.clear();
}

}  // namespace

BOOST_AUTO_TEST_CASE(claims_get_verdicts_and_no_data_and_only_their_offices_are_asked) {
    TestHub hub;
    std::atomic<int> asked{0};
    const Offices offices(hub, [&](const std::string& member, const Job&, Completion&) {
        if (member != "640100.tax") ++asked;
    });
    const Reply<Outcome> outcome = hub.exchanges->exchange(
        with_claims(hub, "V-1", {{"tax.marriage", "20"}, {"tax.marriage", "10"}}), asker);
    BOOST_REQUIRE_MESSAGE(outcome.ok(), (outcome.ok() ? "" : outcome.refusal().code));
    BOOST_TEST_CONTEXT(test::codes_of(outcome->findings)) {
        BOOST_REQUIRE((outcome->state == State::verified));
    }
    BOOST_TEST(!outcome->document.has_value());
    BOOST_REQUIRE(outcome->verdicts.size() == 2U);
    const std::string both = text_of(outcome->verdicts[0]) + " " + text_of(outcome->verdicts[1]);
    BOOST_TEST(both.find("mismatch") != std::string::npos, both);
    BOOST_TEST(both.find("=match") != std::string::npos, both);
    BOOST_TEST(outcome->verdicts[0].source_age_ms >= 0);
    BOOST_TEST(asked == 0);
    BOOST_TEST(!outcome->receipt.empty());
    const Reply<Outcome> again =
        hub.exchanges->result(outcome->exchange_id, std::chrono::milliseconds(0), asker);
    BOOST_TEST(again->verdicts.size() == 2U);
}

BOOST_AUTO_TEST_CASE(claims_that_the_agreement_does_not_list_are_denied) {
    TestHub hub;
    const Reply<Outcome> foreign = hub.exchanges->exchange(
        with_claims(hub, "V-1", {{"certificate.ledger.amount", "1.00"}}), asker);
    BOOST_REQUIRE(!foreign.ok());
    BOOST_TEST(foreign.refusal().code == "verify.claims");
    Request none = hub.request("V-2");
    none.kind = policy::Kind::verify;
    BOOST_TEST(hub.exchanges->exchange(hub.signed_again(none), asker).refusal().code ==
               "verify.claims");
}

BOOST_AUTO_TEST_CASE(guessing_ends_with_the_budget_and_a_restart_does_not_refill_it) {
    TestHub hub;
    for (int i = 0; i < 5; ++i) {
        const Offices offices(hub);
        const Reply<Outcome> outcome = hub.exchanges->exchange(
            with_claims(hub, "V-" + std::to_string(i), {{"tax.marriage", std::to_string(10 * i)}}),
            asker);
        BOOST_REQUIRE(outcome.ok());
        BOOST_TEST((outcome->state == State::verified));
    }
    hub.stop();
    hub.start();
    const Reply<Outcome> sixth =
        hub.exchanges->exchange(with_claims(hub, "V-6", {{"tax.marriage", "20"}}), asker);
    BOOST_REQUIRE(!sixth.ok());
    BOOST_TEST(sixth.refusal().code == "verify.budget");
}

BOOST_AUTO_TEST_CASE(a_silent_office_gives_unavailable_and_not_a_mismatch) {
    TestHub hub;
    const Offices offices(hub, [](const std::string&, const Job& job, Completion& completion) {
        completion = TestHub::not_answered(job, mapping::PartStatus::unavailable, "http.timeout");
    });
    const Reply<Outcome> outcome =
        hub.exchanges->exchange(with_claims(hub, "V-1", {{"tax.marriage", "20"}}), asker);
    BOOST_REQUIRE(outcome.ok());
    BOOST_REQUIRE(outcome->verdicts.size() == 1U);
    BOOST_TEST((outcome->verdicts[0].verdict == Verdict::unavailable_or_stale));
}

BOOST_AUTO_TEST_CASE(the_middle_at_the_providers_end_gives_the_same_document) {
    std::string here;
    {
        TestHub hub;
        const Offices offices(hub);
        const Reply<Outcome> outcome = hub.exchanges->exchange(hub.request("R-1"), asker);
        BOOST_REQUIRE(outcome.ok());
        here = outcome->document.value_or("");
    }
    TestHub hub([](ExchangeTerms&) {},
                [](test::City& city) {
                    city.change("resources/housing-fund.loan-eligibility.yaml",
                                "placement: hub ",
                                "placement: provider ");
                });
    const Offices offices(
        hub, [&hub](const std::string& member, const Job& job, Completion& completion) {
            const auto policy = hub.policy->get();
            for (const policy::Part& part :
                 policy->resource("housing-fund/loan-eligibility")->parts) {
                if (part.routes[0].member == member)
                    at_the_provider(part.routes[0].record, job, completion);
            }
        });
    const Reply<Outcome> outcome = hub.exchanges->exchange(hub.request("R-1"), asker);
    BOOST_REQUIRE(outcome.ok());
    BOOST_TEST_CONTEXT(test::codes_of(outcome->findings)) {
        BOOST_REQUIRE((outcome->state == State::delivered));
    }
    const auto body =
        [](const std::string& document) {  // without the head, whose numbers are the exchange's own
            return document.substr(document.find("</Head>"));
        };
    BOOST_TEST(body(*outcome->document) == body(here));
    BOOST_TEST(outcome->envelopes.size() == 4U);
}

BOOST_AUTO_TEST_CASE(a_native_record_sent_along_at_placement_provider_is_refused) {
    TestHub hub([](ExchangeTerms& terms) { terms.ask_attempts = 1; },
                [](test::City& city) {
                    city.change("resources/housing-fund.loan-eligibility.yaml",
                                "placement: hub ",
                                "placement: provider ");
                });
    Request request = hub.request("R-1");
    request.wait_ms = 0;
    BOOST_TEST((hub.exchanges->exchange(request, asker)->state == State::pending));
    const Job job = hub.lease("640100.tax").jobs.at(0);
    Completion completion = hub.answered("640100.tax", job, TestHub::answer_of("deed-tax"));
    BOOST_TEST(hub.complete("640100.tax", std::move(completion)).refusal().code ==
               "envelope.digest");
}

BOOST_AUTO_TEST_SUITE_END()
