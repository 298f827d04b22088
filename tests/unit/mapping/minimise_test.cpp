#include <random>
#include <set>

#include <boost/test/unit_test.hpp>

#include "mapping/stages.h"
#include "tests/support/engine_samples.h"

using namespace tongban;
using namespace tongban::mapping;
using tongban::policy::GrantMaker;
using tongban::support::verified_record;

BOOST_AUTO_TEST_SUITE(minimise_test)

namespace {

// Every scalar's path as it stands in a record, lists without index, with how often it occurs.
void collect(const Group& group, const std::string& prefix, std::multiset<std::string>& paths) {
    for (const schemas::Field& field : group.fields) {
        const std::string path = prefix + field.name;
        if (const Group* inner = field.value.get<Group>()) {
            collect(*inner, path + ".", paths);
        } else if (const schemas::List* list = field.value.get<schemas::List>()) {
            for (const schemas::Value& item : list->items)
                collect(*item.get<Group>(), path + ".", paths);
        } else {
            paths.insert(path);
        }
    }
}

std::multiset<std::string> paths_of(const Group& record) {
    std::multiset<std::string> paths;
    collect(record, "", paths);
    return paths;
}

const VerifiedRecord& the_record() {
    static const VerifiedRecord record = verified_record();
    return record;
}

std::vector<std::string> all_paths() {
    return support::the_library()
        ->catalogue()
        .type("housing-fund/loan-eligibility@1")
        ->leaf_paths();
}

}  // namespace

BOOST_AUTO_TEST_CASE(keeps_only_granted_fields) {
    const MinimisedRecord record =
        minimise(the_record(),
                 GrantMaker::grant({"certificate.account.state", "certificate.ledger.amount"}));
    const std::multiset<std::string> expected{
        "certificate.account.state", "certificate.ledger.amount", "certificate.ledger.amount"};
    BOOST_TEST(paths_of(record.fields()) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_empty_grant_gives_nothing) {
    BOOST_TEST(minimise(the_record(), GrantMaker::grant({})).fields().fields.empty());
}

BOOST_AUTO_TEST_CASE(a_name_that_only_begins_alike_grants_nothing) {
    const MinimisedRecord record = minimise(
        the_record(), GrantMaker::grant({"certificate.account.stat", "cert", "certificate.b"}));
    BOOST_TEST(paths_of(record.fields()).empty());
}

BOOST_AUTO_TEST_CASE(a_granted_group_covers_all_below_it) {
    const MinimisedRecord record =
        minimise(the_record(), GrantMaker::grant({"certificate.holder"}));
    BOOST_TEST(paths_of(record.fields()).contains("certificate.holder.id_number"));
    BOOST_TEST(record.fields().fields.size() == 1U);
}

BOOST_AUTO_TEST_CASE(is_monotone_in_the_grant_and_adds_nothing_of_its_own) {
    const std::vector<std::string> paths = all_paths();
    const std::multiset<std::string> all = paths_of(the_record().fields());
    std::mt19937 random(7);
    for (int round = 0; round < 200; ++round) {
        std::vector<std::string> small;
        std::vector<std::string> large;
        for (const std::string& path : paths) {
            const unsigned dice = static_cast<unsigned>(random() % 3);
            if (dice == 0) small.push_back(path);
            if (dice <= 1) large.push_back(path);
        }
        const auto less = paths_of(minimise(the_record(), GrantMaker::grant(small)).fields());
        const auto more = paths_of(minimise(the_record(), GrantMaker::grant(large)).fields());
        if (!std::includes(more.begin(), more.end(), less.begin(), less.end()))
            BOOST_ERROR("a larger grant gave less");
        if (!std::includes(all.begin(), all.end(), more.begin(), more.end()))
            BOOST_ERROR("a field came from nowhere");
        const std::set<std::string> granted(large.begin(), large.end());
        for (const std::string& path : more) {
            if (!granted.contains(path)) BOOST_ERROR("not granted: " << path);
        }
        for (const std::string& path : all) {
            if (granted.contains(path) && !more.contains(path))
                BOOST_ERROR("granted and gone: " << path);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_whole_type_granted_changes_nothing) {
    std::vector<std::string> fields;
    for (const auto& field :
         support::the_library()->catalogue().type("housing-fund/loan-eligibility@1")->fields()) {
        fields.push_back(field.name);
    }
    BOOST_TEST(
        (minimise(the_record(), GrantMaker::grant(fields)).fields() == the_record().fields()));
}

BOOST_AUTO_TEST_SUITE_END()
