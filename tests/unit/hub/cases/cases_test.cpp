// The runtime over the real SQLite store and real sealing: a case to its end, restarts in between.
#include "hub/cases/cases.h"

#include <map>
#include <memory>
#include <string>

#include <boost/test/unit_test.hpp>

#include "base/log.h"
#include "base/sqlite.h"
#include "hub/cases/sealing_port.h"
#include "hub/store/sqlite/sqlite_store.h"
#include "tests/support/case_items.h"
#include "tests/support/need.h"
#include "tests/support/temporary_folder.h"

using namespace tongban;
using exchange::CallStatus;
using exchange::Reception;
using support::need;

namespace {

class LineItems final : public cases::Items {
public:
    [[nodiscard]] std::shared_ptr<const item::Item> newest(std::string_view id,
                                                           Date /*day*/) const override {
        return id == item_->id ? item_ : nullptr;
    }
    [[nodiscard]] std::shared_ptr<const item::Item> at(std::string_view id,
                                                       std::int32_t /*version*/) const override {
        return newest(id, {});
    }

private:
    std::shared_ptr<const item::Item> item_ = tests::line_item();
};

class Calls final : public exchange::CaseCalls {  // every office says yes, when it is asked
public:
    Result<Done> call(exchange::CaseCall call) override {
        sent.push_back(call.resource);
        exchange::CaseAnswer answer;
        answer.name = call.name;
        answer.status = CallStatus::answered;
        schemas::Value yes;
        yes.data = true;
        answer.record.set("ok", yes);
        answers[call.name] = answer;
        if (tells && told) told(answer);
        return Done{};
    }
    Result<std::optional<exchange::CaseAnswer>> answer_of(const exchange::CallName& name) override {
        const auto found = answers.find(name);
        if (found == answers.end()) return std::optional<exchange::CaseAnswer>();
        return std::optional(found->second);
    }
    void on_answer(Answered answered) override { told = std::move(answered); }

    std::vector<std::string> sent;
    std::map<exchange::CallName, exchange::CaseAnswer> answers;
    Answered told;
    bool tells = true;
};

class Leaves final : public cases::LeafWriter {
public:
    Result<store::PutCaseLeaf> leaf(const audit::CaseFacts& facts) override {
        return audit::case_leaf(facts, "test", *parse_iso_instant("2026-03-02T09:00:00"));
    }
};

class Hand final : public Clock {
public:
    [[nodiscard]] Instant now() const override { return at; }
    Instant at = *parse_iso_instant("2026-03-02T09:00:00");
};

struct Hub {
    support::TemporaryFolder folder;
    Hand clock;
    Calls calls;
    Leaves leaves;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<audit::Sealing> sealing;
    std::unique_ptr<cases::AuditSealer> sealer;
    std::unique_ptr<cases::Cases> cases;

    Hub() {
        need(audit::Sealing::make_key_file(folder / "hub.key"));
        start();
    }

    void start() {
        cases.reset();
        sealing.reset();
        store.reset();
        store = need(store::open_sqlite(folder / "hub.db", {}));
        sealing = need(audit::Sealing::open(*store, clock, folder / "hub.key"));
        sealer = std::make_unique<cases::AuditSealer>(*sealing);
        cases::World world;
        world.items = std::make_shared<LineItems>();
        world.calendars =
            calendar::CalendarBook::load(std::string(TONGBAN_SOURCE_DIR) + "/configs/calendars");
        cases = std::make_unique<cases::Cases>(
            cases::CasesLinks{*store, calls, *sealer, leaves, clock}, world, cases::CasesTerms{});
        need(cases->resume());
    }

    void rest() {
        while (cases->turn({clock.at, clock.at.ms}) != 0) {
        }
    }

    exchange::CaseReply open(const std::string& exchange_id) {
        exchange::CaseOpening opening;
        opening.item = "test/line";
        opening.submission.exchange_id = exchange_id;
        opening.submission.member = "640100.centre";
        schemas::Value number;
        number.data = std::string("A-1");
        opening.submission.body.set("number", number);
        exchange::CaseReply told;
        cases->post_opening(
            opening, [&](Result<exchange::CaseReply> reply) { told = need(std::move(reply)); });
        rest();
        return told;
    }

    std::int64_t id(const std::string& number) {
        return need(store->cases_of_number(number, 1)).at(0).case_id;
    }

