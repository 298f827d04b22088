#include "connectors/runtime/connector_runtime.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>

#include <boost/test/unit_test.hpp>

#include "connectors/runtime/connector_store.h"
#include "connectors/runtime/signing.h"
#include "tests/support/fake_office.h"
#include "tests/support/runtime_bench.h"

using namespace tongban;
using namespace tongban::connectors;
using namespace std::chrono_literals;
using support::RuntimeBench;

BOOST_AUTO_TEST_SUITE(connector_runtime_test)

BOOST_AUTO_TEST_CASE(a_leased_job_is_asked_once_and_its_signed_answer_completed) {
    RuntimeBench bench;
    bench.office->answer = answered("the record");
    auto runtime = bench.start();
    bench.hub.push(bench.ask("J1"));
    BOOST_REQUIRE(bench.eventually([&] { return bench.completions().size() == 1; }));
    const wire::Completion done = bench.completions().front();
    BOOST_TEST((done.kind == wire::AnswerKind::answered));
    BOOST_TEST(done.native_record == "the record");
    BOOST_TEST(done.token.seq == 1);
    BOOST_TEST(done.envelope.member == "610100.tax");
    BOOST_TEST(done.envelope.native_sha256 == hex(sha256("the record")));
    BOOST_TEST(bench.signing.public_key().verify(envelope_text(done.envelope, "hub.test"),
                                                 done.envelope.signature.value));
    BOOST_TEST(bench.office->asked == 1);
    BOOST_TEST(bench.office->questions.lock()->front().native == "the question");
    // Received and answered stand in the journal before the answer leaves.
    BOOST_TEST(bench.hub.with([](auto& hub) { return hub.heads.back().number; }) == 2);
}

BOOST_AUTO_TEST_CASE(an_operation_that_is_not_configured_is_not_covered) {
    RuntimeBench bench;
    auto runtime = bench.start();
    wire::Job job = bench.ask("J1");
    job.operation = "unheard-of";
    bench.hub.push(job);
    BOOST_REQUIRE(bench.eventually([&] { return bench.completions().size() == 1; }));
    BOOST_TEST((bench.completions().front().kind == wire::AnswerKind::not_covered));
    BOOST_TEST(bench.office->asked == 0);
}

BOOST_AUTO_TEST_CASE(an_answer_that_the_hub_cannot_take_is_kept_and_sent_again) {
    RuntimeBench bench;
    bench.hub.with([](auto& hub) { hub.refuse_completions = 3; });
    auto runtime = bench.start();
    bench.hub.push(bench.ask("J1"));
    BOOST_REQUIRE(bench.eventually([&] { return bench.completions().size() == 1; }));
    BOOST_TEST(bench.office->asked == 1);
}

BOOST_AUTO_TEST_CASE(a_hub_that_dies_and_returns_gets_its_answer) {
    RuntimeBench bench;
    bench.office->pause = 200ms;
    auto runtime = bench.start();
    bench.hub.push(bench.ask("J1"));
    BOOST_REQUIRE(bench.eventually([&] { return bench.office->asked == 1; }));
    bench.hub.close();
    std::this_thread::sleep_for(400ms);  // the office answers while there is no hub
    bench.hub.reopen();
    BOOST_REQUIRE(bench.eventually([&] { return bench.completions().size() == 1; }));
    BOOST_TEST(bench.office->asked == 1);
    bench.hub.push(bench.ask("J2"));
    BOOST_TEST(bench.eventually([&] { return bench.completions().size() == 2; }));
}

BOOST_AUTO_TEST_CASE(a_connector_that_dies_sends_what_it_kept_and_does_not_ask_again) {
    RuntimeBench bench;
    bench.office->answer = answered("a very personal record");
    bench.hub.with([](auto& hub) { hub.refuse_completions = 1'000'000; });
    {
        auto runtime = bench.start();
        bench.hub.push(bench.ask("J1"));
        BOOST_REQUIRE(bench.eventually([&] {
            return bench.hub.with([](auto& hub) { return hub.refuse_completions < 1'000'000; });
        }));
    }
    BOOST_TEST(!bench.at_rest("a very personal record"));
    BOOST_TEST(!bench.at_rest("the question"));
    bench.hub.with([](auto& hub) { hub.refuse_completions = 0; });
    auto runtime = bench.start();
    BOOST_REQUIRE(bench.eventually([&] { return bench.completions().size() == 1; }));
    BOOST_TEST(bench.completions().front().native_record == "a very personal record");
    BOOST_TEST(bench.office->asked == 1);
}

