#include "schemas/code_list.h"

#include <boost/test/unit_test.hpp>

#include "base/files.h"
#include "base/yaml.h"
#include "tests/support/temporary_folder.h"

using namespace tongban;
using namespace tongban::schemas;

BOOST_AUTO_TEST_SUITE(code_list_test)

namespace {

const CodeLists& the_lists() {
    static const CodeLists lists =
        CodeLists::load(std::string(TONGBAN_SOURCE_DIR "/schemas/codes"));
    return lists;
}

const Date today{2026, 3, 16};

std::string list_file(const std::string& codes, int version = 1) {
    return "list: l\nversion: " + std::to_string(version) +
           "\nsource: s\nlabel: {zh: 测, en: test}\ncodes:\n" + codes;
}

std::string walk_file(const std::string& rows, const std::string& in = "{policy: reject}") {
    return "crosswalk: l\nversion: 1\nendpoint: 1.m\nsource: s\nunmapped:\n  in: " + in +
           "\n  out: {policy: reject}\nrows:\n" + rows;
}

const std::string two_codes =
    "  - {code: A, zh: 甲, en: a}\n  - {code: B, zh: 乙, en: b, from: 2010-01-01, to: "
    "2019-12-31}\n";

std::vector<ConfigFault> faults_of(const std::vector<std::pair<std::string, std::string>>& files) {
    const support::TemporaryFolder folder;
    for (const auto& [name, text] : files) {
        BOOST_REQUIRE(make_folders(folder.path() + "/crosswalk").ok());
        BOOST_REQUIRE(write_file_durably(folder.path() + "/" + name, text).ok());
    }
    try {
        (void)CodeLists::load(folder.path());
    } catch (const ConfigError& error) {
        return error.faults();
    }
    return {};
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_code_is_looked_up_as_of_the_events_date) {
    const Crosswalk* kinds =
        the_lists().crosswalk("610100.housing-fund/certificate@1", "fund-posting");
    BOOST_REQUIRE(kinds != nullptr);
    BOOST_TEST(kinds->look_up(Direction::in, "71", today).code == "09");
    BOOST_TEST(!kinds->look_up(Direction::in, "71", Date{2010, 6, 30}).mapped);
    BOOST_TEST(kinds->look_up(Direction::in, "98", Date{2020, 1, 1}).mapped);
    BOOST_TEST(!kinds->look_up(Direction::in, "98", today).mapped);
    BOOST_TEST(kinds->look_up(Direction::out, "09", today).code == "71");
    BOOST_TEST(kinds->look_up(Direction::out, "09", Date{2009, 1, 1}).code == "09");
}

BOOST_AUTO_TEST_CASE(an_abolished_division_is_valid_in_its_time_only) {
    const CodeList* divisions = the_lists().list("division");
    BOOST_REQUIRE(divisions != nullptr);
    BOOST_TEST(divisions->valid("610121", Date{2000, 1, 1}));
    BOOST_TEST(!divisions->valid("610121", today));
    BOOST_TEST(divisions->find("610121") != nullptr);
}

BOOST_AUTO_TEST_CASE(an_unmapped_code_follows_the_declared_policy) {
    const CodeAnswer review = the_lists()
                                  .crosswalk("610100.housing-fund/certificate@1", "id-type")
                                  ->look_up(Direction::in, "77", today);
    BOOST_TEST(!review.mapped);
    BOOST_TEST((review.policy == Unmapped::review));
    BOOST_TEST(review.code == "OTHER");
    const CodeAnswer reject =
        the_lists()
            .crosswalk("610100.housing-fund/certificate@1", "fund-account-state")
            ->look_up(Direction::in, "07", today);
    BOOST_TEST((reject.policy == Unmapped::reject));
    BOOST_TEST(reject.code.empty());
    const CodeAnswer other = the_lists()
                                 .crosswalk("640100.housing-fund/loan-eligibility@1", "id-type")
                                 ->look_up(Direction::out, "BIRTH_CERT", today);
    BOOST_TEST((other.policy == Unmapped::other));
    BOOST_TEST(other.code == "90");
}

BOOST_AUTO_TEST_CASE(offices_of_one_kind_number_differently) {
    const CodeLists& lists = the_lists();
    BOOST_TEST(lists.crosswalk("610100.housing-fund/x@1", "id-type")
                   ->look_up(Direction::out, "CN_ID", today)
                   .code == "01");
    BOOST_TEST(lists.crosswalk("640100.housing-fund/x@1", "id-type")
                   ->look_up(Direction::out, "CN_ID", today)
                   .code == "10");
    BOOST_TEST(lists.crosswalk("640100.tax/x@1", "id-type")
                   ->look_up(Direction::out, "CN_ID", today)
                   .code == "201");
    BOOST_TEST(
        lists.crosswalk("640100.tax/x@1", "marriage")->look_up(Direction::in, "1", today).code ==
        "20");
    BOOST_TEST(lists.crosswalk("640100.tax/x@1", "survival") == nullptr);
}

BOOST_AUTO_TEST_CASE(what_is_written_outward_is_read_back_as_itself_or_wider) {
    // A both-ways row comes back as it went; only rows marked one way may lose.
    const CodeLists& lists = the_lists();
    for (const char* endpoint : {"610100.housing-fund/x@1",
                                 "640100.housing-fund/x@1",
                                 "610100.social-security/x@1",
                                 "640100.real-estate/x@1",
                                 "640100.tax/x@1"}) {
        for (const std::string& name : lists.names()) {
            const Crosswalk* walk = lists.crosswalk(endpoint, name);
            if (walk == nullptr) continue;
            for (const CodeEntry& entry : lists.list(name)->entries()) {
                const CodeAnswer out = walk->look_up(Direction::out, entry.code, today);
                if (!out.mapped) continue;
                const CodeAnswer in = walk->look_up(Direction::in, out.code, today);
                // OT of Yinchuan is written and never read.
                BOOST_TEST((in.mapped || !in.code.empty()),
                           endpoint << " " << name << " " << entry.code);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_crosswalk_may_name_a_code_only_if_the_list_has_it) {
    const auto faults = faults_of(
        {{"l.yaml", list_file(two_codes)},
         {"crosswalk/w.yaml",
          walk_file("  - {native: \"1\", canonical: A}\n  - {native: \"2\", canonical: C}\n")}});
    BOOST_REQUIRE(faults.size() == 1U);
    BOOST_TEST(faults.front().line == 10);
}

BOOST_AUTO_TEST_CASE(a_native_code_has_one_meaning_on_one_day) {
    BOOST_TEST(faults_of({{"l.yaml", list_file(two_codes)},
                          {"crosswalk/w.yaml",
                           walk_file("  - {native: \"1\", canonical: A}\n  - {native: \"1\", "
                                     "canonical: B, only: in}\n")}})
                   .size() == 1U);
    BOOST_TEST(faults_of({{"l.yaml", list_file(two_codes)},
                          {"crosswalk/w.yaml",
                           walk_file("  - {native: \"1\", canonical: A, from: 2020-01-01}\n  - "
                                     "{native: \"1\", canonical: B, to: 2019-12-31}\n")}})
                   .empty());
    BOOST_TEST(
        faults_of(
            {{"l.yaml", list_file(two_codes)},
             {"crosswalk/w.yaml",
              walk_file("  - {native: \"1\", canonical: A}\n  - {native: \"2\", canonical: A}\n")}})
            .size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_row_does_not_outlive_its_code) {
    const support::TemporaryFolder folder;
    BOOST_REQUIRE(make_folders(folder.path() + "/crosswalk").ok());
    BOOST_REQUIRE(write_file_durably(folder.path() + "/l.yaml", list_file(two_codes)).ok());
    BOOST_REQUIRE(write_file_durably(
                      folder.path() + "/crosswalk/w.yaml",
                      walk_file("  - {native: \"2\", canonical: B}\n", "{policy: other, as: A}"))
                      .ok());
    const CodeLists lists = CodeLists::load(folder.path());
    const Crosswalk* walk = lists.crosswalk("1.m/x@1", "l");
    BOOST_REQUIRE(walk != nullptr);
    BOOST_TEST(walk->look_up(Direction::in, "2", Date{2015, 1, 1}).code == "B");
    BOOST_TEST(walk->look_up(Direction::in, "2", today).code == "A");
}

BOOST_AUTO_TEST_CASE(a_list_may_not_drop_a_code) {
    const auto faults = faults_of({{"l1.yaml", list_file(two_codes, 1)},
                                   {"l2.yaml", list_file("  - {code: A, zh: 甲, en: a}\n", 2)}});
    BOOST_TEST(faults.size() == 1U);
}

BOOST_AUTO_TEST_CASE(policies_are_complete) {
    BOOST_TEST(faults_of({{"l.yaml", list_file(two_codes)},
                          {"crosswalk/w.yaml",
                           walk_file("  - {native: \"1\", canonical: A}\n", "{policy: other}")}})
                   .size() == 1U);
    BOOST_TEST(
        faults_of({{"l.yaml", list_file(two_codes)},
                   {"crosswalk/w.yaml",
                    walk_file("  - {native: \"1\", canonical: A}\n", "{policy: review, as: Z}")}})
            .size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
