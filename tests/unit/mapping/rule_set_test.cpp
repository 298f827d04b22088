#include "mapping/rule_set.h"

#include <string>

#include <boost/test/unit_test.hpp>

#include "base/files.h"
#include "base/yaml.h"
#include "mapping/rule.h"
#include "tests/support/engine_samples.h"
#include "tests/support/temporary_folder.h"

using namespace tongban;
using namespace tongban::mapping;

namespace {

struct File {
    std::string id = "T-01";
    int version = 1;
    std::string jurisdiction = "national";
    std::string from = "2020-01-01";
    std::string to = {};
    std::string selected_by = "as_of";
};

std::string text_of(const File& file) {
    return "rule: " + file.id + "\nversion: " + std::to_string(file.version) +
           "\ntitle: {zh: 试, en: test}\njurisdiction: " + file.jurisdiction +
           "\nvalid_from: " + file.from + "\n" +
           (file.to.empty() ? "" : "valid_to: " + file.to + "\n") +
           "selected_by: " + file.selected_by +
           "\napplies_to: [housing-fund/loan-eligibility@1]\nground: none\nmender: "
           "sender\nseverity: review\n" +
           "inputs: {base: certificate.base}\nrequire: base > money('0.00')\n" +
           "message: {zh: 错, en: wrong, do: {zh: 改, en: mend}}\nundecided: silent\nexamples:\n" +
           "  fires:\n    - {name: a, record: {certificate: {base: 0.00}}}\n    - {name: b, "
           "record: {certificate: {base: 0.00}}}\n" +
           "  near_misses:\n    - {name: c, record: {certificate: {base: 1.00}}}\n    - {name: d, "
           "record: {certificate: {base: 1.00}}}\n";
}

struct Folder {
    support::TemporaryFolder folder;
    int count = 0;

    void add(const File& file) {
        BOOST_REQUIRE(make_folders(folder.path() + "/rules/t").ok());
        const std::string path = folder.path() + "/rules/t/" + std::to_string(count++) + ".yaml";
        BOOST_REQUIRE(write_file_durably(path, text_of(file)).ok());
    }
    [[nodiscard]] std::shared_ptr<const RuleLibrary> load() const {
        return RuleLibrary::load(folder.path(), support::the_library()->catalogue());
    }
    [[nodiscard]] std::string versions(Date as_of,
                                       const std::vector<std::string>& jurisdictions = {}) const {
        std::string all;
        for (const std::string& version :
             load()->select("housing-fund/loan-eligibility@1", as_of, jurisdictions).versions())
            all += (all.empty() ? "" : " ") + version;
        return all;
    }
    [[nodiscard]] std::string complaint() const {
        try {
            static_cast<void>(load());
        } catch (const ConfigError& error) {
            return error.what();
        }
        return "";
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(rule_set_test, Folder)

BOOST_AUTO_TEST_CASE(exactly_one_version_is_valid_on_a_day) {
    add({.version = 1, .to = "2022-06-30"});
    add({.version = 2, .from = "2022-07-01"});
    BOOST_TEST(versions({2019, 12, 31}) == "");
    BOOST_TEST(versions({2020, 1, 1}) == "T-01@1");
    BOOST_TEST(versions({2022, 6, 30}) == "T-01@1");
    BOOST_TEST(versions({2022, 7, 1}) == "T-01@2");
}

BOOST_AUTO_TEST_CASE(two_versions_on_one_day_do_not_load) {
    add({.version = 1, .to = "2022-07-01"});
    add({.version = 2, .from = "2022-07-01"});
    BOOST_TEST(complaint().find("valid on the same day") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_version_stands_in_one_file_and_keeps_its_selecting_date) {
    add({});
    add({});
    add({.version = 2, .from = "2030-01-01", .selected_by = "certificate.issued_on"});
    BOOST_TEST(complaint().find("T-01@1 is also in") != std::string::npos);
    BOOST_TEST(complaint().find("selected by another date") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_citys_rule_replaces_the_national_one_there) {
    add({.version = 1});
    add({.version = 2, .jurisdiction = "[\"640100\"]"});
    add({.version = 3, .jurisdiction = "[\"640000\"]"});
    BOOST_TEST(versions({2024, 1, 1}) == "T-01@1");
    BOOST_TEST(versions({2024, 1, 1}, {"610100"}) == "T-01@1");
    BOOST_TEST(versions({2024, 1, 1}, {"640100"}) == "T-01@2");
    BOOST_TEST(versions({2024, 1, 1}, {"640104"}) == "T-01@2");
    BOOST_TEST(versions({2024, 1, 1}, {"640200"}) == "T-01@3");
    // The first jurisdiction named binds most.
    BOOST_TEST(versions({2024, 1, 1}, {"640200", "640100"}) == "T-01@3");
}

BOOST_AUTO_TEST_CASE(a_rule_selected_by_the_record_keeps_all_its_versions) {
    add({.version = 1, .to = "2022-06-30", .selected_by = "certificate.issued_on"});
    add({.version = 2, .from = "2022-07-01", .selected_by = "certificate.issued_on"});
    BOOST_TEST(versions({2024, 1, 1}) == "T-01@1 T-01@2");
    const RuleSet set = load()->select("housing-fund/loan-eligibility@1", {2024, 1, 1}, {});
    BOOST_REQUIRE_EQUAL(set.candidates().size(), 1U);
    BOOST_TEST(set.candidates()[0].versions[0]->version == "T-01@1");
}

BOOST_AUTO_TEST_CASE(other_record_types_have_other_rules) {
    add({});
    BOOST_TEST(load()->select("real-estate/homes@1", {2024, 1, 1}, {}).versions().empty());
}

BOOST_AUTO_TEST_CASE(every_file_is_hashed_and_the_functions_too) {
    add({});
    const auto library = load();
    BOOST_TEST(library->versions().at("T-01@1").size() == 64U);
    BOOST_TEST(library->versions().count("functions@2") == 1U);
}

BOOST_AUTO_TEST_CASE(the_faults_of_all_files_come_together) {
    add({.id = "T-01", .from = "soon"});
    add({.id = "T-02", .jurisdiction = "[]"});
    const std::string told = complaint();
    BOOST_TEST(told.find("0.yaml") != std::string::npos);
    BOOST_TEST(told.find("1.yaml") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