BOOST_AUTO_TEST_CASE(a_job_leased_again_is_answered_from_what_was_kept_under_the_new_token) {
    RuntimeBench bench;
    bench.hub.with([](auto& hub) { hub.refuse_completions = 1'000'000; });
    auto runtime = bench.start();
    bench.hub.push(bench.ask("J1"));
    BOOST_REQUIRE(bench.eventually([&] {
        return bench.hub.with([](auto& hub) { return hub.refuse_completions < 1'000'000; });
    }));
    bench.hub.push(bench.ask("J1"));
    BOOST_REQUIRE(bench.eventually(
        [&] { return bench.hub.with([](auto& hub) { return hub.jobs.empty(); }); }));
    std::this_thread::sleep_for(100ms);
    bench.hub.with([](auto& hub) { hub.refuse_completions = 0; });
    BOOST_REQUIRE(bench.eventually([&] { return !bench.completions().empty(); }));
    BOOST_TEST(bench.completions().front().token.seq == 2);
    BOOST_TEST(bench.office->asked == 1);
}

BOOST_AUTO_TEST_CASE(leases_are_extended_while_the_office_works) {
    RuntimeBench bench;
    bench.office->pause = 700ms;
    bench.hub.with([](auto& hub) { hub.lease_ms = 90; });
    auto runtime = bench.start();
    bench.hub.push(bench.ask("J1"));
    BOOST_REQUIRE(bench.eventually([&] { return bench.completions().size() == 1; }));
    BOOST_TEST(bench.hub.with([](auto& hub) { return hub.extended; }) >= 2);
}

BOOST_AUTO_TEST_CASE(no_more_questions_run_at_once_than_there_are_lanes) {
    RuntimeBench bench;
    bench.office->pause = 30ms;
    auto runtime = bench.start();
    for (int i = 0; i < 12; ++i)
        bench.hub.push(bench.ask("J" + std::to_string(i)));
    BOOST_REQUIRE(bench.eventually([&] { return bench.completions().size() == 12; }));
    BOOST_TEST(bench.office->most_at_once <= 2);
    BOOST_TEST(bench.office->asked == 12);
}

BOOST_AUTO_TEST_CASE(a_connector_that_throws_is_an_office_that_is_unavailable) {
    RuntimeBench bench;
    bench.office->throws = true;
    auto runtime = bench.start();
    bench.hub.push(bench.ask("J1"));
    BOOST_REQUIRE(bench.eventually([&] { return bench.completions().size() == 1; }));
    BOOST_TEST(bench.completions().front().reason == "connector.failed");
}

