// A case keeps the version of its item that it began with: over the real store, with a restart
// after the next version was published.
#include <map>
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/unit/hub/cases/line_hub.h"

using namespace tongban;
using namespace tongban::tests;

namespace {

class Versions final : public cases::Items {
public:
    explicit Versions(std::vector<std::shared_ptr<const item::Item>> all) : all_(std::move(all)) {}
    [[nodiscard]] std::shared_ptr<const item::Item> newest(std::string_view id,
                                                           Date /*day*/) const override {
        return id == all_.back()->id ? all_.back() : nullptr;
    }
    [[nodiscard]] std::shared_ptr<const item::Item> at(std::string_view id,
                                                       std::int32_t version) const override {
        for (const auto& one : all_)
            if (one->id == id && one->version == version) return one;
        return nullptr;
    }

private:
    std::vector<std::shared_ptr<const item::Item>> all_;
};

struct Hub : LineHub {
    Hub() { publish({line_item()}); }

    void publish(std::vector<std::shared_ptr<const item::Item>> versions) {
        world.items = std::make_shared<Versions>(std::move(versions));
        cases->reload(world);
    }
    [[nodiscard]] cases::CaseState state(const std::string& number) {
        return need(cases->view(id(number))).state;
    }
    // The steps that it went through, in their order.
    [[nodiscard]] std::string way(const std::string& number) {
        std::string steps;
        for (const cases::StepRun& run : state(number).runs)
            steps += (steps.empty() ? "" : " ") + run.step;
        return steps;
    }
    void loan_issued(const std::string& number) {
        exchange::CaseEvent event;
        event.event = "loan.issued";
        event.value = number;
        event.submission.exchange_id = "E-" + number;
        event.submission.member = "640100.fund";
        cases->post_event(event, nullptr);
        rest();
    }
    void decide(const std::string& number, int step_no) {
        cases::Decided decision;
        decision.step_no = step_no;
        decision.action = "approve";
        cases->post(
            id(number), {"officer", "d" + number, "640100.centre", "o1", "", decision}, nullptr);
        rest();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(versions_test, Hub)

BOOST_AUTO_TEST_CASE(a_case_ends_by_the_version_it_began_with_and_a_new_one_goes_by_the_next) {
    const std::string old_case = open("E-1", "A-1").case_number;
    publish({line_item(), line_item_v2()});
    rest();
    start();  // the hub knows nothing of the case but its row
    const std::string new_case = open("E-2", "A-2").case_number;
    decide(old_case, 2);
    for (const std::string& number : {old_case, new_case})
        loan_issued(number);
    decide(new_case, 4);
    BOOST_TEST(way(old_case) == "check approve pay issued tell done");
    BOOST_TEST(way(new_case) == "check pay issued look_back tell done");
    BOOST_TEST(state(old_case).item_version == 1);
    BOOST_TEST(state(new_case).item_version == 2);
    for (const std::string& number : {old_case, new_case}) {
        BOOST_TEST(state(number).ending == "completed");
        BOOST_TEST(need(store->find_case(id(number)))->version == state(number).item_version);
    }
}

BOOST_AUTO_TEST_CASE(a_case_whose_version_is_not_loaded_waits_for_it_and_takes_no_other) {
    const std::string number = open("E-1", "A-1").case_number;
    publish({line_item_v2()});  // the old file was taken away
    rest();
    start();
    Result<exchange::CaseReply> told = exchange::CaseReply{};
    cases::Decided decision;
    decision.step_no = 2;
    decision.action = "approve";
    cases->post(id(number),
                {"officer", "d1", "640100.centre", "o1", "", decision},
                [&](Result<exchange::CaseReply> reply) { told = std::move(reply); });
    rest();
    BOOST_TEST(!told.ok());
    BOOST_TEST(told.fault().where == "item.version");
    publish({line_item(), line_item_v2()});
    clock.pass(1'000);  // what nobody waits for is tried again in a moment
    rest();
    decide(number, 2);
    BOOST_TEST(way(number) == "check approve pay issued");
}

BOOST_AUTO_TEST_SUITE_END()
