// A loan of thirty years that does not always stand as it was told last: what its case keeps of it
// must fit into one state, and the settlement must still come through.
#include <boost/test/unit_test.hpp>

#include "base/files.h"
#include "hub/app/item_names.h"
#include "hub/cases/item/item_file.h"
#include "mapping/rule.h"
#include "mapping/rule_set.h"
#include "tests/support/every_member.h"
#include "tests/unit/hub/cases/engine/kept.h"
#include "tests/unit/hub/cases/engine/player.h"

using namespace tongban;
using namespace tongban::tests;
using cases::AnswerStatus;
using cases::CaseStatus;

namespace {

const std::string root = TONGBAN_SOURCE_DIR;
const std::string lender = "640100.housing-fund";
constexpr int changes_with_room = 120;  // as the item's comment promises

const app::ItemWorld& the_world() {
    static const auto loaded = app::ItemWorld::load(root, root + "/configs");
    return loaded;
}

std::shared_ptr<const item::Item> the_item() {
    const std::string name = "housing-fund.remote-loan.v1.yaml";
    const auto bytes = read_file(root + "/configs/items/" + name);
    BOOST_REQUIRE(bytes.ok());
    item::ItemFile file = item::read_item(*bytes, name, the_world().around());
    BOOST_REQUIRE(file.item != nullptr);
    return file.item;
}

schemas::Value value(auto data) {
    schemas::Value made;
    made.data = std::move(data);
    return made;
}

schemas::Group certificate() {
    schemas::Group fields;
    fields.set("addressed_to", text("640100000000000"));
    fields.set("issued_on", value(Date{2026, 3, 2}));
    fields.set("valid_days", value(schemas::Decimal{60, 0}));
    return fields;
}

// One case of that loan, at "repaid until settled".
struct Loan {
    Loan() {
        schemas::Group filing;
        filing.set("number", text("YD-1"));
        filing.set("centre", text("640100000000000"));
        cases::Opened how;
        how.number = "N-1";
        how.application = record("filing", value(std::move(filing)));
        how.application.set("loan_division", value(schemas::Code{"640100"}));
        how.application.set("contribution_division", value(schemas::Code{"610100"}));
        player.facts.directory = &everyone;
        player.move({"open", "1", lender, "", "exchange-1", how});
        answer("verdict", "eligible");
        schemas::Group issue = yes("issued");
        issue.set("certificate", value(certificate()));
        player.answer("do", AnswerStatus::answered, record("issue", value(std::move(issue))));
        answer("acceptance", "accepted");
        tell("loan.decided", record("outcome", value(schemas::Code{"APPROVED"})));
        tell("loan.issued", {});
        tell("loan.reported", {});
        answer("mark", "marked");
        BOOST_REQUIRE(player.at() == "settle");
        player.facts.rules = rules;  // the gates before have tests of their own
    }

