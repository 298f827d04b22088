#include "hub/exchange/job_board.h"

#include <thread>

#include <boost/test/unit_test.hpp>

using namespace tongban;
using namespace tongban::exchange;
using std::chrono::milliseconds;

BOOST_AUTO_TEST_SUITE(job_board_test)

namespace {

BoardJob question(const std::string& id, const std::string& member = "610100.tax") {
    BoardJob job;
    job.member = member;
    job.job.kind = JobKind::ask;
    job.job.exchange_id = id.substr(0, id.find('/'));
    job.job.job_id = id;
    job.job.token = {1, 7, 3, 0};
    return job;
}

Deadline soon() {
    return Deadline::after(milliseconds(30));
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_job_is_leased_once_under_a_new_attempt) {
    JobBoard board({});
    BOOST_TEST(board.add(question("e1/tax")));
    BOOST_TEST(!board.add(question("e1/tax")));
    const std::vector<Job> jobs = board.lease("610100.tax", 8, 8, soon());
    BOOST_REQUIRE(jobs.size() == 1U);
    BOOST_TEST(jobs[0].token.attempt == 1);
    BOOST_TEST(board.lease("610100.tax", 8, 8, soon()).empty());
    BOOST_TEST(board.held("610100.tax", "e1/tax", jobs[0].token).has_value());
    BOOST_TEST(!board.held("610100.other", "e1/tax", jobs[0].token).has_value());
}

BOOST_AUTO_TEST_CASE(a_lease_that_never_reached_its_connector_is_put_back_first_in_line) {
    JobBoard board({});
    BOOST_TEST(board.add(question("e1/tax")));
    BOOST_TEST(board.add(question("e2/tax")));
    const Job lost = board.lease("610100.tax", 1, 8, soon()).at(0);
    BOOST_TEST(lost.job_id == "e1/tax");
    BOOST_TEST(board.put_back(lost.job_id, lost.token));
    BOOST_TEST(!board.put_back(lost.job_id, lost.token));  // nobody holds it any more
    const Job again =
        board.lease("610100.tax", 1, 1, soon()).at(0);  // the bulkhead has its room back
    BOOST_TEST(again.job_id == "e1/tax");
    BOOST_TEST(!board.put_back(again.job_id, lost.token));
    BOOST_TEST(board.held("610100.tax", "e1/tax", again.token).has_value());
}

BOOST_AUTO_TEST_CASE(a_probe_that_was_put_back_is_probed_again) {
    BoardTerms terms;
    terms.breaker.failures = 1;
    terms.breaker.pause = milliseconds(1);
    JobBoard board(terms);
    BOOST_TEST(board.add(question("e1/tax")));
    const Job first = board.lease("610100.tax", 1, 8, soon()).at(0);
    board.ask_again(first.job_id, milliseconds(0));  // the breaker is open now
    const Job probe = board.lease("610100.tax", 1, 8, Deadline::after(milliseconds(2'000))).at(0);
    BOOST_TEST(board.put_back(probe.job_id, probe.token));
    BOOST_TEST(board.lease("610100.tax", 1, 8, Deadline::after(milliseconds(2'000))).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_lease_that_runs_out_goes_to_the_next_and_the_old_token_holds_nothing) {
    BoardTerms terms;
    terms.lease = milliseconds(1);
    JobBoard board(terms);
    BOOST_TEST(board.add(question("e1/tax")));
    const Token first = board.lease("610100.tax", 8, 8, soon()).at(0).token;
    std::vector<std::string> ran_out;
    const Deadline until = Deadline::after(milliseconds(2'000));
    while (ran_out.empty() && !until.passed())
        ran_out = board.tick();
    BOOST_TEST(ran_out.size() == 1U);
    BOOST_TEST(board.lease("610100.tax", 8, 8, Deadline::after(milliseconds(0)))
                   .empty());  // nobody has judged it yet
    board.offer_again("e1/tax");
    board.offer_again("e1/tax");
    const Token second = board.lease("610100.tax", 8, 8, soon()).at(0).token;
    BOOST_TEST(second.attempt == first.attempt + 1);
    BOOST_TEST(!board.held("610100.tax", "e1/tax", first).has_value());
    BOOST_TEST(board.held("610100.tax", "e1/tax", second).has_value());
    BOOST_TEST(board.extend("610100.tax", {first}).empty());
    BOOST_TEST(board.extend("610100.tax", {second}).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_waiting_connector_is_woken_by_a_new_job) {
    JobBoard board({});
    std::vector<Job> jobs;
    std::thread poll(
        [&] { jobs = board.lease("610100.tax", 8, 8, Deadline::after(milliseconds(10'000))); });
    BOOST_TEST(board.add(question("e1/tax")));
    poll.join();
    BOOST_TEST(jobs.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_bulkhead_holds_back_what_is_too_much_at_once) {
    JobBoard board({});
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(board.add(question("e" + std::to_string(i) + "/tax")));
    const std::vector<Job> jobs = board.lease("610100.tax", 8, 2, soon());
    BOOST_TEST(jobs.size() == 2U);
    BOOST_TEST(board.lease("610100.tax", 8, 2, soon()).empty());
    board.finish(jobs[0].job_id, JobBoard::Mark::good);
    BOOST_TEST(board.lease("610100.tax", 8, 2, soon()).size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_breaker_opens_after_failures_and_lets_one_probe_through) {
    BoardTerms terms;
    terms.breaker.failures = 2;
    terms.breaker.pause = milliseconds(20);
    JobBoard board(terms);
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(board.add(question("e" + std::to_string(i) + "/tax")));
    const std::vector<Job> jobs = board.lease("610100.tax", 2, 8, soon());
    for (const Job& job : jobs)
        board.finish(job.job_id, JobBoard::Mark::bad);
    BOOST_TEST(board.refuses("610100.tax"));
    BOOST_TEST(board.lease("610100.tax", 8, 8, Deadline::after(milliseconds(0))).empty());
    std::vector<Job> probe;
    const Deadline until = Deadline::after(milliseconds(2'000));
    while (probe.empty() && !until.passed()) {
        static_cast<void>(board.tick());
        probe = board.lease("610100.tax", 8, 8, Deadline::after(milliseconds(1)));
    }
    BOOST_TEST(probe.size() == 1U);
    BOOST_TEST(board.lease("610100.tax", 8, 8, soon()).empty());
    board.finish(probe[0].job_id, JobBoard::Mark::good);
    BOOST_TEST(!board.refuses("610100.tax"));
    BOOST_TEST(board.lease("610100.tax", 8, 8, soon()).size() == 2U);
}

BOOST_AUTO_TEST_CASE(after_the_pause_a_read_may_come_and_be_the_probe) {
    BoardTerms terms;
    terms.breaker.failures = 1;
    terms.breaker.pause = milliseconds(20);
    JobBoard board(terms);
    BOOST_TEST(board.add(question("e1/tax")));
    board.finish(board.lease("610100.tax", 1, 8, soon()).at(0).job_id, JobBoard::Mark::bad);
    BOOST_TEST(board.refuses("610100.tax"));
    const Deadline until = Deadline::after(milliseconds(2'000));
    while (board.refuses("610100.tax") && !until.passed())
        std::this_thread::sleep_for(milliseconds(1));
    BOOST_TEST(!board.refuses("610100.tax"));
    BOOST_TEST(board.add(question("e2/tax")));
    BOOST_TEST(board.lease("610100.tax", 8, 8, soon()).size() == 1U);
    BOOST_TEST(board.refuses("610100.tax"));  // the probe is under way
    board.drop_of("e2");                      // its exchange ended before it was answered
    BOOST_TEST(!board.refuses("610100.tax"));
    BOOST_TEST(board.add(question("e3/tax")));
    BOOST_TEST(board.lease("610100.tax", 8, 8, soon()).size() == 1U);
}

BOOST_AUTO_TEST_CASE(deliveries_pass_the_breaker_and_the_bulkhead) {
    BoardTerms terms;
    terms.breaker.failures = 1;
    JobBoard board(terms);
    BOOST_TEST(board.add(question("e1/tax")));
    board.finish(board.lease("610100.tax", 1, 1, soon()).at(0).job_id, JobBoard::Mark::bad);
    BoardJob delivery = question("e2/deliver");
    delivery.job.kind = JobKind::deliver;
    BOOST_TEST(board.add(std::move(delivery)));
    BOOST_TEST(board.add(question("e3/tax")));
    const std::vector<Job> jobs = board.lease("610100.tax", 8, 0, soon());
    BOOST_REQUIRE(jobs.size() == 1U);
    BOOST_TEST((jobs[0].kind == JobKind::deliver));
}

BOOST_AUTO_TEST_CASE(a_full_queue_says_so_and_a_closed_board_ends_every_wait) {
    BoardTerms terms;
    terms.waiting_per_member = 1;
    JobBoard board(terms);
    BOOST_TEST(board.add(question("e1/tax")));
    BOOST_TEST(!board.add(question("e2/tax")));
    std::thread poll([&] {
        static_cast<void>(
            board.lease("610100.elsewhere", 8, 8, Deadline::after(milliseconds(60'000))));
    });
    board.close();
    poll.join();
}

BOOST_AUTO_TEST_SUITE_END()
