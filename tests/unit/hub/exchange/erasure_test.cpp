// Erasing one person closes what is that person's, and leaves the others theirs.
#include <set>

#include <boost/test/unit_test.hpp>

#include "base/json.h"
#include "hub/audit/verify.h"
#include "hub/exchange/middle.h"
#include "tests/unit/hub/exchange/exchange_fixture.h"

using namespace tongban;
using namespace tongban::exchange;
using tongban::test::need;
using tongban::test::Offices;
using tongban::test::TestHub;

BOOST_AUTO_TEST_SUITE(erasure_test)

namespace {

const Caller asker = TestHub::caller(TestHub::asker);
const std::string applicant = "640106198802293415";  // of the examples
const std::string spouse = "610103198511070524";

void log_holds(TestHub& hub) {
    // A checkpoint under way would raise the high-water mark past the moment at which the database
    // is read.
    const Deadline until = Deadline::after(std::chrono::seconds(15));
    while ((!need(hub.store->unlogged(1)).empty() ||
            hub.log->head().size != need(hub.store->log_head()).size) &&
           !until.passed()) {
        std::this_thread::yield();
    }
    audit::VerifyInputs inputs;
    inputs.database = hub.city.folder / "hub.db";
    inputs.log_vkey = hub.log->vkey();
    inputs.high_water_path = hub.city.folder / "log.mark";
    inputs.seal_key_path = hub.city.folder / "sealing.key";
    for (const audit::Problem& problem : need(audit::verify_log(inputs)).problems) {
        BOOST_ERROR(problem.code + " " + problem.where + ": " + problem.what);
    }
}

std::string subjects_of(const std::vector<Delivered>& fields, const std::string& path) {
    for (const Delivered& field : fields) {
        if (field.path != path) continue;
        std::string all;
        for (const std::string& subject : field.subjects)
            all += (all.empty() ? "" : " ") + subject;
        return all;
    }
    return "no such field";
}

schemas::Value text(const std::string& value) {
    return {value, {}};
}

schemas::Value person(const std::string& number, const std::string& name) {
    schemas::Group group;
    group.set("name", text(name));
    if (!number.empty()) group.set("id_number", text(number));
    return {std::move(group), {}};
}

schemas::Value home(const std::string& unit,
                    const std::vector<std::string>& holders,
                    bool with_numbers) {
    schemas::Group group;
    schemas::List list;
    group.set("unit_number", text(unit));
    for (const std::string& holder : holders) {
        schemas::Group row;
        row.set("holder", person(with_numbers ? holder : "", "name of " + holder));
        list.items.push_back({std::move(row), {}});
    }
    group.set("holders", {std::move(list), {}});
    return {std::move(group), {}};
}

schemas::Group homes(bool with_numbers, const std::vector<std::vector<std::string>>& all) {
    schemas::Group group;
    schemas::List list;
    for (const std::vector<std::string>& holders : all)
        list.items.push_back(home("U", holders, with_numbers));
    group.set("division", text("640100"));
    group.set("homes", {std::move(list), {}});
    return group;
}

}  // namespace