    void answer(const char* part, const char* done, bool well = true) {
        player.answer("do", AnswerStatus::answered, record(part, value(yes(done, well))));
    }
    cases::Transition tell(const char* event, schemas::Group what) {
        player.facts.now.ms += 30LL * 86'400'000;
        return player.move(
            {"exchange", event, lender, "", "", cases::EventCame{event, lender, std::move(what)}});
    }
    // The month's position; both cities have it when the case waits again.
    void month(std::int64_t in_arrears) {
        schemas::Group what = record("months_in_arrears", value(schemas::Decimal{in_arrears, 0}));
        what.set("arrears", value(schemas::Money{in_arrears * 272'100}));
        tell("loan.position", std::move(what));
        if (player.at() == "tell") answer("answer", "noted");
    }
    void settle() {
        tell("loan.settled", record("balance", value(schemas::Money{0})));
        if (player.at() == "lift") answer("lifting", "lifted");
    }
    [[nodiscard]] std::vector<std::string> findings() const {
        std::vector<std::string> codes;
        for (const cases::NotedFinding& one : player.state.findings)
            codes.push_back(one.code + " " + one.severity);
        return codes;
    }

    support::EveryMember everyone;
    std::shared_ptr<const mapping::RuleLibrary> rules =
        mapping::RuleLibrary::load(root + "/mapping", *the_world().catalogue);
    Player player{the_item()};
};

using Codes = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(long_loan_test)

BOOST_AUTO_TEST_CASE(arrears_are_seen_from_the_third_month_until_they_are_paid) {
    Loan loan;
    loan.month(2);
    BOOST_TEST(loan.findings().empty());
    loan.month(3);
    BOOST_TEST((loan.findings() == Codes{"L-11 warn"}));
    loan.month(4);
    BOOST_TEST((loan.findings() == Codes{"L-11 warn"}));  // once, not once a month
    BOOST_TEST(!loan.player.state.findings.front().ground.empty());
    BOOST_TEST(loan.player.state.domain_state == "A_MARKED");
    loan.month(0);
    BOOST_TEST(loan.findings().empty());
}

BOOST_AUTO_TEST_CASE(a_settlement_ends_the_arrears_that_were_told_last) {
    Loan loan;
    loan.month(5);
    BOOST_TEST((loan.findings() == Codes{"L-11 warn"}));
    loan.settle();
    BOOST_TEST(loan.findings().empty());
    BOOST_TEST(loan.player.state.ending == "completed");
    BOOST_TEST(loan.player.state.domain_state == "A_CLOSED");
}

BOOST_AUTO_TEST_CASE(what_the_contribution_city_does_not_note_its_officer_does) {
    Loan loan;
    schemas::Group what = record("months_in_arrears", value(schemas::Decimal{1, 0}));
    loan.tell("loan.position", std::move(what));
    loan.answer("answer", "noted", false);
    BOOST_TEST(loan.player.at() == "unnoted");
    BOOST_TEST(loan.player.state.run(loan.player.open_run())->member == "610100.housing-fund");
    loan.player.move({"officer",
                      "d",
                      "610100.housing-fund",
                      "o1",
                      "",
                      cases::Decided{loan.player.open_run(), "noted", "", {}}});
    BOOST_TEST(loan.player.at() == "settle");
}

BOOST_AUTO_TEST_CASE(months_that_come_while_an_office_is_away_wait_in_their_order) {
    Loan loan;
    loan.month(1);
    loan.tell("loan.position", record("months_in_arrears", value(schemas::Decimal{2, 0})));
    BOOST_TEST(loan.player.at() == "tell");
    loan.tell("loan.position", record("months_in_arrears", value(schemas::Decimal{3, 0})));
    loan.tell("loan.settled", record("balance", value(schemas::Money{0})));
    BOOST_TEST(loan.player.at() == "tell");
    loan.answer("answer", "noted");
    BOOST_TEST(loan.player.at() == "tell");  // the third month before the settlement
    loan.answer("answer", "noted");
    BOOST_TEST(loan.player.at() == "lift");
}

BOOST_AUTO_TEST_CASE(a_long_life_with_many_changes_fits_and_ends) {
    Loan loan;
    for (int n = 1; n <= changes_with_room; ++n) {
        loan.month(n % 5);
        BOOST_REQUIRE_MESSAGE(loan.player.at() == "settle", n);
        if (n == 40) BOOST_TEST(cases::write_state(loan.player.state)->size() < 24'000U);
    }
    BOOST_TEST(loan.player.state.incidents.empty());
    BOOST_TEST((kept(loan.player.state) == loan.player.state));
    loan.settle();
    BOOST_TEST(loan.player.state.ending == "completed");
}

BOOST_AUTO_TEST_CASE(
    who_tells_every_month_is_stopped_before_the_state_is_full_and_a_person_goes_on) {
    Loan loan;
    int told = 0;
    while (loan.player.incident("limit.steps") == 0 && told < 360) {
        loan.month(0);
        ++told;
    }
    BOOST_TEST(told > changes_with_room);
    BOOST_TEST(told < 360);
    BOOST_REQUIRE(loan.player.incident("limit.steps") != 0);
    const auto full = cases::write_state(loan.player.state);
    BOOST_REQUIRE(full.ok());
    BOOST_TEST(full->size() + 4'096 < cases::max_state_bytes);  // room for the settlement
    const auto go_on = [&loan] {
        auto retry = ordered(cases::Order::retry);
        retry.incident = loan.player.incident("limit.steps");
        BOOST_REQUIRE(retry.incident != 0);
        loan.player.command(retry);
    };
    while (loan.player.at() != "settle") {
        if (loan.player.asked("do"))
            loan.answer("answer", "noted");
        else
            go_on();
    }
    loan.settle();
    while (loan.player.state.status != CaseStatus::closed) {
        if (loan.player.asked("do"))
            loan.answer("lifting", "lifted");
        else
            go_on();
    }
    BOOST_TEST(loan.player.state.ending == "completed");
}

BOOST_AUTO_TEST_SUITE_END()
