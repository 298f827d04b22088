// Kind verify, and the middle at the provider's end.
#include <stdexcept>

#include <boost/test/unit_test.hpp>

#include "base/json.h"
#include "hub/exchange/middle.h"
#include "hub/exchange/provider_answer.h"
#include "hub/exchange/signed_forms.h"
#include "mapping/rule_set.h"
#include "tests/unit/hub/exchange/exchange_fixture.h"

using namespace tongban;
using namespace tongban::exchange;
using tongban::test::Offices;
using tongban::test::TestHub;

BOOST_AUTO_TEST_SUITE(verify_and_placement_test)

namespace {

// On the threads of offices, where Boost.Test must not be called: ends the test program.
void must(bool holds, const std::string& what) {
    if (!holds) throw std::runtime_error(what);
}

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

// What a provider's connector completes with: the canonical record and what its rules say of it,
// and nothing of the native one.
void at_the_provider(const std::string& schema, const Job& job, Completion& completion) {
    const ProviderWork& work = *job.work;
    const mapping::Engine& engine = *test::the_engine();
    const Date as_of = *parse_iso_date(work.as_of);
    const mapping::Context context{
        as_of, SystemClock().now(), job.message_no, job.exchange_id, "", ""};
    auto record = read_native({schema, completion.native_record}, engine, context);
    completion.native_record.clear();
    completion.findings = record.findings;
    if (!record.ok()) return;
    completion.canonical = schemas::canonical_json_of(record.value->fields());
    completion.commitments_root = std::string(32, 'r');
    mapping::PartToJudge part{work.part, engine.catalogue->type(work.record), {}, {}};
    part.request_fields = work.request_fields;
    const auto told = mapping::accept(work.request, *part.whole);
    must(told.ok(), "told");
    part.request = *told.value->fields().find("request")->get<schemas::Group>();
    const mapping::RuleSet rules = engine.rules->select(work.record, as_of, work.jurisdictions);
    must(rules.versions() == work.rules, "the rules of the work");
    mapping::PartVerdict verdict =
        mapping::verify_part(*std::move(record.value), part, rules, context);
    for (schemas::Finding& finding : verdict.findings)
        completion.findings.push_back(std::move(finding));
    completion.judged = std::move(verdict.judged);
}

void sign_as_told(const TestHub& hub, Completion& completion) {
    SignedEnvelope& envelope = completion.envelope;
    if (completion.canonical) {
        envelope.canonical_sha256 = hex(sha256(*completion.canonical));
        envelope.commitments_root = hex(*completion.commitments_root);
    }
    envelope.judgement_sha256 = hex(sha256(judgement_form(completion.findings, completion.judged)));
    envelope.signature = hub.sign(envelope.member, signed_form(envelope, "hub.yc"));
}

void place_at_the_provider(test::City& city) {
    city.change(
        "resources/housing-fund.loan-eligibility.yaml", "placement: hub ", "placement: provider ");
}

std::string schema_of(const TestHub& hub, const std::string& member) {
    const auto policy = hub.policy->get();
    for (const policy::Part& part : policy->resource("housing-fund/loan-eligibility")->parts) {
        if (part.routes[0].member == member) return part.routes[0].record;
    }
    return "";
}

// Both ways: the offices' records, changed by `change`, through the hub's middle and the
// providers'.
using Change = std::function<void(const std::string& operation, std::string& native)>;
struct Told {
    State state = State::pending;
    std::vector<std::string> findings;
    std::string document;
    std::size_t envelopes = 0;
};

Told told_by(TestHub& hub, const Offices::Spoil& spoil) {
    const Offices offices(hub, spoil);
    const Reply<Outcome> outcome = hub.exchanges->exchange(hub.request("R-1"), asker);
    BOOST_REQUIRE(outcome.ok());
    Told told{outcome->state, {}, outcome->document.value_or(""), outcome->envelopes.size()};
    for (const schemas::Finding& finding : outcome->findings)
        told.findings.push_back(finding.code + " " + finding.part + " " + finding.field + " " +
                                finding.shape + " " + std::to_string(finding.place.line));
    std::sort(told.findings.begin(), told.findings.end());
    return told;
}

Completion changed(const TestHub& hub,
                   const Job& job,
                   const Change& change,
                   const Completion& was) {
    std::string native = was.native_record;
    if (change) change(job.operation, native);
    return hub.answered(was.envelope.member, job, native);
}

Told at_the_hub(const Change& change = nullptr) {
    TestHub hub;
    return told_by(hub, [&](const std::string&, const Job& job, Completion& completion) {
        completion = changed(hub, job, change, completion);
    });
}

// `says`: what becomes of the judgement before it is signed.
Told at_the_providers(const Change& change = nullptr,
                      const std::function<void(Completion&)>& says = nullptr) {
    TestHub hub([](ExchangeTerms&) {}, place_at_the_provider);
    return told_by(hub, [&](const std::string& member, const Job& job, Completion& completion) {
        completion = changed(hub, job, change, completion);
        at_the_provider(schema_of(hub, member), job, completion);
        if (says) says(completion);
        sign_as_told(hub, completion);
    });
}

void replace(std::string& text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    must(at != std::string::npos, from);
    text.replace(at, from.size(), to);
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

BOOST_AUTO_TEST_CASE(the_middle_at_the_providers_end_gives_the_same_document_and_findings) {
    const Told here = at_the_hub();
    const Told there = at_the_providers();
    const auto body =
        [](const std::string& document) {  // without the head, whose numbers are the exchange's own
            return document.substr(document.find("</Head>"));
        };
    BOOST_REQUIRE((here.state == State::delivered));
    BOOST_REQUIRE((there.state == State::delivered));
    BOOST_TEST(body(there.document) == body(here.document));
    BOOST_TEST(there.findings == here.findings, boost::test_tools::per_element());
    BOOST_TEST(there.envelopes == 4U);
}

BOOST_AUTO_TEST_CASE(rules_on_withheld_fields_find_at_the_provider_what_they_find_at_the_hub) {
    const auto exempt = [](const std::string& operation, std::string& native) {
        if (operation == "deed-tax")
            replace(native, R"("jkzt": "0")", R"("jkzt": "2", "mswsh": "MS-2026-0071")");
    };
    const auto flag_alone = [](const std::string& operation, std::string& native) {
        if (operation == "deed-tax") replace(native, R"("jkzt": "0")", R"("jkzt": "2")");
    };
    const auto dead = [](const std::string& operation, std::string& native) {
        if (operation == "employment") replace(native, R"("SURV_STAS":"1")", R"("SURV_STAS":"2")");
    };
    const auto short_ledger = [](const std::string& operation, std::string& native) {
        if (operation == "certificate") replace(native, "<gjj:HBJNY>202608", "<gjj:HBJNY>202607");
    };
    struct World {
        Change change;
        std::string finding;  // that it must give, "" for none
    };
    for (const World& world : {World{exempt, ""},
                               World{flag_alone, "R-18 "},
                               World{dead, "P-09 "},
                               World{short_ledger, "C-02 "}}) {
        const Told here = at_the_hub(world.change);
        const Told there = at_the_providers(world.change);
        BOOST_TEST((there.state == here.state));
        BOOST_TEST(there.findings == here.findings, boost::test_tools::per_element());
        const bool found = std::any_of(
            there.findings.begin(), there.findings.end(), [&world](const std::string& finding) {
                return finding.starts_with(world.finding);
            });
        BOOST_TEST(world.finding.empty() != found);
        if (world.finding.empty()) BOOST_TEST(there.findings.empty());
    }
}

BOOST_AUTO_TEST_CASE(what_no_provider_judged_and_the_hub_cannot_is_told_and_stops_nothing) {
    const Told silent =
        at_the_providers(nullptr, [](Completion& completion) { completion.judged.clear(); });
    BOOST_TEST((silent.state == State::delivered));
    const auto said = [&silent](const std::string& code) {
        return std::count_if(
            silent.findings.begin(), silent.findings.end(), [&code](const std::string& one) {
                return one.starts_with(code + " ");
            });
    };
    for (const char* code : {"C-02.withheld",
                             "C-03.withheld",
                             "C-09.withheld",
                             "C-12.withheld",
                             "C-14.withheld",
                             "P-09.withheld"})
        BOOST_TEST(said(code) == 1, code);
    BOOST_TEST(said("R-18") == 0);
    BOOST_TEST(said("C-13") == 0);
}

BOOST_AUTO_TEST_CASE(the_hub_takes_nothing_that_the_provider_did_not_sign) {
    const std::vector<std::function<void(Completion&)>> forgeries = {
        [](Completion& one) { one.canonical = "{}"; },
        [](Completion& one) { one.commitments_root = std::string(32, 'x'); },
        [](Completion& one) { one.judged.emplace_back("P-09@1"); },
        [](Completion& one) { one.findings.emplace_back().code = "P-09"; },
        [](Completion& one) {  // a signature over the native bytes alone
            one.envelope.canonical_sha256 = one.envelope.commitments_root =
                one.envelope.judgement_sha256 = "";
        }};
    for (const auto& forge : forgeries) {
        TestHub hub([](ExchangeTerms& terms) { terms.ask_attempts = 1; }, place_at_the_provider);
        Request request = hub.request("R-1");
        request.wait_ms = 0;
        BOOST_TEST((hub.exchanges->exchange(request, asker)->state == State::pending));
        const Job job = hub.lease("640100.tax").jobs.at(0);
        Completion completion = hub.answered("640100.tax", job, TestHub::answer_of("deed-tax"));
        at_the_provider(schema_of(hub, "640100.tax"), job, completion);
        sign_as_told(hub, completion);
        forge(completion);
        if (completion.envelope.judgement_sha256.empty())
            completion.envelope.signature =
                hub.sign("640100.tax", signed_form(completion.envelope, "hub.yc"));
        BOOST_TEST(hub.complete("640100.tax", std::move(completion)).refusal().code ==
                   "envelope.digest");
    }
}

BOOST_AUTO_TEST_CASE(a_judgement_outlives_a_restart_of_the_hub) {
    TestHub hub([](ExchangeTerms&) {}, place_at_the_provider);
    Request request = hub.request("R-1");
    request.wait_ms = 0;
    const Reply<Outcome> pending = hub.exchanges->exchange(request, asker);
    BOOST_REQUIRE((pending->state == State::pending));
    const auto answer = [&hub](const std::string& member, std::string native) {
        const Job job = hub.lease(member).jobs.at(0);
        if (job.operation == "employment")
            replace(native, R"("SURV_STAS":"1")", R"("SURV_STAS":"2")");
        Completion completion = hub.answered(member, job, native);
        at_the_provider(schema_of(hub, member), job, completion);
        sign_as_told(hub, completion);
        BOOST_TEST(hub.complete(member, std::move(completion)).ok());
    };
    answer("610100.social-security", TestHub::answer_of("employment"));
    answer("610100.housing-fund", TestHub::answer_of("certificate"));
    answer("640100.real-estate", TestHub::answer_of("homes"));
    hub.stop();
    hub.start();
    answer("640100.tax", TestHub::answer_of("deed-tax"));
    const Reply<Outcome> outcome =
        hub.exchanges->result(pending->exchange_id, std::chrono::milliseconds(15'000), asker);
    BOOST_REQUIRE(outcome.ok());
    BOOST_TEST((outcome->state == State::refused));
    BOOST_TEST(test::codes_of(outcome->findings).find("employment:P-09 ") != std::string::npos);
    BOOST_TEST(test::codes_of(outcome->findings).find("withheld") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_native_record_sent_along_at_placement_provider_is_refused) {
    TestHub hub([](ExchangeTerms& terms) { terms.ask_attempts = 1; }, place_at_the_provider);
    Request request = hub.request("R-1");
    request.wait_ms = 0;
    BOOST_TEST((hub.exchanges->exchange(request, asker)->state == State::pending));
    const Job job = hub.lease("640100.tax").jobs.at(0);
    Completion completion = hub.answered("640100.tax", job, TestHub::answer_of("deed-tax"));
    BOOST_TEST(hub.complete("640100.tax", std::move(completion)).refusal().code ==
               "envelope.digest");
}

BOOST_AUTO_TEST_SUITE_END()