BOOST_AUTO_TEST_CASE(erasing_the_spouse_leaves_the_applicants_fields_and_closes_the_spouses) {
    TestHub hub;
    const Offices offices(hub);
    const Reply<Outcome> outcome = hub.exchanges->exchange(hub.request("P-1"), asker);
    BOOST_REQUIRE(outcome.ok());
    BOOST_TEST_CONTEXT(test::codes_of(outcome->findings)) {
        BOOST_REQUIRE((outcome->state == State::delivered));
    }
    const std::string& id = outcome->exchange_id;
    const audit::OpenedRecord before = need(hub.sealing->open_record(id, "delivered"));
    BOOST_TEST(before.erased_groups == 0U);
    BOOST_TEST(before.find("document") != nullptr);

    static_cast<void>(need(hub.sealing->erase(spouse, TestHub::asker, "PIPL-47", *hub.trail)));
    const audit::OpenedRecord after = need(hub.sealing->open_record(id, "delivered"));
    BOOST_TEST(after.erased_groups > 0U);
    for (const char* path : {"request.subject.name",
                             "request.loan.amount",
                             "request.marriage",
                             "certificate.holder.id_number",
                             "certificate.balance",
                             "certificate.account.number",
                             "employment.spells[0].employer_name",
                             "employment.spells[1].holder.name",
                             "homes.searched_on",
                             "homes.homes[0].holders[0].holder.name",
                             "homes.homes[0].holders[0].share",
                             "tax.records[0].paid",
                             "tax.records[0].payer.name",
                             "tax.marriage",
                             "parts"}) {
        const std::string* value = after.find("delivered." + std::string(path));
        BOOST_TEST((value != nullptr), path);
        if (value != nullptr) BOOST_TEST(value->find(spouse) == std::string::npos, path);
    }
    // A home of both is about both.
    for (const char* path : {"delivered.request.spouse.name",
                             "delivered.request.spouse.id_number",
                             "delivered.homes.homes[0].unit_number",
                             "delivered.homes.homes[0].holders[1].holder.name",
                             "delivered.homes.homes[0].holders[1].share",
                             "document"}) {
        BOOST_TEST((before.find(path) != nullptr), path);
        BOOST_TEST((after.find(path) == nullptr), path);
    }
    for (const audit::OpenedItem& item : after.items) {
        BOOST_TEST(item.value.find(spouse) == std::string::npos, item.path);
        BOOST_TEST(item.value.find("苏雅静") == std::string::npos, item.path);
    }
    log_holds(hub);

    static_cast<void>(need(hub.sealing->erase(applicant, TestHub::asker, "PIPL-47", *hub.trail)));
    BOOST_TEST(need(hub.sealing->open_record(id, "delivered")).items.empty());
    log_holds(hub);
}

BOOST_AUTO_TEST_CASE(the_leaf_names_each_delivered_field_once_and_a_list_without_its_rows) {
    TestHub hub;
    const Offices offices(hub);
    const Reply<Outcome> outcome = hub.exchanges->exchange(hub.request("P-1"), asker);
    BOOST_REQUIRE(outcome.ok());
    const std::vector<store::AuditRow> leaves = need(hub.store->leaves_of(outcome->exchange_id));
    BOOST_REQUIRE(!leaves.empty());
    const Json leaf = need(parse_json(leaves[0].leaf));
    std::multiset<std::string> paths;
    for (const Json& path : leaf.at("delivered"))
        paths.insert(path.get<std::string>());
    for (const char* path :
         {"request.spouse.name", "employment.spells", "homes.homes", "tax.records", "parts"}) {
        BOOST_TEST(paths.count(path) == 1U, path);
    }
    for (const std::string& path : paths)
        BOOST_TEST(path.find('[') == std::string::npos, path);
}

BOOST_AUTO_TEST_CASE(whose_a_field_is_may_stand_in_one_that_was_not_granted) {
    const schemas::CanonicalType& type =
        *test::the_engine()->catalogue->type("real-estate/homes@1");
    const std::vector<std::vector<std::string>> all = {{"B"}, {"A", "B"}, {}};
    const std::vector<Delivered> fields =
        delivered_fields(homes(false, all), homes(true, all), type, "A");
    BOOST_TEST(subjects_of(fields, "division") == "A");
    BOOST_TEST(subjects_of(fields, "homes[0].unit_number") == "B");
    BOOST_TEST(subjects_of(fields, "homes[0].holders[0].holder.name") == "B");
    BOOST_TEST(subjects_of(fields, "homes[1].unit_number") == "A B");
    BOOST_TEST(subjects_of(fields, "homes[1].holders[0].holder.name") == "A");
    BOOST_TEST(subjects_of(fields, "homes[1].holders[1].holder.name") == "B");
    BOOST_TEST(subjects_of(fields, "homes[2].unit_number") ==
               "A");  // nobody's home: the applicant's answer
}

BOOST_AUTO_TEST_CASE(a_list_that_lost_rows_is_about_everyone_in_it) {
    const schemas::CanonicalType& type =
        *test::the_engine()->catalogue->type("real-estate/homes@1");
    const std::vector<Delivered> fields =
        delivered_fields(homes(true, {{"C"}}), homes(true, {{"B"}, {"C"}}), type, "A");
    BOOST_TEST(subjects_of(fields, "homes") == "A B C");
}

BOOST_AUTO_TEST_SUITE_END()
