// The service item of a loan on contributions of another city, against everything that it names:
// the types, the rules, the resources and the calendars as they are shipped.
#include <algorithm>
#include <set>

#include <boost/test/unit_test.hpp>

#include "base/files.h"
#include "hub/cases/item/item_file.h"
#include "mapping/rule.h"
#include "mapping/rule_set.h"
#include "schemas/catalogue.h"

namespace {

using namespace tongban;
using namespace tongban::item;

const std::string root = TONGBAN_SOURCE_DIR;

const schemas::Catalogue& catalogue() {
    static const auto loaded = schemas::Catalogue::load(root + "/schemas");
    return *loaded;
}

ItemFile read(const std::string& bytes) {
    static const auto calendars = calendar::CalendarBook::load(root + "/configs/calendars");
    return read_item(
        bytes, "housing-fund.remote-loan.v1.yaml", {catalogue(), nullptr, calendars.get()});
}

std::string the_file() {
    return *read_file(root + "/configs/items/housing-fund.remote-loan.v1.yaml");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(remote_loan_item_test)

BOOST_AUTO_TEST_CASE(it_is_read_without_a_mistake) {
    const ItemFile file = read(the_file());
    for (const Mistake& mistake : file.mistakes)
        BOOST_TEST_MESSAGE(mistake.line << ": " << mistake.code << " " << mistake.what);
    BOOST_REQUIRE(file.item != nullptr);
    BOOST_TEST(file.mistakes.empty());
}

BOOST_AUTO_TEST_CASE(every_state_of_the_flow_is_reached_by_a_step) {
    const ItemFile file = read(the_file());
    BOOST_REQUIRE(file.item != nullptr);
    std::set<std::string> reached;
    for (const Step& step : file.item->steps) {
        if (!step.state.empty()) reached.insert(step.state);
    }
    for (const char* state : {"A_APPLIED",
                              "A_ELIGIBLE",
                              "A_REQUESTED",
                              "A_CERTIFIED",
                              "A_LOAN_ACCEPTED",
                              "A_LOAN_APPROVED",
                              "A_LOAN_REJECTED",
                              "A_LOAN_ISSUED",
                              "A_FEEDBACK_SENT",
                              "A_MARKED",
                              "A_CLOSED",
                              "A_REFUSED",
                              "A_EXPIRED",
                              "A_REVOKED",
                              "A_FEEDBACK_OVERDUE",
                              "A_WRONG_CITY"})
        BOOST_TEST(reached.contains(state), state);
    BOOST_TEST(reached.size() == file.item->states.size());
}

BOOST_AUTO_TEST_CASE(each_time_is_owed_by_the_calendar_of_the_office_that_owes_it) {
    const ItemFile file = read(the_file());
    BOOST_REQUIRE(file.item != nullptr);
    const auto owed = [&file](const char* step) {
        const Step* found = file.item->step(step);
        BOOST_REQUIRE(found != nullptr);
        BOOST_REQUIRE(found->deadline.has_value());
        return *found->deadline;
    };
    using calendar::Unit;
    BOOST_TEST((owed("certify").within == Within{3, Unit::working_days}));
    BOOST_TEST(owed("certify").calendar.party == "contribution_city");
    BOOST_TEST((owed("decide").within == Within{15, Unit::days}));
    BOOST_TEST(owed("decide").calendar.party == "loan_city");
    BOOST_TEST((owed("report").within == Within{5, Unit::working_days}));
    BOOST_TEST(owed("report").calendar.party == "loan_city");
    BOOST_TEST(owed("report").go == "overdue");
    BOOST_TEST((owed("mark").within == Within{1, Unit::working_days}));
    BOOST_TEST(owed("mark").calendar.party == "contribution_city");
}

BOOST_AUTO_TEST_CASE(an_old_contract_comes_from_whichever_office_kept_it) {
    const ItemFile file = read(the_file());
    BOOST_REQUIRE(file.item != nullptr);
    const auto found = std::ranges::find(file.item->materials, "old_contract", &Material::id);
    BOOST_REQUIRE(found != file.item->materials.end());
    BOOST_TEST((found->alternatives == std::vector<std::string>{"old_contract", "old_unit"}));
    for (const std::string& step : found->alternatives)
        BOOST_TEST(std::holds_alternative<Call>(file.item->step(step)->what), step);
}

BOOST_AUTO_TEST_CASE(a_certificate_is_looked_at_anew_whenever_it_is_handed_over) {
    const ItemFile file = read(the_file());
    BOOST_REQUIRE(file.item != nullptr);
    for (const Step& step : file.item->steps) {
        for (const Transition& way : step.next) {
            if (way.go != "accept") continue;
            BOOST_TEST(step.id == "still_valid");
            BOOST_TEST(way.when_text.find("<= issued.issue.certificate.valid_days") !=
                       std::string::npos);
        }
    }
    const auto& away = file.item->step("accept")->next.front();
    BOOST_TEST((away.on == std::vector<std::string>{"unavailable"}));
    BOOST_TEST(file.item->step(away.go)->next.front().go == "still_valid");
}

BOOST_AUTO_TEST_CASE(what_is_paid_out_or_marked_is_not_cancelled) {
    const ItemFile file = read(the_file());
    BOOST_REQUIRE(file.item != nullptr);
    const auto& pay_out = std::get<Wait>(file.item->step("pay_out")->what);
    for (const Expected& one : pay_out.any)
        BOOST_TEST(one.irrevocable == (one.event == "loan.issued"), one.event);
    BOOST_TEST(std::get<Call>(file.item->step("mark")->what).irrevocable);
}

BOOST_AUTO_TEST_CASE(until_it_is_settled_the_case_waits_again_after_each_month_that_is_told) {
    const ItemFile file = read(the_file());
    BOOST_REQUIRE(file.item != nullptr);
    const auto& settle = std::get<Wait>(file.item->step("settle")->what);
    BOOST_REQUIRE(settle.any.size() == 2U);
    BOOST_TEST(settle.any[0].event == "loan.settled");
    BOOST_TEST(settle.any[1].event == "loan.position");
    const auto& tell = std::get<Call>(file.item->step("tell")->what);
    BOOST_TEST(tell.resource == "housing-fund/loan-position");
    BOOST_TEST((tell.effect == Effect::idempotent));
    for (const char* step : {"tell", "unnoted"})
        BOOST_TEST(file.item->step(step)->next.front().go == "settle", step);
    BOOST_TEST(file.item->limits.steps == 400);
}

BOOST_AUTO_TEST_CASE(every_gate_with_rules_has_a_rule_that_applies) {
    const ItemFile file = read(the_file());
    BOOST_REQUIRE(file.item != nullptr);
    const auto rules = mapping::RuleLibrary::load(root + "/mapping", catalogue());
    std::size_t gates = 0;
    for (const Step& step : file.item->steps) {
        const auto* gate = std::get_if<Gate>(&step.what);
        if (gate == nullptr || !gate->record) continue;
        ++gates;
        const std::string& type = gate->record->type;
        const auto applies = [&type](const auto& rule) {
            return std::ranges::find(rule->applies_to, type) != rule->applies_to.end();
        };
        BOOST_TEST(std::ranges::any_of(rules->rules(), applies), step.id);
    }
    BOOST_TEST(gates >= 8U);
}

BOOST_AUTO_TEST_SUITE_END()