BOOST_AUTO_TEST_CASE(a_document_is_handed_over_under_one_number_until_the_office_has_it) {
    RuntimeBench bench;
    bench.receiver->uncertain_first = 2;
    auto runtime = bench.start();
    bench.hub.push(bench.deliver("J1", "the document"));
    BOOST_REQUIRE(bench.eventually([&] { return bench.deliveries().size() == 1; }));
    const wire::DeliveryReport report = bench.deliveries().front();
    BOOST_TEST(report.accepted);
    BOOST_TEST(report.document_sha256 == hex(sha256("the document")));
    BOOST_TEST(report.acknowledgement_sha256 == hex(sha256("<ack/>")));
    BOOST_TEST(
        bench.signing.public_key().verify(report_text(report, "hub.test"), report.signature.value));
    auto numbers = bench.receiver->numbers.lock();
    const std::vector<std::string> same(3, "00000000000000000042");
    BOOST_TEST(*numbers == same, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_delivery_leased_again_is_reported_again_and_not_handed_over_again) {
    RuntimeBench bench;
    {
        auto runtime = bench.start();
        bench.hub.push(bench.deliver("J1", "the document"));
        BOOST_REQUIRE(bench.eventually([&] { return bench.deliveries().size() == 1; }));
    }
    BOOST_TEST(!bench.at_rest("the document"));
    bench.hub.close();  // with the long poll of the connector that is gone
    bench.hub.reopen();
    auto runtime = bench.start();
    bench.hub.push(bench.deliver("J1", "the document"));
    // The first report may come once more: the hub may have gone before it confirmed it.
    BOOST_TEST(bench.eventually([&] { return bench.deliveries().back().token.seq == 2; }));
    BOOST_TEST(bench.receiver->numbers.lock()->size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_final_rejection_of_the_office_is_reported_as_one) {
    RuntimeBench bench;
    bench.receiver->rejects = true;
    auto runtime = bench.start();
    bench.hub.push(bench.deliver("J1", "the document"));
    BOOST_REQUIRE(bench.eventually([&] { return bench.deliveries().size() == 1; }));
    BOOST_TEST(!bench.deliveries().front().accepted);
    BOOST_TEST(bench.deliveries().front().reason == "office.said_no");
}

BOOST_AUTO_TEST_CASE(checkpoints_are_cosigned_and_a_fork_ends_the_leasing_for_good) {
    RuntimeBench bench;
    bench.hub.with([](auto& hub) { hub.log_size = 3; });
    {
        auto runtime = bench.start();
        BOOST_REQUIRE(bench.eventually([&] { return bench.cosignatures() == 1; }));
        bench.hub.with([](auto& hub) { hub.log_size = 70; });
        BOOST_REQUIRE(bench.eventually([&] { return bench.cosignatures() == 2; }));
        bench.hub.with([](auto& hub) {
            hub.shows_fork = true;
            hub.log_size = 71;
        });
        BOOST_REQUIRE(bench.eventually([&] { return runtime->saw_fork(); }));
        BOOST_TEST(std::filesystem::exists(bench.data() + "/fork-evidence.txt"));
    }
    bench.hub.with([](auto& hub) { hub.shows_fork = false; });
    auto runtime = bench.start();
    bench.hub.push(bench.ask("J1"));
    std::this_thread::sleep_for(300ms);
    BOOST_TEST(runtime->saw_fork());
    BOOST_TEST(bench.office->asked == 0);
    BOOST_TEST(bench.cosignatures() == 2);
}

BOOST_AUTO_TEST_CASE(a_hub_with_another_name_or_authority_gets_nothing) {
    RuntimeBench bench;
    bench.config.hub.id = "hub.other";
    {
        auto runtime = bench.start();
        std::this_thread::sleep_for(300ms);
    }
    const support::TestAuthority stranger;
    bench.config.hub.id = "hub.test";
    bench.config.hub.ca = stranger.folder / "ca.pem";
    {
        auto runtime = bench.start();
        std::this_thread::sleep_for(300ms);
    }
    BOOST_TEST(bench.hub.with([](auto& hub) { return hub.leases; }) == 0);
}

BOOST_AUTO_TEST_CASE(a_reload_is_for_what_begins_after_it) {
    RuntimeBench bench;
    bench.office->pause = 500ms;
    auto runtime = bench.start();
    bench.hub.push(bench.ask("J1"));
    BOOST_REQUIRE(bench.eventually([&] { return bench.office->asked == 1; }));

    auto newer = std::make_shared<support::FakeOffice>();
    newer->answer = answered("<newer/>");
    ConnectorConfig next = bench.config;
    next.operations["tax"].connector = newer;
    BOOST_TEST(runtime->reload(next).ok());
    bench.hub.push(bench.ask("J2"));
    BOOST_REQUIRE(bench.eventually([&] { return bench.completions().size() == 2; }));
    for (const auto& completion : bench.completions())
        BOOST_TEST(completion.native_record ==
                   (completion.job_id == "J1" ? "<record/>" : "<newer/>"));
    BOOST_TEST(bench.office->asked == 1);
    BOOST_TEST(newer->asked == 1);
}

BOOST_AUTO_TEST_CASE(a_reload_that_needs_a_restart_changes_nothing) {
    RuntimeBench bench;
    auto runtime = bench.start();
    auto newer = std::make_shared<support::FakeOffice>();
    ConnectorConfig next = bench.config;
    next.operations["tax"].connector = newer;
    next.lanes = bench.config.lanes + 1;
    next.hub.rpc_port += 1;
    const auto refused = runtime->reload(next);
    BOOST_REQUIRE(!refused.ok());
    BOOST_TEST((refused.fault().kind == FaultKind::refused));
    BOOST_TEST(refused.fault().where == "hub, lanes");
    next = bench.config;
    next.operations["tax"].connector = newer;
    next.engine = bench.authority.folder / "engine";
    std::filesystem::create_directories(next.engine + "/mapping/maps");
    std::ofstream(next.engine + "/mapping/maps/broken.v1.yaml") << "mapping: [";
    BOOST_CHECK_THROW(static_cast<void>(runtime->reload(next)), ConfigError);
    bench.hub.push(bench.ask("J1"));
    BOOST_REQUIRE(bench.eventually([&] { return bench.completions().size() == 1; }));
    BOOST_TEST(bench.office->asked == 1);
    BOOST_TEST(newer->asked == 0);
}

BOOST_AUTO_TEST_CASE(a_document_that_no_one_takes_goes_the_way_of_the_newest_reload) {
    RuntimeBench bench;
    bench.receiver->uncertain_first = 1'000;
    auto runtime = bench.start();
    bench.hub.push(bench.deliver("J1", "<document/>"));
    BOOST_REQUIRE(bench.eventually([&] { return !bench.receiver->numbers.lock()->empty(); }));
    auto newer = std::make_shared<support::FakeReceiver>();
    ConnectorConfig next = bench.config;
    next.delivery->deliverer = newer;
    BOOST_TEST(runtime->reload(next).ok());
    BOOST_REQUIRE(bench.eventually([&] { return bench.deliveries().size() == 1; }));
    BOOST_TEST(bench.deliveries().front().accepted);
    BOOST_TEST((newer->numbers.lock()->front() == bench.receiver->numbers.lock()->front()));
}

BOOST_AUTO_TEST_CASE(stopping_lets_go_who_still_asks_under_an_earlier_setup) {
    class Silent final : public Connector {
    public:
        std::atomic<bool> asked{false};
        std::atomic<bool> stopped{false};
        Answer ask(const Question&, Deadline deadline) override {
            asked = true;
            while (!stopped && !deadline.passed())
                std::this_thread::sleep_for(5ms);
            return not_answered(AnswerKind::unavailable, "test.stopped");
        }
        void stop() override { stopped = true; }
    };
    RuntimeBench bench;
    auto silent = std::make_shared<Silent>();
    bench.config.operations["tax"] = {silent, 30'000, ""};
    auto runtime = bench.start();
    bench.hub.push(bench.ask("J1"));
    BOOST_REQUIRE(bench.eventually([&] { return silent->asked.load(); }));
    ConnectorConfig next = bench.config;
    next.operations["tax"] = {bench.office, 5'000, ""};
    BOOST_TEST(runtime->reload(next).ok());
    BOOST_TEST(!silent->stopped);
    const auto began = std::chrono::steady_clock::now();
    runtime->stop();
    BOOST_TEST(silent->stopped);
    BOOST_TEST((std::chrono::steady_clock::now() - began < 3s));
}

BOOST_AUTO_TEST_CASE(stopping_does_not_wait_for_the_long_poll) {
    RuntimeBench bench;
    bench.config.lease_wait_ms = 30'000;
    auto runtime = bench.start();
    BOOST_REQUIRE(
        bench.eventually([&] { return bench.hub.with([](auto& hub) { return hub.leases > 0; }); }));
    const auto began = std::chrono::steady_clock::now();
    runtime->stop();
    BOOST_TEST((std::chrono::steady_clock::now() - began < 3s));
}

BOOST_AUTO_TEST_SUITE_END()