    void approve(const std::string& number) {
        cases::Decided decision;
        decision.step_no = 2;
        decision.action = "approve";
        cases->post(id(number), {"officer", "d1", "640100.centre", "o1", "", decision}, nullptr);
        rest();
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(cases_test)

BOOST_AUTO_TEST_CASE(the_same_application_is_one_case) {
    Hub hub;
    const exchange::CaseReply first = hub.open("E-1");
    BOOST_TEST((first.reception == Reception::opened));
    BOOST_TEST(!first.case_number.empty());
    BOOST_TEST(first.due.has_value());
    BOOST_TEST((hub.open("E-1").reception == Reception::opened));  // the same message again
    const exchange::CaseReply second = hub.open("E-2");
    BOOST_TEST((second.reception == Reception::already_open));
    BOOST_TEST(second.case_number == first.case_number);
}

BOOST_AUTO_TEST_CASE(a_case_goes_on_where_a_restart_found_it) {
    Hub hub;
    hub.calls.tells = false;  // the answer comes while nobody listens
    const std::string number = hub.open("E-1").case_number;
    BOOST_TEST(hub.calls.sent.size() == 1U);
    hub.start();
    hub.rest();
    hub.clock.at.ms += 61'000;  // asked for
    hub.rest();
    BOOST_TEST(need(hub.cases->view(hub.id(number))).state.domain_state == "S_check");
    hub.calls.tells = true;
    hub.start();
    hub.approve(number);
    exchange::CaseEvent event;
    event.event = "loan.issued";
    event.value = number;
    event.submission.exchange_id = "E-9";
    event.submission.member = "640100.fund";
    hub.cases->post_event(event, nullptr);
    hub.rest();
    const cases::CaseView view = need(hub.cases->view(hub.id(number)));
    BOOST_TEST((view.state.status == cases::CaseStatus::closed));
    BOOST_TEST(view.state.ending == "completed");
    const auto row = need(hub.store->find_case(hub.id(number)));
    BOOST_TEST(!row->open);
    BOOST_TEST(need(hub.store->case_leaves(hub.id(number), 0, 100)).size() ==
               static_cast<std::size_t>(row->rev));
    BOOST_TEST(need(hub.store->calls_of(hub.id(number))).empty());
    BOOST_TEST(need(hub.store->timers_of(hub.id(number))).empty());
}

BOOST_AUTO_TEST_CASE(an_officer_is_told_why_not) {
    Hub hub;
    const std::string number = hub.open("E-1").case_number;
    cases::Decided decision;
    decision.step_no = 2;
    decision.action = "dance";
    std::string where;
    hub.cases->post(hub.id(number),
                    {"officer", "d1", "640100.centre", "o1", "", decision},
                    [&](Result<exchange::CaseReply> reply) {
                        if (!reply) where = reply.fault().where;
                    });
    hub.rest();
    BOOST_TEST(where == "task.action");
}

BOOST_AUTO_TEST_CASE(a_thread_turns_for_those_who_wait) {
    Hub hub;
    hub.cases->start();
    exchange::CaseOpening opening;
    opening.item = "test/line";
    opening.submission.exchange_id = "E-1";
    opening.submission.member = "640100.centre";
    BOOST_TEST((need(hub.cases->open(opening)).reception == Reception::opened));
    opening.item = "test/none";
    opening.submission.exchange_id = "E-2";
    BOOST_TEST(hub.cases->open(opening).fault().where == "item.not_valid");
    hub.cases->stop();
    BOOST_TEST((hub.cases->open(opening).fault().kind == FaultKind::unavailable));
}

BOOST_AUTO_TEST_CASE(whoever_comes_to_a_zombie_is_told_at_once) {
    Hub hub;
    const std::int64_t id = hub.id(hub.open("E-1").case_number);
    {
        const auto other = need(Sqlite::open(hub.folder / "hub.db", SqliteMode::write));
        need(other->execute(
            "UPDATE shard_ctl SET epoch = epoch + 1"));  // as a hub does that takes over
    }
    hub.cases->start();
    cases::Decided decision;
    decision.step_no = 2;
    decision.action = "approve";
    const cases::Cause approval{"officer", "d1", "640100.centre", "o1", "", decision};
    BOOST_TEST((hub.cases->command(id, approval).fault().kind == FaultKind::unavailable));
    BOOST_TEST(hub.cases->fenced());
    BOOST_TEST((hub.cases->command(id, approval).fault().kind == FaultKind::unavailable));
}

BOOST_AUTO_TEST_SUITE_END()
