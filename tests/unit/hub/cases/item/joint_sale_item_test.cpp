// The service item of a sale at the joint window, against everything that it names: types, rules,
// resources, events and calendars as they are shipped.
#include <algorithm>
#include <set>

#include <boost/test/unit_test.hpp>

#include "base/files.h"
#include "base/yaml.h"
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

void take_resource(const YamlMap& map, KnownNames& names) {
    KnownResource known;
    for (const YamlValue& kind : map.list("kinds"))
        known.kinds.insert(kind.text());
    known.request = map.text("request");
    known.record = map.text("record");
    known.effect = map.text_or("effect", "");
    if (map.has("intake")) {
        const YamlMap intake = map.at("intake").open_map();
        if (intake.has("open")) names.openings[intake.text("open")] = known.request;
        if (intake.has("event")) names.events[intake.text("event")] = known.request;
        return;
    }
    for (const auto& [name, part] : map.at("parts").open_map().entries()) {
        for (const YamlValue& provider : part.open_map().list("providers"))
            known.offices.insert(kind_of_member(provider.open_map().text("member")));
    }
    names.resources[map.text("resource")] = std::move(known);
}

KnownNames shipped() {
    KnownNames names;
    for (const std::string& path : files_below(root + "/configs/members", ".yaml"))
        names.members.insert(YamlFile(path).root().open_map().text("member"));
    for (const std::string& path : files_below(root + "/configs/resources", ".yaml"))
        take_resource(YamlFile(path).root().open_map(), names);
    const auto rules = mapping::RuleLibrary::load(root + "/mapping", catalogue());
    for (const auto& rule : rules->rules())
        names.checked.insert(rule->applies_to.begin(), rule->applies_to.end());
    return names;
}

