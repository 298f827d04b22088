// What was acknowledged goes on: pending answers, deliveries, restarts, leases and envelopes.
#include <boost/test/unit_test.hpp>

#include "hub/exchange/recorder.h"
#include "tests/unit/hub/exchange/exchange_fixture.h"

using namespace tongban;
using namespace tongban::exchange;
using tongban::test::need;
using tongban::test::Offices;
using tongban::test::TestHub;

BOOST_AUTO_TEST_SUITE(durable_test)

namespace {

const Caller asker = TestHub::caller(TestHub::asker);
constexpr std::chrono::milliseconds patience(15'000);

Request asynchronous(const TestHub& hub,
                     const std::string& id,
                     Delivery delivery = Delivery::reply) {
    Request request = hub.request(id);
    request.delivery = delivery;
    request.wait_ms = 0;
    return hub.signed_again(std::move(request));
}

std::string begun_id(TestHub& hub, const Request& request) {
    const Reply<Outcome> outcome = hub.exchanges->exchange(request, asker);
    BOOST_REQUIRE(outcome.ok());
    // Quick offices may have answered before the hub looked.
    BOOST_REQUIRE((outcome->state == State::pending || outcome->state == State::releasing));
    return outcome->exchange_id;
}

DeliveryReport report_of(const TestHub& hub, const Job& job, bool accepted = true) {
    DeliveryReport report;
    report.token = job.token;
    report.exchange_id = job.exchange_id;
    report.job_id = job.job_id;
    report.accepted = accepted;
    report.reason = accepted ? "" : "office.rejected";
    report.document_sha256 = hex(sha256(job.body));
    report.acknowledgement_sha256 = std::string(64, 'b');
    report.signature = hub.sign(TestHub::asker,
                                signed_form(AcknowledgedDelivery{report.exchange_id,
                                                                 report.job_id,
                                                                 report.document_sha256,
                                                                 report.acknowledgement_sha256},
                                            "hub.yc"));
    return report;
}

Reply<Done> tell(TestHub& hub, DeliveryReport report) {
    return hub.exchanges->complete({}, {std::move(report)}, JournalHead{}, asker);
}

std::vector<std::string> leaf_kinds(TestHub& hub, const std::string& id) {
    std::vector<std::string> kinds;
    for (const store::AuditRow& row : need(hub.store->leaves_of(id))) {
        kinds.emplace_back(audit::name_of(static_cast<audit::LeafKind>(row.kind)));
    }
    return kinds;
}

}  // namespace

BOOST_AUTO_TEST_CASE(pending_is_durable_before_it_is_said_and_ends_by_result) {
    TestHub hub;
    const std::string id = begun_id(hub, asynchronous(hub, "P-1"));
    BOOST_TEST(need(hub.store->exchange(id)).has_value());
    BOOST_TEST(need(hub.store->jobs_of(id)).size() == 4U);
    const Offices offices(hub);
    const Reply<Outcome> outcome = hub.exchanges->result(id, patience, asker);
    BOOST_REQUIRE(outcome.ok());
    BOOST_TEST((outcome->state == State::delivered));
    BOOST_TEST(outcome->document.has_value());
    BOOST_TEST(need(hub.store->jobs_of(id)).empty());
}

BOOST_AUTO_TEST_CASE(
    an_open_exchange_goes_on_after_a_restart_and_asks_no_office_twice_for_what_it_has) {
    TestHub hub;
    const std::string id = begun_id(hub, asynchronous(hub, "P-1"));
    const LeaseReply tax = hub.lease("640100.tax");
    BOOST_REQUIRE(tax.jobs.size() == 1U);
    BOOST_TEST(hub.complete("640100.tax",
                            hub.answered("640100.tax", tax.jobs[0], TestHub::answer_of("deed-tax")))
                   .ok());
    hub.stop();
    hub.start();
    std::atomic<int> tax_asked{0};
    const Offices offices(hub, [&](const std::string& member, const Job&, Completion&) {
        if (member == "640100.tax") ++tax_asked;
    });
    const Reply<Outcome> outcome = hub.exchanges->result(id, patience, asker);
    BOOST_REQUIRE(outcome.ok());
    BOOST_TEST((outcome->state == State::delivered));
    BOOST_TEST(outcome->envelopes.contains("tax"));
    BOOST_TEST(tax_asked == 0);
}

BOOST_AUTO_TEST_CASE(a_token_from_before_the_restart_holds_nothing) {
    TestHub hub;
    const std::string id = begun_id(hub, asynchronous(hub, "P-1"));
    const LeaseReply before = hub.lease("640100.tax");
    hub.stop();
    hub.start();
    const LeaseReply after = hub.lease("640100.tax");
    BOOST_REQUIRE(after.jobs.size() == 1U);
    BOOST_TEST(after.jobs[0].job_id == before.jobs[0].job_id);
    BOOST_TEST(after.jobs[0].message_no == before.jobs[0].message_no);
    BOOST_TEST(after.jobs[0].body == before.jobs[0].body);
    BOOST_TEST(after.jobs[0].token.epoch > before.jobs[0].token.epoch);
    BOOST_TEST(hub.complete("640100.tax", hub.answered("640100.tax", before.jobs[0], "{}"))
                   .ok());  // ignored
    BOOST_TEST(need(hub.store->job(before.jobs[0].job_id)).has_value());
}

BOOST_AUTO_TEST_CASE(a_push_leaves_with_its_receipt_and_ends_with_the_offices_acknowledgement) {
    TestHub hub;
    const Offices offices(hub);
    const std::string id = begun_id(hub, asynchronous(hub, "P-1", Delivery::push));
    const LeaseReply leased = hub.lease(TestHub::asker, patience.count());
    BOOST_REQUIRE(leased.jobs.size() == 1U);
    const Job& job = leased.jobs[0];
    BOOST_TEST((job.kind == JobKind::deliver));
    BOOST_TEST(job.body.find("EligibilityFile") != std::string::npos);
    BOOST_TEST(job.body.find(job.message_no) != std::string::npos);
    BOOST_TEST(!job.receipt.empty());
    BOOST_TEST((leaf_kinds(hub, id) == std::vector<std::string>{"intent"}));
    const Reply<Outcome> releasing = hub.exchanges->result(id, std::chrono::milliseconds(0), asker);
    BOOST_TEST((releasing->state == State::releasing));
    BOOST_TEST(!releasing->document.has_value());
    BOOST_TEST(tell(hub, report_of(hub, job)).ok());
    BOOST_TEST(tell(hub, report_of(hub, job)).ok());  // told twice
    BOOST_TEST((leaf_kinds(hub, id) == std::vector<std::string>{"intent", "outcome"}));
    BOOST_TEST((hub.exchanges->result(id, std::chrono::milliseconds(0), asker)->state ==
                State::delivered));
    BOOST_TEST(need(hub.store->jobs_of(id)).empty());
}

BOOST_AUTO_TEST_CASE(a_delivery_survives_a_restart_under_the_same_message_number) {
    TestHub hub;
    std::string id;
    Job before;
    {
        const Offices offices(hub);
        id = begun_id(hub, asynchronous(hub, "P-1", Delivery::push));
        before = hub.lease(TestHub::asker, patience.count()).jobs.at(0);
    }
    hub.stop();
    hub.start();
    const Job after = hub.lease(TestHub::asker, patience.count()).jobs.at(0);
    BOOST_TEST(after.message_no == before.message_no);
    BOOST_TEST(after.body == before.body);
    BOOST_TEST(after.schema == before.schema);
    BOOST_TEST(tell(hub, report_of(hub, after)).ok());
    BOOST_TEST((leaf_kinds(hub, id) == std::vector<std::string>{"intent", "outcome"}));
}

BOOST_AUTO_TEST_CASE(a_report_about_another_document_or_with_a_foreign_signature_is_refused) {
    TestHub hub;
    const Offices offices(hub);
    const std::string id = begun_id(hub, asynchronous(hub, "P-1", Delivery::push));
    const Job job = hub.lease(TestHub::asker, patience.count()).jobs.at(0);
    DeliveryReport other = report_of(hub, job);
    other.document_sha256 = std::string(64, 'c');
    BOOST_TEST(tell(hub, other).refusal().code == "document.differs");
    DeliveryReport forged = report_of(hub, job);
    forged.signature = hub.sign("640100.tax", "anything");
    BOOST_TEST(tell(hub, forged).refusal().code == "signature.invalid");
    BOOST_TEST((leaf_kinds(hub, id) == std::vector<std::string>{"intent"}));
}

BOOST_AUTO_TEST_CASE(an_office_that_finally_refuses_a_delivery_ends_the_exchange_as_failed) {
    TestHub hub;
    const Offices offices(hub);
    const std::string id = begun_id(hub, asynchronous(hub, "P-1", Delivery::push));
    BOOST_TEST(
        tell(hub, report_of(hub, hub.lease(TestHub::asker, patience.count()).jobs.at(0), false))
            .ok());
    BOOST_TEST(
        (hub.exchanges->result(id, std::chrono::milliseconds(0), asker)->state == State::failed));
}

BOOST_AUTO_TEST_CASE(a_delivery_nobody_takes_expires_with_a_leaf) {
    TestHub hub;
    std::string id;
    {
        const Offices offices(hub);
        id = begun_id(hub, asynchronous(hub, "P-1", Delivery::push));
        const Deadline until = Deadline::after(patience);
        while (leaf_kinds(hub, id).empty() && !until.passed())
            std::this_thread::yield();
    }
    hub.clock.offset_ms = 8LL * 86'400'000;
    const Deadline until = Deadline::after(patience);
    while (leaf_kinds(hub, id).size() < 2 && !until.passed())
        std::this_thread::yield();
    BOOST_TEST((leaf_kinds(hub, id) == std::vector<std::string>{"intent", "outcome"}));
    BOOST_TEST(
        (hub.exchanges->result(id, std::chrono::milliseconds(0), asker)->state == State::failed));
}

BOOST_AUTO_TEST_CASE(whoever_collects_a_reply_acknowledges_it_once) {
    TestHub hub;
    const Offices offices(hub);
    const Reply<Outcome> outcome = hub.exchanges->exchange(hub.request("P-1"), asker);
    BOOST_REQUIRE(outcome.ok());
    const std::string digest = hex(sha256(*outcome->document));
    const Signature signature =
        hub.sign(TestHub::asker,
                 signed_form(AcknowledgedDelivery{outcome->exchange_id, "", digest, ""}, "hub.yc"));
    const Reply<std::string> first =
        hub.exchanges->acknowledge(outcome->exchange_id, digest, signature, asker);
    BOOST_REQUIRE(first.ok());
    BOOST_TEST(!first->empty());
    BOOST_TEST(hub.exchanges->acknowledge(outcome->exchange_id, digest, signature, asker).ok());
    BOOST_TEST(
        (leaf_kinds(hub, outcome->exchange_id) == std::vector<std::string>{"intent", "outcome"}));
    BOOST_TEST(
        hub.exchanges->acknowledge(outcome->exchange_id, std::string(64, '0'), signature, asker)
            .refusal()
            .code == "document.differs");
}

BOOST_AUTO_TEST_CASE(every_office_silent_until_the_deadline_fails_the_exchange_with_reasons) {
    TestHub hub;
    const std::string id = begun_id(hub, asynchronous(hub, "P-1"));
    hub.clock.offset_ms = 121'000;
    const Reply<Outcome> outcome = hub.exchanges->result(id, patience, asker);
    BOOST_REQUIRE(outcome.ok());
    BOOST_TEST((outcome->state == State::failed));
    BOOST_TEST(outcome->findings.size() == 4U);
    BOOST_TEST(need(hub.store->jobs_of(id)).empty());
}

BOOST_AUTO_TEST_CASE(an_expired_lease_goes_to_the_next_and_too_many_make_the_office_unavailable) {
    TestHub hub([](ExchangeTerms& terms) { terms.board.lease = std::chrono::milliseconds(20); });
    const std::string id = begun_id(hub, asynchronous(hub, "P-1"));
    std::int32_t attempts = 0;
    const Deadline until = Deadline::after(patience);
    while (attempts < 4 && !until.passed()) {
        for (const Job& job : hub.lease("640100.tax", 50).jobs)
            attempts = job.token.attempt;
    }
    BOOST_TEST(attempts == 4);
    while (!need(hub.store->exchange(id))->open && !until.passed())
        std::this_thread::yield();
    BOOST_TEST(hub.lease("640100.tax", 200).jobs.empty());
}

BOOST_AUTO_TEST_CASE(a_bad_envelope_is_refused_for_its_own_reason) {
    TestHub hub([](ExchangeTerms& terms) {
        terms.ask_attempts = 100;
        terms.board.breaker.failures = 1'000;
    });
    const std::string first = begun_id(hub, asynchronous(hub, "P-1"));
    const Job earlier = hub.lease("640100.tax").jobs.at(0);
    const Completion replayed = hub.answered("640100.tax", earlier, TestHub::answer_of("deed-tax"));
    BOOST_TEST(hub.complete("640100.tax", replayed).ok());
    static_cast<void>(begun_id(hub, asynchronous(hub, "P-2")));

    const auto code = [&hub](const std::function<void(const Job&, Completion&)>& spoil) {
        const Job job = hub.lease("640100.tax").jobs.at(0);
        Completion completion = hub.answered("640100.tax", job, TestHub::answer_of("deed-tax"));
        spoil(job, completion);
        const Reply<Done> reply = hub.complete("640100.tax", std::move(completion));
        return reply.ok() ? std::string("accepted") : reply.refusal().code;
    };
    const auto signed_by = [&hub](Completion& completion, const std::string& member) {
        completion.envelope.signature =
            hub.sign(member, signed_form(completion.envelope, "hub.yc"));
    };
    BOOST_TEST(code([](const Job&, Completion& c) { c.native_record += " "; }) ==
               "envelope.digest");
    BOOST_TEST(code([&](const Job&, Completion& c) { c.envelope = replayed.envelope; }) ==
               "envelope.foreign");
    BOOST_TEST(code([](const Job&, Completion& c) { c.envelope.member = "610100.housing-fund"; }) ==
               "envelope.foreign");
    BOOST_TEST(code([&](const Job&, Completion& c) { signed_by(c, "610100.housing-fund"); }) ==
               "envelope.key");
    BOOST_TEST(code([](const Job&, Completion& c) { c.envelope.signature.value += "x"; }) ==
               "envelope.signature");
    BOOST_TEST(code([&](const Job&, Completion& c) {
                   c.envelope.time_ms += 600'000;
                   signed_by(c, "640100.tax");
               }) == "envelope.time");
    BOOST_TEST(code([&](const Job&, Completion& c) {
                   c.envelope.time_ms -= 600'000;
                   signed_by(c, "640100.tax");
               }) == "envelope.time");
    BOOST_TEST(code([](const Job&, Completion&) {}) == "accepted");
}

BOOST_AUTO_TEST_CASE(a_forked_or_shortened_journal_is_refused) {
    TestHub hub;
    const auto poll = [&hub](std::int64_t number, std::uint8_t fill) {
        JournalHead head{number, {}};
        head.hash.fill(fill);
        const Reply<LeaseReply> reply =
            hub.exchanges->lease({1, 1, 0, head}, TestHub::caller("640100.tax"));
        return reply.ok() ? std::string("fine") : reply.refusal().code;
    };
    BOOST_TEST(poll(5, 1) == "fine");
    BOOST_TEST(poll(5, 1) == "fine");
    BOOST_TEST(poll(5, 2) == "journal.forked");
    BOOST_TEST(poll(7, 3) == "fine");
    BOOST_TEST(poll(6, 4) == "journal.regressed");
}

BOOST_AUTO_TEST_CASE(stopping_makes_durable_what_waits) {
    TestHub hub;
    std::string id;
    std::thread waiting([&] {
        const Reply<Outcome> outcome = hub.exchanges->exchange(hub.request("P-1"), asker);
        if (outcome && outcome->state == State::pending) id = outcome->exchange_id;
    });
    BOOST_TEST(hub.lease("640100.tax").jobs.size() == 1U);  // it is under way
    hub.exchanges->stop();
    waiting.join();
    BOOST_REQUIRE(!id.empty());
    hub.stop();
    hub.start();
    const Offices offices(hub);
    BOOST_TEST((hub.exchanges->result(id, patience, asker)->state == State::delivered));
}

BOOST_AUTO_TEST_CASE(the_trace_tells_the_whole_story_and_nobodys_name) {
    TestHub hub;
    const Offices offices(hub);
    const Reply<Outcome> outcome = hub.exchanges->exchange(hub.request("P-1"), asker);
    BOOST_REQUIRE(outcome.ok());
    const Reply<std::string> trace = hub.exchanges->trace(outcome->exchange_id, asker);
    BOOST_REQUIRE(trace.ok());
    for (const char* word : {"640100.housing-fund",
                             "loan-approval",
                             "A-640100-hf-0001@1",
                             "certificate",
                             "native_sha256",
                             "\"delivered\"",
                             "\"index\""}) {
        BOOST_TEST(trace->find(word) != std::string::npos, word);
    }
    for (const char* personal : {"640106198802293415", "苏雅静", "马晓", "YC-2031"}) {
        BOOST_TEST(trace->find(personal) == std::string::npos, personal);
    }
}

BOOST_AUTO_TEST_CASE(nothing_personal_stands_in_the_database_in_clear) {
    TestHub hub;
    {
        const Offices offices(hub);
        static_cast<void>(begun_id(hub, asynchronous(hub, "P-1", Delivery::push)));
        static_cast<void>(hub.lease(TestHub::asker, patience.count()));
    }
    hub.stop();
    for (const auto& entry : std::filesystem::directory_iterator(hub.city.folder.path())) {
        if (!entry.is_regular_file()) continue;
        const std::string bytes = test::slurp(entry.path().string());
        for (const char* personal :
             {"640106198802293415", "610103198511070524", "苏雅静", "YC-2031"}) {
            BOOST_TEST(bytes.find(personal) == std::string::npos, entry.path().filename().string());
        }
    }
    hub.start();
}

BOOST_AUTO_TEST_SUITE_END()