const ItemFile& the_item() {
    static const KnownNames names = shipped();
    static const auto calendars = calendar::CalendarBook::load(root + "/configs/calendars");
    static const ItemFile file =
        read_item(*read_file(root + "/configs/items/real-estate.joint-sale.v1.yaml"),
                  "real-estate.joint-sale.v1.yaml",
                  {catalogue(), &names, calendars.get()});
    return file;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(joint_sale_item_test)

BOOST_AUTO_TEST_CASE(it_is_read_without_a_mistake) {
    for (const Mistake& mistake : the_item().mistakes) {
        // A refund has thirty days of its own, after the registration is over.
        const bool expected = mistake.code == "deadline.sum";
        BOOST_TEST(
            expected,
            mistake.line << ":" << mistake.column << " " << mistake.code << " " << mistake.what);
    }
    BOOST_REQUIRE(the_item().item != nullptr);
}

BOOST_AUTO_TEST_CASE(entry_in_the_book_comes_last_and_tax_with_it) {
    BOOST_REQUIRE(the_item().item != nullptr);
    for (const char* name : {"enter", "enter_again"}) {
        const auto& joint = std::get<Joint>(the_item().item->step(name)->what);
        BOOST_REQUIRE(joint.members.size() == 2U);
        BOOST_TEST(joint.members[0].id == "tax");
        BOOST_TEST(!joint.members[0].irrevocable);
        BOOST_TEST(joint.members[1].id == "registry");
        BOOST_TEST(joint.members[1].irrevocable);
        for (const JointMember& member : joint.members) {
            BOOST_TEST(!member.status.resource.empty());
            // What is asked for must outlast decision and margin.
            BOOST_TEST(member.hold.count > joint.margin.count);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_refund_is_owed_by_tax_within_thirty_days) {
    BOOST_REQUIRE(the_item().item != nullptr);
    const Step* refund = the_item().item->step("refund_paid");
    BOOST_REQUIRE(refund != nullptr);
    BOOST_REQUIRE(refund->deadline.has_value());
    BOOST_TEST((refund->deadline->within == Within{30, calendar::Unit::days}));
    BOOST_TEST(refund->deadline->calendar.party == "tax");
}

BOOST_AUTO_TEST_CASE(a_seizure_ends_every_wait_between_push_and_entry) {
    BOOST_REQUIRE(the_item().item != nullptr);
    for (const char* name : {"tax_check", "confirm_declaration", "payment", "reviewed"}) {
        const auto& wait = std::get<Wait>(the_item().item->step(name)->what);
        BOOST_TEST(
            std::ranges::any_of(
                wait.any, [](const Expected& one) { return one.event == "registry.seizure"; }),
            name);
    }
}

BOOST_AUTO_TEST_CASE(
    a_declaration_that_is_given_up_is_settled_by_tax_which_knows_whether_it_is_paid) {
    BOOST_REQUIRE(the_item().item != nullptr);
    const Step* declare = the_item().item->step("declare");
    BOOST_REQUIRE(declare != nullptr);
    BOOST_REQUIRE(declare->undo.has_value());
    BOOST_TEST(declare->undo->resource == "tax/declaration-withdrawal");
}

BOOST_AUTO_TEST_CASE(a_refund_that_tax_declines_goes_to_two_officers_and_to_no_end) {
    BOOST_REQUIRE(the_item().item != nullptr);
    const Step* refund = the_item().item->step("open_refund");
    BOOST_REQUIRE(refund != nullptr);
    const auto refused = std::ranges::find_if(refund->next, [](const Transition& one) {
        return std::ranges::find(one.on, "refused") != one.on.end();
    });
    BOOST_REQUIRE(refused != refund->next.end());
    const Step* mended = the_item().item->step(refused->go);
    BOOST_REQUIRE(mended != nullptr);
    const auto* task = std::get_if<Task>(&mended->what);
    BOOST_REQUIRE(task != nullptr);
    BOOST_TEST(task->four_eyes);
}

BOOST_AUTO_TEST_CASE(who_does_not_take_the_notice_of_the_entry_becomes_a_task_of_the_same_day) {
    BOOST_REQUIRE(the_item().item != nullptr);
    for (const auto& [name, receiver] :
         {std::pair{"tell_tax", "tax"}, std::pair{"tell_construction", "construction"}}) {
        const Step* told = the_item().item->step(name);
        BOOST_REQUIRE(told != nullptr);
        const auto& call = std::get<Call>(told->what);
        BOOST_TEST(call.to == receiver);
        BOOST_TEST(!call.irrevocable);
        for (const char* outcome : {"refused", "returned", "no_record", "unavailable"}) {
            const auto way = std::ranges::find_if(told->next, [&](const Transition& one) {
                return std::ranges::find(one.on, outcome) != one.on.end();
            });
            BOOST_REQUIRE(way != told->next.end());
            const Step* by_hand = the_item().item->step(way->go);
            BOOST_REQUIRE(by_hand != nullptr);
            BOOST_TEST(std::get<Task>(by_hand->what).party == "registry");
            BOOST_REQUIRE(by_hand->deadline.has_value());
            BOOST_TEST((by_hand->deadline->within == Within{4, calendar::Unit::hours}));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_notices_hold_up_neither_the_certificate_nor_the_mortgage) {
    BOOST_REQUIRE(the_item().item != nullptr);
    BOOST_TEST(the_item().item->step("certificate")->state == "D_CERTIFIED");
    const auto& parallel = std::get<Parallel>(the_item().item->step("after_entry")->what);
    BOOST_REQUIRE(parallel.branches.size() == 3U);
    BOOST_TEST((parallel.join == Join::all));
    BOOST_TEST(parallel.branches[2].start == "with_loan");
}

BOOST_AUTO_TEST_CASE(the_construction_office_is_told_of_no_party_which_it_has_in_the_contract) {
    BOOST_REQUIRE(the_item().item != nullptr);
    const auto names_parties = [](const char* step) {
        const auto& call = std::get<Call>(the_item().item->step(step)->what);
        return std::ranges::any_of(call.request.fields,
                                   [](const auto& field) { return field.path == "parties"; });
    };
    BOOST_TEST(names_parties("tell_tax"));
    BOOST_TEST(!names_parties("tell_construction"));
}

BOOST_AUTO_TEST_CASE(every_way_to_the_entry_has_the_registrys_decision) {
    BOOST_REQUIRE(the_item().item != nullptr);
    for (const Step& step : the_item().item->steps) {
        for (const Transition& way : step.next) {
            if (way.go != "enter") continue;
            BOOST_TEST(way.when_text.find("decided.decision == 'APPROVED'") != std::string::npos,
                       step.id);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_state_is_reached_by_a_step) {
    BOOST_REQUIRE(the_item().item != nullptr);
    std::set<std::string> reached;
    for (const Step& step : the_item().item->steps) {
        if (!step.state.empty()) reached.insert(step.state);
    }
    for (const StateWord& state : the_item().item->states)
        BOOST_TEST(reached.contains(state.state), state.state);
}

BOOST_AUTO_TEST_SUITE_END()
